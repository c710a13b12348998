"""The bytes that keys and values may take, and the tensors that hold them."""

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

import torch

from ghostproof.prover.engine.contract import OutOfMemory
from ghostproof.prover.engine.transfer import indices

Made = TypeVar("Made")


@dataclass(frozen=True)
class Layout:
    """What the keys and values of a model look like."""

    layers: int
    kv_heads: int
    head_dim: int
    dtype: torch.dtype
    device: torch.device


class Memory:
    """A budget in bytes. Whoever takes from it may cost the least recently used idle trunk its place.

    Args:
        evict: gives one idle trunk up; false when none is idle.
    """

    def __init__(self, budget: int, evict: Callable[[], bool]) -> None:
        self.budget = budget
        self.used = 0
        self._evict = evict

    def make_room(self, size: int) -> None:
        """Give idle trunks up until `size` more bytes fit.

        Raises:
            OutOfMemory: they do not fit with all of them given up.
        """
        while self.used + size > self.budget:
            if not self._evict():
                raise OutOfMemory(
                    f"no room for {size} more bytes of keys and values, {self.used} of {self.budget} used"
                )

    def take(self, size: int) -> None:
        """Charge `size` bytes.

        Raises:
            OutOfMemory: nothing was charged.
        """
        self.make_room(size)
        self.used += size

    def give(self, size: int) -> None:
        self.used -= size

    def attempt(self, work: Callable[[], Made]) -> Made:
        """The result of `work`; while the device has no memory for it, one idle trunk is given up and it is repeated.

        Raises:
            OutOfMemory: no trunk is idle any more.
        """
        while True:
            try:
                return work()
            except torch.OutOfMemoryError as problem:
                shortage = str(problem)
            # Outside the handler, because the exception's frames keep the tensors of the failed attempt alive.
            if not self._evict():
                raise OutOfMemory(shortage)


class KV:
    """Keys and values of all layers: one tensor [2, *lead, capacity, head_dim] per layer, charged to the budget.

    The first axis is (keys, values); `lead` is (kv_heads,) of a trunk, (rows, kv_heads) of leaves. A tensor keeps its
    address until it has to grow or may shrink.
    """

    def __init__(self, memory: Memory, layout: Layout, capacity: int, rows: int | None = None) -> None:
        """Raises: OutOfMemory."""
        self._memory = memory
        self._layout = layout
        lead = (layout.kv_heads,) if rows is None else (rows, layout.kv_heads)
        self.layers = [self._empty((2, *lead, 0, layout.head_dim))] * layout.layers
        try:
            self._resize(lead, capacity, 0)
        except OutOfMemory:
            self.free()
            raise

    @property
    def capacity(self) -> int:
        """Tokens there is room for."""
        return min(layer.shape[-2] for layer in self.layers)

    @property
    def bytes(self) -> int:
        return sum(layer.nbytes for layer in self.layers)

    def reserve(self, capacity: int, filled: int) -> None:
        """Make room for `capacity` tokens; the first `filled` stay.

        Raises:
            OutOfMemory: every key and value is still there.
        """
        if capacity > self.capacity:
            self._resize(tuple(self.layers[0].shape[1:-2]), capacity, filled)

    def select(self, rows: Sequence[int], room: int, filled: int) -> None:
        """Move these rows of leaves to the front, in this order, and shrink to `room` rows where memory allows.

        Raises:
            OutOfMemory: every row is still where it was.
        """
        count, first = len(rows), self.layers[0]
        if list(rows) != list(range(count)):
            index = indices(rows, first.device)
            moved = self._memory.attempt(lambda: self._empty((2, count, first.shape[2], filled, first.shape[-1])))
            for layer in self.layers:
                torch.index_select(layer[..., :filled, :], 1, index, out=moved)
                layer[:, :count, :, :filled].copy_(moved)
        if room < first.shape[1]:
            with suppress(OutOfMemory):
                self._resize((room, first.shape[2]), self.capacity, filled)

    def free(self) -> None:
        self._memory.give(self.bytes)
        self.layers = []

    def _resize(self, lead: tuple[int, ...], capacity: int, filled: int) -> None:
        """Replace one layer after the other, so that only one layer is there twice at any time."""
        shape = torch.Size((2, *lead, capacity, self._layout.head_dim))
        self._memory.make_room(shape.numel() * self._layout.dtype.itemsize * len(self.layers) - self.bytes)
        for number, old in enumerate(self.layers):
            growth = shape.numel() * self._layout.dtype.itemsize - old.nbytes
            self._memory.take(growth)
            try:
                new = self._memory.attempt(lambda: self._empty(shape))
            except OutOfMemory:
                self._memory.give(growth)
                raise
            new[..., :filled, :].copy_(old[:, : lead[0], ..., :filled, :])
            self.layers[number] = new

    def _empty(self, shape: Sequence[int]) -> torch.Tensor:
        return torch.empty(tuple(shape), dtype=self._layout.dtype, device=self._layout.device)
