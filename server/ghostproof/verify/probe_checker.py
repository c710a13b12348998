"""The checker that runs candidates from a saved elaborator state in a long-lived Lean of its own: see `lean/probe/`.

It says what is asked of the prober, and what comes of a candidate that ends it. The process has its life in
`lean/probe_session.py`, its states are kept by `probe_states.py`, and candidates are run by `probe_run.py`.
"""

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from ghostproof.errors import GhostproofError, LeanTimeout, NoGoal
from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.probe import ProbeAnswer, ProbeRequest
from ghostproof.lean.probe_opens import Setup, no_setup
from ghostproof.lean.probe_session import DEFAULT_CAPACITY, Capacity, Flagged, ProbeSession, Program, unflagged
from ghostproof.lean.theorems import reach_of, written_of
from ghostproof.syntax.spot import Spot
from ghostproof.syntax.statement import Reach, Spelling
from ghostproof.text import normalise_eol
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState, Limits, Lives
from ghostproof.verify.forbidden import SEARCH
from ghostproof.verify.guard import GUARD, Guard
from ghostproof.verify.plain_text import unencodable
from ghostproof.verify.probe_run import EndedWhileRunning, ProbeRuns
from ghostproof.verify.probe_states import ProbeHandle, ProbeStates
from ghostproof.verify.probe_verdict import trial_of
from ghostproof.verify.small_values import INSTANCES, OF_A_GUESS, Trial, Untested
from ghostproof.verify.suspects import Suspects
from ghostproof.verify.verdict import Candidate, Cause, Checked, Inconclusive


