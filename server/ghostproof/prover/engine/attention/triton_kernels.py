"""Attention of new tokens over cached keys on CUDA, in Triton: every key is read once for all of them.

The keys are split over the whole device, and the parts merged by their log-sum-exp. Addresses and lengths are read on
the device, and no launch depends on them: a recorded launch stays right when they change.
"""

# mypy: disable-error-code="import-not-found, import-untyped, untyped-decorator"
# Triton is installed only where it is of use, and has no types.

from dataclasses import dataclass
from subprocess import SubprocessError

import torch
import triton
import triton.language as tl
from cachetools import LRUCache
from triton.errors import TritonError

from ghostproof.prover.engine.attention.torch_kernels import TwoPartDecode, eager
from ghostproof.prover.engine.transfer import indices

# What `sizes` holds for a pass: tokens of the trunk that are seen and tokens of each leaf, the newest included; how
# many rows are stored; where the trunk's newest begin.
SEEN, GROWN, STORED, START = (tl.constexpr(place) for place in range(4))
# What `table` holds for a layer: its addresses in the trunk and in the leaves, their capacities, the leaves' width.
TRUNK, LEAVES, CAPACITY, ROOM, WIDTH = (tl.constexpr(place) for place in range(5))

FEWEST_QUERIES = 16  # that a tensor core takes
MOST_QUERIES = 64  # in one tile; more of them read the keys again, from the second-level cache
PROGRAMS = 256  # at work at once: about two for each multiprocessor of the largest devices
MOST_SPLITS, MOST_OWN_SPLITS = 64, 16
KNOWN = 4096
LN_2 = 0.6931471805599453
# Half precision differs by up to three thousandths where the kernels are chosen; one missing key shows above this.
TOLERANCE = 0.006
# What compiling and running a kernel may raise where it does not work: of CUDA, of Triton, and of the tools it calls.
FAILURES = (RuntimeError, ValueError, OSError, SubprocessError, TritonError)


@triton.jit
def _over_keys(
    query: tl.tensor,
    keys: tl.tensor,
    values: tl.tensor,
    first: tl.tensor,
    last: tl.tensor,
    newest: tl.tensor,
    scale: tl.tensor,
    top: tl.tensor,
    total: tl.tensor,
    output: tl.tensor,
    D: tl.constexpr,
    N: tl.constexpr,
) -> tl.tuple:
    """Attention [M, D] over the keys from `first` up to `last`, and the base-2 log-sum-exp of the scores [M].

    `top` [M], `total` [M] and `output` [M, D] hold what was seen before: the largest score, and the mass and the values
    beside it. A query sees no key behind its `newest`; one that sees none at all weighs nothing.
    """
    column = tl.arange(0, D)
    for tile in range(first, last, N):
        place = tile + tl.arange(0, N)
        inside = place < last
        offset = place.to(tl.int64)[:, None] * D + column[None, :]
        # Nothing is known of an address that came from memory: without the hint, keys are read two bytes at a time.
        key = tl.load(tl.multiple_of(keys + offset, (16, 16)), mask=inside[:, None], other=0.0)
        score = tl.dot(query, tl.trans(key), input_precision="ieee") * scale
        score = tl.where(inside[None, :] & (place[None, :] <= newest[:, None]), score, float("-inf"))
        best = tl.maximum(top, tl.max(score, 1))
        shift = tl.where(best == float("-inf"), 0.0, best)
        weight = tl.exp2(score - shift[:, None])
        fade = tl.exp2(top - shift)
        total = total * fade + tl.sum(weight, 1)
        value = tl.load(tl.multiple_of(values + offset, (16, 16)), mask=inside[:, None], other=0.0)
        output = tl.dot(weight.to(value.dtype), value, output * fade[:, None], input_precision="ieee")
        top = best
    return output / tl.where(total == 0.0, 1.0, total)[:, None], top + tl.log2(total)


@triton.jit
def _nothing(M: tl.constexpr, D: tl.constexpr) -> tl.tuple:
    """What `_over_keys` begins with where nothing was seen before."""
    return tl.full([M], float("-inf"), tl.float32), tl.zeros([M], tl.float32), tl.zeros([M, D], tl.float32)


@triton.jit
def _queries(
    query: tl.tensor, row: tl.tensor, head: tl.tensor, there: tl.tensor,
    row_stride: tl.tensor, head_stride: tl.tensor, D: tl.constexpr,
) -> tl.tensor:  # fmt: skip
    """The queries [M, D] of these rows and heads, [M] each."""
    start = row * row_stride + head * head_stride
    return tl.load(query + start[:, None] + tl.arange(0, D)[None, :], mask=there[:, None], other=0.0)


