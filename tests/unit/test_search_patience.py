"""Work that waits: what is patient, for nothing else to be in Lean; what takes long, for what may not."""

from collections.abc import Iterable, Sequence

import pytest

from ghostproof.search.graph import SearchGraph
from ghostproof.search.slow_endings import ALL, SHARE
from ghostproof.search.strategy import Consult, Doubt, Goal, Idea, Move, Query, QueryKind, Sift, Tried, Try
from ghostproof.suggest.source import Tier
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.small_values import Trial
from ghostproof.verify.verdict import Candidate, Cause, Checked, Inconclusive, Proved, Reason, Rejected, Verdict

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


def first_of(move: Move) -> Try:
    """The move as it is judged at first."""
    return Try(0, move, SHARE)


def test_a_patient_move_waits_and_nothing_dearer_goes_before_it() -> None:
    graph = graph_of(QUICK, LATER, DEAR)
    assert graph.next_work() == first_of(QUICK)
    assert graph.next_work(alone=False) is None
    failed = Checked(Candidate("quick", "table"), Rejected(Reason.ERROR, "tactic failed"))
    graph.absorb(Tried(Try(0, QUICK), failed))
    assert graph.next_work() == first_of(LATER)
    assert graph.next_work(alone=False) == first_of(DEAR)


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
    assert graph.next_work() == first_of(QUICK)
    assert graph.next_work(alone=False) is None
    assert isinstance(graph.next_work(), work)


def test_what_somebody_else_wants_at_once_is_not_patient() -> None:
    graph = graph_of(QUICK, LATER, Move("later", "another", 5.0))
    assert graph.next_work() == first_of(QUICK)
    assert graph.next_work(alone=False) == first_of(Move("later", "table", 4.0))


def test_what_ends_as_something_that_took_long_waits_once() -> None:
    long, alike, other = (
        Move("induction x <;> grind [f]", "table", 1.0),
        Move("induction y <;> grind [f]", "table", 1.1),
        Move("induction y <;> simp [f]", "table", 1.3),
    )
    with_lemma = Move("have : a = b → t := by\n  induction y <;> grind [f]", "table", 1.2)
    graph = graph_of(long, alike, with_lemma, other)
    assert graph.next_work() == first_of(long)
    slow = Checked(Candidate(long.text, "table"), Rejected(Reason.ERROR, "failed"), heartbeats=50_000)
    graph.absorb(Tried(Try(0, long), slow))
    assert [graph.next_work() for _ in range(4)] == [*map(first_of, (with_lemma, other, alike)), None]


@pytest.mark.parametrize("verdict", [Rejected(Reason.ERROR, "failed"), Proved()])
def test_what_failed_at_once_or_proved_something_has_nothing_wait(verdict: Verdict) -> None:
    first, alike, other = (
        Move(f"{way} <;> omega", "table", cost) for way, cost in (("a", 1.0), ("b", 1.1), ("c", 1.2))
    )
    graph = graph_of(Move("intro", "table", 0.5, onward=1.0), first, alike, other)
    graph.next_work()
    assert graph.next_work() == first_of(first)
    heartbeats = 50_000 if isinstance(verdict, Proved) else 10
    graph.absorb(Tried(Try(0, first), Checked(Candidate(first.text, "table"), verdict, heartbeats=heartbeats)))
    if isinstance(verdict, Proved):
        assert graph.proof == first.text
    else:
        assert graph.next_work() == first_of(alike)


def cut_short(work: Try, cause: Cause = Cause.HEARTBEATS) -> Tried:
    return Tried(work, Checked(Candidate(work.move.text, "table"), Inconclusive(cause, "no end")))


def test_what_comes_to_no_end_has_the_rest_of_its_time_when_others_had_their_turn() -> None:
    other = Move("other", "table", 1.5)
    graph = graph_of(QUICK, other, DEAR)
    graph.absorb(cut_short(first_of(graph_move(graph, QUICK))))
    assert graph.tried == 0
    assert graph.next_work() == first_of(other)
    assert graph.next_work() == Try(0, QUICK, ALL)
    graph.again(Try(0, QUICK, ALL))
    assert graph.next_work() == Try(0, QUICK, ALL)
    graph.absorb(Tried(Try(0, QUICK, ALL), Checked(Candidate("quick", "table"), Proved())))
    assert graph.proof == "quick"


