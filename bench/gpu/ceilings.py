"""What this very card can do, from which limits and targets follow."""

from functools import partial

import torch

from bench.gpu.session import Bench

ASSUMED = 4.3e12  # bytes a second of the card for which limits and targets are written down
COPIED = 1 << 30  # bytes


@torch.inference_mode()
def measure_ceilings(bench: Bench) -> None:
    """Bandwidth of a copy, from which limits and targets follow, and of one matrix product for each weight."""
    if not bench.cuda:
        bench.add("bandwidth of a copy", None, "TB/s", note="not run: no CUDA device")
        return
    source = torch.empty(COPIED, dtype=torch.uint8, device=bench.device)
    target = torch.empty_like(source)
    bandwidth = 2 * COPIED / bench.seconds(lambda: target.copy_(source))
    bench.slower = ASSUMED / bandwidth
    bench.add("bandwidth of a copy", bandwidth / 1e12, "TB/s")
    layer = bench.model.model.layers[0]
    weights = {
        "q": layer.self_attn.q_proj, "gate": layer.mlp.gate_proj, "down": layer.mlp.down_proj,
        "head": bench.model.lm_head,
    }  # fmt: skip
    for name, linear in weights.items():
        weight = linear.weight
        for rows in (1, 16, 64):
            states = torch.randn(rows, weight.shape[1], device=bench.device, dtype=weight.dtype)
            taken = bench.seconds(partial(torch.nn.functional.linear, states, weight))
            bench.add(f"{name} {tuple(weight.shape)}, {rows} rows", weight.nbytes / taken / 1e12, "TB/s")
