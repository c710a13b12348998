"""A model with its weights: from a local folder's safetensors files straight onto the device, or a clear refusal."""

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import torch
from huggingface_hub.errors import StrictDataclassError
from safetensors import SafetensorError, safe_open
from transformers import (
    LlamaConfig,
    LlamaForCausalLM,
    PreTrainedConfig,
    PreTrainedModel,
    Qwen2Config,
    Qwen2ForCausalLM,
    Qwen3Config,
    Qwen3ForCausalLM,
)

from ghostproof.errors import ModelBroken
from ghostproof.prover.models.folder import OTHER_SERVER, architecture, complete_folder, read_json, weight_files

KINDS: Mapping[str, tuple[Callable[[Any], PreTrainedModel], type[PreTrainedConfig]]] = {
    "LlamaForCausalLM": (LlamaForCausalLM, LlamaConfig),
    "Qwen2ForCausalLM": (Qwen2ForCausalLM, Qwen2Config),
    "Qwen3ForCausalLM": (Qwen3ForCausalLM, Qwen3Config),
}
# Those whose angle at a position does not depend on how long the text is, so that cached keys stay right.
STEADY_ROPE = frozenset({"default", "linear", "llama3", "yarn"})
GIB = 1 << 30
AGAIN = "Fetch the model again."


def load(
    folder: Path, device: torch.device, dtype: torch.dtype | None = None, attn_implementation: str = "sdpa"
) -> PreTrainedModel:
    """The model of a folder, ready for inference. Reads nothing but that folder and runs no code from it.

    Args:
        dtype: float32 on a CPU and bfloat16 elsewhere, unless given. On a CPU, weights that are of this type in the
            files stay memory-mapped; others are converted one at a time.
        attn_implementation: a name that transformers knows or that was registered with it.

    Raises:
        ModelBroken: the folder holds no model, one of no supported kind, or damaged files; or the device has no room.
    """
    folder = complete_folder(folder)
    make, config_class = KINDS[architecture(folder)]
    config = _config(folder, config_class)
    dtype = dtype or (torch.float32 if device.type == "cpu" else torch.bfloat16)
    # What is made on this device takes no memory until the files' tensors take its place.
    with torch.device("meta"):
        model = make(config)
    _refuse_too_large(folder, model, device, dtype)
    weights: dict[str, torch.Tensor] = {}
    for name in weight_files(folder):
        weights.update(_tensors(folder / name, device, dtype))
    _put(folder, model, weights)
    decoder = model.base_model
    decoder.rotary_emb = type(decoder.rotary_emb)(config).to(device)  # computed from the settings, not in the files
    model.set_attn_implementation(attn_implementation)
    model.requires_grad_(False)
    model.train(False)
    return model


def _config(folder: Path, config_class: type[PreTrainedConfig]) -> PreTrainedConfig:
    path = folder / "config.json"
    try:
        config = config_class.from_dict(read_json(path))
    except (StrictDataclassError, TypeError, ValueError, KeyError) as problem:
        raise ModelBroken(f"{path} describes no model: {problem}.", AGAIN) from problem
    complete = config.to_dict()
    if "sliding_attention" in (complete.get("layer_types") or ()):
        raise ModelBroken(f"The model in {folder} attends to a sliding window, which is not supported.", OTHER_SERVER)
    rope = complete["rope_parameters"]["rope_type"]
    if rope not in STEADY_ROPE:
        raise ModelBroken(
            f"The model in {folder} scales its position embedding by `{rope}`, which is not supported.",
            f"Supported are {', '.join(sorted(STEADY_ROPE))}. {OTHER_SERVER}",
        )
    return config


def _refuse_too_large(folder: Path, model: PreTrainedModel, device: torch.device, dtype: torch.dtype) -> None:
    if device.type != "cuda":
        return
    needed = sum(weight.numel() for weight in model.parameters()) * dtype.itemsize
    free, _ = torch.cuda.mem_get_info(device)
    if needed > free:
        raise ModelBroken(
            f"The weights in {folder} need {needed / GIB:.1f} GiB, of which {device} has {free / GIB:.1f} free.",
            "End what else uses the GPU, take a smaller model, or set prover.device to cpu.",
        )


def _tensors(file: Path, device: torch.device, dtype: torch.dtype) -> Iterator[tuple[str, torch.Tensor]]:
    try:
        with safe_open(file, framework="pt", device=str(device)) as opened:
            for name in opened.keys():  # noqa: SIM118 - no mapping
                yield name, opened.get_tensor(name).to(dtype)
    except (SafetensorError, OSError) as problem:
        raise ModelBroken(f"Cannot read the weights in {file}: {problem}.", AGAIN) from problem


def _put(folder: Path, model: PreTrainedModel, weights: dict[str, torch.Tensor]) -> None:
    """Make the tensors the model's own, each exactly where it belongs."""
    expected = {name: weight.shape for name, weight in model.state_dict().items()}
    if model.config.tie_word_embeddings and "model.embed_tokens.weight" in weights:
        weights["lm_head.weight"] = weights["model.embed_tokens.weight"]
    for name in [name for name in weights if name.endswith("rotary_emb.inv_freq")]:
        del weights[name]  # older files hold what is computed now
    problems = [f"{name} is missing" for name in expected if name not in weights]
    problems += [f"{name} belongs nowhere" for name in weights if name not in expected]
    problems += [
        f"{name} has the shape {list(weight.shape)} instead of {list(expected[name])}"
        for name, weight in weights.items()
        if name in expected and weight.shape != expected[name]
    ]
    if problems:
        more = f" ({len(problems) - 1} more)" if problems[1:] else ""
        raise ModelBroken(f"The weights in {folder} do not fit its config.json: {problems[0]}{more}.", AGAIN)
    model.load_state_dict(weights, assign=True)
    model.tie_weights()
