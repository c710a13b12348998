"""The rows of a recorded pass: which recording serves which rows, and what the device is told of them."""

from dataclasses import dataclass
from typing import Literal, Protocol

import torch

from ghostproof.prover.engine.attention.plan import Group, Segment, Suffix

STEPS = (1, 2, 4, 8, 16, 32)
SUFFIXES = (16, 32, 64, 128, 256, 512, 768)


@dataclass(frozen=True)
class Key:
    """What tells recordings apart.

    Attributes:
        rows: of one group.
        groups: of so many trunks; their weights are read once for all.
    """

    kind: Literal["step", "suffix"]
    rows: int
    groups: int = 1

    def __str__(self) -> str:
        return f"{self.kind} {self.rows}" + (f" x {self.groups}" if self.groups > 1 else "")


class Operations(Protocol):
    """What a recorded pass does with keys and values; `triton_kernels` implements it."""

    def over_leaves(
        self, query: torch.Tensor, table: torch.Tensor, sizes: torch.Tensor, kv_heads: int, scale: float
    ) -> torch.Tensor: ...
    def over_trunk(
        self, query: torch.Tensor, table: torch.Tensor, sizes: torch.Tensor, kv_heads: int, scale: float
    ) -> torch.Tensor: ...
    def store(
        self, key: torch.Tensor, value: torch.Tensor, table: torch.Tensor, sizes: torch.Tensor, *, own: bool
    ) -> None: ...


@dataclass(frozen=True)
class Recorded:
    """The rows of a recorded pass, as `plan.Segment` and as `fused.Placed`.

    Attributes:
        tables: [layers, entries], sizes: [4], int64, as `triton_kernels` reads them.
    """

    key: Key
    tables: torch.Tensor
    sizes: torch.Tensor
    operations: Operations

    @property
    def rows(self) -> int:
        return self.key.rows

    @property
    def own(self) -> bool:
        return self.key.kind == "step"

    def table(self, layer: int) -> torch.Tensor:
        return self.tables[layer]

    def over(self, layer: int, query: torch.Tensor, kv_heads: int, scale: float) -> torch.Tensor:
        over = self.operations.over_leaves if self.own else self.operations.over_trunk
        return over(query, self.tables[layer], self.sizes, kv_heads, scale)

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        table = self.tables[layer]
        self.operations.store(key.transpose(0, 1), value.transpose(0, 1), table, self.sizes, own=self.own)
        return self.over(layer, query.transpose(0, 1), len(key), scale)


def key_of(segment: Segment) -> Key | None:
    """The recording that serves the segment; None where none does."""
    match segment:
        case Group():
            rows = next((rows for rows in STEPS if rows >= segment.rows), None)
            fits = rows is not None and all(rows <= layer.shape[1] for layer in segment.own)
            return Key("step", rows) if rows is not None and fits else None
        case Suffix():
            rows = next((rows for rows in SUFFIXES if rows >= segment.rows), None)
            return None if rows is None else Key("suffix", rows)
    return None


def tables_of(segment: Group | Suffix) -> tuple[tuple[int, ...], ...]:
    """Where the segment's keys lie: for each layer what `triton_kernels` reads in `table`."""
    if isinstance(segment, Suffix):
        return tuple((layer.data_ptr(), 0, layer.shape[2], 0, 0) for layer in segment.kv)
    return tuple(
        (trunk.data_ptr(), own.data_ptr(), trunk.shape[2], own.shape[3], own.shape[1])
        for trunk, own in zip(segment.prefix, segment.own, strict=True)
    )


def sizes_of(segment: Group | Suffix) -> tuple[int, int, int, int]:
    """The segment's lengths, as `triton_kernels` reads them in `sizes`."""
    if isinstance(segment, Suffix):
        return segment.start + segment.rows, 0, segment.rows if segment.store else 0, segment.start
    return segment.seen, segment.length + 1, segment.rows, 0
