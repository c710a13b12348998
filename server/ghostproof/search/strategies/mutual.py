"""Induction over mutual and nested types, whose recursors prove the goal with its counterparts about the others."""

from collections.abc import Iterable, Iterator, Sequence

from ghostproof.search.mutual_blocks import Mutual, mutual_blocks
from ghostproof.search.mutual_statements import block_of, motives
from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.quoting import first_part
from ghostproof.verify.checker import Hypothesis
from ghostproof.verify.verdict import Checked

_COST, _PER_PLACE, _ONWARD = 1.2, 0.1, 1.6
_CLOSERS = ("simp_all [{fs}]", "grind [{fs}]", "simp_all [{fs}] <;> omega")
_DEEPEST = 3


class MutualInduction:
    """See `Strategy`."""

    name = "induction"

    def moves(self, goal: Goal) -> Iterator[Move]:
        if goal.depth > _DEEPEST:
            return
        for place, step, partners in steps(goal.view, mutual_blocks(goal.known)):
            names = ", ".join(dict.fromkeys((*(f.name for f in goal.view.functions), *partners)))
            yield from self._by_recursor(step, names, _PER_PLACE * place)

    def _by_recursor(self, step: str, functions: str, extra: float) -> Iterator[Move]:
        for place, closer in enumerate(_CLOSERS):
            whole = f"{step} <;> {closer.format(fs=functions)}"
            yield Move(whole, self.name, _COST + extra + _PER_PLACE * place)
        yield Move(step, self.name, _COST + extra, _ONWARD + extra)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def steps(view: GoalView, blocks: Sequence[Mutual]) -> Iterator[tuple[int, str, tuple[str, ...]]]:
    """The inductions over values of mutual and nested types.

    Yields:
        Its place among those over the same value, the step, and the names of what its counterparts speak of.
    """
    for h in view.data if blocks else ():
        block = block_of(h.type, blocks)
        others = tuple(_others(view, h)) if block is not None else ()
        ways = ((crossed, free) for crossed in (False, True) for free in dict.fromkeys(((), others)))
        for place, (crossed, free) in enumerate(ways):
            proved, partners = motives(view, h.name, h.type, blocks, free, crossed=crossed)
            if block is not None and proved:
                given = " ".join(f"(motive_{nth} := {motive})" for nth, motive in enumerate(proved, 1) if motive)
                general = f" generalizing {' '.join(free)}" if free else ""
                yield place, f"induction {h.name} using {block.recursor(h.type)} {given}{general}", partners


def _others(view: GoalView, inducted: Hypothesis) -> Iterator[str]:
    """The other values that the goal speaks of, which may be others in calls of the functions: accumulators."""
    spoken = {first_part(word) for word in identifiers(view.target)} - {inducted.name}
    yield from (h.name for h in view.hypotheses if h.accessible and not h.is_prop and h.name in spoken and h.inductive)
