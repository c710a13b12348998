"""Recorded passes: one CUDA graph for each usual number of rows, replayed for every trunk, length and set of leaves.

What differs from pass to pass lies in a few tensors of fixed address, which the recorded kernels read on the device.
"""

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby, islice
from typing import TypeAlias

import torch
from transformers import PreTrainedModel

from ghostproof.prover.engine.attention.interface import Kernels
from ghostproof.prover.engine.attention.plan import Group, Plan, Suffix
from ghostproof.prover.engine.contract import OutOfMemory, Runner, TokenDraw
from ghostproof.prover.engine.model import sampler
from ghostproof.prover.engine.model.forward import DrawRows, EagerForward, Forward
from ghostproof.prover.engine.model.fused import FusedForward, fits
from ghostproof.prover.engine.model.recorded import (
    STEPS,
    SUFFIXES,
    Key,
    Operations,
    Recorded,
    key_of,
    sizes_of,
    tables_of,
)
from ghostproof.prover.engine.model.recorded_draw import DrawOperations, DrawSlots, servable
from ghostproof.prover.engine.model.runner import TorchRunner, kernels_for, layout_of
from ghostproof.prover.engine.transfer import indices

log = logging.getLogger(__name__)

# Entries of a layer's table: five are used, and 64 bytes keep every layer's address as aligned as the first one's,
# which Triton compiles into a kernel.
TABLE = 8
# Groups that are replayed one after the other rather than together without a recording: launching the kernels of one
# pass takes the host several times as long as the device takes to compute it.
MOST_APART = 4
MOST_TOGETHER = 2  # groups of one recording

Replay: TypeAlias = Callable[[], torch.Tensor]
Record: TypeAlias = Callable[[Callable[[], torch.Tensor]], Replay]
"""Makes a pass repeatable; what it answers lies at one address and holds until the next replay."""


class Slot:
    """What the recorded kernels are told of one group of rows, at addresses of its own."""

    def __init__(self, layers: int, device: torch.device) -> None:
        self.sizes = torch.zeros(4, dtype=torch.int64, device=device)
        self.tables = torch.zeros(layers, TABLE, dtype=torch.int64, device=device)
        self._layout: tuple[tuple[int, ...], ...] = ()

    def fill(self, segment: Group | Suffix) -> None:
        device = self.sizes.device
        self.sizes.copy_(indices(sizes_of(segment), device), non_blocking=True)
        layout = tables_of(segment)
        if layout != self._layout:
            flat = [number for layer in layout for number in (*layer, *[0] * (TABLE - len(layer)))]
            self.tables.view(-1).copy_(indices(flat, device), non_blocking=True)
            self._layout = layout


class Graphs:
    """Runs passes by replaying them, and those that no recording serves as before. Implements `forward.Forward`.

    A pass is recorded when it is first needed. Two groups of one size are one pass, so that the weights are read once
    for both; other groups of several trunks are replayed one after the other.

    Args:
        eager: runs any pass.
        failures: what `record` raises for a pass that cannot be recorded, which then runs as before for good.
        recorded: runs the passes that are recorded; by default as any other.
        draw: draws tokens at the end of each recorded step; without it, they are drawn behind the step.
    """

    def __init__(
        self,
        eager: Forward,
        device: torch.device,
        operations: Operations,
        record: Record,
        failures: tuple[type[Exception], ...] = (RuntimeError,),
        recorded: Forward | None = None,
        draw: DrawOperations | None = None,
    ) -> None:
        self._eager = eager
        self._to_record = recorded or eager
        self._device = device
        self._operations = operations
        self._record = record
        self._failures = failures
        self._replays: dict[Key, Replay] = {}
        self._refused: set[Key] = set()
        self._ids = torch.zeros(max(MOST_TOGETHER * STEPS[-1], SUFFIXES[-1]), dtype=torch.int64, device=device)
        self._positions = torch.zeros_like(self._ids)
        self._slots: list[Slot] = []
        self._draw = draw
        self._drawing = DrawSlots(MOST_TOGETHER * STEPS[-1], device)

    @property
    def draw_rows(self) -> DrawRows:
        """How tokens are drawn outside of a pass."""
        return sampler.draw_rows if self._draw is None else self._draw.draw_rows

    @property
    def recorded(self) -> frozenset[Key]:
        return frozenset(self._replays)

    @property
    def refused(self) -> frozenset[Key]:
        """What could not be recorded and runs as before."""
        return frozenset(self._refused)

    def __call__(self, ids: torch.Tensor, positions: torch.Tensor, plan: Plan) -> torch.Tensor:
        served = [
            (segment, key)
            for segment in plan.segments
            if isinstance(segment, Group | Suffix)
            and (key := key_of(segment)) is not None
            and plan.logits == (key.kind == "step")
        ]
        if len(served) < len(plan.segments) or len(served) > MOST_APART:
            return self._eager(ids, positions, plan)
        inside = self._draw is not None and all(map(servable, plan.draws))
        draws = iter(plan.draws if inside else ())
        outputs, first = [], 0
        for key, segments in _together(served):
            rows = slice(first, first + sum(segment.rows for segment in segments))
            first = rows.stop
            own = tuple(islice(draws, len(segments)))
            outputs.append(self._run(key, segments, ids[rows], positions[rows], own))
        output = outputs[0] if len(outputs) == 1 else torch.cat(outputs)
        return sampler.draw_rows(output, plan.draws) if plan.draws and not inside else output

    def _run(
        self,
        key: Key,
        segments: list[Group | Suffix],
        ids: torch.Tensor,
        positions: torch.Tensor,
        draws: Sequence[TokenDraw],
    ) -> torch.Tensor:
        """Hidden states, logits, or what is drawn where `draws` has one for each segment."""
        if key not in self._refused:
            self._fill(key, segments, ids, positions)
            for number, draw in enumerate(draws):
                self._drawing.fill(number * key.rows, draw)
            replay = self._replays.get(key) or self._recording(key)
            if replay is not None:
                output = replay()
                output = self._drawing.drawn[: len(output)] if draws else output
                output = output.view(key.groups, key.rows, -1)
                parts = [part[: segment.rows] for part, segment in zip(output, segments, strict=True)]
                return parts[0].clone() if len(parts) == 1 else torch.cat(parts)
        return self._eager(ids, positions, Plan(segments, logits=key.kind == "step", draws=draws))

    def _fill(self, key: Key, segments: list[Group | Suffix], ids: torch.Tensor, positions: torch.Tensor) -> None:
        """Tell the recorded kernels what this pass is. Rows behind a group's own keep older numbers, which are as
        good."""
        layers = len(tables_of(segments[0]))
        self._slots += [Slot(layers, self._device) for _ in range(len(segments) - len(self._slots))]
        source = 0
        for number, (slot, segment) in enumerate(zip(self._slots, segments, strict=False)):
            slot.fill(segment)
            target = slice(number * key.rows, number * key.rows + segment.rows)
            self._ids[target] = ids[source : source + segment.rows]
            self._positions[target] = positions[source : source + segment.rows]
            source += segment.rows

    def _recording(self, key: Key) -> Replay | None:
        """Record the pass, its numbers being filled in; None where that fails."""
        ids, positions = self._ids[: key.rows * key.groups], self._positions[: key.rows * key.groups]
        rows = [Recorded(key, slot.tables, slot.sizes, self._operations) for slot in self._slots[: key.groups]]
        plan = Plan(rows, logits=key.kind == "step")
        drawing = self._drawing.first(len(ids))

        def work() -> torch.Tensor:
            output = self._to_record(ids, positions, plan)
            if plan.logits and self._draw is not None:
                self._draw.draw(output, drawing)
            return output

        try:
            replay = self._record(work)
        except torch.OutOfMemoryError:
            return None  # there may be room the next time
        except self._failures as problem:
            log.warning("a pass (%s) is not recorded: %s", key, problem)
            self._refused.add(key)
            return None
        self._replays[key] = replay
        return replay


