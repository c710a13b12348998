"""The rules of an inductive predicate, backwards: what would have to be proved for each of them to give the goal."""

from collections.abc import Iterable, Iterator

from ghostproof.search.strategy import Goal, Move
from ghostproof.verify.verdict import Checked

_COST, _PER_PLACE, _ONWARD = 1.3, 0.05, 0.8
_DEEPEST = 5


class Rules:
    """See `Strategy`."""

    name = "rule"

    def moves(self, goal: Goal) -> Iterator[Move]:
        family = goal.known.family(goal.view.head) if goal.depth <= _DEEPEST else None
        for place, rule in enumerate(family.constructors if family is not None and family.is_prop else ()):
            # A rule may ask for more than is true.
            extra = _PER_PLACE * place
            yield Move(f"apply {rule.name}", self.name, _COST + extra, _ONWARD + extra, doubtful=True)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()
