"""Splits on what calls give: an option, a truth value, a pair or one of a few that a `match` or `bind` waits for."""

from collections.abc import Iterable, Iterator
from itertools import islice

from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.sources.names import fresh
from ghostproof.syntax.proposition import head_of
from ghostproof.verify.checker import Function
from ghostproof.verify.verdict import Checked

_COST, _PER_PLACE, _ONWARD = 1.15, 0.05, 1.5
_DEEPEST, _MOST = 5, 3
_OF_LIBRARY = frozenset({"Bool", "Option", "Except", "Sum", "Prod"})


class Scrutinee:
    """See `Strategy`."""

    name = "split"

    def moves(self, goal: Goal) -> Iterator[Move]:
        if goal.depth > _DEEPEST:
            return
        view = goal.view
        own = tuple(dict.fromkeys(f.name for f in view.functions))
        named, everything = ", ".join(own), ", ".join((*own, *goal.known.made_of(own)))
        told = fresh(["e"], view.taken)[0]
        for place, call in enumerate(islice(dict.fromkeys(_waited_for(goal)), _MOST)):
            cost = _COST + _PER_PLACE * place
            yield Move(f"cases {call} <;> simp_all", self.name, cost)
            yield Move(f"cases {told} : {call} <;> simp_all", self.name, cost + 0.1)
            yield Move(f"cases {told} : {call} <;> grind [{named}]", self.name, cost + 0.2)
            yield Move(f"cases {told} : {call} <;> simp_all <;> grind [{everything}]", self.name, cost + 0.25)
            yield Move(f"cases {told} : {call}", self.name, cost + 0.3, _ONWARD)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def _waited_for(goal: Goal) -> Iterator[str]:
    """Calls with a value of few forms that something else is made of; the innermost ones first."""
    target = goal.view.target
    sides = {target, *target.split(" = ")}
    calls = [call for f in goal.view.functions if _has_few_forms(goal, f) for call in f.applications]
    yield from (call for call in sorted(calls, key=len) if call in target and call not in sides)


def _has_few_forms(goal: Goal, f: Function) -> bool:
    """Whether its value is of a type that isn't recursive and has constructors that tell something."""
    head = "Prod" if " × " in f.result else head_of(f.result)
    family = goal.known.family(head)
    if head in _OF_LIBRARY or family is None:
        return head in _OF_LIBRARY
    return not family.is_prop and not any(head in part.split() for one in family.constructors for part in one.fields)
