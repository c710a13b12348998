"""A random Llama in llama.cpp's file format, with one token for each byte."""

from pathlib import Path

import gguf
import numpy as np

WIDTH, LAYERS, HEADS, INNER, CONTEXT = 64, 2, 4, 128, 2048


def tiny_gguf(path: Path) -> Path:
    """Write the model unless it is there. Its texts are nonsense, but reproducible."""
    if path.exists():
        return path
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_context_length(CONTEXT)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(INNER)
    writer.add_head_count(HEADS)
    writer.add_head_count_kv(HEADS)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_rope_dimension_count(WIDTH // HEADS)
    words = [*byte_level(), "Ġsimp", "<s>", "</s>"]
    writer.add_vocab_size(len(words))
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list(words)
    kinds = [gguf.TokenType.NORMAL] * (len(words) - 2) + [gguf.TokenType.CONTROL] * 2
    writer.add_token_types(kinds)
    writer.add_token_merges(["s i", "m p"])
    writer.add_bos_token_id(len(words) - 2)
    writer.add_eos_token_id(len(words) - 1)
    random = np.random.default_rng(1)

    def weights(name: str, *shape: int) -> None:
        writer.add_tensor(name, random.normal(0, 0.2, shape).astype(np.float32))

    weights("token_embd.weight", len(words), WIDTH)
    weights("output.weight", len(words), WIDTH)
    writer.add_tensor("output_norm.weight", np.ones(WIDTH, np.float32))
    for layer in range(LAYERS):
        for norm in ("attn_norm", "ffn_norm"):
            writer.add_tensor(f"blk.{layer}.{norm}.weight", np.ones(WIDTH, np.float32))
        for part in ("attn_q", "attn_k", "attn_v", "attn_output"):
            weights(f"blk.{layer}.{part}.weight", WIDTH, WIDTH)
        weights(f"blk.{layer}.ffn_gate.weight", INNER, WIDTH)
        weights(f"blk.{layer}.ffn_up.weight", INNER, WIDTH)
        weights(f"blk.{layer}.ffn_down.weight", WIDTH, INNER)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def byte_level() -> list[str]:
    """GPT-2's letters for the 256 bytes."""
    shown = [*range(ord("!"), ord("~") + 1), *range(ord("¡"), ord("¬") + 1), *range(ord("®"), ord("ÿ") + 1)]
    letters, next_free = {}, 256
    for byte in range(256):
        letters[byte] = chr(byte if byte in shown else next_free)
        next_free += byte not in shown
    return [letters[byte] for byte in range(256)]
