"""The checker that runs candidates from a saved elaborator state in a long-lived Lean of its own: see `lean/probe/`.

It says who answers what. The process has its life in `lean/probe_session.py`, its states are kept by `probe_states.py`,
candidates are run by `probe_run.py`, and all else is asked by `probe_requests.py`.
"""

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Literal

from ghostproof.errors import NoGoal
from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.probe_opens import Setup, no_setup
from ghostproof.lean.probe_session import DEFAULT_CAPACITY, Capacity, Flagged, ProbeSession, Program, unflagged
from ghostproof.lean.probe_threads import ProbeThreads
from ghostproof.syntax.spot import Spot
from ghostproof.syntax.statement import Reach, Spelling
from ghostproof.text import normalise_eol
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState, Limits, Lives
from ghostproof.verify.definitions import Definitions
from ghostproof.verify.forbidden import SEARCH
from ghostproof.verify.guard import GUARD, Guard
from ghostproof.verify.plain_text import unencodable
from ghostproof.verify.probe_requests import ProbeRequests
from ghostproof.verify.probe_run import ProbeRuns
from ghostproof.verify.probe_states import ProbeStates, handle_of
from ghostproof.verify.small_values import INSTANCES, Trial, Valued
from ghostproof.verify.verdict import Candidate, Checked


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
        self._guard = guard
        self._session = ProbeSession(program, config, document_s, lambda: self._states.forget(), capacity.headers)
        self._states = ProbeStates(self._session, setup, document_s, capacity)
        self._threads = ProbeThreads(width)
        self._runs = ProbeRuns(self._session, self._states, self._threads)
        self._requests = ProbeRequests(self._session, self._states, self._threads)

    @property
    def name(self) -> Literal["probe", "scratch"]:
        return "probe"

    @property
    def width(self) -> int:
        """See `Checker.width`: one more than it has threads, so that none of these waits for us."""
        return self._threads.width

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
    def steps(self) -> int:
        """How many states it keeps that steps of proofs have led to."""
        return self._states.steps

    async def start(self) -> None:
        """See `Checker.start`. Waits until the process is ready.

        Raises:
            ToolchainBroken: the prober does not run on this Lean; the message has what Lean said.
            LeanDied, LeanTimeout: it ended while it was being set up, or was not ready in time.
        """
        await self._session.live()

    async def close(self) -> None:
        """See `Checker.close`. A later use starts a new process."""
        await self._session.close()

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
        handle = handle_of(state)
        refused = self._guard.unread(candidate.text)
        return Checked(candidate, refused) if refused is not None else await self._runs.check(handle, candidate, limits)

    async def refute(self, state: GoalState, limits: Limits, instances: int = INSTANCES) -> Trial:
        """See `Tester.refute`."""
        return await self._requests.refute(handle_of(state), limits, instances)

    async def sift(self, state: GoalState, statements: Sequence[str], limits: Limits) -> tuple[Trial, ...]:
        """See `Tester.sift`."""
        return await self._requests.sift(handle_of(state), statements, limits)

    async def values(self, state: GoalState, terms: Sequence[str], limits: Limits) -> tuple[Valued, ...]:
        """See `Evaluator.values`."""
        return await self._requests.values(handle_of(state), terms, limits)

    async def define(self, state: GoalState, limits: Limits) -> Definitions:
        """See `Definer.define`."""
        return await self._requests.define(handle_of(state), limits)

    async def advance(
        self, state: GoalState, step: str, path: Path, places: Sequence[Place | None], limits: Limits
    ) -> tuple[GoalState | None, ...]:
        """See `Advancer.advance`."""
        return await self._requests.advance(handle_of(state), step, path, places, limits)

    def release(self, states: Sequence[GoalState]) -> None:
        """See `Advancer.release`."""
        if (process := self._session.living) is not None:
            self._states.release(process, states)

    async def reach(self, state: GoalState, limits: Limits) -> Reach | None:
        """See `TheoremTeller.reach`."""
        return await self._requests.reach(handle_of(state), limits)

    async def written(
        self, state: GoalState, names: Sequence[str], limits: Limits, *, types: bool = False
    ) -> tuple[Spelling, ...]:
        """See `TheoremTeller.written`."""
        return await self._requests.written(handle_of(state), names, limits, types=types)

    async def chained(self, state: GoalState, names: Sequence[str], limits: Limits) -> str:
        """See `TheoremTeller.chained`."""
        return await self._requests.chained(handle_of(state), names, limits)
