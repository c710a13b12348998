"""The laws of the goal's structures and classes with its functions: what holds in every monoid needs no induction."""

from collections.abc import Iterable, Iterator

from ghostproof.search.laws import laws_for
from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.verify.verdict import Checked

# With the automatic closers that are told of functions.
_COST, _PER_PLACE = 1.1, 0.1
_CLOSERS = ("simp [{names}]", "simp_all [{names}]", "grind [{names}]")


class Laws:
    """See `Strategy`."""

    name = "laws"

    def moves(self, goal: Goal) -> Iterator[Move]:
        functions = dict.fromkeys(f.name for f in goal.view.functions)
        rules = [name for name in functions if name not in goal.known.endless]
        for place, closer in enumerate(_CLOSERS):
            if laws := laws_for(closer, goal.view, goal.known):
                text = closer.format(names=", ".join((*(functions if closer.startswith("grind") else rules), *laws)))
                yield Move(text, self.name, _COST + _PER_PLACE * place, tier=Tier.INSTANT)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()
