"""Recorded passes: one CUDA graph for each usual number of rows, replayed for every trunk, length and set of leaves.

What differs from pass to pass lies in a few tensors of fixed address, which the recorded kernels read on the device.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal, Protocol, TypeAlias

import torch
from transformers import PreTrainedModel

from ghostproof.prover.engine.attention.interface import Kernels
from ghostproof.prover.engine.attention.plan import Group, Plan, Segment, Suffix
from ghostproof.prover.engine.contract import OutOfMemory, Runner
from ghostproof.prover.engine.model.forward import EagerForward, Forward
from ghostproof.prover.engine.model.runner import TorchRunner, kernels_for
from ghostproof.prover.engine.transfer import indices

log = logging.getLogger(__name__)

STEPS = (1, 2, 4, 8, 16, 32)
SUFFIXES = (16, 32, 64, 128, 256, 512, 768)
# Entries of a layer's table: five are used, and 64 bytes keep every layer's address as aligned as the first one's,
# which Triton compiles into a kernel.
TABLE = 8
# Groups that are replayed one after the other rather than together without a recording: launching the kernels of one
# pass takes the host several times as long as the device takes to compute it.
MOST_APART = 4

Replay: TypeAlias = Callable[[], torch.Tensor]
Record: TypeAlias = Callable[[Callable[[], torch.Tensor]], Replay]
"""Makes a pass repeatable; what it answers lies at one address and holds until the next replay."""


@dataclass(frozen=True)
class Key:
    """What tells recordings apart."""

    kind: Literal["step", "suffix"]
    rows: int


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
    """The rows of a recorded pass, as `plan.Segment`.

    Attributes:
        tables: [layers, TABLE], sizes: [4], int64, as `triton_kernels` reads them.
    """

    key: Key
    tables: torch.Tensor
    sizes: torch.Tensor
    operations: Operations

    @property
    def rows(self) -> int:
        return self.key.rows

    def attend(
        self, layer: int, query: torch.Tensor, key: torch.Tensor, value: torch.Tensor, scale: float
    ) -> torch.Tensor:
        own = self.key.kind == "step"
        table = self.tables[layer]
        self.operations.store(key.transpose(0, 1), value.transpose(0, 1), table, self.sizes, own=own)
        over = self.operations.over_leaves if own else self.operations.over_trunk
        return over(query.transpose(0, 1), table, self.sizes, len(key), scale)


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


class Graphs:
    """Runs passes by replaying them, and those that no recording serves as before. Implements `forward.Forward`.

    A pass is recorded when it is first needed. Groups of several trunks are replayed one after the other.

    Args:
        eager: runs any pass; also what is recorded.
        failures: what `record` raises for a pass that cannot be recorded, which then runs as before for good.
    """

    def __init__(
        self,
        eager: Forward,
        device: torch.device,
        operations: Operations,
        record: Record,
        failures: tuple[type[Exception], ...] = (RuntimeError,),
    ) -> None:
        self._eager = eager
        self._device = device
        self._operations = operations
        self._record = record
        self._failures = failures
        self._replays: dict[Key, Replay] = {}
        self._refused: set[Key] = set()
        self._ids = torch.zeros(max(*STEPS, *SUFFIXES), dtype=torch.int64, device=device)
        self._positions = torch.zeros_like(self._ids)
        self._sizes = torch.zeros(4, dtype=torch.int64, device=device)
        self._tables: torch.Tensor | None = None
        self._layout: tuple[tuple[int, ...], ...] = ()

    @property
    def recorded(self) -> frozenset[Key]:
        return frozenset(self._replays)

    @property
    def refused(self) -> frozenset[Key]:
        """What could not be recorded and runs as before."""
        return frozenset(self._refused)

    def __call__(self, ids: torch.Tensor, positions: torch.Tensor, plan: Plan) -> torch.Tensor:
        served = [(segment, key) for segment in plan.segments if (key := key_of(segment)) is not None]
        if len(served) < len(plan.segments) or len(served) > MOST_APART:
            return self._eager(ids, positions, plan)
        rows = [segment.rows for segment in plan.segments]
        parts = zip(served, torch.split(ids, rows), torch.split(positions, rows), strict=True)
        outputs = [self._run(key, segment, *numbers) for (segment, key), *numbers in parts]
        return outputs[0] if len(outputs) == 1 else torch.cat(outputs)

    def _run(self, key: Key, segment: Segment, ids: torch.Tensor, positions: torch.Tensor) -> torch.Tensor:
        assert isinstance(segment, Group | Suffix)
        if key not in self._refused:
            self._fill(segment, ids, positions)
            replay = self._replays.get(key) or self._recording(key)
            if replay is not None:
                return replay()[: segment.rows].clone()
        return self._eager(ids, positions, Plan([segment]))

    def _fill(self, segment: Group | Suffix, ids: torch.Tensor, positions: torch.Tensor) -> None:
        """Tell the recorded kernels what this pass is. Rows behind its own keep older numbers, which are as good."""
        self._ids[: segment.rows] = ids
        self._positions[: segment.rows] = positions
        self._sizes.copy_(indices(sizes_of(segment), self._device), non_blocking=True)
        layout = tables_of(segment)
        if self._tables is None:
            self._tables = torch.zeros(len(layout), TABLE, dtype=torch.int64, device=self._device)
        if layout != self._layout:
            flat = [number for layer in layout for number in (*layer, *[0] * (TABLE - len(layer)))]
            self._tables.view(-1).copy_(indices(flat, self._device), non_blocking=True)
            self._layout = layout

    def _recording(self, key: Key) -> Replay | None:
        """Record the pass, its numbers being filled in; None where that fails."""
        assert self._tables is not None
        ids, positions = self._ids[: key.rows], self._positions[: key.rows]
        plan = Plan([Recorded(key, self._tables, self._sizes, self._operations)])
        try:
            replay = self._record(lambda: self._eager(ids, positions, plan))
        except torch.OutOfMemoryError:
            return None  # there may be room the next time
        except self._failures as problem:
            log.warning("a pass of %d rows (%s) is not recorded: %s", key.rows, key.kind, problem)
            self._refused.add(key)
            return None
        self._replays[key] = replay
        return replay


class CudaGraphs:
    """Records passes as CUDA graphs that share one pool of memory: never two of them run at a time. Is a `Record`."""

    def __init__(self) -> None:
        self._pool = torch.cuda.graph_pool_handle()

    def __call__(self, work: Callable[[], torch.Tensor]) -> Replay:
        # Once as it is, which compiles kernels and lets libraries set up what must not be set up while recording.
        work()
        graph = torch.cuda.CUDAGraph()
        stream = torch.cuda.current_stream()
        try:
            # Other threads may use CUDA meanwhile, to pin memory for example.
            with torch.cuda.graph(graph, pool=self._pool, capture_error_mode="thread_local"):
                output = work()
        except Exception:
            # torch leaves its own stream current where a recording fails, and the pool in an unknown state.
            torch.cuda.set_stream(stream)
            self._pool = torch.cuda.graph_pool_handle()
            raise

        def replay() -> torch.Tensor:
            graph.replay()
            return output

        return replay


def replaying(forward: Forward, device: torch.device, kernels: Kernels) -> Graphs | None:
    """The forward, recorded and replayed; None where the device or its kernels cannot be recorded."""
    if device.type != "cuda" or kernels.decode.name != "triton":
        return None
    from ghostproof.prover.engine.attention import triton_kernels

    return Graphs(forward, device, triton_kernels, CudaGraphs(), triton_kernels.FAILURES)


def runner_for(model: PreTrainedModel, budget: int) -> TorchRunner:
    """A runner that replays its passes where the device can; all usual ones are recorded at once.

    Raises:
        ModelBroken: keys and values of this model cannot be reused.
    """
    kernels = kernels_for(model)
    graphs = replaying(EagerForward(model), model.device, kernels)
    runner = TorchRunner(model, budget, kernels, graphs)
    if graphs is not None:
        try:
            warm_up(runner)
        except OutOfMemory as full:
            log.warning("passes are recorded when they are first needed: %s", full)
    return runner


def warm_up(runner: Runner) -> None:
    """Have every usual pass run once, the largest first: their memory holds that of the smaller ones.

    Raises:
        OutOfMemory: the budget is too small even for this.
    """
    sizes = sorted(SUFFIXES, reverse=True)
    tokens = min(sum(sizes), runner.context - len(STEPS) - 1)
    trunk = runner.begin([0] * tokens, "")
    try:
        for size in sizes:
            runner.prefill(trunk, size)
        while not runner.prefill(trunk, SUFFIXES[-1]):
            pass
        leaves = runner.fork(trunk, STEPS[-1], len(STEPS))
        try:
            for rows in sorted(STEPS, reverse=True):
                runner.keep(leaves, range(rows))
                runner.step([(leaves, torch.zeros(rows, dtype=torch.int64, device=runner.device))])
        finally:
            runner.release(leaves)
    finally:
        runner.end(trunk)
