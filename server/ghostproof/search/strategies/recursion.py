"""Induction along a function's own recursion, where one on what it takes apart is another: `fun_induction`.

What recurses on a measure and chooses by `if` leaves cases that know which way it went. Its equation is no rule for a
simplifier, which would unfold the call in it again, and so on: it is unfolded once where that is needed.
"""

from collections.abc import Iterable, Iterator

from ghostproof.search.graph import MOST_CASES
from ghostproof.search.laws import laws_for
from ghostproof.search.strategies.induction import closers_of, later_closers, predicates_in
from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.application import arguments
from ghostproof.verify.definitions import Definition, Definitions
from ghostproof.verify.verdict import Checked

# As dear as an induction on what is taken apart.
_COST, _ONWARD, _PER_PLACE, _PER_CLOSER = 1.2, 1.3, 0.05, 0.15
_CASE, _PER_CASE_CLOSER = 0.1, 0.1
_DEEPEST = 4


class Recursion:
    """See `Strategy`."""

    name = "induction"

    def moves(self, goal: Goal) -> Iterator[Move]:
        if goal.depth > _DEEPEST:
            return
        for place, (text, recursion) in enumerate(_inductions(goal.view, goal.known)):
            extra = _PER_PLACE * place
            closers = tuple(_closers(goal, recursion))
            at_a_case = tuple(_at_a_case(closers, recursion))
            yield Move(text, self.name, _COST + extra, _ONWARD + extra, plan=(at_a_case,) * MOST_CASES)
            for more, closer in enumerate(closers):
                cost = _COST + extra + _PER_CLOSER * more
                yield Move(f"{text} <;> {closer}", self.name, cost, tier=Tier.QUICK)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def _inductions(view: GoalView, known: Definitions) -> Iterator[tuple[str, Definition]]:
    """Along each such call; also with what changes in the calls of other functions left general."""
    for call, recursion in calls_to_follow(view, known):
        yield f"fun_induction {call}", recursion
        if free := " ".join(dict.fromkeys(_changing_beside(view, known, call))):
            yield f"fun_induction {call} generalizing {free}", recursion


def _changing_beside(view: GoalView, known: Definitions, followed: str) -> Iterator[str]:
    """Variables that are others in calls of functions of themselves, and no part of the call that is followed."""
    variables = {h.name for h in view.hypotheses if h.accessible and not h.is_prop} - {*arguments(followed)}
    for function in view.functions:
        if (recursion := known.recursive.get(function.name)) is None:
            continue
        places = (*recursion.varying, *recursion.matched)
        for given in map(arguments, function.applications):
            yield from (given[at] for at in places if at < len(given) and given[at] in variables)


def calls_to_follow(view: GoalView, known: Definitions, *, choosing: bool = False) -> Iterator[tuple[str, Definition]]:
    """Calls that recurse in another way than an induction on one argument does; what changes in it are variables.

    Args:
        choosing: those of functions that choose by `if` too.
    """
    variables = {h.name for h in view.hypotheses if h.accessible and not h.is_prop}
    for function in view.functions:
        recursion = known.recursive.get(function.name)
        if recursion is not None and (recursion.in_its_own_way or (choosing and recursion.chooses)):
            changing = {*recursion.matched, *recursion.varying}
            for call in function.applications:
                given = arguments(call)
                if changing and variables.issuperset(given[at] for at in changing if at < len(given)):
                    yield call, recursion


def _closers(goal: Goal, recursion: Definition) -> Iterator[str]:
    """What may end all cases: with the functions whose equations are rules, then with all of them."""
    view, known = goal.view, goal.known
    if recursion.unfolds_for_ever:
        yield from plain_closers(view, known)
    yield from closers_of(view, known)
    yield from later_closers(view, known)


def plain_closers(view: GoalView, known: Definitions) -> Iterator[str]:
    """Closers that are told of no equation that unfolds for ever."""
    own = tuple(dict.fromkeys(function.name for function in view.functions))
    told = tuple(name for name in (*own, *known.made_of(own)) if name not in known.endless)
    for closer in ("grind", "simp_all"):
        named = tuple(dict.fromkeys(predicates_in(view, known))) if closer == "grind" else ()
        names = ", ".join((*told, *laws_for(closer, view, known), *named))
        yield f"{closer} [{names}]" if names else closer


def _at_a_case(closers: Iterable[str], recursion: Definition) -> Iterator[Move]:
    once = (f"rw [{recursion.name}] <;> grind",) if recursion.unfolds_for_ever else ()
    first, *others = closers
    for place, text in enumerate((first, *once, *others)):
        yield Move(text, Recursion.name, _CASE + _PER_CASE_CLOSER * place, tier=Tier.QUICK)
