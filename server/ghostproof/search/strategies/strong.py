"""Induction on what gets smaller: on a number for all smaller ones, or on a measure of a value.

Recursion that takes several constructors off at once, or goes on with what another function makes of its argument, has
no proof by induction on the constructors.
"""

from collections.abc import Iterable, Iterator, Mapping

from ghostproof.search.strategies.induction import closers_of, predicates_in
from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.application import arguments
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.quoting import first_part
from ghostproof.verify.checker import Function, Hypothesis
from ghostproof.verify.definitions import Definition
from ghostproof.verify.verdict import Checked

# Behind inductions on constructors and along functions, of which one suffices where there is any.
_COST, _PER_PLACE, _ONWARD = 2.0, 0.1, 2.0
_DEEPEST, _MOST = 1, 2
# What is tried first on the case that the induction leaves of a number.
_TWO_STEPS, _PER_CLOSER = 0.1, 0.1
_PRINCIPLE = "Nat.strongRecOn"


class StrongInduction:
    """See `Strategy`."""

    name = "induction"

    def moves(self, goal: Goal) -> Iterator[Move]:
        if goal.depth > _DEEPEST:
            return
        view = goal.view
        smaller, assumed = fresh(["m", "ih"], view.taken)
        for place, (on, free, name) in enumerate(_measured(view, goal.known.recursive)):
            general = f" generalizing {' '.join(free)}" if free else ""
            left = f"| ind {name or smaller} {assumed} => ?_"
            text = f"induction {on} using {_PRINCIPLE}{general} with\n{left}"
            plan = (tuple(self._two_steps(goal, name)),) if name else ()
            yield Move(text, self.name, _COST + _PER_PLACE * place, _ONWARD, plan=plan)

    def _two_steps(self, goal: Goal, number: str) -> Iterator[Move]:
        """A predicate's rules may go on by two, `Even n → Even (n + 2)`, where the functions beside it go on by one."""
        if next(predicates_in(goal.view, goal.known), None) is None:
            return
        split = f"rcases {number} with _ | _ | {number}"
        for place, closer in enumerate(closers_of(goal.view, goal.known)):
            yield Move(f"{split} <;> {closer}", self.name, _TWO_STEPS + _PER_CLOSER * place, tier=Tier.QUICK)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def _measured(view: GoalView, known: Mapping[str, Definition]) -> Iterator[tuple[str, tuple[str, ...], str]]:
    """What the inductions are on, what they leave general, and what the number is called, "" for a new name."""
    spoken = {first_part(word) for word in identifiers(view.target)}
    mine = [h for h in view.data if h.recursive and h.name in spoken][:_MOST]
    for h in mine:
        if h.type == "Nat":
            yield h.name, (), h.name
        elif any(h.name in arguments(call) and not _plain(f, known) for f in view.functions for call in f.applications):
            (equation,) = fresh(["hm"], view.taken)
            values = [one.name for one in mine if one != h]
            yield f"{equation} : {_measure(view, h, known)}", (h.name, *values), ""


def _plain(function: Function, known: Mapping[str, Definition]) -> bool:
    """Whether a function recurses on the parts of what it is applied to, if at all."""
    recursion = known.get(function.name)
    return not function.recursive or (recursion is not None and bool(recursion.matched))


def _measure(view: GoalView, h: Hypothesis, known: Mapping[str, Definition]) -> str:
    """A number that is the smaller, the smaller the value is: one of the goal's functions, or the library's."""
    told = (f for f in view.functions if f.result == "Nat" and f.arguments == (h.type,) and _plain(f, known))
    own = next((f"{f.name} {h.name}" for f in told if f"{f.name} {h.name}" in f.applications), "")
    return own or (f"{h.name}.length" if h.inductive == "List" else f"sizeOf {h.name}")
