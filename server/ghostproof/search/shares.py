"""How lemmas and cases share a search: whose turn it is, by what Lean has used for either. Pure.

Lemmas lead to more lemmas and to the goal again with each of them, so that a case of an induction that is one induction
from its proof would never have its turn.
"""

from collections.abc import Iterable, Sequence

from ghostproof.search.node import Agenda, Node
from ghostproof.search.strategy import Look, Try, Work
from ghostproof.verify.verdict import Checked

LEMMA = "lemma"
# What is used for lemmas while one such part is used for cases.
_LEMMAS = 8

Entry = tuple[float, int, Work, Agenda]


class Shares:
    """What one search has used, in Lean's heartbeats, since lemmas came to it."""

    def __init__(self) -> None:
        self._lemmas = self._cases = 0

    def learn(self, node: Node, work: Try, checked: Checked) -> None:
        """Take what a piece of work used."""
        if work.move.strategy == LEMMA or node.has_lemmas:
            self._lemmas += checked.heartbeats
        elif self._lemmas and _is_a_case(node):
            self._cases += checked.heartbeats

    def first(self, wanted: Sequence[Node], *, questions: bool, resting: int) -> Entry | None:
        """The cheapest work on some goals, or, where that is due, on what steps without lemmas have left.

        Where something is done whole that was cut short before, the next such work has its turn when nothing else is
        left.
        """
        soon = self._first(wanted, questions=questions, rests=not resting)
        return soon or self._first(wanted, questions=questions, rests=True)

    def _first(self, wanted: Iterable[Node], *, questions: bool, rests: bool) -> Entry | None:
        found = [(entry, node) for node in wanted if (entry := node.first(questions=questions, rests=rests))]
        if self._lemmas > _LEMMAS * self._cases:
            cases = [entry for entry, node in found if _is_a_case(node) and _is_for_cases(entry[2])]
            if cases:
                return min(cases)
        return min((entry for entry, _ in found), default=None)


def _is_a_case(node: Node) -> bool:
    """Whether it is what a step has left that stated no lemma, nor did one above it."""
    return node.parent is not None and not node.has_lemmas


def _is_for_cases(work: Work) -> bool:
    """Whether nobody minds its coming before what is cheaper: what is patient waits until nothing else is done."""
    match work:
        case Try(move=move):
            return move.strategy != LEMMA and not move.patient
        case _:
            return isinstance(work, Look)
