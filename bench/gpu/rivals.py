"""Our attention of a step beside others' in the same run, and transformers' own generation beside the engine."""

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch.nn.functional import scaled_dot_product_attention

from bench.gpu.session import ROWS, Bench
from ghostproof.prover.engine.attention.select import flash_attn
from ghostproof.prover.engine.attention.torch_kernels import FlashPrefill, TwoPartDecode, eager, flash

OWN = 33  # tokens of each candidate


@torch.inference_mode()
def measure_attention(bench: Bench) -> None:
    """One layer's attention of 16 candidates behind one prompt: the prefix read once, and read per candidate."""
    shape, scale = bench.scale.shape, bench.scale.shape["head_dim"] ** -0.5
    heads, kv_heads, size = shape["num_attention_heads"], shape["num_key_value_heads"], shape["head_dim"]
    for seen in (bench.scale.prompt, 3 * bench.scale.prompt):
        query, prefix, own = (
            torch.randn(lead, device=bench.device, dtype=bench.scale.dtype)
            for lead in ((ROWS, heads, size), (2, kv_heads, seen, size), (2, ROWS, kv_heads, 64, size))
        )
        # Once for each layer of the model, other keys each time, so that none is found in the second-level cache.
        prefixes = [prefix.clone() for _ in range(shape["num_hidden_layers"])]
        together = torch.cat([prefix[:, None].expand(-1, ROWS, -1, -1, -1), own[..., :OWN, :]], 3)
        for name, (work, why) in contenders(bench, query, own, together, (seen, OWN), scale).items():
            row = f"attention of a step, N={ROWS}, {seen} tokens: {name}"
            if work is None:
                bench.add(row, None, "ms", note=f"not run: {why}")
                continue

            bench.time(row, bench.replayed(partial(each, work, prefixes)), per=len(prefixes), note=why)


def each(work: Callable[[torch.Tensor], object], prefixes: list[torch.Tensor]) -> None:
    for prefix in prefixes:
        work(prefix)


Contender = tuple[Callable[[torch.Tensor], object] | None, str]


def contenders(
    bench: Bench, query: torch.Tensor, own: torch.Tensor, together: torch.Tensor, lengths: tuple[int, int], scale: float
) -> dict[str, Contender]:
    """Ways to compute it by name; without a way, why not.

    Args:
        together: [2, rows, kv_heads, prefix + own, head_dim], the prefix copied for each candidate.
    """
    asked, ours = query[:, :, None], bench.kernels.decode
    copied_keys, copied_values = together
    kernel = flash_attn(bench.device, bench.scale.dtype, query.shape[-1]) if bench.cuda else None
    beside = "the prefix copied for each candidate"
    found: dict[str, Contender] = {
        f"ours ({ours.name})": (lambda prefix: ours(query, prefix, own, lengths, scale), ""),
        "plain torch": (lambda prefix: TwoPartDecode("", eager)(query, prefix, own, lengths, scale), ""),
        "torch's flash operator, merged": (None, "for half precision on CUDA"),
        "SDPA per candidate": (
            lambda _: scaled_dot_product_attention(asked, copied_keys, copied_values, scale=scale, enable_gqa=True),
            beside,
        ),
        "FlashAttention per candidate": (None, "it is not installed, or not for this device"),
    }  # fmt: skip
    if bench.cuda:
        merged = TwoPartDecode("", flash)
        found["torch's flash operator, merged"] = (lambda prefix: merged(query, prefix, own, lengths, scale), "")
    if isinstance(kernel, FlashPrefill):
        function = kernel.function
        one, keys, values = query[:, None], *(part.transpose(1, 2) for part in together)
        found["FlashAttention per candidate"] = (
            lambda _: function(one, keys, values, softmax_scale=scale, causal=False), f"{kernel.name}, {beside}"
        )  # fmt: skip
    return found


@torch.inference_mode()
def measure_generate(bench: Bench) -> None:
    """The same candidates by `transformers.generate`, with its cache that grows and with its static one."""
    ids = torch.tensor([bench.edited()], device=bench.device)
    caches: dict[str, dict[str, Any]] = {
        "its dynamic cache": {},
        # To compile takes minutes, which nobody has who waits in an editor.
        "its static cache": {"cache_implementation": "static", "disable_compile": True},
    }
    for name, options in caches.items():

        def generate(options: dict[str, Any] = options) -> None:
            count = bench.scale.tokens
            # Its mixin asks for a protocol that its own models do not meet.
            bench.rival.generate(  # type: ignore[misc]
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=count, min_new_tokens=count,
                do_sample=True, top_p=0.95, top_k=0, num_return_sequences=ROWS, **options,
            )  # fmt: skip

        row = f"{ROWS} candidates of {bench.scale.tokens} tokens, transformers.generate, {name}"
        bench.time(row, generate, rounds=min(2, bench.scale.rounds))
