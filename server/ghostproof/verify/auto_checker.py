"""The checker that serves at once: the scratch document until the probe is up, the probe from then on.

Where the probe is up in a moment, it is waited for: scratch is asked when it is not.
"""

import asyncio
import contextlib
import logging
import time
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal, Protocol

from cachetools import LRUCache

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, NoGoal, NotImported, ToolchainBroken
from ghostproof.syntax.spot import Spot
from ghostproof.syntax.statement import Reach, Spelling
from ghostproof.verify.advance import Advancer, Place
from ghostproof.verify.checker import Checker, GoalState, Limits, Lives
from ghostproof.verify.definitions import NONE, Definer, Definitions
from ghostproof.verify.premises import TheoremTeller
from ghostproof.verify.small_values import INSTANCES, Evaluator, Tester, Trial, Untested, Valued
from ghostproof.verify.verdict import Candidate, Cause, Checked, Inconclusive

log = logging.getLogger(__name__)

# A running list of suggestions uses its checker many times a second; a pause this long means that it is through.
SCRATCH_IDLE_S = 20.0
# A probe that Lean does not accept is tried again after so long, and then after twice as long each time: what was
# missing may have been built or installed meanwhile. (A change of the toolchain makes a new checker: see `Workspace`.)
# One that died or was slow is tried again at once, and less and less often if that does not help.
REFUSED_S, DIED_S, LONGEST_S = 60.0, 5.0, 3600.0
_PLACES_KEPT = 64
# A probe that starts soon is waited for before the scratch server is started too: on few cores the two starts would
# halve each other's speed. Longer than it takes on an idle machine, shorter than anybody would notice twice.
HEAD_START_S = 5.0


class StartedChecker(Checker, Protocol):
    """A checker that takes long to start and may not be able to."""

    @property
    def ready(self) -> bool: ...

    @property
    def starts_soon(self) -> bool:
        """Whether a start is likely to be a matter of few seconds."""
        ...


class BridgingChecker(Checker, Protocol):
    """A checker that serves at once, if not every candidate as fast."""

    def reads(self, state: GoalState, candidate: Candidate) -> bool:
        """Whether it can judge the candidate without starting anything else first."""
        ...


# The reader of candidates takes about as long to start as the probe, which judges them too.
_LATER = Inconclusive(Cause.UNREAD, "Lean's parser is about to be there.")


@dataclass(frozen=True)
class _Place:
    path: Path
    text: str
    spot: Spot


@dataclass(frozen=True)
class _Routed:
    """Which checker opened a state, its own state, and where."""

    checker: Checker
    state: GoalState
    place: _Place


