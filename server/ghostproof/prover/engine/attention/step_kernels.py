"""A step's attention in one kernel, in Triton: from the projections of each row's newest token to its attention.

The kernel rotates queries and keys, stores keys and values where they stay, and reads every key of the shared prefix
once for all rows. The parts that it is divided into are merged by whichever of its programs comes last.
"""

# mypy: disable-error-code="import-not-found, import-untyped, untyped-decorator"
# Triton is installed only where it is of use, and has no types.

import torch
import triton
import triton.language as tl

from ghostproof.prover.engine.attention.torch_kernels import TwoPartDecode, eager
from ghostproof.prover.engine.attention.triton_kernels import (
    CAPACITY,
    FAILURES,
    GROWN,
    LEAVES,
    LN_2,
    ROOM,
    SEEN,
    STORED,
    TOLERANCE,
    TRUNK,
    WIDTH,
    Tiling,
    _merge_query,
    _nothing,
    _over_keys,
    _power,
    _put,
)
from ghostproof.prover.engine.transfer import indices

MOST_ROWS = 32
CHECKED = 3  # launches by which the kernel is checked before it is used
# In the number in which the programs of one key head arrive: so many bits count parts of the trunk, and each of the
# bits above them stands for a row whose own tokens are done.
COUNTED: tl.constexpr = tl.constexpr(16)


LATE: tl.constexpr = tl.constexpr(32)  # queries that are merged together by the last part of the trunk