@triton.jit
def _put(
    output: tl.tensor, weight: tl.tensor, result: tl.tensor, mass: tl.tensor, place: tl.tensor, there: tl.tensor,
    D: tl.constexpr,
) -> None:  # fmt: skip
    tl.store(output + place[:, None] * D + tl.arange(0, D)[None, :], result, mask=there[:, None])
    tl.store(weight + place, mass, mask=there)


@triton.jit(do_not_specialize=["rows"])
def _attend(
    query: tl.tensor, output: tl.tensor, weight: tl.tensor, table: tl.tensor, sizes: tl.tensor, scale: tl.tensor,
    rows: tl.tensor, row_stride: tl.tensor, head_stride: tl.tensor,
    KV_HEADS: tl.constexpr, GROUP: tl.constexpr, D: tl.constexpr, M: tl.constexpr, OWN_M: tl.constexpr,
    N: tl.constexpr, TILES: tl.constexpr, SPLITS: tl.constexpr, OWN_SPLITS: tl.constexpr,
) -> None:  # fmt: skip
    """Grid [kv_heads, SPLITS * TILES + rows * OWN_SPLITS]: a part of the trunk's keys for a tile of all queries, or a
    part of one row's own keys. Without own keys the queries are the trunk's newest tokens, and attention is causal.

    Fills `output` [SPLITS + OWN_SPLITS, rows, heads, D] and `weight` [SPLITS + OWN_SPLITS, rows, heads], float32.
    """
    head = tl.program_id(0).to(tl.int64)
    job = tl.program_id(1)
    if job < SPLITS * TILES:
        part = job // TILES
        number = (job % TILES) * M + tl.arange(0, M)
        row = number // GROUP
        inner = head * GROUP + number % GROUP
        there = row < rows
        asked = _queries(query, row, inner, there, row_stride, head_stride, D)
        seen = tl.load(sizes + SEEN)
        extent = tl.load(table + CAPACITY) * D
        keys = tl.load(table + TRUNK).to(tl.pointer_type(query.dtype.element_ty)) + head * extent
        span = tl.cdiv(tl.cdiv(seen, N), SPLITS) * N
        newest = tl.load(sizes + START) + row if OWN_SPLITS == 0 else seen + tl.full([M], 0, tl.int64)
        top, total, nothing = _nothing(M, D)
        result, mass = _over_keys(
            asked, keys, keys + KV_HEADS * extent,
            part * span, tl.minimum((part + 1) * span, seen), newest, scale, top, total, nothing, D, N,
        )  # fmt: skip
        _put(output, weight, result, mass, (part * rows + row) * (KV_HEADS * GROUP) + inner, there, D)
    elif OWN_SPLITS > 0:
        own_row = (job - SPLITS * TILES) // OWN_SPLITS
        own_part = (job - SPLITS * TILES) % OWN_SPLITS
        member = tl.arange(0, OWN_M)
        own_inner = head * GROUP + member
        is_member = member < GROUP
        own_asked = _queries(query, own_row, own_inner, is_member, row_stride, head_stride, D)
        grown = tl.load(sizes + GROWN)
        own_extent = tl.load(table + ROOM) * D
        own_base = tl.load(table + LEAVES).to(tl.pointer_type(query.dtype.element_ty))
        own_keys = own_base + (own_row * KV_HEADS + head) * own_extent
        own_span = tl.cdiv(tl.cdiv(grown, N), OWN_SPLITS) * N
        own_top, own_total, own_nothing = _nothing(OWN_M, D)
        own_result, own_mass = _over_keys(
            own_asked, own_keys, own_keys + tl.load(table + WIDTH) * KV_HEADS * own_extent,
            own_part * own_span, tl.minimum((own_part + 1) * own_span, grown),
            grown + tl.full([OWN_M], 0, tl.int64), scale, own_top, own_total, own_nothing, D, N,
        )  # fmt: skip
        own_place = ((SPLITS + own_part) * rows + own_row) * (KV_HEADS * GROUP) + own_inner
        _put(output, weight, own_result, own_mass, own_place, is_member, D)


