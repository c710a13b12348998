"""Whose turn it is, lemmas or cases, by what Lean has used for either."""

from collections.abc import Iterable

from ghostproof.search.graph import SearchGraph
from ghostproof.search.shares import LEMMA
from ghostproof.search.strategy import Goal, Idea, Look, Looked, Move, Tried, Try
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.verdict import Candidate, Checked, Progress, Reason, Rejected


class Both:
    """Cheap lemmas about the goal without end, and a step whose only case takes dear work."""

    name = "both"

    def moves(self, goal: Goal) -> Iterable[Idea]:
        if goal.main.target == "whole":
            yield Move("split", "both", 0.1, 1.0)
            yield Move("lemma 0", LEMMA, 0.5)
            yield Move("with lemmas", LEMMA, 0.6, 0.5)
            yield Move("at last", "both", 2.5)
        elif goal.main.target == "case":
            yield from (Move(f"case {nth}", "both", 2.0) for nth in range(3))
        else:
            yield from (Move(f"whole again {nth}", "both", 0.5) for nth in range(3))

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        if move.text.startswith("lemma "):
            yield Move(f"lemma {int(move.text.split()[1]) + 1}", LEMMA, 0.5)


LEAVES = {"split": Progress(("⊢ case",)), "with lemmas": Progress(("⊢ whole, with lemmas",))}


def order(heartbeats: int, most: int) -> list[str]:
    """What is tried, where each piece of work takes so much."""
    graph, tried = SearchGraph(parse_main("⊢ whole"), "", [Both()]), []
    for _ in range(most):
        work = graph.next_work()
        assert isinstance(work, Look | Try)
        if isinstance(work, Look):
            graph.absorb(Looked(work, parse_main(graph.open_goal(work.number))))
            continue
        tried.append(work.move.text)
        verdict = LEAVES.get(work.move.text, Rejected(Reason.ERROR, "no"))
        graph.absorb(Tried(work, Checked(Candidate(work.move.text, ""), verdict, heartbeats=heartbeats)))
    return tried


def test_a_case_has_its_turn_while_lemmas_lead_to_more_of_them() -> None:
    tried = order(100, 50)
    assert tried.index("lemma 0") < tried.index("case 0")
    between = tried[tried.index("case 0") + 1 : tried.index("case 1")]
    assert 7 <= len(between) <= 9
    assert all("lemma" in one for one in between)


def test_the_goal_with_lemmas_is_no_case() -> None:
    tried = order(100, 60)
    assert "whole again 0" not in tried[: tried.index("case 2")]


def test_where_nobody_knows_what_work_takes_the_cheapest_comes_first() -> None:
    assert not any(one.startswith("case") for one in order(0, 40))
