"""Runs the Triton kernels of attention on the CPU, interpreted, beside the reference; prints differences as JSON.

A script of its own: Triton decides at its import whether it interprets.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from support.interpreter import interpreter  # isort: skip - before Triton

import torch

from ghostproof.prover.engine.attention import step_kernels, triton_kernels
from ghostproof.prover.engine.attention.torch_kernels import SdpaPrefill, TwoPartDecode, eager

CAPACITY, ROOM = 256, 64
LENGTHS = ((1, 1), (CAPACITY, ROOM), (77, 3), (64, 33), (65, 64))
ENDS = ((1, 1), (65, 64))
PLAIN, GROUPED, ODD = (2, 1, 64), (1, 4, 128), (1, 3, 64)
# Type, rows, (key heads, queries of one, numbers of a head), lengths. Every pair of rows and heads meets the edges of
# tiles and of splits; how many keys lie between them does not depend on the rows, so that few rows have all lengths.
DECODES = (
    *((torch.float32, rows, heads, LENGTHS) for rows, heads in ((1, PLAIN), (5, GROUPED))),
    *((torch.float32, rows, heads, ENDS) for rows, heads in ((5, PLAIN), (1, GROUPED), (2, GROUPED))),
    *((torch.float32, rows, heads, ((65, 64),)) for rows, heads in ((2, PLAIN), (16, PLAIN), (32, GROUPED))),
    *((torch.float16, rows, ODD, ((65, 64),)) for rows in (1, 8, 32)),
)
# Rows, those that are a group's own, (key heads, queries of one, numbers of a head), tokens of the trunk and of each
# row with the newest, whether queries and keys are normalized, the order in which programs run.
STEPS = (
    *((4, 4, PLAIN, lengths, False, "first to last") for lengths in LENGTHS),
    *((4, 3, (1, 4, 32), (65, 64), True, order) for order in ("first to last", "last to first", "any")),
    *((rows, rows - 1, (2, 2, 16), (130, 2), False, order) for rows in (2, 8) for order in ("last to first", "any")),
    (1, 1, PLAIN, (200, 130), True, "any"),
    (1, 1, (1, 1, 16), (5, 1), False, "last to first"),
    (32, 20, (1, 4, 16), (70, 3), False, "any"),
)
# Rows recorded, tokens before, tokens there, (key heads, queries of one).
SUFFIXES = (
    *((16, 0, there, heads) for there in (1, 16) for heads in ((2, 1), (1, 4))),
    (32, 100, 17, (2, 1)),
    (64, 150, 64, (2, 1)),
    (64, 30, 50, (1, 4)),
)
REFERENCE = TwoPartDecode("eager", eager)
DEVICE, FEW, VERY_FEW = triton_kernels.PROGRAMS, 24, 12
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


@contextmanager
def ordered(how: str) -> Iterator[None]:
    """Meanwhile the programs of each launch run in this order."""
    builder = interpreter.interpreter_builder
    run_at = builder.set_grid_idx

    def move(x: int, y: int, z: int) -> None:
        _, high, _ = builder.grid_dim
        count = builder.grid_dim[0] * high
        place = x * high + y
        if how == "last to first":
            place = count - 1 - place
        elif how == "any":
            place = int(torch.randperm(count, generator=torch.Generator().manual_seed(count))[place])
        run_at(place // high, place % high, z)

    builder.set_grid_idx = move
    try:
        yield
    finally:
        builder.set_grid_idx = run_at


def rotated(states: torch.Tensor, rotation: tuple[torch.Tensor, torch.Tensor]) -> torch.Tensor:
    """Heads [rows, heads, head_dim], as transformers rotates them."""
    first, second = states.chunk(2, -1)
    cos, sin = (part[:, None] for part in rotation)
    return states * cos + torch.cat([-second, first], -1) * sin


def step(
    rows: int, there: int, heads: tuple[int, int, int], lengths: tuple[int, int], normed: bool, order: str
) -> float:
    """A step recorded for `rows` rows of which a group has `there`, twice, so that what the first left is used again:
    from projections to attention, all that nobody wrote being no numbers."""
    triton_kernels.PROGRAMS = VERY_FEW
    (kv_heads, group, size), (seen, grown) = heads, lengths
    trunk, width = torch.full((2, kv_heads, CAPACITY, size), torch.nan), 1 << (rows - 1).bit_length()
    trunk[:, :, :seen] = torch.randn(2, kv_heads, seen, size)
    leaves = torch.full((2, width, kv_heads, grown + 3, size), torch.nan)
    leaves[:, :there, :, : grown - 1] = torch.randn(2, there, kv_heads, grown - 1, size)
    leaves[:, there:] = 7.0  # of rows that are nobody's, whose projections are no numbers: nothing is to be stored
    before = leaves.clone()
    projected = torch.full((rows, kv_heads * (group + 2), size), torch.nan)
    projected[:there] = torch.randn(there, kv_heads * (group + 2), size)
    angle = torch.randn(rows, size // 2).repeat(1, 2)
    rotation, norms = (angle.cos(), angle.sin()), (torch.rand(size), torch.rand(size)) if normed else None
    query, key, value = projected.split([kv_heads * group, kv_heads, kv_heads], 1)
    if norms is not None:
        query, key = (
            torch.nn.functional.rms_norm(x, (size,), w, 1e-6) for x, w in ((query, norms[0]), (key, norms[1]))
        )
    before[0, :there, :, grown - 1] = rotated(key, rotation)[:there]
    before[1, :there, :, grown - 1] = value[:there]
    table = torch.tensor([trunk.data_ptr(), leaves.data_ptr(), CAPACITY, grown + 3, width, 0, 0, 0])
    sizes, arrived = torch.tensor([seen, grown, there, 0]), step_kernels.counters(kv_heads, torch.device("cpu"))
    asked, scale = rotated(query, rotation)[:there], size**-0.5
    expected = REFERENCE(asked, trunk, before[:, :there], lengths, scale)
    off = [0.0]
    for _ in range(2):
        with ordered(order):
            actual = step_kernels.attend_step(projected, rotation, norms, 1e-6, table, sizes, kv_heads, scale, arrived)[
                :there
            ]
        off.append(float((actual - expected).abs().max()))
        off.append(float("inf") if bool(arrived.any()) else 0.0)
    torch.testing.assert_close(leaves, before, rtol=0, atol=1e-5, equal_nan=True)
    assert not any(number != number for number in off), off
    return max(off)


def check_before_use() -> float:
    """0 where the check lets the kernel of a step pass, and neither one that computes too much nor one that stores
    nothing."""
    device = torch.device("cpu")
    triton_kernels.PROGRAMS = VERY_FEW
    right: Callable[..., torch.Tensor] = step_kernels.attend_step

    def too_much(*given: torch.Tensor) -> torch.Tensor:
        return right(*given) + 0.01

    def stores_nothing(*given: torch.Tensor) -> torch.Tensor:
        return right(*given[:5], given[5] * torch.tensor([1, 1, 0, 1]), *given[6:])

    said = []
    for kernel in (right, too_much, stores_nothing):
        vars(step_kernels)["attend_step"] = kernel
        said.append(bool(step_kernels.unfit(device, torch.float32, 16)))
    vars(step_kernels)["attend_step"] = right
    return 0.0 if said == [False, True, True] else 1.0


def main() -> None:
    torch.set_num_threads(1)
    torch.manual_seed(0)
    told: dict[str, float] = {}
    for dtype, rows, (kv_heads, group, head_dim), every in DECODES:
        for lengths in every:
            name = f"decode {dtype} {rows} rows {kv_heads}x{group} heads of {head_dim}, {lengths[0]}+{lengths[1]} keys"
            told[name] = decode(dtype, rows, kv_heads, group, head_dim, lengths)
    for rows, start, there, heads in SUFFIXES:
        name = f"suffix {there} of {rows} behind {start}, {heads[0]}x{heads[1]} heads"
        told[name] = suffix(rows, start, there, *heads)
    for case in STEPS:
        told[f"step {case}"] = step(*case)
    told["check before use"] = check_before_use()
    print(json.dumps(told))


if __name__ == "__main__":
    main()
