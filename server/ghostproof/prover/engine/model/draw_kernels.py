"""Drawing the next tokens on CUDA, in Triton: four kernels for all rows, whatever each of them is drawn with.

The same numbers decide the same tokens as in `sampler`, but for rounding at the edge between two of them. Nothing waits
for the device, and no launch depends on what a row is drawn with: a recorded launch stays right when that changes.
"""

# mypy: disable-error-code="import-not-found, import-untyped, untyped-decorator"
# Triton is installed only where it is of use, and has no types.

from collections.abc import Sequence

import torch
import triton
import triton.language as tl

from ghostproof.prover.engine.attention.triton_kernels import FAILURES
from ghostproof.prover.engine.contract import TokenDraw
from ghostproof.prover.engine.model import sampler
from ghostproof.prover.engine.model.recorded_draw import CHOICES, DrawSlots, servable
from ghostproof.prover.engine.model.sampler import MOST_TRIES

# What `choice` holds for a row.
TEMPERATURE, TOP_P, TRIES, GREEDY, WIDTH = (tl.constexpr(place) for place in range(CHOICES + 1))
CHUNK = 4096  # logits that one program reads


@triton.jit
def _heat(choice: tl.tensor, row: tl.tensor) -> tl.tensor:
    """The row's temperature; 1 where it is drawn greedily, so that nothing is divided by 0."""
    greedy = tl.load(choice + row * WIDTH + GREEDY) > 0
    return tl.where(greedy, 1.0, tl.load(choice + row * WIDTH + TEMPERATURE))


@triton.jit
def _survey(
    logits: tl.tensor, row_stride: tl.tensor, choice: tl.tensor, top: tl.tensor, place: tl.tensor,
    mass: tl.tensor, heated: tl.tensor, SIZE: tl.constexpr, SPAN: tl.constexpr,
) -> None:  # fmt: skip
    """Grid [rows, chunks]: the chunk's largest logit and where it is, and its mass, at temperature 1 and at the row's
    own, beside that one's. All are [rows, chunks]."""
    row, chunk = tl.program_id(0).to(tl.int64), tl.program_id(1)
    target = row * tl.num_programs(1) + chunk
    column = chunk * SPAN + tl.arange(0, SPAN)
    score = tl.load(logits + row * row_stride + column, mask=column < SIZE, other=float("-inf"))
    best = tl.max(score, 0)
    below = score - tl.where(best == float("-inf"), 0.0, best)
    tl.store(top + target, best)
    tl.store(place + target, tl.min(tl.where(score == best, column, SIZE - 1), 0))
    tl.store(mass + target, tl.sum(tl.exp(below), 0))
    tl.store(heated + target, tl.sum(tl.exp(below / _heat(choice, row)), 0))


@triton.jit
def _tops(top: tl.tensor, row: tl.tensor, CHUNKS: tl.constexpr, ROOM: tl.constexpr) -> tl.tuple:
    """The largest logit of each chunk of the row, [ROOM], and that of all."""
    chunk = tl.arange(0, ROOM)
    each = tl.load(top + row * CHUNKS + chunk, mask=chunk < CHUNKS, other=float("-inf"))
    best = tl.max(each, 0)
    return each, tl.where(best == float("-inf"), 0.0, best)


@triton.jit
def _reached(mass: tl.tensor, place: tl.tensor, target: tl.tensor, ROOM: tl.constexpr) -> tl.tensor:
    """The first place with mass at which the sum of the masses exceeds the target, else the last one with mass."""
    there = mass > 0
    last = tl.max(tl.where(there, place, 0), 0)
    return tl.minimum(tl.min(tl.where(there & (tl.cumsum(mass, 0) > target), place, ROOM - 1), 0), last)


