"""The checker that needs nothing but the official Lean server: every candidate is an edit of a scratch document.

The scratch is this side's own copy of the user's file, on a server of its own. Lean's heartbeats can't be set for one
candidate from outside, so a candidate's limits here are its wall-clock time and the `maxHeartbeats` of the user's file.
Nothing is elaborated that a closed grammar or Lean's parser has not read before.
"""

import asyncio
import hashlib
import time
from collections.abc import Callable
from pathlib import Path
from typing import Literal, Protocol

from cachetools import LRUCache

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, NoGoal
from ghostproof.lean.document import StaleVersion
from ghostproof.lean.probe_opens import Setup, no_setup
from ghostproof.lean.session import LeanSession
from ghostproof.syntax.spot import Spot
from ghostproof.text import normalise_eol
from ghostproof.verify.checker import GoalState, Limits, Lives
from ghostproof.verify.closed_grammar import admits, is_single
from ghostproof.verify.error_above import error_above
from ghostproof.verify.forbidden import search_tactic
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.guard import refused_unread
from ghostproof.verify.messages import is_parse_error, limit_hit
from ghostproof.verify.plain_text import unencodable
from ghostproof.verify.scratch_reader import Readable, Reading
from ghostproof.verify.scratch_text import Filled, Hole
from ghostproof.verify.scratch_verdict import (
    Handle,
    Said,
    alone_verdict,
    axioms_verdict,
    final_verdict,
    is_proposition,
    make_handle,
    no_goal,
    reaches,
    step_verdict,
    trial_verdict,
)
from ghostproof.verify.verdict import (
    Candidate,
    Cause,
    Checked,
    Inconclusive,
    Progress,
    Proved,
    Reason,
    Rejected,
    Verdict,
)

# How long Lean may take to leave a candidate that was stopped, before its server is ended.
_RECOVERY_S = 5.0
_STATES_KEPT = 64


# What is said where nobody but the closed grammar can read a candidate.
_NO_READER = Inconclusive(Cause.UNREAD, "No parser of Lean's is there to read it.")
_DATA = Rejected(Reason.FINAL, "The goal asks for a value, not for a proof: any value would do, and most are wrong.")


class CandidateReader(Protocol):
    """Lean's parser with the rules on what may run; see `scratch_reader.Reader`."""

    async def read(self, path: Path, text: str, spot: Spot, candidate: str) -> Reading: ...

    async def close(self) -> None: ...


