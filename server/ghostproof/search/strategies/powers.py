"""Inequalities of powers: which of two exponents is the larger tells which of the powers is.

`size t < 2 ^ height t` comes down to powers of the heights of both sub-trees, of which the higher one is not known;
arithmetic takes powers for numbers of which it knows nothing.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import combinations, islice

from ghostproof.search.goal_words import names_for_simp
from ghostproof.search.operations import bracketed
from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.application import application_at
from ghostproof.syntax.proposition import head_of
from ghostproof.verify.checker import Hypothesis
from ghostproof.verify.verdict import Checked

_COST, _PER_PLACE, _MOST = 1.1, 0.1, 3
_INEQUALITIES = frozenset({"LE.le", "LT.lt", "GE.ge", "GT.gt"})
_POWER = re.compile(r"(?P<base>[^\W\d][\w.']*|\d+) \^ ")
_LARGER = "have {known} := Nat.pow_le_pow_right (n := {base}) (by {positive}) {order}"


class Powers:
    """See `Strategy`."""

    name = "powers"

    def moves(self, goal: Goal) -> Iterator[Move]:
        view = goal.view
        if view.head not in _INEQUALITIES:
            return
        order, known = fresh(("h", "hp"), view.taken)
        for place, (base, one, other) in enumerate(islice(_compared(view), _MOST)):
            larger = _LARGER.format(
                known=known, base=base, positive="decide" if base.isdigit() else "omega", order=order
            )
            either = f"rcases Nat.le_total {one} {other} with {order} | {order}"
            closer = f"grind [{', '.join(filter(None, (names_for_simp(goal, view), 'Nat.pow_succ')))}]"
            yield Move(f"{either} <;> {larger} <;> {closer}", self.name, _COST + _PER_PLACE * place, tier=Tier.QUICK)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def _compared(view: GoalView) -> Iterator[tuple[str, str, str]]:
    """Bases, each with two exponents that it has, as arguments; those of what is assumed first."""
    exponents: dict[str, dict[str, None]] = {}
    for text in (*(h.type for h in view.propositions if _is_plain(h)), view.target):
        for found in _POWER.finditer(text):
            if exponent := application_at(text[found.end() :]):
                exponents.setdefault(found["base"], {})[exponent] = None
    for base, of in exponents.items():
        yield from ((base, one, other) for one, other in combinations(map(bracketed, of), 2))


def _is_plain(h: Hypothesis) -> bool:
    return head_of(h.type) != "∀"
