"""Induction over mutual types, whose recursor proves the goal together with its counterparts about the other types."""

from collections.abc import Iterable, Iterator

from ghostproof.search.mutual_statements import motives
from ghostproof.search.strategy import Goal, Move
from ghostproof.syntax.mutual import mutual_blocks
from ghostproof.syntax.proposition import head_of
from ghostproof.verify.checker import Hypothesis
from ghostproof.verify.verdict import Checked

_COST, _PER_PLACE, _ONWARD = 1.2, 0.1, 1.6
_CLOSERS = ("simp_all [{fs}]", "grind [{fs}]", "simp_all [{fs}] <;> omega")
_DEEPEST = 3


class MutualInduction:
    """See `Strategy`."""

    @property
    def name(self) -> str:
        return "induction"

    def moves(self, goal: Goal) -> Iterator[Move]:
        blocks = mutual_blocks(goal.above)
        if not blocks or goal.depth > _DEEPEST:
            return
        view = goal.view
        for h in view.data:
            proved, partners = motives(view, h.name, h.type, blocks)
            if proved:
                names = ", ".join(dict.fromkeys((*(f.name for f in view.functions), *partners)))
                yield from self._by_recursor(h, proved, names)

    def _by_recursor(self, h: Hypothesis, proved: tuple[str, ...], functions: str) -> Iterator[Move]:
        given = " ".join(f"(motive_{nth} := {motive})" for nth, motive in enumerate(proved, 1) if motive)
        step = f"induction {h.name} using {head_of(h.type)}.rec {given}"
        for place, closer in enumerate(_CLOSERS):
            whole = f"{step} <;> {closer.format(fs=functions)}"
            yield Move(whole, self.name, _COST + _PER_PLACE * place)
        yield Move(step, self.name, _COST, _ONWARD)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()
