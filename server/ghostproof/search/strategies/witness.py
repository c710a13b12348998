"""Values for what a goal says to exist: small terms of its type, made of what the goal has. Small values choose."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice, product

from ghostproof.search.operations import bracketed, element_of
from ghostproof.search.strategies.induction import closers_of
from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.view import GoalView
from ghostproof.verify.verdict import Checked

_COST, _PER_PLACE, _ONWARD = 0.6, 0.04, 0.25
_MOST, _DEEPEST = 14, 5
_AT_ONCE, _PLAIN = 0.1, ("simp_all", "omega")


class Witness:
    """See `Strategy`."""

    name = "witness"

    def moves(self, goal: Goal) -> Iterator[Move]:
        wanted = goal.main.witness
        if not wanted or goal.depth > _DEEPEST:
            return
        closing = tuple(_closing(goal))
        for place, term in enumerate(islice(dict.fromkeys(_terms(goal, wanted)), _MOST)):
            extra = _PER_PLACE * place
            yield Move(f"exists {term}", self.name, _COST + extra, _ONWARD + extra, doubtful=True, plan=(closing,))

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def _closing(goal: Goal) -> Iterator[Move]:
    """What may prove that a value is one: few of those that small values leave are not."""
    for place, text in enumerate(dict.fromkeys((*closers_of(goal.view, goal.known), *_PLAIN))):
        yield Move(text, Witness.name, _AT_ONCE * (place + 1), tier=Tier.QUICK)


def _terms(goal: Goal, wanted: str) -> Iterator[str]:
    """Terms of a type, the likeliest first: variables, latest first, one more than these, constants, calls."""
    view = goal.view
    own = _variables(view, wanted)
    yield from own
    yield from _made(goal, wanted, own)
    yield from (call for f in view.functions if f.result == wanted for call in f.applications)


def _made(goal: Goal, wanted: str, own: list[str]) -> Iterator[str]:
    """By the type's constructors, and by what the library joins two values with."""
    view = goal.view
    if wanted == "Nat":
        yield from chain((f"{name} + 1" for name in own), ("0", "1"))
        yield from (f"{a} + {b}" for a, b in product(own, own) if a < b)
    elif element := element_of(wanted):
        yield from (f"{x} :: {xs}" for x, xs in product(_variables(view, element), own))
        yield "[]"
        yield from (f"{a} ++ {b}" for a, b in product(own, own) if a != b)
    elif (family := goal.known.families.get(wanted.split()[0])) is not None and not family.parameters:
        for one in family.constructors:
            for given in islice(product(*(_variables(view, field) for field in one.fields)), 2):
                yield " ".join((one.name, *map(bracketed, given)))


def _variables(view: GoalView, kind: str) -> list[str]:
    return [h.name for h in reversed(view.hypotheses) if h.accessible and not h.is_prop and h.type == kind]
