"""Candidates verified per second behind steps that a proof has taken already: made-up ones, before ten usual tactics.

What a search really asks is measured by `bench/search.py`. We go on from the state that was kept behind the last step
but one: the last step runs, then the candidates. A rival has one way to try something behind steps, with the steps in
front of each candidate.

The texts were read at the same hole in the round that does not count, as those of a search are at the goals before;
what they do is run anew each time.
"""

import asyncio
from collections.abc import Sequence
from time import perf_counter

from bench.contender import Contender, Goal, Trial
from ghostproof.search.place import inner, script_mark
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Progress, Proved

# Steps that cost next to nothing: what is compared is how somebody gets behind them.
INSIDE = "behind three trivial steps: "
STEPS = tuple(f"have step{nth} : True := True.intro" for nth in (1, 2, 3))


class Kept(Contender):
    """The probe, going on from states that it keeps; started and closed by whoever else uses it."""

    def __init__(self, checker: ProbeChecker) -> None:
        self.name = f"{INSIDE}probe"
        self._checker = checker
        self._above: dict[Goal, GoalState] = {}

    async def start(self) -> None:
        await self._checker.start()

    async def attempt(self, goal: Goal, tactics: Sequence[str]) -> Trial:
        above = self._above.get(goal) or await self._up_to(goal, len(STEPS) - 1)
        started = perf_counter()
        state = await self._on(goal, above, len(STEPS))
        free = asyncio.Semaphore(self._checker.width)

        async def check(tactic: str) -> bool:
            async with free:
                verdict = (await self._checker.check(state, Candidate(tactic, "bench"), Limits())).verdict
            return isinstance(verdict, Proved) or (isinstance(verdict, Progress) and verdict.closed_main)

        closed = await asyncio.gather(*map(check, tactics))
        proved = frozenset(tactic for tactic, ok in zip(tactics, closed, strict=True) if ok)
        return Trial(perf_counter() - started, proved)

    async def close(self) -> None:
        """Nothing is its own."""

    async def _up_to(self, goal: Goal, steps: int) -> GoalState:
        state = await self._checker.open(goal.path, goal.text, goal.spot)
        for taken in range(1, steps + 1):
            state = await self._on(goal, state, taken)
        self._above[goal] = state
        return state

    async def _on(self, goal: Goal, state: GoalState, taken: int) -> GoalState:
        """The state behind one more step."""
        [found] = await self._checker.advance(
            state, f"{STEPS[taken - 1]}\nsorry", goal.path, [place(goal, taken)], Limits()
        )
        assert found is not None, "a step that Lean accepts everywhere"
        return found


class Behind(Contender):
    """A rival that tries each candidate behind the steps; started and closed by whoever else uses it."""

    def __init__(self, rival: Contender) -> None:
        self.name = f"{INSIDE}{rival.name}"
        self._rival = rival

    async def start(self) -> None:
        """It runs already."""

    async def attempt(self, goal: Goal, tactics: Sequence[str]) -> Trial:
        return await self._rival.attempt(goal, ["; ".join((*STEPS, tactic)) for tactic in tactics])

    async def close(self) -> None:
        """Nothing is its own."""


def place(goal: Goal, taken: int) -> Place:
    """The goal's text behind so many steps."""
    mark = script_mark()
    return inner(goal.text, goal.spot, "\n".join((*STEPS[:taken], mark)), mark)
