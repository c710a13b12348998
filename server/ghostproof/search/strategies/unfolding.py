"""Functions that only give a name to a call of the library's, such as a fold, replaced by that call.

Of `total xs`, which is `xs.foldl (· + ·) 0`, an induction shows nothing: the 0 is another number in its next step.
Whoever sees the call can set the 0 free.
"""

import re
from collections.abc import Iterable, Iterator

from ghostproof.search.strategy import Goal, Move
from ghostproof.verify.checker import Function
from ghostproof.verify.verdict import Checked, Progress

_COST, _THEN, _ONWARD, _PER_WAY = 0.9, 0.1, 0.1, 0.05
_DEEPEST = 2
_WAYS = ("unfold {names}", "simp [{listed}]")
# What goes through a collection with something that changes on the way; other calls simplifiers know all about.
_FOLDS = re.compile(r"(?<![\w.])(?:List|Array|Nat|Option)\.(?:foldl|foldr|fold|iterate|repeat|rec)\w*(?![\w.])")


class Unfolding:
    """See `Strategy`."""

    name = "unfolding"

    def moves(self, goal: Goal) -> Iterator[Move]:
        # Whether it is of use shows in what is left.
        yield from (Move(text, self.name, _COST + _PER_WAY * place) for place, text in enumerate(_texts(goal)))

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        left = checked.verdict.goals if isinstance(checked.verdict, Progress) else ()
        if len(left) != 1 or move.onward is not None or move.text not in _texts(goal):
            return
        if set(_FOLDS.findall(left[0].partition("⊢")[2])) - set(_FOLDS.findall(goal.main.target)):
            yield Move(move.text, self.name, _THEN, _ONWARD, lossless=True)


def _texts(goal: Goal) -> list[str]:
    names = tuple(dict.fromkeys(f.name for f in goal.view.functions if _is_name(goal, f)))
    if not names or goal.depth > _DEEPEST:
        return []
    return [way.format(names=" ".join(names), listed=", ".join(names)) for way in _WAYS]


def _is_name(goal: Goal, function: Function) -> bool:
    """Whether it is another name for something that has nothing recursive of the person's in it."""
    told = goal.known.functions.get(function.name)
    if told is None or told.recursive or told.matched or told.result == "Prop":
        return False
    return not any(name in goal.known.recursive for name in goal.known.made_of([function.name]))