@triton.jit
def _merge(
    parts: tl.tensor, weight: tl.tensor, output: tl.tensor, PARTS: tl.constexpr, ROOM_FOR: tl.constexpr, D: tl.constexpr
) -> None:
    """Grid [rows * heads]: one output [D] of its parts [PARTS, rows * heads, D]."""
    _merge_query(parts, weight, output, tl.program_id(0), tl.num_programs(0), PARTS, ROOM_FOR, D)


@triton.jit
def _merge_query(
    parts: tl.tensor, weight: tl.tensor, output: tl.tensor, query: tl.tensor, queries: tl.tensor,
    PARTS: tl.constexpr, ROOM_FOR: tl.constexpr, D: tl.constexpr,
) -> None:  # fmt: skip
    """What other programs may have computed is read past the first-level cache, which may hold something older."""
    part = tl.arange(0, ROOM_FOR)
    column = tl.arange(0, D)
    place = part * queries + query
    mass = tl.load(weight + place, mask=part < PARTS, other=float("-inf"), cache_modifier=".cg")
    share = tl.exp2(mass - tl.max(mass, 0))
    share = share / tl.sum(share, 0)
    source = parts + place[:, None] * D + column[None, :]
    values = tl.load(source, mask=(part < PARTS)[:, None], other=0.0, cache_modifier=".cg")
    tl.store(output + query * D + column, tl.sum(values * share[:, None], 0).to(output.dtype.element_ty))


@triton.jit
def _store(
    key: tl.tensor,
    value: tl.tensor,
    table: tl.tensor,
    sizes: tl.tensor,
    row_stride: tl.tensor,
    head_stride: tl.tensor,
    value_row_stride: tl.tensor,
    value_head_stride: tl.tensor,
    KV_HEADS: tl.constexpr,
    D: tl.constexpr,
    OWN: tl.constexpr,
) -> None:
    """Grid [rows, kv_heads]: the row's key and value, as the newest token of its leaf or of the trunk."""
    row, head = tl.program_id(0).to(tl.int64), tl.program_id(1).to(tl.int64)
    column = tl.arange(0, D)
    if row < tl.load(sizes + STORED):
        if OWN:
            base = tl.load(table + LEAVES).to(tl.pointer_type(key.dtype.element_ty))
            room = tl.load(table + ROOM)
            place = (row * KV_HEADS + head) * room + tl.load(sizes + GROWN) - 1
            between = tl.load(table + WIDTH) * KV_HEADS * room
        else:
            base = tl.load(table + TRUNK).to(tl.pointer_type(key.dtype.element_ty))
            room = tl.load(table + CAPACITY)
            place = head * room + tl.load(sizes + START) + row
            between = KV_HEADS * room
        target = base + place * D + column
        tl.store(target, tl.load(key + row * row_stride + head * head_stride + column))
        source = value + row * value_row_stride + head * value_head_stride + column
        tl.store(target + between * D, tl.load(source))


