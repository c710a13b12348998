"""What the functions and types are that a search has met: asked for once, when a goal speaks of one that is new."""

import asyncio

from ghostproof.verify.checker import Checker, GoalState, Limits, MainGoal
from ghostproof.verify.definitions import NONE, Definer, Definitions

_ASKING = Limits(400_000, 5.0)


class Lexicon:
    """The definitions of one text."""

    def __init__(self, checker: Checker) -> None:
        self._checker = checker
        self._met: set[str] = set()
        self._known = NONE
        # Who meets the same while it is asked about waits for the answer.
        self._asking = asyncio.Lock()

    async def at(self, state: GoalState) -> Definitions:
        """All that is known at a goal: what it speaks of, and what was met before."""
        words = _words(state.main)
        if not isinstance(self._checker, Definer):
            return self._known
        async with self._asking:
            if not words <= self._met:
                told = await self._checker.define(state, _ASKING)
                self._known = self._known.joined(told)
                # A Lean that has died tells nothing of a goal that speaks of something.
                self._met |= words if told.functions or not state.main.functions else set()
            return self._known


def _words(main: MainGoal) -> set[str]:
    """What tells whether a goal speaks of something new."""
    functions = (f.name for f in (*main.functions, *main.library))
    return {main.head, *functions, *(h.inductive for h in main.hypotheses)}