@triton.jit
def _turned(
    source: tl.tensor, place: tl.tensor, row: tl.tensor, there: tl.tensor, norm: tl.tensor, cos: tl.tensor,
    sin: tl.tensor, epsilon: tl.tensor, D: tl.constexpr, NORM: tl.constexpr,
) -> tl.tensor:  # fmt: skip
    """The heads [M, D] that begin at these places of `source`, rotated as their rows [M] are; normalized before, where
    the model does that."""
    kind = source.dtype.element_ty
    column = tl.arange(0, D)
    other = (column + D // 2) % D  # the number that each is rotated with
    number = tl.load(source + place[:, None] + column[None, :], mask=there[:, None], other=0.0).to(tl.float32)
    across = tl.load(source + place[:, None] + other[None, :], mask=there[:, None], other=0.0).to(tl.float32)
    if NORM:
        unit = tl.rsqrt(tl.sum(number * number, 1) / D + epsilon)[:, None]
        number = (number * unit).to(kind).to(tl.float32) * tl.load(norm + column).to(tl.float32)[None, :]
        across = (across * unit).to(kind).to(tl.float32) * tl.load(norm + other).to(tl.float32)[None, :]
        number, across = number.to(kind).to(tl.float32), across.to(kind).to(tl.float32)
    angle = row[:, None] * D + column[None, :]
    cosine = tl.load(cos + angle, mask=there[:, None], other=0.0).to(tl.float32)
    sine = tl.load(sin + angle, mask=there[:, None], other=0.0).to(tl.float32)
    return (number * cosine + tl.where(column < D // 2, -1.0, 1.0)[None, :] * across * sine).to(kind)


@triton.jit
def _merge_rows(
    parts: tl.tensor, weight: tl.tensor, merged: tl.tensor, query: tl.tensor, queries: tl.tensor, there: tl.tensor,
    PARTS: tl.constexpr, PARTS_ROOM: tl.constexpr, M: tl.constexpr, D: tl.constexpr,
) -> None:  # fmt: skip
    """As `_merge_query`, of several queries [M] together."""
    column, every = tl.arange(0, D), tl.arange(0, PARTS_ROOM)
    place = weight + every[None, :] * queries + query[:, None]
    known = there[:, None] & (every < PARTS)[None, :]
    mass = tl.load(place, mask=known, other=float("-inf"), cache_modifier=".cg")
    best = tl.max(mass, 1)
    share = tl.exp2(mass - tl.where(there, best, 0.0)[:, None])
    share = share / tl.where(there, tl.sum(share, 1), 1.0)[:, None]
    output = tl.zeros([M, D], tl.float32)
    for part in tl.range(0, PARTS, num_stages=3):
        source = parts + (part * queries + query)[:, None] * D + column[None, :]
        values = tl.load(source, mask=there[:, None], other=0.0, cache_modifier=".cg")
        output += values * tl.sum(tl.where(every[None, :] == part, share, 0.0), 1)[:, None]
    target = merged + query[:, None] * D + column[None, :]
    tl.store(target, output.to(merged.dtype.element_ty), mask=there[:, None])


@triton.jit
def _arrive(counter: tl.tensor, number: tl.tensor) -> tl.tensor:
    """What the counter held before `number` was added.

    What any thread of this program wrote before is seen by whoever arrives later, and what those before wrote by all
    threads of this one.
    """
    tl.debug_barrier()
    before = tl.atomic_add(counter, number, sem="acq_rel", scope="gpu")
    tl.debug_barrier()
    return before


@triton.jit(do_not_specialize=["rows"])
def _attend_step(
    projected: tl.tensor, cos: tl.tensor, sin: tl.tensor, query_norm: tl.tensor, key_norm: tl.tensor,
    epsilon: tl.tensor, parts: tl.tensor, weight: tl.tensor, arrived: tl.tensor, merged: tl.tensor,
    table: tl.tensor, sizes: tl.tensor, scale: tl.tensor, rows: tl.tensor,
    KV_HEADS: tl.constexpr, GROUP: tl.constexpr, D: tl.constexpr, M: tl.constexpr, OWN_M: tl.constexpr,
    N: tl.constexpr, TILES: tl.constexpr, SPLITS: tl.constexpr, OWN_SPLITS: tl.constexpr,
    PARTS_ROOM: tl.constexpr, NORM: tl.constexpr,
) -> None:  # fmt: skip
    """Grid [kv_heads, SPLITS * TILES + rows * OWN_SPLITS], divided as `triton_kernels._attend`; a row's first own part
    has its newest token, which is in no memory yet.

    Fills `merged` [rows, heads, D]. The parts lie in `parts` and `weight` meanwhile. `arrived` holds a counter for
    each key head, and one for each row and key head; all are 0 between two launches.
    """
    head, job = tl.program_id(0).to(tl.int64), tl.program_id(1)
    kind = projected.dtype.element_ty
    heads: tl.constexpr = KV_HEADS * GROUP
    together: tl.constexpr = (heads + 2 * KV_HEADS) * D
    parts_of_all: tl.constexpr = SPLITS + OWN_SPLITS
    all_rows = (tl.full([], 1, tl.int64) << rows) - 1
    if job < SPLITS * TILES:
        part = job // TILES
        number = (job % TILES) * M + tl.arange(0, M)
        row = (number // GROUP).to(tl.int64)
        inner = head * GROUP + number % GROUP
        there = row < rows
        asked = _turned(projected, row * together + inner * D, row, there, query_norm, cos, sin, epsilon, D, NORM)
        seen = tl.load(sizes + SEEN)
        extent = tl.load(table + CAPACITY) * D
        keys = tl.load(table + TRUNK).to(tl.pointer_type(kind)) + head * extent
        span = tl.cdiv(tl.cdiv(seen, N), SPLITS) * N
        top, total, nothing = _nothing(M, D)
        result, mass = _over_keys(
            asked, keys, keys + KV_HEADS * extent, part * span, tl.minimum((part + 1) * span, seen),
            seen + tl.full([M], 0, tl.int64), scale, top, total, nothing, D, N,
        )  # fmt: skip
        _put(parts, weight, result, mass, (part * rows + row) * heads + inner, there, D)
        before = _arrive(arrived + head, tl.full([], 1, tl.int64))
        waiting = before >> COUNTED
        if before - (waiting << COUNTED) == SPLITS * TILES - 1:
            for first in range(0, rows * GROUP, LATE):
                late_number = first + tl.arange(0, LATE)
                late = (late_number // GROUP).to(tl.int64)
                is_waiting = (late < rows) & (((waiting >> late) & 1) == 1)
                query = late * heads + head * GROUP + late_number % GROUP
                _merge_rows(parts, weight, merged, query, rows * heads, is_waiting, parts_of_all, PARTS_ROOM, LATE, D)
            if waiting == all_rows:
                tl.store(arrived + head, tl.full([], 0, tl.int64))
    else:
        own_row = ((job - SPLITS * TILES) // OWN_SPLITS).to(tl.int64)
        own_part = (job - SPLITS * TILES) % OWN_SPLITS
        member = tl.arange(0, OWN_M)
        own_inner = head * GROUP + member
        is_member = member < GROUP
        each_row = own_row + tl.zeros([OWN_M], tl.int64)
        own_asked = _turned(
            projected, own_row * together + own_inner * D, each_row, is_member, query_norm, cos, sin, epsilon, D, NORM
        )
        before_newest = tl.load(sizes + GROWN) - 1
        own_extent = tl.load(table + ROOM) * D
        own_keys = tl.load(table + LEAVES).to(tl.pointer_type(kind)) + (own_row * KV_HEADS + head) * own_extent
        own_values = own_keys + tl.load(table + WIDTH) * KV_HEADS * own_extent
        own_top, own_total, own_output = _nothing(OWN_M, D)
        if own_part == 0:
            # The same newest key and value stand in every row of these tiles.
            source = own_row * together + (heads + head) * D + tl.zeros([OWN_M], tl.int64)
            key = _turned(projected, source, each_row, member >= 0, key_norm, cos, sin, epsilon, D, NORM)
            column = tl.arange(0, D)
            value = tl.load(projected + source[:, None] + KV_HEADS * D + column[None, :])
            one = (member == 0) & (own_row < tl.load(sizes + STORED))
            target = before_newest * D + tl.zeros([OWN_M], tl.int64)[:, None] + column[None, :]
            tl.store(own_keys + target, key, mask=one[:, None])
            tl.store(own_values + target, value, mask=one[:, None])
            own_top = tl.sum(own_asked.to(tl.float32) * key.to(tl.float32), 1) * scale
            own_total = own_total + 1.0
            own_output = value.to(tl.float32)
        own_span = tl.cdiv(tl.cdiv(before_newest, N), OWN_SPLITS) * N
        own_result, own_mass = _over_keys(
            own_asked, own_keys, own_values, own_part * own_span,
            tl.minimum((own_part + 1) * own_span, before_newest), before_newest + tl.zeros([OWN_M], tl.int64), scale,
            own_top, own_total, own_output, D, N,
        )  # fmt: skip
        own_place = ((SPLITS + own_part) * rows + own_row) * heads + own_inner
        _put(parts, weight, own_result, own_mass, own_place, is_member, D)
        is_whole = True
        if OWN_SPLITS > 1:
            own_counter = arrived + KV_HEADS + own_row * KV_HEADS + head
            is_whole = _arrive(own_counter, tl.full([], 1, tl.int64)) == OWN_SPLITS - 1
            if is_whole:
                tl.store(own_counter, tl.full([], 0, tl.int64))
        if is_whole:
            this_row = tl.full([], 1, tl.int64) << own_row
            earlier = _arrive(arrived + head, this_row << COUNTED)
            done = earlier >> COUNTED
            if earlier - (done << COUNTED) == SPLITS * TILES:
                for number_in_group in range(GROUP):
                    own_query = own_row * heads + head * GROUP + number_in_group
                    _merge_query(parts, weight, merged, own_query, rows * heads, parts_of_all, PARTS_ROOM, D)
                if (done | this_row) == all_rows:
                    tl.store(arrived + head, tl.full([], 0, tl.int64))


def counters(kv_heads: int, device: torch.device) -> torch.Tensor:
    """In what the programs of `attend_step` arrive, for every number of rows: passes that run one after the other, of
    models with so many key heads, share it."""
    return torch.zeros(kv_heads * (1 + MOST_ROWS), dtype=torch.int64, device=device)


def attend_step(
    projected: torch.Tensor, rotation: tuple[torch.Tensor, torch.Tensor],
    norms: tuple[torch.Tensor, torch.Tensor] | None, epsilon: float, table: torch.Tensor, sizes: torch.Tensor,
    kv_heads: int, scale: float, arrived: torch.Tensor,
) -> torch.Tensor:  # fmt: skip
    """Attention of one token for each row, over the trunk and the row's own tokens; its key and value are stored.

    Args:
        projected: [rows, heads + 2 * kv_heads, head_dim], contiguous: queries, keys, values. At most `MOST_ROWS` rows.
        rotation: cosines and sines, [rows, head_dim].
        norms: weights of the queries' and the keys' norm before they are rotated, [head_dim].
        table, sizes: as `triton_kernels.over_leaves` reads them.
        arrived: of `counters`.

    Returns:
        [rows, heads, head_dim].
    """
    rows, together, head_dim = projected.shape
    assert rows <= MOST_ROWS
    heads = together - 2 * kv_heads
    query_norm, key_norm = norms or (projected, projected)
    shape = Tiling.of(_power(rows), kv_heads, heads // kv_heads, own=True)
    count = shape.splits + shape.own_splits
    parts = torch.empty(count, rows, heads, head_dim, dtype=torch.float32, device=projected.device)
    weight = torch.empty(count, rows, heads, dtype=torch.float32, device=projected.device)
    merged = torch.empty(rows, heads, head_dim, dtype=projected.dtype, device=projected.device)
    _attend_step[(kv_heads, shape.splits * shape.tiles + rows * shape.own_splits)](
        projected, *rotation, query_norm, key_norm, epsilon, parts, weight, arrived, merged, table, sizes,
        scale / LN_2, rows,
        kv_heads, heads // kv_heads, head_dim, shape.queries, shape.own_queries, shape.keys, shape.tiles,
        shape.splits, shape.own_splits, _power(count), norms is not None,
        num_warps=4, num_stages=3,
    )  # fmt: skip
    return merged


def unfit(device: torch.device, dtype: torch.dtype, head_dim: int) -> str:
    """Why the kernel cannot be used on the device; "" where it compiles and agrees with the reference, also when it is
    launched again."""
    rows, kv_heads, group, (seen, grown) = 8, 2, 2, (333, 70)
    generator = torch.Generator(device).manual_seed(0)

    def numbers(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, device=device).to(dtype)

    projected, angle = numbers(rows, (group + 2) * kv_heads, head_dim), numbers(rows, head_dim // 2).repeat(1, 2)
    rotation, scale = (angle.cos(), angle.sin()), head_dim**-0.5
    trunk, leaves = numbers(2, kv_heads, 512, head_dim), numbers(2, rows, kv_heads, 128, head_dim)
    table = indices((trunk.data_ptr(), leaves.data_ptr(), 512, 128, rows), device)
    sizes, arrived = indices((seen, grown, rows, 0), device), counters(kv_heads, device)
    first, second = projected.float().chunk(2, -1)
    cos, sin = (part.float()[:, None] for part in rotation)
    turned = (projected.float() * cos + torch.cat([-second, first], -1) * sin).to(dtype).float()
    query, key, _ = turned.split([group * kv_heads, kv_heads, kv_heads], 1)
    own = leaves.float().clone()
    own[0, :, :, grown - 1], own[1, :, :, grown - 1] = key, projected[:, -kv_heads:].float()
    expected = TwoPartDecode("eager", eager)(query, trunk.float(), own, (seen, grown), scale)
    difference = 0.0
    try:
        for _ in range(CHECKED):
            actual = attend_step(projected, rotation, None, 0.0, table, sizes, kv_heads, scale, arrived)
            difference = max(difference, float((actual - expected).abs().max()))
        stored = torch.stack([leaves[:, :, :, grown - 1].float(), own[:, :, :, grown - 1]])
    except FAILURES as problem:
        return f"{type(problem).__name__}: {problem}"
    if not difference < TOLERANCE:
        return f"the results differ by {difference:.2g}"
    # A rotated number may be rounded to either side.
    is_stored = bool(torch.isclose(stored[0], stored[1], rtol=0.02, atol=0.02).all())
    return "" if is_stored else "keys and values are not stored where they belong"