@dataclass(frozen=True)
class Tiling:
    """How the work of one launch is divided; the same for every length.

    Attributes:
        queries: of one key head, in a tile. own_queries: those of one row.
        keys: in a tile.
        splits, own_splits: parts of the trunk's and of each leaf's keys.
    """

    queries: int
    own_queries: int
    keys: int
    tiles: int
    splits: int
    own_splits: int

    @classmethod
    def of(cls, rows: int, kv_heads: int, group: int, *, own: bool) -> "Tiling":
        """For at most `rows` rows: a power of two, so that few different programs are compiled."""
        queries = min(max(_power(rows * group), FEWEST_QUERIES), MOST_QUERIES)
        tiles = -(-rows * group // queries)
        return cls(
            queries=queries,
            own_queries=max(_power(group), FEWEST_QUERIES),
            keys=64,
            tiles=tiles,
            splits=min(max(PROGRAMS // (kv_heads * tiles), 1), MOST_SPLITS),
            own_splits=min(max(PROGRAMS // (kv_heads * rows), 1), MOST_OWN_SPLITS) if own else 0,
        )


def over_leaves(
    query: torch.Tensor, table: torch.Tensor, sizes: torch.Tensor, kv_heads: int, scale: float
) -> torch.Tensor:
    """Attention of one token for each row, over the trunk and the row's own tokens.

    Args:
        query: [rows, heads, head_dim], the last axis contiguous.
        table: [5], int64: where the layer's keys lie in the trunk and in the leaves, as `memory.KV` lays them out.
        sizes: [4], int64.

    Returns:
        [rows, heads, head_dim].
    """
    return _launch(query, table, sizes, kv_heads, scale, own=True)


def over_trunk(
    query: torch.Tensor, table: torch.Tensor, sizes: torch.Tensor, kv_heads: int, scale: float
) -> torch.Tensor:
    """Causal attention of the trunk's newest tokens, the rows of `query`, over all of it; else as `over_leaves`."""
    return _launch(query, table, sizes, kv_heads, scale, own=False)


def store(key: torch.Tensor, value: torch.Tensor, table: torch.Tensor, sizes: torch.Tensor, *, own: bool) -> None:
    """Write the rows' keys and values [rows, kv_heads, head_dim] where the newest tokens of leaves or trunk belong."""
    rows, kv_heads, head_dim = key.shape
    _store[(rows, kv_heads)](
        key, value, table, sizes, *key.stride()[:2], *value.stride()[:2], kv_heads, head_dim, own, num_warps=1
    )


def _launch(
    query: torch.Tensor, table: torch.Tensor, sizes: torch.Tensor, kv_heads: int, scale: float, *, own: bool
) -> torch.Tensor:
    rows, heads, head_dim = query.shape
    group = heads // kv_heads
    shape = Tiling.of(_power(rows), kv_heads, group, own=own)
    parts = shape.splits + shape.own_splits
    output = torch.empty(parts, rows, heads, head_dim, dtype=torch.float32, device=query.device)
    weight = torch.empty(parts, rows, heads, dtype=torch.float32, device=query.device)
    _attend[(kv_heads, shape.splits * shape.tiles + rows * shape.own_splits)](
        query, output, weight, table, sizes, scale / LN_2, rows, *query.stride()[:2],
        kv_heads, group, head_dim, shape.queries, shape.own_queries, shape.keys,
        shape.tiles, shape.splits, shape.own_splits,
        num_warps=4, num_stages=3,
    )  # fmt: skip
    merged = torch.empty(rows, heads, head_dim, dtype=query.dtype, device=query.device)
    _merge[(rows * heads,)](output, weight, merged, parts, _power(parts), head_dim, num_warps=2)
    return merged


def _power(number: int) -> int:
    """The least power of two that is not smaller."""
    return 1 << (number - 1).bit_length()


class TritonDecode:
    """Implements `interface.Decode` for passes that are not recorded."""

    name = "triton"

    def __init__(self) -> None:
        self._known: LRUCache[tuple[int, ...], torch.Tensor] = LRUCache(KNOWN)

    def __call__(
        self, query: torch.Tensor, prefix: torch.Tensor, own: torch.Tensor, lengths: tuple[int, int], scale: float
    ) -> torch.Tensor:
        lies = (prefix.data_ptr(), own.data_ptr(), prefix.shape[2], own.shape[3], own.shape[1])
        table, sizes = self._on_device(lies, query.device), self._on_device((*lengths, 0, 0), query.device)
        return over_leaves(query, table, sizes, prefix.shape[1], scale)

    def _on_device(self, numbers: tuple[int, ...], device: torch.device) -> torch.Tensor:
        """The numbers, [len(numbers)], int64: those of a step are sent once for all layers, addresses once for all
        steps."""
        if (tensor := self._known.get(numbers)) is None:
            tensor = indices(numbers, device)
            self._known[numbers] = tensor
        return tensor


def unfit(device: torch.device, dtype: torch.dtype, head_dim: int) -> str:
    """Why the kernels cannot be used on the device; "" where they compile and agree with the reference."""
    if not (16 <= head_dim <= 256 and _power(head_dim) == head_dim):
        return f"heads of {head_dim} numbers"
    rows, kv_heads, group, lengths = 8, 2, 2, (333, 70)
    generator = torch.Generator(device).manual_seed(0)

    def numbers(*shape: int) -> torch.Tensor:
        return torch.randn(shape, generator=generator, device=device).to(dtype)

    case = numbers(rows, kv_heads * group, head_dim), numbers(2, kv_heads, 512, head_dim)
    own, scale = numbers(2, rows, kv_heads, 128, head_dim), head_dim**-0.5
    try:
        actual = TritonDecode()(*case, own, lengths, scale)
        expected = TwoPartDecode("eager", eager)(case[0].float(), case[1].float(), own.float(), lengths, scale)
        difference = float((actual - expected).abs().max())
    except FAILURES as problem:
        return f"{type(problem).__name__}: {problem}"
    return "" if difference < TOLERANCE else f"the results differ by {difference:.2g}"
