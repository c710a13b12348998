"""What this very card can do, from which limits and targets follow."""

import torch

from bench.gpu.session import ROWS, Bench

ASSUMED = 4.3e12  # bytes a second of the card for which limits and targets are written down
COPIED = 1 << 30  # bytes
SPREAD = 256 << 20  # bytes of equal weights that are read in turns, so that none is found in the second-level cache
NODES = 1000


@torch.inference_mode()
def measure_ceilings(bench: Bench) -> None:
    """Bandwidth of a copy, from which limits and targets follow; a nearly empty kernel of a recording; and one matrix
    product for each weight as the fused pass reads them, which together are what a step takes at the very least."""
    if not bench.cuda:
        bench.add("bandwidth of a copy", None, "TB/s", note="not run: no CUDA device")
    else:
        source = torch.empty(COPIED, dtype=torch.uint8, device=bench.device)
        target = torch.empty_like(source)
        bandwidth = 2 * COPIED / bench.seconds(lambda: target.copy_(source))
        bench.slower = ASSUMED / bandwidth
        bench.add("bandwidth of a copy", bandwidth / 1e12, "TB/s")
        del source, target
        bench.add("one nearly empty kernel of a recording", 1e6 * empty_node(bench), "µs")
    shape, layers = bench.scale.shape, bench.scale.shape["num_hidden_layers"]
    width, inner = shape["hidden_size"], shape["intermediate_size"]
    heads = (shape["num_attention_heads"] + 2 * shape["num_key_value_heads"]) * shape["head_dim"]
    weights = {
        "query, key, value": (heads, width, layers),
        "output": (width, shape["num_attention_heads"] * shape["head_dim"], layers),
        "gate, up": (2 * inner, width, layers),
        "down": (width, inner, layers),
        "head": (shape["vocab_size"], width, 1),
    }
    for rows in (1, ROWS, 64):
        every = 0.0
        for name, (high, wide, times) in weights.items():
            taken = product(bench, high, wide, rows)
            every += times * taken
            read = high * wide * bench.scale.dtype.itemsize
            bench.add(f"{name} [{high}, {wide}], {rows} rows", read / taken / 1e12, "TB/s")
        bench.add(f"all matrix products of a pass, {rows} rows", 1e3 * every, "ms")


def empty_node(bench: Bench) -> float:
    """Seconds of a kernel that does nearly nothing, behind others in a recording."""
    number, graph = torch.zeros(1, device=bench.device), torch.cuda.CUDAGraph()
    number.add_(1)
    with torch.cuda.graph(graph):
        for _ in range(NODES):
            number.add_(1)
    return bench.seconds(graph.replay, rounds=5) / NODES


def product(bench: Bench, high: int, wide: int, rows: int) -> float:
    """Seconds of one product with a weight [high, wide] that no cache holds."""
    count = max(1, SPREAD // (high * wide * bench.scale.dtype.itemsize)) if bench.cuda else 1
    states, *every = (
        torch.randn(lead, wide, device=bench.device, dtype=bench.scale.dtype) for lead in (rows, *[high] * count)
    )

    def work() -> None:
        for weight in every:
            torch.nn.functional.linear(states, weight)

    return bench.seconds(work) / count
