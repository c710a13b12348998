"""Theorems in reach at every goal that the search meets: asked for when what is cheaper has been started."""

import re
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

from ghostproof.search.strategy import Goal, Idea, Move, Query, QueryKind
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.premises import COMPUTED
from ghostproof.verify.checker import GoalState
from ghostproof.verify.verdict import Checked

# Texts that name theorems, for the first goal of a state, the likeliest first.
Lemmas = Callable[[GoalState], Awaitable[Sequence[str]]]

# Behind automatic closers and plain inductions, the likeliest before long ones: most goals about functions of a
# file's own need no theorem of the library.
_ASK, _COST, _PER_PLACE = 1.5, 1.7, 0.06
# What is neither an equation nor an order has nothing to rewrite or compute: theorems and rules are how it is proved.
_ASK_OF_RULES, _TERM = 0.8, 0.9
_COMPUTED = COMPUTED | {"", "∀"}
_FIRST, _LATER = 3, 2.2
# What a step adds to the cost of what it leaves. A rewriting loses nothing, whatever comes of it.
_ONWARD = {"rw": 0.8, "apply": 1.6}
_MOST, _DEEPEST = 32, 3
_HEAD = re.compile(r"\w+")


class Premises:
    """See `Strategy` and `Asker`. Of one search."""

    name = "premises"

    def __init__(self) -> None:
        self._answers: dict[int, int] = {}

    def moves(self, goal: Goal) -> Iterator[Idea]:
        if goal.depth <= _DEEPEST:
            yield Query(QueryKind.LEMMAS, "", self, _ASK if goal.main.head in _COMPUTED else _ASK_OF_RULES)

    def hear(self, goal: Goal, query: Query, answer: str | None) -> Iterator[Idea]:
        place = self._answers.get(goal.number, 0)
        if answer is None or place >= _MOST:
            return
        self._answers[goal.number] = place + 1
        first = _TERM if query.cost == _ASK_OF_RULES and answer.startswith("exact ") else _COST
        cost = (first if place < _FIRST else _LATER) + _PER_PLACE * place
        head = _HEAD.match(answer)
        onward = _ONWARD.get(head[0]) if head is not None and "<;>" not in answer else None
        tier = Tier.QUICK if "<;>" in answer else Tier.INSTANT
        yield Move(answer, self.name, cost, None if onward is None else onward + _PER_PLACE * place, tier)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Idea]:
        return ()
