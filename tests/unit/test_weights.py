"""Loading weights: the same numbers as transformers' own loader, and a clear word about what is no model."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file
from transformers import LlamaForCausalLM, PreTrainedModel, Qwen2Config, Qwen2ForCausalLM, Qwen3ForCausalLM

from ghostproof.errors import ModelBroken
from ghostproof.prover.engine.model.weights import KINDS, load
from ghostproof.prover.models.folder import ARCHITECTURES
from support.small_models import qwen_tokenizer, smollm2, tiny_llama, tiny_qwen

CPU = torch.device("cpu")
IDS = torch.tensor([[5, 6, 7, 300, 200, 9, 9, 12]])


@pytest.fixture(autouse=True, scope="module")
def one_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture
def llama(tmp_path: Path) -> Path:
    return tiny_llama(tmp_path / "llama")


def tiny_qwen2(folder: Path) -> Path:
    torch.manual_seed(3)
    config = Qwen2Config(
        vocab_size=1280, hidden_size=64, intermediate_size=96, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, tie_word_embeddings=False,
    )  # fmt: skip
    Qwen2ForCausalLM(config).save_pretrained(folder)
    qwen_tokenizer().save(str(folder / "tokenizer.json"))
    return folder


def change(folder: Path, **values: object) -> Path:
    path = folder / "config.json"
    spec = {**json.loads(path.read_text("utf-8")), **values}
    path.write_text(json.dumps({name: value for name, value in spec.items() if value is not None}), "utf-8")
    return folder


def split_in_two(folder: Path) -> Path:
    """The weights as two shards with an index, as large models come."""
    whole = load_file(folder / "model.safetensors")
    names = sorted(whole)
    shards = {"model-00001-of-00002.safetensors": names[::2], "model-00002-of-00002.safetensors": names[1::2]}
    for file, part in shards.items():
        save_file({name: whole[name] for name in part}, folder / file, metadata={"format": "pt"})
    index = {"metadata": {}, "weight_map": {name: file for file, part in shards.items() for name in part}}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index), "utf-8")
    (folder / "model.safetensors").unlink()
    return folder


@torch.inference_mode()
def logits(model: PreTrainedModel) -> torch.Tensor:
    scores: torch.Tensor = model(input_ids=IDS).logits
    return scores


@pytest.mark.parametrize(
    ("make", "kind"),
    [
        (tiny_llama, LlamaForCausalLM),
        (lambda folder: split_in_two(tiny_llama(folder)), LlamaForCausalLM),
        (tiny_qwen, Qwen3ForCausalLM),
        (tiny_qwen2, Qwen2ForCausalLM),
    ],
    ids=["llama", "shards", "qwen3-tied", "qwen2"],
)
def test_the_numbers_are_those_of_transformers(
    make: Callable[[Path], Path], kind: type[PreTrainedModel], tmp_path: Path
) -> None:
    folder = make(tmp_path)
    ours = load(folder, CPU)
    assert isinstance(ours, kind)
    assert not ours.training
    assert not any(weight.requires_grad or weight.is_meta for weight in ours.parameters())
    assert not any(buffer.is_meta for buffer in ours.buffers())
    assert torch.equal(logits(ours), logits(kind.from_pretrained(folder, dtype=torch.float32)))


@pytest.mark.slow
def test_real_weights_speak() -> None:
    model = load(smollm2(), CPU)
    from ghostproof.prover.engine.tokenizer.tokens import ExactTokens

    tokens = ExactTokens.load(smollm2())
    ids = torch.tensor([tokens.encode("The capital of France is")])
    with torch.inference_mode():
        assert tokens.decode([int(model(input_ids=ids).logits[0, -1].argmax())]) == " Paris"


def test_every_kind_that_is_named_can_be_made() -> None:
    assert {config.model_type: name for name, (_, config) in KINDS.items()} == dict(ARCHITECTURES)


def test_types_of_numbers(llama: Path) -> None:
    assert load(llama, CPU).dtype is torch.float32
    half = load(llama, CPU, torch.bfloat16)
    assert {weight.dtype for weight in half.parameters()} == {torch.bfloat16}
    # The angles of the position embedding lose their meaning when they are rounded.
    assert {buffer.dtype for buffer in half.buffers()} == {torch.float32}


def test_weights_of_the_right_type_stay_in_the_file(llama: Path) -> None:
    weights = load_file(llama / "model.safetensors")
    model = load(llama, CPU)
    maps = Path("/proc/self/maps")
    if not maps.exists():
        pytest.skip("only Linux tells what is mapped")
    assert str(llama / "model.safetensors") in maps.read_text("utf-8")
    assert torch.equal(model.lm_head.weight, weights["lm_head.weight"])


def test_the_attention_function_is_chosen_by_name(llama: Path) -> None:
    assert load(llama, CPU, attn_implementation="eager").config._attn_implementation == "eager"


def test_tied_weights_are_there_once(tmp_path: Path) -> None:
    model = load(tiny_qwen(tmp_path), CPU)
    assert model.lm_head.weight.data_ptr() == model.model.embed_tokens.weight.data_ptr()


def test_settings_of_older_versions_are_understood(llama: Path) -> None:
    expected = logits(load(llama, CPU))
    change(llama, rope_parameters=None, rope_theta=10000.0, rope_scaling=None, architectures=None)
    assert torch.equal(logits(load(llama, CPU)), expected)
    change(llama, rope_scaling={"type": "linear", "factor": 4.0})
    assert not torch.allclose(logits(load(llama, CPU)), expected)


def test_angles_in_old_files_are_not_taken(llama: Path) -> None:
    weights = load_file(llama / "model.safetensors")
    expected = logits(load(llama, CPU))
    weights["model.layers.0.self_attn.rotary_emb.inv_freq"] = torch.zeros(8)
    save_file(weights, llama / "model.safetensors")
    assert torch.equal(logits(load(llama, CPU)), expected)


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"architectures": ["MambaForCausalLM"]}, "`MambaForCausalLM`, which is not supported"),
        ({"architectures": None, "model_type": "gpt2"}, "`gpt2`, which is not supported"),
        ({"quantization_config": {"quant_method": "awq"}}, "quantized \\(awq\\)"),
        ({"rope_parameters": {"rope_type": "dynamic", "factor": 2.0, "rope_theta": 1e4}}, "`dynamic`"),
        ({"num_attention_heads": "many"}, "describes no model"),
        ({"hidden_size": 100, "num_attention_heads": 3}, "describes no model"),
        ({"num_hidden_layers": 4}, "model.layers.3.* is missing \\(8 more\\)"),
        ({"num_hidden_layers": 2}, "belongs nowhere"),
        ({"intermediate_size": 128}, r"has the shape \[64, 160\] instead of \[64, 128\]"),
    ],
)
def test_a_model_that_cannot_run_is_refused(values: dict[str, Any], message: str, llama: Path) -> None:
    with pytest.raises(ModelBroken, match=message):
        load(change(llama, **values), CPU)


def test_what_is_supported_is_named(llama: Path) -> None:
    with pytest.raises(ModelBroken) as broken:
        load(change(llama, architectures=["MambaForCausalLM"]), CPU)
    assert "LlamaForCausalLM, Qwen2ForCausalLM, Qwen3ForCausalLM" in broken.value.hint


def test_a_sliding_window_is_refused(tmp_path: Path) -> None:
    folder = change(
        tiny_qwen(tmp_path), use_sliding_window=True, sliding_window=32, max_window_layers=1, layer_types=None
    )
    with pytest.raises(ModelBroken, match="sliding window"):
        load(folder, CPU)


@pytest.mark.parametrize("length", [0, 4, 5000, -1])
def test_damaged_weights_are_named(length: int, llama: Path) -> None:
    path = llama / "model.safetensors"
    path.write_bytes(path.read_bytes()[:length])
    with pytest.raises(ModelBroken, match=r"Cannot read the weights in .*model\.safetensors"):
        load(llama, CPU)


def test_missing_shards_are_named(llama: Path) -> None:
    split_in_two(llama)
    (llama / "model-00002-of-00002.safetensors").unlink()
    with pytest.raises(ModelBroken, match=r"model-00002-of-00002\.safetensors is missing"):
        load(llama, CPU)


def test_pickle_is_never_read(llama: Path) -> None:
    torch.save({}, llama / "pytorch_model.bin")
    (llama / "model.safetensors").unlink()
    with pytest.raises(ModelBroken, match="pickle"):
        load(llama, CPU)


def test_code_in_the_folder_is_never_run(llama: Path) -> None:
    (llama / "modeling.py").write_text("raise SystemExit('ran')", "utf-8")
    change(llama, auto_map={"AutoModelForCausalLM": "modeling.Model", "AutoConfig": "modeling.Config"})
    assert isinstance(load(llama, CPU), LlamaForCausalLM)


def test_loading_needs_no_network_and_no_accelerate(llama: Path) -> None:
    code = (
        "import sys, socket; from pathlib import Path; import torch\n"
        "sys.modules['accelerate'] = None\n"
        "def refuse(*a): raise SystemExit('network')\n"
        "socket.socket.connect = refuse; socket.getaddrinfo = refuse\n"
        "from ghostproof.prover.engine.model.weights import load\n"
        "from ghostproof.prover.engine.tokenizer.tokens import ExactTokens\n"
        "folder = Path(sys.argv[1]); load(folder, torch.device('cpu')); ExactTokens.load(folder)\n"
    )
    environment = {name: value for name, value in os.environ.items() if name != "HF_HUB_OFFLINE"}
    done = subprocess.run([sys.executable, "-c", code, str(llama)], env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