class AutoChecker:
    """Routes each state to the checker that opened it.

    Once the probe is up the scratch server is ended, for its memory; it comes back by itself if the probe dies.
    A place where scratch could not judge a candidate that the probe can is opened by the probe the next time, if it
    is on its way.

    Args:
        clock: seconds, for the pauses between attempts to start a probe that Lean does not accept.
        on_change: told when `lives` has changed.
        head_start_s: how long a probe that starts soon is waited for before scratch is asked.
    """

    def __init__(
        self,
        probe: StartedChecker,
        scratch: BridgingChecker,
        clock: Callable[[], float] = time.monotonic,
        on_change: Callable[[], None] = lambda: None,
        head_start_s: float = HEAD_START_S,
    ) -> None:
        self.on_change = on_change
        self.probe_error: GhostproofError | None = None
        self._probe = probe
        self._scratch = scratch
        self._clock, self._head_start_s = clock, head_start_s
        self._is_coming = False  # a start of the probe is under way, and nothing has come of it yet
        self._starting: asyncio.Task[None] | None = None
        self._again_at = 0.0
        self._failures = 0
        self._scratch_uses = 0
        self._scratch_busy = 0
        self._scratch_serves = False
        self._probe_up = asyncio.Event()
        self._undecided: LRUCache[_Place, None] = LRUCache(_PLACES_KEPT)
        self._left: LRUCache[_Place, None] = LRUCache(_PLACES_KEPT)  # where a candidate was left to the probe

    @property
    def name(self) -> Literal["probe", "scratch"]:
        return self._current.name

    @property
    def probe(self) -> StartedChecker:
        """The checker that takes long to start, whether it is up or not."""
        return self._probe

    @property
    def width(self) -> int:
        return self._current.width

    @property
    def lives(self) -> Lives:
        """How both checkers fare right now."""
        scratch: Literal["resting", "serving"] = "serving" if self._scratch_serves else "resting"
        if self._probe.ready:
            return Lives("ready", scratch)
        if self._is_starting and not self._probe_up.is_set():
            return Lives("starting", scratch, self.probe_error)
        return Lives("failed" if self.probe_error else "resting", scratch, self.probe_error)

    @property
    def _current(self) -> Checker:
        return self._probe if self._probe.ready else self._scratch

    @property
    def _is_starting(self) -> bool:
        return self._starting is not None and not self._starting.done()

    @property
    def _bridges(self) -> bool:
        """Whether the scratch only fills the time until the probe answers."""
        return self._probe.ready or self._is_starting

    async def start(self) -> None:
        """Begin starting the probe in the background, unless it is up, on its way, or failed a moment ago."""
        if self._is_starting or self._probe.ready or self._clock() < self._again_at:
            return
        self._probe_up.clear()
        self._is_coming = True
        self._starting = asyncio.create_task(self._start_probe(), name="probe-start")

    async def await_probe(self, seconds: float) -> None:
        """Wait for a probe that is on its way, until it is up, has failed, or has taken too long."""
        if self._is_coming and self._starting is not None:
            await self._is_up_within(self._starting, seconds)

    async def _start_probe(self) -> None:
        try:
            await self._probe.start()
        except GhostproofError as problem:
            self._failed(problem)
            return
        finally:
            self._is_coming = False
        self.probe_error, self._again_at, self._failures = None, 0.0, 0
        self._probe_up.set()
        self.on_change()
        await self._retire_scratch()

    def _failed(self, problem: GhostproofError) -> None:
        log.info("the probe did not start, the scratch document is used instead: %s", problem)
        self.probe_error = problem
        self._failures += 1
        if isinstance(problem, ToolchainBroken):
            pause = REFUSED_S * 2.0 ** (self._failures - 1)
        else:
            pause = DIED_S * 2.0 ** (self._failures - 2) if self._failures > 1 else 0.0
        self._again_at = self._clock() + min(pause, LONGEST_S)
        # This task ends with this call; whoever is told must see that it has.
        asyncio.get_running_loop().call_soon(self.on_change)

    async def _retire_scratch(self) -> None:
        """End the scratch server once the probe has taken over and nothing has used the scratch for a while."""
        while self._probe.ready:
            uses = self._scratch_uses
            await asyncio.sleep(SCRATCH_IDLE_S)
            if self._scratch_busy == 0 and uses == self._scratch_uses:
                await self._scratch.close()
                self._scratch_serves = False
                self.on_change()
                return

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        await self.start()
        place = _Place(path, text, spot)
        checker, state = await self._open_first(place)
        # A scratch that does not wait for the probe any more judges what it left to the probe.
        reads = checker is self._scratch and not self._bridges and place in self._left
        judge = f"{checker.name} alone" if reads else checker.name
        return replace(state, key=f"{judge}:{state.key}", handle=_Routed(checker, state, place))

    async def _open_first(self, place: _Place) -> tuple[Checker, GoalState]:
        """The state, from the scratch unless the probe is up, or comes up before the scratch has it."""
        starting = self._starting
        if self._probe.ready or starting is None or starting.done():
            return await self._open_on(self._current, place)
        self._probe_up.clear()  # it may have been up, and have died
        if self._is_coming and self._probe.starts_soon and await self._is_up_within(starting, self._head_start_s):
            return await self._open_on(self._probe, place)
        scratch = asyncio.create_task(self._open_on(self._scratch, place), name="scratch-open")
        up = asyncio.create_task(self._probe_up.wait(), name="probe-up")
        try:
            if place not in self._undecided:
                await asyncio.wait([scratch, up], return_when=asyncio.FIRST_COMPLETED)
                if scratch.done() and not isinstance(scratch.exception(), LeanDied | LeanTimeout):
                    return scratch.result()
            await asyncio.wait([starting, up], return_when=asyncio.FIRST_COMPLETED)
            if self._probe_up.is_set():
                return await self._open_on(self._probe, place)
            return await scratch
        finally:
            up.cancel()
            scratch.cancel()
            await asyncio.gather(scratch, up, return_exceptions=True)

    async def _is_up_within(self, starting: "asyncio.Task[None]", seconds: float) -> bool:
        """Wait for the probe that is on its way, until it is up, has failed, or has taken too long."""
        up = asyncio.create_task(self._probe_up.wait(), name="probe-up")
        try:
            await asyncio.wait([starting, up], timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            up.cancel()
        return self._probe_up.is_set()

    async def _open_on(self, checker: Checker, place: _Place) -> tuple[Checker, GoalState]:
        """The state from a checker; from scratch where the probe cannot load what the official server may."""
        try:
            async with self._using(checker):
                return checker, await checker.open(place.path, place.text, place.spot)
        except NotImported as problem:
            if checker is self._scratch:
                raise
            try:
                return await self._open_on(self._scratch, place)
            except NoGoal:
                raise problem from None

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        handle = _routed(state)
        if handle.checker is self._scratch and self._bridges and not self._scratch.reads(handle.state, candidate):
            self._undecided[handle.place] = self._left[handle.place] = None
            return Checked(candidate, _LATER)
        async with self._using(handle.checker):
            checked = await handle.checker.check(handle.state, candidate, limits)
        verdict = checked.verdict
        if handle.checker is self._scratch and isinstance(verdict, Inconclusive) and verdict.is_undecided:
            self._undecided[handle.place] = None
        return checked

    async def refute(self, state: GoalState, limits: Limits, instances: int = INSTANCES) -> Trial:
        """See `Tester.refute`; scratch has no way to do this."""
        handle = _routed(state)
        if not isinstance(handle.checker, Tester):
            return Untested("the probe is not up yet")
        return await handle.checker.refute(handle.state, limits, instances)

    async def sift(self, state: GoalState, statements: Sequence[str], limits: Limits) -> tuple[Trial, ...]:
        """See `Tester.sift`; scratch has no way to do this."""
        handle = _routed(state)
        if not isinstance(handle.checker, Tester):
            return tuple(Untested("the probe is not up yet") for _ in statements)
        return await handle.checker.sift(handle.state, statements, limits)

    async def values(self, state: GoalState, terms: Sequence[str], limits: Limits) -> tuple[Valued, ...]:
        """See `Evaluator.values`; scratch has no way to do this."""
        handle = _routed(state)
        if not isinstance(handle.checker, Evaluator):
            return tuple(Valued("") for _ in terms)
        return await handle.checker.values(handle.state, terms, limits)

    async def define(self, state: GoalState, limits: Limits) -> Definitions:
        """See `Definer.define`; scratch has no way to do this."""
        handle = _routed(state)
        if not isinstance(handle.checker, Definer):
            return NONE
        return await handle.checker.define(handle.state, limits)

    async def advance(
        self, state: GoalState, step: str, path: Path, places: Sequence[Place | None], limits: Limits
    ) -> tuple[GoalState | None, ...]:
        """See `Advancer.advance`; scratch has no way to do this."""
        handle = _routed(state)
        if not isinstance(handle.checker, Advancer):
            return tuple(None for _ in places)
        found = await handle.checker.advance(handle.state, step, path, places, limits)
        return tuple(
            replace(one, handle=_Routed(handle.checker, one, handle.place)) if one is not None else None
            for one in found
        )

    def release(self, states: Sequence[GoalState]) -> None:
        """See `Advancer.release`."""
        for state in states:
            handle = _routed(state)
            if isinstance(handle.checker, Advancer):
                handle.checker.release([handle.state])

    async def reach(self, state: GoalState, limits: Limits) -> Reach | None:
        """See `TheoremTeller.reach`; scratch does not tell."""
        handle = _routed(state)
        return await handle.checker.reach(handle.state, limits) if isinstance(handle.checker, TheoremTeller) else None

    async def written(
        self, state: GoalState, names: Sequence[str], limits: Limits, *, types: bool = False
    ) -> tuple[Spelling, ...]:
        """See `TheoremTeller.written`; scratch does not tell."""
        handle = _routed(state)
        if not isinstance(handle.checker, TheoremTeller):
            return ()
        return await handle.checker.written(handle.state, names, limits, types=types)

    async def chained(self, state: GoalState, names: Sequence[str], limits: Limits) -> str:
        """See `TheoremTeller.chained`; scratch does not tell."""
        handle = _routed(state)
        if not isinstance(handle.checker, TheoremTeller):
            return ""
        return await handle.checker.chained(handle.state, names, limits)

    @contextlib.asynccontextmanager
    async def _using(self, checker: Checker) -> AsyncIterator[None]:
        if checker is not self._scratch:
            yield
            return
        self._scratch_uses += 1
        self._scratch_busy += 1
        self._scratch_serves = True
        try:
            yield
        finally:
            self._scratch_busy -= 1

    async def close(self) -> None:
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.gather(self._starting, return_exceptions=True)
            self._starting = None
        await self._probe.close()
        await self._scratch.close()
        self._scratch_serves = False


def _routed(state: GoalState) -> _Routed:
    handle = state.handle
    assert isinstance(handle, _Routed), "a state of this checker"
    return handle
