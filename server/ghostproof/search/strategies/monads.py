"""Programs in `do` notation that may fail: options and errors with all that they are made of, taken apart at once.

A simplifier knows `bind` of what is `some x`, and not how a `guard` or a `throw` above it ends the program.
"""

from collections.abc import Iterable, Iterator
from itertools import islice

from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.syntax.proposition import head_of
from ghostproof.verify.checker import Hypothesis
from ghostproof.verify.verdict import Checked

_COST, _PER_WAY, _ONWARD = 1.0, 0.05, 1.0
_DEEPEST, _MOST_NAMES, _MOST_SPLIT = 2, 8, 2
_MADE_OF = {
    "Option": ("Bind.bind", "Option.bind", "Pure.pure", "guard", "failure"),
    "Except": ("Bind.bind", "Except.bind", "Pure.pure", "Except.pure", "throw", "throwThe", "MonadExceptOf.throw"),
}


class Monads:
    """See `Strategy`."""

    name = "programs"

    def moves(self, goal: Goal) -> Iterator[Move]:
        results = [head_of(one.result) for one in goal.known.functions.values()]
        made_of = dict.fromkeys(name for head in results for name in _MADE_OF.get(head, ()))
        functions = [name for name in goal.known.functions if name not in goal.known.endless]
        if not made_of or goal.depth > _DEEPEST:
            return
        listed = ", ".join((*functions[:_MOST_NAMES], *made_of))
        # What is a record is compared with what a program makes of its fields.
        records = [f"cases {h.name} <;> " for h in islice(_records(goal), _MOST_SPLIT)]
        for place, before in enumerate(("", *records)):
            yield Move(f"{before}simp_all [{listed}] <;> grind", self.name, _COST + _PER_WAY * place, tier=Tier.QUICK)
        yield Move(f"simp only [{listed}] at *", self.name, _COST + _PER_WAY * (1 + len(records)), _ONWARD)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def _records(goal: Goal) -> Iterator[Hypothesis]:
    """Values of structures of the person's."""
    for h in goal.view.data:
        family = goal.known.family(h.inductive)
        if not h.recursive and family is not None and len(family.constructors) == 1:
            yield h
