"""Runs the Triton kernels on the CPU, by Triton's interpreter, beside the reference; prints differences as JSON.

A script of its own: Triton decides at its import whether it interprets.
"""

import json
import os
import warnings

os.environ["TRITON_INTERPRET"] = "1"
warnings.filterwarnings("ignore", "divide by zero")  # the logarithm of a part without keys, which weighs nothing

import torch  # noqa: E402 - after the environment

from ghostproof.prover.engine.attention import triton_kernels  # noqa: E402
from ghostproof.prover.engine.attention.torch_kernels import SdpaPrefill, TwoPartDecode, eager  # noqa: E402
from ghostproof.prover.engine.contract import TokenDraw  # noqa: E402
from ghostproof.prover.engine.model import draw_kernels, layer_kernels, recorded, sampler  # noqa: E402
from ghostproof.prover.engine.model.forward import EagerForward  # noqa: E402
from ghostproof.prover.engine.model.fused import FusedForward  # noqa: E402
from ghostproof.prover.engine.model.graphs import Graphs  # noqa: E402
from ghostproof.prover.engine.model.runner import TorchRunner  # noqa: E402
from support.random_models import FAMILIES, VOCABULARY, twins  # noqa: E402

CAPACITY, ROOM = 256, 64
LENGTHS = ((1, 1), (CAPACITY, ROOM), (77, 3), (64, 33), (65, 64))
ENDS = ((1, 1), (CAPACITY, ROOM), (65, 64))
PLAIN, GROUPED, ODD = (2, 1, 64), (1, 4, 128), (1, 3, 64)
# Type, rows, (key heads, queries of one, numbers of a head), lengths. Every pair of rows and heads meets the edges of
# tiles and of splits; how many keys lie between them does not depend on the rows, so that few rows have all lengths.
DECODES = (
    *((torch.float32, rows, heads, LENGTHS) for rows, heads in ((1, PLAIN), (5, GROUPED))),
    *((torch.float32, rows, heads, ENDS) for rows, heads in ((5, PLAIN), (1, GROUPED), (2, GROUPED), (16, PLAIN))),
    *((torch.float32, rows, heads, ((65, 64),)) for rows, heads in ((2, PLAIN), (32, GROUPED))),
    *((torch.float16, rows, ODD, ((1, 1), (65, 64))) for rows in (1, 8, 32)),
)
# Rows recorded, tokens before, tokens there, (key heads, queries of one).
SUFFIXES = (
    *((16, 0, there, heads) for there in (1, 16) for heads in ((2, 1), (1, 4))),
    (32, 100, 17, (2, 1)),
    (64, 150, 64, (2, 1)),
    (128, 30, 100, (1, 4)),
)
REFERENCE = TwoPartDecode("eager", eager)
DEVICE, FEW = triton_kernels.PROGRAMS, 24
"""Programs that a launch is divided into: as on a GPU, and so few that one has several tiles of keys."""


def decode(dtype: torch.dtype, rows: int, kv_heads: int, group: int, head_dim: int, lengths: tuple[int, int]) -> float:
    triton_kernels.PROGRAMS = DEVICE if rows == 2 else FEW
    width = 1 << (rows - 1).bit_length()
    prefix = torch.full((2, kv_heads, CAPACITY, head_dim), torch.nan, dtype=dtype)
    own = torch.full((2, width, kv_heads, ROOM, head_dim), torch.nan, dtype=dtype)
    prefix[:, :, : lengths[0]] = torch.randn(2, kv_heads, lengths[0], head_dim)
    own[:, :rows, :, : lengths[1]] = torch.randn(2, rows, kv_heads, lengths[1], head_dim)
    query = torch.randn(kv_heads * group, rows, head_dim).to(dtype).transpose(0, 1)  # as the model's code makes it
    actual = triton_kernels.TritonDecode()(query, prefix, own, lengths, head_dim**-0.5)
    expected = REFERENCE(query.float(), prefix.float(), own.float(), lengths, head_dim**-0.5)
    return float((actual.float() - expected).abs().max())


def suffix(rows: int, start: int, there: int, kv_heads: int, group: int) -> float:
    """A pass recorded for `rows` tokens that has `there`."""
    trunk = torch.full((2, kv_heads, 256, 64), torch.nan)
    trunk[:, :, :start] = torch.randn(2, kv_heads, start, 64)
    query, key, value = (torch.randn(rows, heads, 64) for heads in (kv_heads * group, kv_heads, kv_heads))
    table = torch.tensor([trunk.data_ptr(), 0, 256, 0, 0])
    sizes = torch.tensor([start + there, 0, there, start])
    triton_kernels.store(key, value, table, sizes, own=False)
    actual = triton_kernels.over_trunk(query, table, sizes, kv_heads, 0.125)[:there]
    keys, values = trunk[:, :, : start + there]
    assert torch.equal(keys[:, start:], key[:there].transpose(0, 1))
    assert bool(trunk[:, :, start + there :].isnan().all())
    expected = SdpaPrefill()(query[:there].transpose(0, 1), keys, values, 0.125)
    return float((actual - expected).abs().max())


