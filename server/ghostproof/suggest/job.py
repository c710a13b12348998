"""What a caller holds of a search for suggestions: the job, its snapshots, and the suggester that starts it."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path

from ghostproof.config import SuggestConfig
from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, NoGoal
from ghostproof.suggest.cache import StateId, SuggestionCache
from ghostproof.suggest.frontier import Frontier
from ghostproof.suggest.ranking import rank
from ghostproof.suggest.search import Search
from ghostproof.suggest.seen_goals import SeenGoals
from ghostproof.suggest.source import Context, Proposal, Source, Tier
from ghostproof.suggest.sources.nearest import ORIGIN as NEAREST
from ghostproof.suggest.sources.premises import ORIGIN as PREMISES
from ghostproof.syntax.spot import Spot
from ghostproof.verify.checker import Checker, GoalState
from ghostproof.verify.verdict import Candidate, Suggestion

# Sources that say what the project itself would do.
OWN = (NEAREST, PREMISES)


@dataclass(frozen=True)
class Snapshot:
    """What is known at one moment.

    Attributes:
        state: the goals at the spot, once Lean has told them.
        spot: the one of the spots asked about at which Lean saw them.
        suggestions: the best so far, ranked; every one accepted by Lean.
        done: nothing will change any more.
        error: why the search ended early; what was accepted before stays.
        checker: name of the checker that answers, or "".
        first_ms, total_ms: milliseconds from the request to the first suggestion, and to this snapshot.
        checked: candidates with a verdict.
        why_none: where nothing was accepted, the reason that a person should know, if there is one.
        out_of_time: the search was ended before everything was tried.
    """

    state: GoalState | None = None
    suggestions: tuple[Suggestion, ...] = ()
    done: bool = False
    error: GhostproofError | None = None
    checker: str = ""
    first_ms: float | None = None
    total_ms: float = 0.0
    checked: int = 0
    spot: Spot | None = None
    why_none: str = ""
    out_of_time: bool = False

    def unfinished(self, seconds: float) -> LeanTimeout | None:
        """What to say to whoever stops waiting for it after so long; None if it came to its end."""
        if self.done:
            return None
        if self.state is None:
            return LeanTimeout(
                f"Lean did not finish: it was not ready at this place within {seconds:g} s.",
                "Ask again; `ghostproof doctor` shows how Lean starts, and the setting `lean.document_s` waits longer.",
            )
        return LeanTimeout(
            f"Lean did not finish: candidates were still being checked after {seconds:g} s.",
            "Ask again, or give a longer time.",
        )


class SuggestJob:
    """A running search. Lives on after its waiters; only `cancel` ends it early."""

    def __init__(self) -> None:
        self._began = time.perf_counter()
        self._snapshot = Snapshot()
        self._changed = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    @property
    def snapshot(self) -> Snapshot:
        """The latest."""
        return self._snapshot

    async def wait(self, until: Callable[[Snapshot], bool], seconds: float) -> Snapshot:
        """The first snapshot with `until`, or the last one when the search or `seconds` are over."""
        deadline = asyncio.get_running_loop().time() + seconds
        while not (self._snapshot.done or until(self._snapshot)):
            try:
                async with asyncio.timeout_at(deadline):
                    await self._changed.wait()
            except TimeoutError:
                break
        return self._snapshot

    def cancel(self) -> None:
        """End the search, down to Lean. What was found stays in the snapshot."""
        if self._task is not None:
            self._task.cancel()
        self.publish(done=True)

    def begin(self, work: Coroutine[None, None, None]) -> None:
        """Run the search that publishes here. Called once, by the suggester."""
        self._task = asyncio.get_running_loop().create_task(work)
        self._task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        self.publish(done=True)
        if not task.cancelled() and (bug := task.exception()) is not None:
            asyncio.get_running_loop().call_exception_handler(
                {"message": "a search for suggestions failed", "exception": bug, "task": task}
            )

    def publish(
        self,
        *,
        state: GoalState | None = None,
        suggestions: tuple[Suggestion, ...] | None = None,
        checker: str | None = None,
        checked: int | None = None,
        error: GhostproofError | None = None,
        spot: Spot | None = None,
        why_none: str | None = None,
        done: bool = False,
        out_of_time: bool = False,
    ) -> None:
        """Change what is given and tell those who wait. Nothing changes after `done`."""
        before = self._snapshot
        if before.done:
            return
        elapsed = (time.perf_counter() - self._began) * 1000
        self._snapshot = Snapshot(
            state=state or before.state,
            suggestions=before.suggestions if suggestions is None else suggestions,
            done=done,
            error=error or before.error,
            checker=before.checker if checker is None else checker,
            first_ms=elapsed if before.first_ms is None and suggestions else before.first_ms,
            total_ms=elapsed,
            checked=before.checked if checked is None else checked,
            spot=spot or before.spot,
            why_none=before.why_none if why_none is None else why_none,
            out_of_time=out_of_time or before.out_of_time,
        )
        changed, self._changed = self._changed, asyncio.Event()
        changed.set()


class Suggester:
    """Starts searches; keeps what they share: sources, settings, the cache and the goals seen."""

    def __init__(self, sources: Sequence[Source], config: SuggestConfig) -> None:
        self._sources = sources
        self._config = config
        self._cache = SuggestionCache(config.cached)
        self._seen_goals = SeenGoals()

    def start(self, checker: Checker, path: Path, text: str, spots: Sequence[Spot], budget_s: float) -> SuggestJob:
        """Search at the first of `spots` where Lean sees a goal. Needs a running event loop.

        The search takes `budget_s` seconds at most from when the goal is known. How long Lean may take to elaborate the
        file up to there is the checker's affair.
        """
        job = SuggestJob()
        job.begin(self._run(job, checker, path, text, tuple(spots), budget_s))
        return job

    async def _run(
        self, job: SuggestJob, checker: Checker, path: Path, text: str, spots: tuple[Spot, ...], budget_s: float
    ) -> None:
        try:
            spot, state = await _open(checker, path, text, spots)
            await self._search(job, checker, Context(path, text, spot), state, budget_s)
        except GhostproofError as error:
            job.publish(error=error)
        job.publish(done=True)

    async def _search(
        self, job: SuggestJob, checker: Checker, context: Context, state: GoalState, budget_s: float
    ) -> None:
        job.publish(state=state, spot=context.spot, checker=checker.name)
        seen = self._seen_goals.visit(context, state)
        sources = [source for source in self._sources if source.ready]
        at = StateId(checker.name, context.path, state.key, tuple(source.name for source in sources))
        known = self._cache.finished(at)
        if known is not None:
            job.publish(suggestions=known)
            return

        def report(accepted: Sequence[Suggestion], checked: int) -> None:
            config = self._config
            ranked = rank(state, accepted, closers=config.closers, limit=config.limit, seen=seen, own=OWN)
            job.publish(suggestions=ranked, checked=checked, why_none="" if ranked else search.refusals.why)

        frontier = Frontier([source.begin(state, context) for source in sources])
        first = [Proposal(Candidate(text, source), Tier.HINT) for text, source in self._cache.texts(state)]
        search = Search(checker, context, state, frontier, self._config, report)
        if await search.run(first, budget_s):
            self._cache.put(at, state, job.snapshot.suggestions)
        elif search.out_of_time:
            job.publish(out_of_time=True)
            if not job.snapshot.suggestions:
                _tell_that_time_is_over(job, budget_s)


def _tell_that_time_is_over(job: SuggestJob, budget_s: float) -> None:
    """Nothing was found, and not everything was tried: that must not look as if everything had been."""
    if job.snapshot.checked == 0:
        job.publish(
            error=LeanTimeout(f"Lean did not finish: it judged no candidate within {budget_s:g} s.", "Ask again.")
        )
    elif not job.snapshot.why_none:
        job.publish(why_none=f"The time of {budget_s:g} s was over before everything was tried.")


async def _open(checker: Checker, path: Path, text: str, spots: tuple[Spot, ...]) -> tuple[Spot, GoalState]:
    problem = NoGoal("There is no tactic goal at this position.", "Put the cursor where a tactic can go.")
    for spot in spots:
        try:
            return spot, await _open_one(checker, path, text, spot)
        except NoGoal as missing:
            problem = missing
    raise problem


async def _open_one(checker: Checker, path: Path, text: str, spot: Spot) -> GoalState:
    try:
        return await checker.open(path, text, spot)
    except LeanDied:
        # Most likely it died before, or was ended from outside; a file that kills Lean does it again.
        return await checker.open(path, text, spot)
