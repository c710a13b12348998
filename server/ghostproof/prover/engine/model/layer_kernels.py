"""What a decoder layer computes between its matrix products, in Triton, each as one kernel.

Attention of candidates' tokens is in `attention.step_kernels`. A norm is rounded where transformers rounds it.
"""

# mypy: disable-error-code="import-not-found, import-untyped, untyped-decorator"
# Triton is installed only where it is of use, and has no types.

import torch
import triton
import triton.language as tl

from ghostproof.prover.engine.attention.triton_kernels import (
    CAPACITY,
    START,
    STORED,
    TRUNK,
)

BLOCK = 1024  # numbers of SiLU's product that one program computes


@triton.jit
def _norm(
    states: tl.tensor, weight: tl.tensor, normed: tl.tensor, epsilon: tl.tensor,
    SIZE: tl.constexpr, ROOM_FOR: tl.constexpr,
) -> None:  # fmt: skip
    """Grid [rows]: the row's root mean square norm."""
    kind = states.dtype.element_ty
    column = tl.arange(0, ROOM_FOR)
    there = column < SIZE
    place = tl.program_id(0).to(tl.int64) * SIZE + column
    state = tl.load(states + place, mask=there, other=0.0).to(tl.float32)
    unit = state * tl.rsqrt(tl.sum(state * state, 0) / SIZE + epsilon)
    scaled = unit.to(kind).to(tl.float32) * tl.load(weight + column, mask=there, other=0.0).to(tl.float32)
    tl.store(normed + place, scaled.to(kind), mask=there)


