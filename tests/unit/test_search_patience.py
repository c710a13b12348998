"""Patient work: its turn comes when nothing else is in Lean, whoever is faster."""

from collections.abc import Iterable, Sequence

import pytest

from ghostproof.search.graph import SearchGraph
from ghostproof.search.strategy import Consult, Doubt, Goal, Idea, Move, Query, QueryKind, Sift, Tried, Try
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.small_values import Trial
from ghostproof.verify.verdict import Candidate, Checked, Reason, Rejected

QUICK, DEAR = Move("quick", "table", 1.0), Move("dear", "table", 9.0)
LATER = Move("later", "table", 4.0, patient=True)


class Ideas:
    """A strategy with the same ideas about every goal, that learns nothing."""

    name = "table"

    def __init__(self, *ideas: Idea) -> None:
        self.ideas = ideas

    def moves(self, goal: Goal) -> Iterable[Idea]:
        return self.ideas

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Idea]:
        return ()

    def hear(self, goal: Goal, query: Query, answer: str | None) -> Iterable[Idea]:
        return ()

    def sifted(self, goal: Goal, doubt: Doubt, trials: Sequence[Trial]) -> Iterable[Idea]:
        return ()


NOBODY = Ideas()


def graph_of(*ideas: Idea) -> SearchGraph:
    return SearchGraph(parse_main("⊢ t"), "", [Ideas(*ideas)])


def test_a_patient_move_waits_and_nothing_dearer_goes_before_it() -> None:
    graph = graph_of(QUICK, LATER, DEAR)
    assert graph.next_work() == Try(0, QUICK)
    assert graph.next_work(alone=False) is None
    failed = Checked(Candidate("quick", "table"), Rejected(Reason.ERROR, "tactic failed"))
    graph.absorb(Tried(Try(0, QUICK), failed))
    assert graph.next_work() == Try(0, LATER)
    assert graph.next_work(alone=False) == Try(0, DEAR)


@pytest.mark.parametrize(
    ("idea", "work"),
    [
        (Query(QueryKind.LEMMAS, "", NOBODY, 4.0, patient=True), Consult),
        (Doubt(("x = x",), NOBODY, 4.0, patient=True), Sift),
    ],
    ids=["a question", "a doubt"],
)
def test_what_is_no_move_may_be_patient_too(idea: Idea, work: type) -> None:
    graph = graph_of(QUICK, idea)
    assert graph.next_work() == Try(0, QUICK)
    assert graph.next_work(alone=False) is None
    assert isinstance(graph.next_work(), work)


def test_what_somebody_else_wants_at_once_is_not_patient() -> None:
    graph = graph_of(QUICK, LATER, Move("later", "another", 5.0))
    assert graph.next_work() == Try(0, QUICK)
    assert graph.next_work(alone=False) == Try(0, Move("later", "table", 4.0))
