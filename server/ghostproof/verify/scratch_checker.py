"""The checker that needs nothing but the official Lean server: every candidate is an edit of a scratch document.

The scratch is this side's own copy of the user's file, on a server of its own. Lean's heartbeats can't be set for one
candidate from outside, so a candidate's limits here are its wall-clock time and the `maxHeartbeats` of the user's file.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from cachetools import LRUCache

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout
from ghostproof.lean.document import StaleVersion
from ghostproof.lean.session import LeanSession
from ghostproof.spot import Spot
from ghostproof.text import normalise_eol
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.forbidden import search_tactic
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.messages import is_parse_error, limit_hit
from ghostproof.verify.scratch_text import Filled, Hole
from ghostproof.verify.scratch_verdict import (
    Handle,
    Said,
    final_verdict,
    make_handle,
    no_goal,
    refused_unread,
    trial_verdict,
)
from ghostproof.verify.verdict import Candidate, Cause, Checked, Inconclusive, Proved, Reason, Rejected, Verdict

# How long Lean may take to leave a candidate that was stopped, before its server is ended.
_RECOVERY_S = 5.0
_STATES_KEPT = 64


class ScratchChecker:
    """See `Checker`. One candidate at a time.

    Args:
        make_session: makes the session, at the first use and again after `close`.
        document_s: longest time for Lean to elaborate a file up to the spot.
        documents: how many files the server keeps; each costs a Lean process of about 1 GB.
    """

    def __init__(
        self, make_session: Callable[[], LeanSession], *, document_s: float = 60.0, documents: int = 2
    ) -> None:
        self._make_session = make_session
        self._document_s = document_s
        self._documents = documents
        self._session: LeanSession | None = None
        self._locks: dict[Path, asyncio.Lock] = {}
        self._used: dict[Path, None] = {}  # the files that the server has; used last, last
        self._current: dict[Path, Hole] = {}  # the hole that Lean has elaborated up to
        self._stopped: dict[Path, int] = {}  # a candidate was taken out here; the version without it
        self._late: set[Path] = set()  # the last opening took too long
        self._states: LRUCache[str, GoalState] = LRUCache(_STATES_KEPT)

    @property
    def name(self) -> Literal["probe", "scratch"]:
        return "scratch"

    @property
    def width(self) -> int:
        return 1

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        """See `Checker.open`."""
        hole = Hole.cut(normalise_eol(text), spot)
        opening = hole.opening()
        key = hashlib.sha256(f"{path}\0{opening.start}\0{opening.source.text}".encode()).hexdigest()
        async with self._lock(path):
            known = self._states.get(key)
            if known is not None and self._server().is_open(path):
                return known
            said = await self._elaborate_opening(path, hole)
            if not said.goals or any(said.inside(e) and is_parse_error(e.message) for e in said.errors()):
                raise no_goal(said)
            main = parse_main(said.goals[0])
            state = GoalState(said.goals, main, key, make_handle(path, hole, said, main))
            self._states[key] = state
            return state

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        """See `Checker.check`. Of the limits only the wall-clock time is used."""
        handle = state.handle
        if not isinstance(handle, Handle):
            raise TypeError("the state was opened by another checker")
        verdict: Verdict | None = refused_unread(handle, candidate.text)
        if verdict is not None:
            return Checked(candidate, verdict)
        started = time.monotonic()
        offers: tuple[str, ...] = ()
        async with self._lock(handle.path):
            try:
                await self._enter(handle)
                started = time.monotonic()
                verdict, offers = await self._judge(handle, candidate.text, limits)
            except asyncio.CancelledError:
                self._stop(handle)
                raise
            except LeanTimeout as problem:
                self._stop(handle)
                verdict = Inconclusive(Cause.TIMEOUT, problem.message)
            except StaleVersion as problem:
                verdict = Inconclusive(Cause.CANCELLED, problem.message)
            except GhostproofError as problem:
                verdict = Inconclusive(limit_hit(problem.message) or Cause.CRASH, problem.message)
        return Checked(candidate, verdict, offers, (time.monotonic() - started) * 1000)

    async def close(self) -> None:
        """End the server. Idempotent; a later use starts another one, and states stay usable."""
        session, self._session = self._session, None
        self._used.clear()
        self._current.clear()
        self._stopped.clear()
        self._late.clear()
        if session is not None:
            await session.close()

    def _lock(self, path: Path) -> asyncio.Lock:
        return self._locks.setdefault(path, asyncio.Lock())

    def _server(self) -> LeanSession:
        if self._session is None:
            self._session = self._make_session()
        return self._session

    async def _enter(self, handle: Handle) -> None:
        """Have Lean at the state's hole, whatever it did before, so that a candidate costs its own time only."""
        path = handle.path
        if path in self._stopped or self._current.get(path) != handle.hole or not self._server().is_open(path):
            await self._elaborate_opening(path, handle.hole)

    async def _elaborate_opening(self, path: Path, hole: Hole) -> Said:
        self._make_room(path)
        await self._recover(path)
        try:
            said = await self._ask(path, hole.opening(), self._document_s)
        except LeanTimeout:
            # What Lean has done so far is kept for the next time, unless it seems to be stuck for good.
            if path in self._late:
                self._late.discard(path)
                await self._server().restart()
            else:
                self._late.add(path)
            raise
        self._late.discard(path)
        self._current[path] = hole
        return said

    async def _recover(self, path: Path) -> None:
        """Make sure that Lean has left a candidate that was stopped."""
        version = self._stopped.pop(path, None)
        if version is None:
            return
        try:
            await self._server().barrier(path, version, _RECOVERY_S)
        except LeanTimeout:
            await self._server().restart()
        except (LeanDied, StaleVersion):
            return  # then it has left it too

    async def _ask(self, path: Path, filled: Filled, seconds: float) -> Said:
        session = self._server()
        version = await session.set_text(path, filled.source.text)
        diagnostics = await session.barrier(path, version, seconds)
        goals = await session.goals(path, version, filled.source.position(filled.ask), seconds)
        return Said(filled, diagnostics, goals)

    def _make_room(self, path: Path) -> None:
        """Close the files that were used longest ago, but none that is in use."""
        self._used.pop(path, None)
        idle = [other for other in self._used if not self._lock(other).locked()]
        self._used[path] = None
        for other in idle[: max(0, len(self._used) - self._documents)]:
            del self._used[other]
            self._current.pop(other, None)
            self._server().close_document(other)

    def _stop(self, handle: Handle) -> None:
        """Take the candidate out of the document, which makes Lean leave it."""
        version = self._server().revert(handle.path, handle.hole.opening().source.text)
        if version is not None:
            self._stopped[handle.path] = version

    async def _judge(self, handle: Handle, tactic: str, limits: Limits) -> tuple[Verdict, tuple[str, ...]]:
        said = await self._ask(handle.path, handle.hole.trial(tactic, guarded=handle.broken), limits.seconds)
        verdict = trial_verdict(handle, said)
        search = search_tactic(tactic)
        if search and not isinstance(verdict, Inconclusive) and _ran(verdict):
            verdict = Rejected(Reason.FORBIDDEN, f"`{search}` looks for a proof; what it found is the suggestion")
        if isinstance(verdict, Proved):
            final = await self._ask(handle.path, handle.hole.final(tactic), limits.seconds)
            verdict = final_verdict(handle, final, tactic)
        return verdict, said.hints()


def _ran(verdict: Verdict) -> bool:
    return not isinstance(verdict, Rejected) or verdict.reason is Reason.NO_PROGRESS
