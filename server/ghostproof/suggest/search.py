"""The work of one search, in one task: take what the sources propose, let Lean check it, learn from the verdicts."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from ghostproof.config import SuggestConfig
from ghostproof.errors import LeanDied
from ghostproof.suggest.frontier import Frontier
from ghostproof.suggest.ranking import closes
from ghostproof.suggest.refusals import Refusals
from ghostproof.suggest.source import Context, Proposal, Tier
from ghostproof.syntax.line_width import fitted
from ghostproof.verify.checker import Checker, GoalState, Limits
from ghostproof.verify.verdict import (
    Candidate,
    Cause,
    Checked,
    Inconclusive,
    Progress,
    Proved,
    Reason,
    Rejected,
    Suggestion,
)
from ghostproof.visible import is_visible

ReportSuggestions = Callable[[Sequence[Suggestion], int], None]


class Search:
    """Runs the candidates of a frontier from one state.

    Args:
        report: told what was accepted so far and how many candidates have a verdict, at every verdict.
    """

    def __init__(
        self,
        checker: Checker,
        context: Context,
        state: GoalState,
        frontier: Frontier,
        config: SuggestConfig,
        report: ReportSuggestions,
    ) -> None:
        self._checker = checker
        self._context = context
        self._state = state
        self._frontier = frontier
        self._config = config
        self._report = report
        self._patience = 1.0  # times its tier's seconds that a candidate may take
        self._running: dict[asyncio.Task[Checked], Proposal] = {}
        self._accepted: list[Suggestion] = []
        self._checked = 0
        self._closers = 0
        self._deaths = 0
        self._undecided: list[Proposal] = []
        self._reopened = False
        self.refusals = Refusals()
        self.out_of_time = False

    async def run(self, first: Iterable[Proposal], budget_s: float) -> bool:
        """Check `first`, then what the sources have, in `budget_s` seconds.

        Whoever waits longer than is usual has each candidate wait as many times longer, too: heartbeats bound its work
        all the same.

        True if it came to its end: every source was heard out, everything was judged, and Lean never died on the way.

        Raises:
            LeanDied: twice. What was reported stays true.
            GhostproofError: whatever else keeps the checker from working.
        """
        self._patience = max(1.0, budget_s / SuggestConfig.budget_s)
        self._frontier.start(first)
        try:
            async with asyncio.timeout(budget_s):
                await self._drain()
        except TimeoutError:
            self.out_of_time = True
            return False
        finally:
            await self._stop()
        return not (self._deaths or self._undecided or self._frontier.failed)

    @property
    def _most(self) -> Tier:
        """The dearest tier still worth a check."""
        return Tier.INSTANT if self._closers >= self._config.closers else Tier.SLOW

    async def _drain(self) -> None:
        while True:
            self._frontier.changed.clear()
            self._fill()
            if not self._running and self._frontier.is_through(self._most):
                if await self._another_judge():
                    continue
                return
            self._absorb(await self._verdicts())

    async def _another_judge(self) -> bool:
        """Open the state anew for what the checker could not judge; another one may answer by now. Once a search."""
        if not self._undecided or self._reopened or self._most < Tier.SLOW:
            return False
        self._reopened = True
        state = await self._checker.open(self._context.path, self._context.text, self._context.spot)
        if state.key == self._state.key:
            return False
        self._state = state
        for proposal in self._undecided:
            self._frontier.again(proposal)
        self._undecided.clear()
        self._checked -= self.refusals.forget_undecided()
        return True

    def _fill(self) -> None:
        while len(self._running) < max(1, self._checker.width):
            proposal = self._frontier.take(self._most)
            if proposal is None:
                return
            limits = proposal.tier.limits(self._config.heartbeats, self._patience)
            check = self._check(proposal.candidate, limits)
            self._running[asyncio.create_task(check, name=f"check {proposal.candidate.source}")] = proposal

    async def _check(self, candidate: Candidate, limits: Limits) -> Checked:
        """Have it checked in lines that are not too wide for the spot, or else as it was proposed."""
        text = fitted(candidate.text, self._context.text, self._context.spot)
        checked = await self._checker.check(self._state, replace(candidate, text=text), limits)
        misread = isinstance(checked.verdict, Rejected) and checked.verdict.reason in (Reason.PARSE, Reason.ERROR)
        if misread and text != candidate.text:
            return await self._checker.check(self._state, candidate, limits)
        return checked

    async def _verdicts(self) -> list[tuple[Proposal, Checked]]:
        """Wait for a verdict or a proposal; the verdicts that are there."""
        news = asyncio.create_task(self._frontier.changed.wait())
        try:
            done, _ = await asyncio.wait([*self._running, news], return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
        verdicts = self._taken(done)
        crashed = [proposal for proposal, checked in verdicts if _crashed(checked)]
        if crashed:
            # What ran beside it may have died with it.
            if self._running:
                verdicts += self._taken((await asyncio.wait(self._running))[0])
            await self._recover([proposal for proposal, checked in verdicts if _crashed(checked)])
        return [(proposal, checked) for proposal, checked in verdicts if not _crashed(checked)]

    def _taken(self, done: Iterable[asyncio.Task[object]]) -> list[tuple[Proposal, Checked]]:
        finished = [task for task in self._running if task in set(done)]
        pairs = [(self._running.pop(task), task) for task in finished]
        return [(proposal, task.result()) for proposal, task in pairs if not task.cancelled()]

    def _absorb(self, verdicts: list[tuple[Proposal, Checked]]) -> None:
        for proposal, checked in verdicts:
            self._checked += 1
            self._frontier.learn(replace(checked, candidate=proposal.candidate))
            self.refusals.count(checked.verdict, checked.candidate.source)
            if isinstance(checked.verdict, Inconclusive) and checked.verdict.is_undecided:
                self._undecided.append(proposal)
            if not isinstance(checked.verdict, Proved | Progress):
                continue
            suggestion = Suggestion.of(checked)
            if not is_visible(suggestion.text):
                continue  # Lean may accept it, but no person could see what they accept
            self._closers += closes(suggestion)
            if closes(suggestion) or not proposal.step:
                self._accepted.append(suggestion)
        if verdicts:
            self._report(self._accepted, self._checked)
        for task, proposal in self._running.items():
            if proposal.tier > self._most:
                task.cancel()

    async def _recover(self, crashed: list[Proposal]) -> None:
        """Go on from a fresh state, once, without the candidate that most likely killed Lean."""
        self._deaths += 1
        if self._deaths > 1:
            raise LeanDied("Lean died twice while it checked suggestions.", "Ask again: it is started afresh.")
        killer = max(crashed, key=lambda proposal: proposal.tier)
        self._state = await self._checker.open(self._context.path, self._context.text, self._context.spot)
        for proposal in crashed:
            if proposal is not killer:
                self._frontier.again(proposal)

    async def _stop(self) -> None:
        for task in self._running:
            task.cancel()
        await asyncio.gather(*self._running, return_exceptions=True)
        self._running.clear()
        await self._frontier.close()


def _crashed(checked: Checked) -> bool:
    return isinstance(checked.verdict, Inconclusive) and checked.verdict.cause is Cause.CRASH