def drawn(size: int, spread: float) -> float:
    """Rows of every kind, drawn with the same numbers: 1 where a token differs, else how far log-probabilities do."""
    draw_kernels.CHUNK = 64
    generator = torch.Generator().manual_seed(size)
    logits = torch.randn(12, size, generator=generator) * spread
    logits[3, 5:] = logits[4, : size - 1] = -torch.inf  # a few tokens with mass, and the very last one alone
    logits[5] = 1.0
    chance = torch.rand(12, sampler.MOST_TRIES, generator=generator)
    chance[0], chance[1] = 0, 1 - 2**-24
    draws = [
        TokenDraw(chance[:6, : sampler.tries(0.95)], 0.7, 0.95),
        TokenDraw(chance[6:8, : sampler.tries(0.83)], 1.5, 0.83, greedy_first=True),
        TokenDraw(chance[8:10, :1], 0.0, 0.5),
        TokenDraw(chance[10:, :1], 1.0, 1.0),
    ]
    shared = [TokenDraw(chance[:, : sampler.tries(0.95)], 0.9, 0.95)]
    off = [
        (draw_kernels.draw_rows(scores, how) - sampler.draw_rows(scores, how)).abs().amax(0)
        for scores, how in ((logits, draws), (logits[:1], shared))
    ]
    return max(1.0 if bool(tokens) else float(logprobs) for tokens, logprobs in off)


def drawn_beside_no_numbers(size: int) -> float:
    """A row whose scores are no numbers, as those behind a recorded group's own may be: 1 where it reaches out of the
    vocabulary or seems drawn, else how far the row beside it moves."""
    generator = torch.Generator().manual_seed(size)
    logits = torch.randn(3, size, generator=generator)
    draws = [TokenDraw(torch.rand(3, sampler.tries(0.95), generator=generator), 0.7, 0.95)]
    alone = draw_kernels.draw_rows(logits, draws)
    logits[0], logits[1, size // 2] = torch.nan, torch.nan
    beside = draw_kernels.draw_rows(logits, draws)
    lost = not bool(((beside[:2, 0] >= 0) & (beside[:2, 0] < size) & beside[:2, 1].isnan()).all())
    return 1.0 if lost else float((beside[2] - alone[2]).abs().max())


@torch.inference_mode()
def whole_model(family: str, *, fused: bool) -> float:
    """Logits of a prompt in two pieces, of its candidates, and of two prompts' candidates in one pass, and what is
    drawn of these, every pass through the kernels; the other side runs as transformers writes it."""
    triton_kernels.PROGRAMS = FEW
    one, other = twins(family, layers=2)
    forward = FusedForward(other, layer_kernels) if fused else None
    graphs = Graphs(
        EagerForward(other), torch.device("cpu"), triton_kernels, lambda work: work, recorded=forward, draw=draw_kernels
    )
    plain, replaying = TorchRunner(one, 1 << 30), TorchRunner(other, 1 << 30, forward=graphs, draw=graphs.draw_rows)
    ids = torch.randint(VOCABULARY, (13,), generator=torch.Generator().manual_seed(1)).tolist()
    chance = torch.rand(7, sampler.tries(0.95), generator=torch.Generator().manual_seed(2))
    draws = [TokenDraw(chance[:3], 0.8, 0.95, greedy_first=True), TokenDraw(chance[3:], 1.0, 0.95)]
    seen: list[list[torch.Tensor]] = []
    for runner in (plain, replaying):
        trunk, second = runner.begin(ids, "a"), runner.begin(ids[::-1][:6], "b")
        runner.prefill(trunk, 8)
        runner.prefill(trunk, 8)
        runner.prefill(second, 8)
        leaves, beside = runner.fork(trunk, 3, 8), runner.fork(second, 4, 8)
        step = runner.step([(leaves, torch.tensor([4, 5, 6]))])
        groups = [(leaves, torch.tensor([7, 8, 9])), (beside, torch.tensor([1, 2, 3, 4]))]
        seen.append([runner.logits(trunk), runner.logits(second), step, runner.advance(groups, draws)])
    assert {key.groups for key in graphs.recorded} == {1, 2}
    return max(float((one - other).abs().max()) for one, other in zip(*seen, strict=True))


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    vars(recorded)["SUFFIXES"] = (8, *recorded.SUFFIXES)  # a small one, so that there is less to interpret
    told: dict[str, float] = {}
    for dtype, rows, (kv_heads, group, head_dim), every in DECODES:
        for lengths in every:
            name = f"decode {dtype} {rows} rows {kv_heads}x{group} heads of {head_dim}, {lengths[0]}+{lengths[1]} keys"
            told[name] = decode(dtype, rows, kv_heads, group, head_dim, lengths)
    for rows, start, there, heads in SUFFIXES:
        name = f"suffix {there} of {rows} behind {start}, {heads[0]}x{heads[1]} heads"
        told[name] = suffix(rows, start, there, *heads)
    for size, spread in ((64, 3.0), (150, 0.1), (700, 3.0)):
        told[f"drawn of {size} tokens, spread {spread}"] = drawn(size, spread)
    told["drawn beside no numbers"] = drawn_beside_no_numbers(150)
    for family in FAMILIES:
        fused = family != "llama-grouped"
        told[f"model {family}, fused: {fused}"] = whole_model(family, fused=fused)
    print(json.dumps(told))


if __name__ == "__main__":
    main()