class ProbeChecker:
    """See `Checker`.

    Args:
        argv, cwd: the command line that runs the prober with the project's Lean, and the folder to run it in.
        env: variables set on top of the inherited environment.
        width: candidates that run at the same time, each in a thread of the one process.
        compiled: the same program in its compiled form, which starts sooner; it is made while the source serves.
        setup: how a file with a text is set up; options, and libraries that Lean loads.
        flagged: the command line with more flags for Lean.
        document_s: longest time for Lean to elaborate a file up to the hole; what it has done is kept.
        explain: what makes Lean's messages about the prober's own text readable.
        guard: what no candidate may contain. Tests take it away, to see that nothing depends on it alone.
        capacity: how much the process keeps.
    """

    def __init__(
        self,
        argv: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        width: int = 2,
        *,
        compiled: CompiledProgram | None = None,
        setup: Setup = no_setup,
        flagged: Flagged = unflagged,
        document_s: float = 60.0,
        explain: Callable[[str], str] = str,
        guard: Guard = GUARD,
        capacity: Capacity = DEFAULT_CAPACITY,
    ) -> None:
        program = Program(lambda: argv, cwd, dict(env), compiled, flagged, explain)
        config = {"width": width, "search": sorted(SEARCH), **guard.policy}
        self._width, self._guard = width, guard
        self._session = ProbeSession(program, config, document_s, self._forget, capacity.headers)
        self._states = ProbeStates(self._session, setup, document_s, capacity)
        self._slots = asyncio.Semaphore(width)
        self._suspects = Suspects(self._slots, width)
        self._runs = ProbeRuns(self._session, self._states, self._slots)
        self._closes = 0

    @property
    def name(self) -> Literal["probe", "scratch"]:
        return "probe"

    @property
    def width(self) -> int:
        return self._width

    @property
    def lives(self) -> Lives:
        return Lives(probe="ready" if self.ready else "resting")

    @property
    def ready(self) -> bool:
        """Whether a request would be served at once."""
        return self._session.living is not None

    @property
    def session(self) -> ProbeSession:
        """The prober, for whoever has other questions to it."""
        return self._session

    @property
    def starts_soon(self) -> bool:
        """Whether a start is a matter of few seconds, as the prober is there in its compiled form."""
        return self._session.starts_soon

    @property
    def pid(self) -> int | None:
        """The process's id while it lives; it leads a process group of its own."""
        return self._session.living.pid if self._session.living is not None else None

    @property
    def steps(self) -> int:
        """How many states it keeps that steps of proofs have led to."""
        return self._states.steps

    @property
    def dropped(self) -> int:
        """Lines that the process printed and that answered nothing."""
        return self._session.process.dropped if self._session.process is not None else 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """The last lines of the prober's stderr."""
        return self._session.process.complaints if self._session.process is not None else ()

    async def start(self) -> None:
        """See `Checker.start`. Waits until the process is ready.

        Raises:
            ToolchainBroken: the prober does not run on this Lean; the message has what Lean said.
            LeanDied, LeanTimeout: it ended while it was being set up, or was not ready in time.
        """
        await self._session.live()

    async def close(self) -> None:
        """See `Checker.close`. A later use starts a new process."""
        self._closes += 1
        await self._session.end()

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        """See `Checker.open`.

        Raises:
            ToolchainBroken: the prober does not run on this Lean.
        """
        if broken := unencodable(text):
            raise NoGoal("Lean can't be asked about this text.", broken)
        return (await self._states.open(path, normalise_eol(text), spot)).state

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        """See `Checker.check`."""
        handle = _handle(state)
        refused = self._guard.unread(candidate.text)
        if refused is not None:
            return Checked(candidate, refused)
        key = (handle.opened, candidate.text)
        before = self._suspects.conviction(key)
        if before is not None:
            return Checked(candidate, Inconclusive(Cause.CRASH, before))
        started = time.monotonic()
        closes = self._closes
        try:
            try:
                return await self._runs.judge(handle, candidate, limits)
            except EndedWhileRunning as end:
                if isinstance(end.problem, LeanTimeout) or self._closes != closes:
                    raise
            async with self._suspects.one_slot_alone():
                return await self._runs.judge(handle, candidate, limits)
        except EndedWhileRunning as end:
            if self._closes == closes:
                self._suspects.convict(key, end.problem.message)
            verdict = _no_verdict(end.problem)
        except GhostproofError as problem:
            verdict = _no_verdict(problem)
        return Checked(candidate, verdict, (), (time.monotonic() - started) * 1000)

    async def refute(self, state: GoalState, limits: Limits, instances: int = INSTANCES) -> Trial:
        """See `Tester.refute`."""
        return trial_of(await self._tested(state, {"do": "test", "instances": instances}, limits))

    async def sift(self, state: GoalState, statements: Sequence[str], limits: Limits) -> tuple[Trial, ...]:
        """See `Tester.sift`."""
        wanted = {"do": "sift", "statements": list(statements), "instances": OF_A_GUESS}
        answer = await self._tested(state, wanted, limits)
        found = tuple(trial_of(trial) for trial in answer.parts("trials"))[: len(statements)]
        return (*found, *(Untested("it was not tried") for _ in statements[len(found) :]))

    async def advance(
        self, state: GoalState, step: str, path: Path, places: Sequence[Place | None], limits: Limits
    ) -> tuple[GoalState | None, ...]:
        """See `Advancer.advance`."""
        handle = _handle(state)
        async with self._slots:
            try:
                saved, process = await self._states.saved(handle)
                going = await self._states.advance(handle, saved, path, places)
                layout = going.site if saved.advanced else handle.spot
                into = [going.first + nth for nth in range(len(places))]
                asked = {"state": saved.number, "text": layout.laid_out(step), "into": into}
                running = process.request({"do": "advance", **asked, "heartbeats": limits.heartbeats})
                try:
                    answer = await process.wait(running, limits.seconds)
                except asyncio.CancelledError:
                    process.abandon(running)
                    # What Lean has kept by the time it stops, nobody will ask for.
                    running.done.add_done_callback(lambda _: process.send({"do": "drop", "states": into}))
                    raise
                return self._states.keep(process, going, answer)
            except GhostproofError:
                return tuple(None for _ in places)

    def release(self, states: Sequence[GoalState]) -> None:
        """See `Advancer.release`."""
        process = self._session.living
        if process is not None:
            self._states.release(process, [state.handle for state in states if isinstance(state.handle, ProbeHandle)])

    async def reach(self, state: GoalState, limits: Limits) -> Reach | None:
        """See `TheoremTeller.reach`."""
        return reach_of(await self._tested(state, {"do": "reach"}, limits))

    async def written(
        self, state: GoalState, names: Sequence[str], limits: Limits, *, types: bool = False
    ) -> tuple[Spelling, ...]:
        """See `TheoremTeller.written`."""
        wanted = {"do": "names", "names": list(names), "statements": types}
        return written_of(await self._tested(state, wanted, limits), names)

    async def chained(self, state: GoalState, names: Sequence[str], limits: Limits) -> str:
        """See `TheoremTeller.chained`."""
        return (await self._tested(state, {"do": "chain", "names": list(names)}, limits)).text("chained")

    async def _tested(self, state: GoalState, wanted: Mapping[str, object], limits: Limits) -> ProbeAnswer:
        """The answer to a request that elaborates no candidate; where there is none, one that says why."""
        handle = _handle(state)
        running: ProbeRequest | None = None
        async with self._slots:
            try:
                saved, process = await self._states.saved(handle)
                running = process.request({**wanted, "state": saved.number, "heartbeats": limits.heartbeats})
                return await process.wait(running, limits.seconds)
            except GhostproofError as problem:
                return ProbeAnswer({"unknown": problem.message})
            except asyncio.CancelledError:
                if running is not None and self._session.process is not None:
                    self._session.process.abandon(running)
                raise

    def _forget(self) -> None:
        self._states.forget()


def _handle(state: GoalState) -> ProbeHandle:
    if not isinstance(state.handle, ProbeHandle):
        raise TypeError("the state was opened by another checker")
    return state.handle


def _no_verdict(problem: GhostproofError) -> Inconclusive:
    """What a failure of the process means for a candidate."""
    if isinstance(problem, LeanTimeout):
        return Inconclusive(Cause.TIMEOUT, problem.message)
    return Inconclusive(Cause.MEMORY if "out of memory" in problem.message else Cause.CRASH, problem.message)