class ScratchChecker:
    """See `Checker`. One candidate at a time.

    Args:
        make_session: makes the session, at the first use and again after `close`.
        reader: reads candidates that are not of the closed grammar; without one they have no verdict.
        setup: options of a file, as its project sets it up.
        document_s: longest time for Lean to elaborate a file up to the spot.
        documents: how many files the server keeps; each costs a Lean process of about 1 GB.
        tells_axioms: what `#print axioms` answers is what a proof rests on; otherwise the answer is not heard.
    """

    def __init__(
        self,
        make_session: Callable[[], LeanSession],
        reader: CandidateReader | None = None,
        *,
        setup: Setup = no_setup,
        document_s: float = 60.0,
        documents: int = 2,
        tells_axioms: bool = True,
    ) -> None:
        self._make_session = make_session
        self._reader = reader
        self._setup = setup
        self._document_s = document_s
        self._documents = documents
        self._tells_axioms = tells_axioms
        self._session: LeanSession | None = None
        self._locks: dict[Path, asyncio.Lock] = {}
        self._used: dict[Path, None] = {}  # the files that the server has; used last, last
        self._current: dict[Path, Hole] = {}  # the hole that Lean has elaborated up to
        self._stopped: dict[Path, int] = {}  # a candidate was taken out here; the version without it
        self._late: set[Path] = set()  # the last opening took too long
        self._states: LRUCache[str, GoalState] = LRUCache(_STATES_KEPT)
        self._proofs: LRUCache[tuple[Path, Hole], bool] = LRUCache(_STATES_KEPT)  # whether the goal is a proposition

    @property
    def name(self) -> Literal["probe", "scratch"]:
        return "scratch"

    @property
    def width(self) -> int:
        return 1

    @property
    def lives(self) -> Lives:
        return Lives(scratch="serving" if self._session is not None else "resting")

    async def start(self) -> None:
        """See `Checker.start`. Lean's server is started with the first document that it is to have."""

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        """See `Checker.open`."""
        if broken := unencodable(text):
            raise NoGoal("Lean can't be asked about this text.", broken)
        hole = Hole.cut(normalise_eol(text), spot)
        opening = hole.opening()
        seen = f"{path}\0{opening.start}\0{spot.kind}\0{opening.source.text}"
        key = hashlib.sha256(seen.encode()).hexdigest()
        async with self._lock(path):
            known = self._states.get(key)
            if known is not None and self._server().is_open(path):
                return known
            said = await self._elaborate_opening(path, hole)
            if not said.goals or any(said.inside(e) and is_parse_error(e.message) for e in said.errors()):
                raise no_goal(said, hole)
            if not reaches(await self._ask(path, hole.unreached(), self._document_s)):
                raise no_goal(said, hole)
            main = parse_main(said.goals[0])
            silenced = said.axioms() is None and await self._silences(path, text)
            handle = make_handle(path, hole, said, main, silenced=silenced)
            found = [(said.offset(error), error.message) for error in said.errors()]
            above = error_above(text, found, hole.declaration.start, spot.tactic_start)
            state = GoalState(said.goals, main, key, handle, above)
            self._states[key] = state
            return state

    async def _silences(self, path: Path, text: str) -> bool:
        """Whether the project's options may keep Lean from telling of a `sorry`, or from checking a proof."""
        options = (await self._setup(path, text)).options
        return any(name.startswith(("warn.", "debug.")) for name in options)

    def reads(self, state: GoalState, candidate: Candidate) -> bool:
        """Whether the candidate needs no parser of Lean's: the closed grammar has it, or it is refused unread."""
        return _is_closed(_handle(state), candidate.text) or refused_unread(candidate.text) is not None

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        """See `Checker.check`. Of the limits only the wall-clock time is used."""
        handle = _handle(state)
        reading = refused_unread(candidate.text) or await self._read(handle, candidate.text)
        if not isinstance(reading, Readable):
            return Checked(candidate, reading)
        started = time.monotonic()
        offers: tuple[str, ...] = ()
        verdict: Verdict
        async with self._lock(handle.path):
            try:
                await self._enter(handle)
                started = time.monotonic()
                verdict, offers = await self._judge(handle, candidate.text, reading.search, limits)
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
        if self._reader is not None:
            await self._reader.close()

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
        return Said(filled, diagnostics, goals, self._tells_axioms)

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

    async def _read(self, handle: Handle, text: str) -> Reading:
        if _is_closed(handle, text):
            return Readable(search_tactic(text) or "")
        if self._reader is None:
            return _NO_READER
        return await self._reader.read(handle.path, handle.hole.text, handle.hole.spot, text)

    async def _judge(self, handle: Handle, tactic: str, search: str, limits: Limits) -> tuple[Verdict, tuple[str, ...]]:
        said = await self._ask(handle.path, handle.hole.trial(tactic, guarded=handle.broken), limits.seconds)
        verdict = trial_verdict(handle, said, tactic)
        if search and not isinstance(verdict, Inconclusive) and _ran(verdict):
            verdict = Rejected(Reason.FORBIDDEN, f"`{search}` looks for a proof; what it found is the suggestion")
        if isinstance(verdict, Proved | Progress):
            verdict = await self._judge_in_place(handle, tactic, verdict, limits)
        return verdict, said.hints()

    async def _judge_in_place(
        self, handle: Handle, tactic: str, accepted: Proved | Progress, limits: Limits
    ) -> Verdict:
        """The verdict on what ran in brackets, from what Lean says about the text as it would stand."""
        closes = isinstance(accepted, Proved) or accepted.closed_main
        if closes and not await self._is_proof(handle, limits):
            return _DATA
        said = await self._ask(handle.path, handle.hole.final(tactic), limits.seconds)
        if not closes:
            return step_verdict(handle, said, accepted)
        refused = final_verdict(handle, said, tactic)
        if refused is not None:
            return refused
        rests = axioms_verdict(handle, said, accepted)
        if rests is not None:
            return rests
        return await self._judge_alone(
            handle, tactic, accepted, closing=bool(said.own_errors(handle.hole)), limits=limits
        )

    async def _judge_alone(
        self, handle: Handle, tactic: str, accepted: Verdict, *, closing: bool, limits: Limits
    ) -> Verdict:
        """The verdict from a text in which nothing but the candidate could rest on something unproved."""
        above = handle.sealed
        tells = handle.plain or handle.tells
        alone = handle.hole.alone(tactic, above, closing=closing) if tells and above is not None else None
        said = await self._ask(handle.path, alone, limits.seconds) if alone is not None else None
        return alone_verdict(handle, said, accepted)

    async def _is_proof(self, handle: Handle, limits: Limits) -> bool:
        """Whether the goal is a proposition; asked once for each state."""
        key = (handle.path, handle.hole)
        if key not in self._proofs:
            self._proofs[key] = is_proposition(await self._ask(handle.path, handle.hole.proposition(), limits.seconds))
        return self._proofs[key]


def _handle(state: GoalState) -> Handle:
    if not isinstance(state.handle, Handle):
        raise TypeError("the state was opened by another checker")
    return state.handle


def _is_closed(handle: Handle, text: str) -> bool:
    """Whether the closed grammar has the text, and nothing that follows the spot could become a part of it."""
    return admits(text, handle.names) and (is_single(text) or not handle.hole.open_ended())


def _ran(verdict: Verdict) -> bool:
    return not isinstance(verdict, Rejected) or verdict.reason is Reason.NO_PROGRESS
