"""Candidates verified per second behind steps that a proof has taken already: made-up ones, before ten usual tactics.

What a search really asks is measured by `bench/search.py`. We go on from the state that was kept behind the last step
but one: the last step runs, then the candidates, at all goals, several times over: a search has several goals open, and
no end at which all but one of its threads are idle. A rival has one way to try something behind steps, with the steps
in front of each candidate, one place of its file after the other.

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
PASSES = 5
STEPS = tuple(f"have step{nth} : True := True.intro" for nth in (1, 2, 3))


class Kept(Contender):
    """The probe, going on from states that it keeps; started and closed by whoever else uses it."""

    def __init__(self, checker: ProbeChecker) -> None:
        self.name = f"{INSIDE}probe"
        self._checker = checker
        self._above: dict[Goal, GoalState] = {}

    async def start(self) -> None:
        await self._checker.start()

    async def attempt(self, goals: Sequence[Goal], tactics: Sequence[str]) -> Trial:
        above = [self._above.get(goal) or await self._up_to(goal, len(STEPS) - 1) for goal in goals]
        free = asyncio.Semaphore(self._checker.width)

        async def check(state: GoalState, tactic: str) -> bool:
            async with free:
                # As a search asks.
                checked = await self._checker.check(state, Candidate(tactic, "bench"), Limits(brief=True))
            verdict = checked.verdict
            return isinstance(verdict, Proved) or (isinstance(verdict, Progress) and verdict.closed_main)

        async def at(goal: Goal, above: GoalState) -> int:
            async with free:
                state = await self._on(goal, above, len(STEPS))
            return sum(await asyncio.gather(*(check(state, tactic) for tactic in tactics)))

        started = perf_counter()
        closed = await asyncio.gather(*map(at, [*goals] * PASSES, above * PASSES))
        return Trial(PASSES * len(goals) * len(tactics), perf_counter() - started, sum(closed))

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

    async def attempt(self, goals: Sequence[Goal], tactics: Sequence[str]) -> Trial:
        return await self._rival.attempt(goals, ["; ".join((*STEPS, tactic)) for tactic in tactics])

    async def close(self) -> None:
        """Nothing is its own."""


def place(goal: Goal, taken: int) -> Place:
    """The goal's text behind so many steps."""
    mark = script_mark()
    return inner(goal.text, goal.spot, "\n".join((*STEPS[:taken], mark)), mark)
