"""Functions that only give a name to another call, replaced by that call: a fold, or one of the person's functions.

Of `total xs`, which is `xs.foldl (· + ·) 0`, an induction shows nothing: the 0 is another number in its next step.
Whoever sees the call can set the 0 free.
"""

import re
from collections.abc import Iterable, Iterator

from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.sources.names import fresh
from ghostproof.verify.checker import Function
from ghostproof.verify.verdict import Checked, Progress

_COST, _THEN, _ONWARD, _PER_WAY = 0.9, 0.1, 0.1, 0.05
# Of equations about the names much can be guessed first.
_LATER = 0.7
_DEEPEST = 2
_WAYS = ("unfold {names}", "simp [{listed}]")
# What goes through a collection with something that changes on the way; other calls simplifiers know all about.
_FOLDS = re.compile(r"(?<![\w.])(?:List|Array|Nat|Option)\.(?:foldl|foldr|fold|iterate|repeat|rec)\w*(?![\w.])")


class Unfolding:
    """See `Strategy`."""

    name = "unfolding"

    def moves(self, goal: Goal) -> Iterator[Move]:
        # Whether it is of use shows in what is left.
        cost = _COST + _LATER * _is_later(goal)
        yield from (Move(text, self.name, cost + _PER_WAY * place) for place, text in enumerate(_texts(goal)))

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        left = checked.verdict.goals if isinstance(checked.verdict, Progress) else ()
        if len(left) != 1 or move.onward is not None or move.text not in _texts(goal):
            return
        folds = set(_FOLDS.findall(left[0].partition("⊢")[2])) - set(_FOLDS.findall(goal.main.target))
        if folds or any(_recursive_in(goal, f) for f in goal.view.functions if _is_name(goal, f)):
            yield Move(move.text, self.name, _THEN, _ONWARD, lossless=True)


def _texts(goal: Goal) -> list[str]:
    names = tuple(dict.fromkeys(f.name for f in goal.view.functions if _is_name(goal, f)))
    if not names or goal.depth > _DEEPEST:
        return []
    ways = [way.format(names=" ".join(names), listed=", ".join(names)) for way in _WAYS]
    # Of lists more is known than of arrays.
    arrays = [h.name for h in goal.view.data if h.type.startswith("Array ")]
    lists = fresh(("xs", "ys", "zs")[: len(arrays)], goal.view.taken)
    opened = [f"obtain ⟨{xs}⟩ := {array}" for xs, array in zip(lists, arrays, strict=False)]
    return ["\n".join((*opened, ways[-1]))] if opened else ways


def _is_name(goal: Goal, function: Function) -> bool:
    """Whether it is another name for something."""
    told = goal.known.functions.get(function.name)
    return told is not None and not told.recursive and not told.matched and told.result != "Prop"


def _is_later(goal: Goal) -> bool:
    """Whether guesses know by what recursive functions the names are made, and the goal speaks of the names alone."""
    within = set().union(*(_recursive_in(goal, f) for f in goal.view.functions if _is_name(goal, f)))
    return bool(within) and goal.view.head == "Eq" and within.isdisjoint(f.name for f in goal.view.functions)


def _recursive_in(goal: Goal, function: Function) -> set[str]:
    """The recursive functions of the person's that it is made of."""
    return {name for name in goal.known.made_of([function.name]) if name in goal.known.recursive}