@triton.jit
def _pick(
    logits: tl.tensor, row_stride: tl.tensor, choice: tl.tensor, chance: tl.tensor, top: tl.tensor, heated: tl.tensor,
    picked: tl.tensor, SIZE: tl.constexpr, SPAN: tl.constexpr, CHUNKS: tl.constexpr, ROOM: tl.constexpr,
) -> None:  # fmt: skip
    """Grid [rows, draws]: a token of the whole distribution for each number of `chance`, into `picked`; both are
    [rows, draws]."""
    row, number = tl.program_id(0).to(tl.int64), tl.program_id(1)
    source = row * tl.num_programs(1) + number
    heat = _heat(choice, row)
    each, best = _tops(top, row, CHUNKS, ROOM)
    chunk = tl.arange(0, ROOM)
    weight = tl.load(heated + row * CHUNKS + chunk, mask=chunk < CHUNKS, other=0.0) * tl.exp((each - best) / heat)
    target = tl.load(chance + source) * tl.sum(weight, 0)
    reached = _reached(weight, chunk, target, ROOM)
    target -= tl.sum(tl.where(chunk < reached, weight, 0.0), 0)
    inside = tl.arange(0, SPAN)
    column = reached * SPAN + inside
    score = tl.load(logits + row * row_stride + column, mask=column < SIZE, other=float("-inf"))
    tl.store(picked + source, reached * SPAN + _reached(tl.exp((score - best) / heat), inside, target, SPAN))


@triton.jit
def _weigh(
    logits: tl.tensor, row_stride: tl.tensor, choice: tl.tensor, top: tl.tensor, picked: tl.tensor, above: tl.tensor,
    SIZE: tl.constexpr, SPAN: tl.constexpr, CHUNKS: tl.constexpr, ROOM: tl.constexpr, DRAWS: tl.constexpr,
) -> None:  # fmt: skip
    """Grid [rows, chunks]: the mass of the chunk's tokens that are likelier than each picked one, into `above`
    [rows, draws, chunks]."""
    row, chunk = tl.program_id(0).to(tl.int64), tl.program_id(1)
    heat = _heat(choice, row)
    _, best = _tops(top, row, CHUNKS, ROOM)
    column = chunk * SPAN + tl.arange(0, SPAN)
    score = tl.load(logits + row * row_stride + column, mask=column < SIZE, other=float("-inf"))
    mass = tl.exp((score - best) / heat)
    for number in range(DRAWS):
        own = tl.load(logits + row * row_stride + tl.load(picked + row * DRAWS + number))
        tl.store(above + (row * DRAWS + number) * CHUNKS + chunk, tl.sum(tl.where(score > own, mass, 0.0), 0))


@triton.jit
def _settle(
    logits: tl.tensor, row_stride: tl.tensor, choice: tl.tensor, top: tl.tensor, place: tl.tensor, mass: tl.tensor,
    heated: tl.tensor, picked: tl.tensor, above: tl.tensor, drawn: tl.tensor,
    CHUNKS: tl.constexpr, ROOM: tl.constexpr, DRAWS: tl.constexpr,
) -> None:  # fmt: skip
    """Grid [rows]: the first picked token that is in the nucleus, else the likeliest; with its natural log-probability
    at temperature 1, into `drawn` [rows, 2]."""
    row = tl.program_id(0).to(tl.int64)
    each, best = _tops(top, row, CHUNKS, ROOM)
    chunk, number = tl.arange(0, ROOM), tl.arange(0, DRAWS)
    there = chunk < CHUNKS
    share = tl.exp((each - best) / _heat(choice, row))
    total = tl.sum(tl.load(heated + row * CHUNKS + chunk, mask=there, other=0.0) * share, 0)
    source = (row * DRAWS + number[:, None]) * CHUNKS + chunk[None, :]
    likelier = tl.sum(tl.load(above + source, mask=there[None, :], other=0.0), 1) / total
    top_p = tl.load(choice + row * WIDTH + TOP_P)
    tries = tl.where(tl.load(choice + row * WIDTH + GREEDY) > 0, 0.0, tl.load(choice + row * WIDTH + TRIES))
    inside = (number < tries) & (tl.where(top_p >= 1, 0.0, likelier) < top_p)
    first = tl.min(tl.where(inside, number, DRAWS), 0)
    likeliest = tl.load(place + row * CHUNKS + tl.min(tl.where(each == best, chunk, CHUNKS - 1), 0))
    token = tl.where(first == DRAWS, likeliest, tl.load(picked + row * DRAWS + tl.minimum(first, DRAWS - 1)))
    everything = tl.sum(tl.load(mass + row * CHUNKS + chunk, mask=there, other=0.0) * tl.exp(each - best), 0)
    tl.store(drawn + row * 2, token.to(tl.float64))
    logprob = tl.load(logits + row * row_stride + token) - best - tl.log(everything)
    tl.store(drawn + row * 2 + 1, logprob.to(tl.float64))