@triton.jit
def _normed_halves(
    first: tl.tensor, second: tl.tensor, weight: tl.tensor, epsilon: tl.tensor, kind: tl.constexpr, D: tl.constexpr
) -> tl.tuple:
    """Both halves of one head, normalized together."""
    half = tl.arange(0, D // 2)
    scale = tl.rsqrt((tl.sum(first * first, 0) + tl.sum(second * second, 0)) / D + epsilon)
    first = (first * scale).to(kind).to(tl.float32) * tl.load(weight + half).to(tl.float32)
    second = (second * scale).to(kind).to(tl.float32) * tl.load(weight + D // 2 + half).to(tl.float32)
    return first.to(kind).to(tl.float32), second.to(kind).to(tl.float32)


@triton.jit
def _rotate_and_store(
    projected: tl.tensor, cos: tl.tensor, sin: tl.tensor, query_norm: tl.tensor, key_norm: tl.tensor,
    epsilon: tl.tensor, table: tl.tensor, sizes: tl.tensor,
    HEADS: tl.constexpr, KV_HEADS: tl.constexpr, D: tl.constexpr, NORM: tl.constexpr,
) -> None:  # fmt: skip
    """Grid [rows, HEADS + 2 * KV_HEADS]: rotate the row's query in place, or put its rotated key or its value where
    the trunk's newest tokens belong."""
    row, head = tl.program_id(0).to(tl.int64), tl.program_id(1).to(tl.int64)
    kind = projected.dtype.element_ty
    half = tl.arange(0, D // 2)
    source = projected + (row * (HEADS + 2 * KV_HEADS) + head) * D
    first, second = tl.load(source + half).to(tl.float32), tl.load(source + D // 2 + half).to(tl.float32)
    if head < HEADS + KV_HEADS:
        if NORM:
            weight = query_norm if head < HEADS else key_norm
            first, second = _normed_halves(first, second, weight, epsilon, kind, D)
        angle = row * D + half
        turned = first * tl.load(cos + angle).to(tl.float32) - second * tl.load(sin + angle).to(tl.float32)
        angle += D // 2
        second = second * tl.load(cos + angle).to(tl.float32) + first * tl.load(sin + angle).to(tl.float32)
        first = turned
    if head < HEADS:
        tl.store(source + half, first.to(kind))
        tl.store(source + D // 2 + half, second.to(kind))
    elif row < tl.load(sizes + STORED):
        kv_head = (head - HEADS) % KV_HEADS
        which = (head - HEADS) // KV_HEADS  # keys, then values
        base = tl.load(table + TRUNK).to(tl.pointer_type(kind))
        room = tl.load(table + CAPACITY)
        place = kv_head * room + tl.load(sizes + START) + row
        between = KV_HEADS * room
        target = base + (place + which * between) * D
        tl.store(target + half, first.to(kind))
        tl.store(target + D // 2 + half, second.to(kind))


@triton.jit
def _silu_mul(
    both: tl.tensor, states: tl.tensor, output: tl.tensor, epsilon: tl.tensor,
    SIZE: tl.constexpr, BLOCK: tl.constexpr, WIDTH_OF_STATES: tl.constexpr, ROOM_FOR: tl.constexpr,
) -> None:  # fmt: skip
    """Grid [rows, blocks]: SiLU of the row's first half, times its second half, both divided by the root mean square of
    the row's states first."""
    row = tl.program_id(0).to(tl.int64)
    entry = tl.arange(0, ROOM_FOR)
    state = tl.load(states + row * WIDTH_OF_STATES + entry, mask=entry < WIDTH_OF_STATES, other=0.0).to(tl.float32)
    scale = tl.rsqrt(tl.sum(state * state, 0) / WIDTH_OF_STATES + epsilon)
    column = tl.program_id(1) * BLOCK + tl.arange(0, BLOCK)
    there = column < SIZE
    kind = output.dtype.element_ty
    gate = tl.load(both + row * 2 * SIZE + column, mask=there, other=0.0).to(tl.float32) * scale
    up = tl.load(both + row * 2 * SIZE + SIZE + column, mask=there, other=0.0).to(tl.float32) * scale
    tl.store(output + row * SIZE + column, (gate * tl.sigmoid(gate) * up).to(kind), mask=there)


def norm(states: torch.Tensor, weight: torch.Tensor, epsilon: float) -> torch.Tensor:
    """The root mean square norm of the states, [rows, size]."""
    rows, size = states.shape
    normed = torch.empty_like(states)
    _norm[(rows,)](states, weight, normed, epsilon, size, triton.next_power_of_2(size), num_warps=8)
    return normed


def rotate_and_store(
    projected: torch.Tensor, rotation: tuple[torch.Tensor, torch.Tensor],
    norms: tuple[torch.Tensor, torch.Tensor] | None, epsilon: float,
    table: torch.Tensor, sizes: torch.Tensor, kv_heads: int,
) -> None:  # fmt: skip
    """Rotate queries in place, and store rotated keys and values where the trunk's newest tokens belong.

    Args:
        projected: [rows, heads + 2 * kv_heads, head_dim], contiguous: queries, keys, values.
        rotation: cosines and sines, [rows, head_dim].
        norms: weights of the queries' and the keys' norm before they are rotated, [head_dim].
    """
    rows, together, head_dim = projected.shape
    query_norm, key_norm = norms or (projected, projected)
    _rotate_and_store[(rows, together)](
        projected, *rotation, query_norm, key_norm, epsilon, table, sizes,
        together - 2 * kv_heads, kv_heads, head_dim, norms is not None, num_warps=1,
    )  # fmt: skip


def silu_mul(both: torch.Tensor, states: torch.Tensor, epsilon: float) -> torch.Tensor:
    """SiLU of the first half of `both` [rows, 2 * size] times the second, [rows, size].

    Args:
        both: products of states [rows, any] that were not normalized; what is computed is as if they had been.
    """
    rows, size, width = both.shape[0], both.shape[1] // 2, states.shape[1]
    output = torch.empty(rows, size, dtype=both.dtype, device=both.device)
    _silu_mul[(rows, triton.cdiv(size, BLOCK))](
        both, states, output, epsilon, size, BLOCK, width, triton.next_power_of_2(width), num_warps=4
    )
    return output