def test_what_ends_as_something_that_was_cut_short_waits_too() -> None:
    long, alike, other = (
        Move("induction x <;> grind [f]", "table", 1.0),
        Move("induction y <;> grind [f]", "table", 1.1),
        Move("induction y <;> simp [f]", "table", 1.3),
    )
    graph = graph_of(long, alike, other)
    graph.absorb(cut_short(first_of(graph_move(graph, long))))
    assert [graph.next_work() for _ in range(3)] == [first_of(other), first_of(alike), Try(0, long, ALL)]


def test_two_of_what_comes_to_no_end_are_not_done_at_once() -> None:
    long = [Move(f"{way} <;> grind [{way}]", "table", 1.0) for way in "ab"]
    others = [Move(f"other {nth}", "table", 5.0) for nth in range(2)]
    graph = graph_of(*long, *others)
    for move in long:
        graph.absorb(cut_short(first_of(graph_move(graph, move))))
    first, second = (Try(0, move, ALL) for move in long)
    # The second one is cheaper than the others, and waits until the first one is done.
    assert [graph.next_work() for _ in range(2)] == [first, first_of(others[0])]
    graph.absorb(Tried(first, Checked(Candidate(long[0].text, "table"), Rejected(Reason.ERROR, "failed"))))
    assert graph.next_work() == second
    graph.again(second)
    assert [graph.next_work() for _ in range(2)] == [second, first_of(others[1])]


def test_where_nothing_else_is_left_two_are() -> None:
    long = [Move(f"{way} <;> grind [{way}]", "table", 1.0) for way in "ab"]
    graph = graph_of(*long)
    for move in long:
        graph.absorb(cut_short(first_of(graph_move(graph, move))))
    assert [graph.next_work() for _ in range(3)] == [Try(0, long[0], ALL), Try(0, long[1], ALL), None]


def test_what_was_given_back_begins_anew() -> None:
    graph = graph_of(QUICK)
    graph.again(first_of(graph_move(graph, QUICK)))
    assert graph.next_work() == first_of(QUICK)
    assert graph.next_work() is None


def test_what_somebody_else_wanted_meanwhile_is_not_done_twice() -> None:
    dear, cheap = Move("same", "table", 3.0), Move("same", "another", 1.0)
    graph = graph_of(dear, cheap)  # known twice: the second one brought it forward
    first = graph.next_work()
    assert isinstance(first, Try)
    graph.absorb(cut_short(first))
    found = [graph.next_work() for _ in range(2)]
    assert [work.share for work in found if isinstance(work, Try)] == [ALL]
    assert None in found


def test_there_is_no_third_time() -> None:
    graph = graph_of(QUICK)
    graph.absorb(cut_short(first_of(graph_move(graph, QUICK))))
    assert graph.next_work() == Try(0, QUICK, ALL)
    graph.absorb(cut_short(Try(0, QUICK, ALL)))
    assert graph.next_work() is None
    assert graph.exhausted


@pytest.mark.parametrize("tier", [Tier.INSTANT, Tier.SLOW])
def test_what_is_no_quick_move_has_all_its_time_at_once(tier: Tier) -> None:
    move = Move("whole", "table", 1.0, tier=tier)
    assert graph_of(move).next_work() == Try(0, move)


def test_what_a_busy_machine_ended_is_not_taken_up_again() -> None:
    graph = graph_of(QUICK)
    graph.absorb(cut_short(first_of(graph_move(graph, QUICK)), Cause.TIMEOUT))
    assert graph.exhausted


def graph_move(graph: SearchGraph, move: Move) -> Move:
    """The move, which is what the graph gives away now."""
    assert graph.next_work() == first_of(move)
    return move