def draw(logits: torch.Tensor, slots: DrawSlots) -> None:
    """A token for each row of the slots, which tell what with; they hold it then.

    Args:
        logits: [rows, vocabulary], or [1, vocabulary] for rows that share them; float32, the last axis contiguous.
    """
    rows, size, device = slots.rows, logits.shape[1], logits.device
    chunks = triton.cdiv(size, CHUNK)
    room = triton.next_power_of_2(chunks)
    stride = logits.stride(0) if len(logits) > 1 else 0
    top, mass, heated = torch.empty(3, rows, chunks, dtype=torch.float32, device=device)
    place = torch.empty(rows, chunks, dtype=torch.int32, device=device)
    picked = torch.empty(rows, MOST_TRIES, dtype=torch.int32, device=device)
    above = torch.empty(rows, MOST_TRIES, chunks, dtype=torch.float32, device=device)
    choice = slots.choice
    _survey[(rows, chunks)](logits, stride, choice, top, place, mass, heated, size, CHUNK, num_warps=8)
    _pick[(rows, MOST_TRIES)](
        logits, stride, choice, slots.chance, top, heated, picked, size, CHUNK, chunks, room, num_warps=8
    )
    _weigh[(rows, chunks)](
        logits, stride, choice, top, picked, above, size, CHUNK, chunks, room, MOST_TRIES, num_warps=8
    )
    _settle[(rows,)](
        logits, stride, choice, top, place, mass, heated, picked, above, slots.drawn,
        chunks, room, MOST_TRIES, num_warps=1,
    )  # fmt: skip


def draw_rows(logits: torch.Tensor, draws: Sequence[TokenDraw]) -> torch.Tensor:
    """As `sampler.draw_rows`, by these kernels where they know how."""
    if not all(map(servable, draws)):
        return sampler.draw_rows(logits, draws)
    slots = DrawSlots(sum(one.rows for one in draws), logits.device)
    first = 0
    for one in draws:
        slots.fill(first, one)
        first += one.rows
    draw(logits.contiguous(), slots)
    return slots.drawn


def unfit(device: torch.device) -> str:
    """Why the kernels cannot be used on the device; "" where they compile and draw as the reference does."""
    generator = torch.Generator().manual_seed(0)
    logits = torch.randn(6, 3 * CHUNK - 5, generator=generator).mul_(3).to(device)
    chance = torch.rand(6, MOST_TRIES, generator=generator).to(device)
    draws = [
        TokenDraw(chance[:3, : sampler.tries(0.95)], 0.8, 0.95, greedy_first=True),
        TokenDraw(chance[3:, :1], 1.3, 1.0),
    ]
    try:
        off = (draw_rows(logits, draws) - sampler.draw_rows(logits, draws)).abs().amax(0).tolist()
    except FAILURES as problem:
        return f"{type(problem).__name__}: {problem}"
    return "" if off[0] == 0 and off[1] < 1e-3 else f"tokens differ by {off[0]:g}, log-probabilities by {off[1]:.2g}"