def _together(served: list[tuple[Group | Suffix, Key]]) -> Iterator[tuple[Key, list[Group | Suffix]]]:
    """Groups that stand beside each other and have one size, as few passes; the order stays."""
    for key, run in groupby(served, lambda one: one[1]):
        segments = [segment for segment, _ in run]
        size = MOST_TOGETHER if key.kind == "step" else 1
        for start in range(0, len(segments), size):
            part = segments[start : start + size]
            yield replace(key, groups=len(part)), part


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


def replaying(model: PreTrainedModel, kernels: Kernels) -> Graphs | None:
    """The model's passes, recorded and replayed; None where its device or its kernels cannot be recorded."""
    if model.device.type != "cuda" or kernels.decode.name != "triton":
        return None
    from ghostproof.prover.engine.attention import step_kernels, triton_kernels
    from ghostproof.prover.engine.model import draw_kernels, layer_kernels  # all of them import Triton

    draw: DrawOperations | None = draw_kernels
    if problem := draw_kernels.unfit(model.device):
        log.warning("tokens are drawn without the Triton kernels: %s", problem)
        draw = None
    eager = EagerForward(model, sampler.draw_rows if draw is None else draw.draw_rows)
    fused = None
    if problem := step_kernels.unfit(model.device, model.dtype, layout_of(model).head_dim):
        log.warning("passes are recorded as transformers computes them: %s", problem)
    elif fits(model):
        fused = FusedForward(model, layer_kernels, step_kernels)
    return Graphs(eager, model.device, triton_kernels, CudaGraphs(), triton_kernels.FAILURES, fused, draw)


def runner_for(model: PreTrainedModel, budget: int) -> TorchRunner:
    """A runner that replays its passes where the device can; all usual ones are recorded at once.

    Raises:
        ModelBroken: keys and values of this model cannot be reused.
    """
    kernels = kernels_for(model)
    graphs = replaying(model, kernels)
    runner = TorchRunner(model, budget, kernels, graphs, sampler.draw_rows if graphs is None else graphs.draw_rows)
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
    hold = runner.begin([0] * tokens, "")
    try:
        for size in sizes:
            runner.prefill(hold, size)
        while not runner.prefill(hold, SUFFIXES[-1]):
            pass
        runner.draw(runner.logits(hold).view(1, -1), [TokenDraw(torch.zeros(1, 1, device=runner.device), 1.0, 1.0)])
        leaves = runner.fork(hold, STEPS[-1], len(STEPS))
        try:
            for rows in sorted(STEPS, reverse=True):
                runner.keep(leaves, range(rows))
                runner.step([(leaves, torch.zeros(rows, dtype=torch.int64, device=runner.device))])
        finally:
            runner.release(leaves)
    finally:
        runner.end(hold)
