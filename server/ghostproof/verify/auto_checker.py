"""The checker that serves at once: the scratch document until the probe is up, the probe from then on."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Literal, Protocol

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, ToolchainBroken
from ghostproof.spot import Spot
from ghostproof.verify.checker import Checker, GoalState, Limits
from ghostproof.verify.verdict import Candidate, Checked

log = logging.getLogger(__name__)

# A running list of suggestions uses its checker many times a second; a pause this long means that it is through.
SCRATCH_IDLE_S = 20.0


class StartedChecker(Checker, Protocol):
    """A checker that takes long to start and may not be able to."""

    @property
    def ready(self) -> bool: ...

    async def start(self) -> None: ...


class AutoChecker:
    """Routes each state to the checker that opened it.

    Once the probe is up the scratch server is ended, for its memory; it comes back by itself if the probe dies.
    """

    def __init__(self, probe: StartedChecker, scratch: Checker) -> None:
        self._probe = probe
        self._scratch = scratch
        self._starting: asyncio.Task[None] | None = None
        self._scratch_uses = 0
        self._scratch_busy = 0
        self._probe_up = asyncio.Event()
        self.probe_error: GhostproofError | None = None

    @property
    def name(self) -> Literal["probe", "scratch"]:
        return self._current.name

    @property
    def width(self) -> int:
        return self._current.width

    @property
    def _current(self) -> Checker:
        return self._probe if self._probe.ready else self._scratch

    def start(self) -> None:
        """Begin starting the probe in the background, unless it is up, on its way, or cannot run on this Lean."""
        idle = self._starting is None or self._starting.done()
        if idle and not self._probe.ready and not isinstance(self.probe_error, ToolchainBroken):
            self._probe_up.clear()
            self._starting = asyncio.create_task(self._start_probe(), name="probe-start")

    async def _start_probe(self) -> None:
        try:
            await self._probe.start()
        except GhostproofError as problem:
            self.probe_error = problem
            log.warning("the probe did not start, the scratch document is used instead: %s", problem)
            return
        self._probe_up.set()
        await self._retire_scratch()

    async def _retire_scratch(self) -> None:
        """End the scratch server once the probe has taken over and nothing has used the scratch for a while."""
        while self._probe.ready:
            uses = self._scratch_uses
            await asyncio.sleep(SCRATCH_IDLE_S)
            if self._scratch_busy == 0 and uses == self._scratch_uses:
                await self._scratch.close()
                return

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        self.start()
        checker, state = await self._open_first(path, text, spot)
        return replace(state, key=f"{checker.name}:{state.key}", handle=(checker, state))

    async def _open_first(self, path: Path, text: str, spot: Spot) -> tuple[Checker, GoalState]:
        """The state, from the scratch unless the probe is up, or comes up before the scratch has it."""
        starting = self._starting
        if self._probe.ready or starting is None or starting.done():
            checker = self._current
            return checker, await self._open_on(checker, path, text, spot)
        self._probe_up.clear()  # it may have been up, and have died
        scratch = asyncio.create_task(self._open_on(self._scratch, path, text, spot), name="scratch-open")
        up = asyncio.create_task(self._probe_up.wait(), name="probe-up")
        try:
            await asyncio.wait([scratch, up], return_when=asyncio.FIRST_COMPLETED)
            if scratch.done() and not isinstance(scratch.exception(), LeanDied | LeanTimeout):
                return self._scratch, scratch.result()
            await asyncio.wait([starting, up], return_when=asyncio.FIRST_COMPLETED)
            if self._probe_up.is_set():
                return self._probe, await self._probe.open(path, text, spot)
            return self._scratch, await scratch
        finally:
            up.cancel()
            scratch.cancel()
            await asyncio.gather(scratch, up, return_exceptions=True)

    async def _open_on(self, checker: Checker, path: Path, text: str, spot: Spot) -> GoalState:
        async with self._using(checker):
            return await checker.open(path, text, spot)

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        checker, inner = _routed(state)
        async with self._using(checker):
            return await checker.check(inner, candidate, limits)

    @contextlib.asynccontextmanager
    async def _using(self, checker: Checker) -> AsyncIterator[None]:
        if checker is not self._scratch:
            yield
            return
        self._scratch_uses += 1
        self._scratch_busy += 1
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


def _routed(state: GoalState) -> tuple[Checker, GoalState]:
    handle = state.handle
    assert isinstance(handle, tuple), "a state of this checker"
    return handle
