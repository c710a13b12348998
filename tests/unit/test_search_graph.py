"""The and/or graph of a proof search, as tables: what Lean would say in, the order of work and the proof out."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

import pytest

from ghostproof.search.graph import DEEPEST, MOST_CASES, SearchGraph
from ghostproof.search.skeleton import Skeleton, after, cases
from ghostproof.search.strategy import (
    Answered,
    Compare,
    Consult,
    Finding,
    Goal,
    Idea,
    Learnt,
    Look,
    Looked,
    Move,
    Query,
    QueryKind,
    Sift,
    Tried,
    Try,
    Work,
)
from ghostproof.verify.checker import Function
from ghostproof.verify.definitions import Definition, Definitions
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.verdict import Candidate, Checked, Progress, Proved, Reason, Rejected, Verdict

FAILED = Rejected(Reason.ERROR, "tactic failed")


class Table:
    """A strategy whose moves stand in a table, by the target of the goal."""

    name = "table"

    def __init__(self, moves: Mapping[str, Sequence[Move]], later: Mapping[str, Sequence[Move]] | None = None) -> None:
        self._moves, self._later = moves, later or {}

    def moves(self, goal: Goal) -> Iterable[Idea]:
        return self._moves.get(goal.main.target, ())

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return self._later.get(move.text, ())


def closer(text: str, cost: float = 1.0) -> Move:
    return Move(text, "table", cost)


def step(text: str, cost: float = 1.0, onward: float = 1.0) -> Move:
    return Move(text, "table", cost, onward)


def goal(target: str) -> str:
    return f"⊢ {target}"


class Lean:
    """Drives a graph with verdicts from a table, one work at a time; what was worked on stays in `order`."""

    def __init__(self, graph: SearchGraph, verdicts: Mapping[str, Verdict], seen: Mapping[int, str | None]) -> None:
        self.graph, self._verdicts, self._seen = graph, verdicts, seen
        self.order: list[str] = []
        self._keys: dict[int, str] = {}

    def run(self, most: int = 200) -> "Lean":
        for _ in range(most):
            work = self.graph.next_work()
            if work is None or self.graph.proof is not None:
                return self
            self.graph.absorb(self._answer(work))
        raise AssertionError("the search does not end")

    def _answer(self, work: Work) -> Finding:
        assert not isinstance(work, Consult | Sift | Compare), "nobody asks here"
        if isinstance(work, Look):
            key = self._seen.get(work.number, self.graph.open_goal(work.number))
            self.order.append(f"look {work.number}")
            return Looked(work, None if key is None else parse_main(key))
        self.order.append(f"{work.number}: {work.move.text}")
        verdict = self._verdicts.get(work.move.text, FAILED)
        return Tried(work, Checked(Candidate(work.move.text, "table"), verdict))


def search(
    moves: Mapping[str, Sequence[Move]],
    verdicts: Mapping[str, Verdict],
    later: Mapping[str, Sequence[Move]] | None = None,
    seen: Mapping[int, str | None] | None = None,
) -> Lean:
    graph = SearchGraph(parse_main(goal("t")), "", [Table(moves, later)])
    return Lean(graph, verdicts, seen or {}).run()


def test_the_cheapest_move_comes_first() -> None:
    done = search({"t": [closer("dear", 3), closer("cheap"), closer("middle", 2)]}, {})
    assert done.order == ["0: cheap", "0: middle", "0: dear"]
    assert done.graph.exhausted


def test_a_step_is_proved_when_all_that_it_leaves_is() -> None:
    done = search(
        {"t": [step("constructor")], "a": [closer("simp")], "b": [closer("omega")]},
        {"constructor": Progress((goal("a"), goal("b"))), "simp": Proved(), "omega": Proved()},
    )
    assert done.graph.proof == "constructor\n· simp\n· omega"


def test_a_step_that_leaves_one_goal_is_followed_by_its_proof() -> None:
    done = search(
        {"t": [step("intro h")], "a": [closer("simp")]}, {"intro h": Progress((goal("a"),)), "simp": Proved()}
    )
    assert done.graph.proof == "intro h\nsimp"


def test_a_goal_without_moves_left_gives_up_its_step_and_the_goals_beside_it() -> None:
    done = search(
        {"t": [step("constructor")], "a": [], "b": [closer(f"b{n}", n) for n in range(1, 9)]},
        {"constructor": Progress((goal("a"), goal("b")))},
    )
    assert done.graph.exhausted
    assert done.order == ["0: constructor", "look 1"]


def test_equal_goals_are_one_node_and_proved_once() -> None:
    done = search(
        {"t": [step("left", 1), step("right", 2)], "a": [closer("simp")], "b": []},
        {"left": Progress((goal("a"), goal("b"))), "right": Progress((f"case x\n{goal('a')}",)), "simp": Proved()},
    )
    assert done.graph.proof == "right\nsimp"
    assert done.order.count("1: simp") == 1


def test_moves_of_a_goal_that_is_needed_again_are_not_lost() -> None:
    done = search(
        {"t": [step("first", 1, 0.1), step("second", 2.5, 0.1)], "a": [closer("simp", 5)], "b": []},
        {"first": Progress((goal("a"), goal("b"))), "second": Progress((goal("a"),)), "simp": Proved()},
    )
    assert done.graph.proof == "second\nsimp"


@pytest.mark.parametrize("left", [("t",), ("a", "t")])
def test_a_step_back_to_a_goal_above_is_no_step(left: Sequence[str]) -> None:
    done = search(
        {"t": [step("symm")], "a": [closer("simp")]}, {"symm": Progress(tuple(map(goal, left))), "simp": Proved()}
    )
    assert done.graph.exhausted
    assert done.order == ["0: symm"]


def test_a_circle_over_two_steps_is_none_either() -> None:
    done = search(
        {"t": [step("there")], "a": [step("back")]},
        {"there": Progress((goal("a"),)), "back": Progress((goal("t"),))},
    )
    assert done.graph.exhausted


def test_a_goal_that_is_met_again_at_less_cost_has_its_turn_earlier() -> None:
    """So has what its steps leave: both are only as far as the nearest way to them."""
    done = search(
        {
            "t": [step("far", 1.0, 5.0), step("near", 1.1, 0.2), closer("late", 3.0)],
            "a": [step("on", 0.1, 0.1), closer("simp", 1.0)],
            "b": [closer("omega", 1.0)],
        },
        {"far": Progress((goal("a"),)), "near": Progress((goal("a"),)), "on": Progress((goal("b"),)), "late": Proved()},
    )
    assert done.order == ["0: far", "0: near", "look 1", "1: on", "look 2", "1: simp", "2: omega", "0: late"]


@pytest.mark.parametrize("lossless", [True, False])
def test_what_only_takes_apart_leads_no_deeper(lossless: bool) -> None:
    names = [f"t{nth}" for nth in range(2 * DEEPEST)]
    taken = {here: [replace(step(f"obtain {here}"), lossless=lossless)] for here in names}
    verdicts: dict[str, Verdict] = {
        f"obtain {here}": Progress((goal(there),)) for here, there in pairwise([*names, "end"])
    }
    done = search(
        {"t": [step("intro")], **taken, "end": [closer("simp")]},
        {"intro": Progress((goal("t0"),)), **verdicts, "simp": Proved()},
    )
    assert (done.graph.proof is not None) == lossless


def test_a_goal_that_its_names_make_an_earlier_one_is_given_up() -> None:
    done = search({"t": [step("cases h")]}, {"cases h": Progress(("x✝ : Nat\n⊢ t",))}, seen={1: goal("t")})
    assert done.graph.exhausted


def test_a_goal_that_lean_does_not_see_in_place_is_given_up() -> None:
    done = search({"t": [step("odd")], "a": [closer("simp")]}, {"odd": Progress((goal("a"),))}, seen={1: None})
    assert done.graph.exhausted


def test_goals_with_a_metavariable_in_common_are_one() -> None:
    left = ("⊢ ?w < 3", "case w\n⊢ Nat")
    done = search(
        {"t": [step("constructor")], "?w < 3": [closer("half", 1), closer("whole", 2)]},
        {"constructor": Progress(left), "half": Progress(left[1:], closed_main=True), "whole": Proved()},
        seen={1: left[0]},
    )
    assert done.graph.proof == "constructor\nwhole"


def test_a_question_mark_in_a_name_is_no_metavariable() -> None:
    left = ("⊢ xs[0]? = xs.head?", "⊢ b")
    moves = {"t": [step("constructor")], "xs[0]? = xs.head?": [closer("simp")], "b": [closer("rfl")]}
    done = search(moves, {"constructor": Progress(left), "simp": Proved(), "rfl": Proved()})
    assert done.graph.proof == "constructor\n· simp\n· rfl"


def test_what_a_closer_leaves_is_not_followed() -> None:
    done = search({"t": [closer("simp")], "a": [closer("rfl")]}, {"simp": Progress((goal("a"),)), "rfl": Proved()})
    assert done.graph.exhausted


def test_more_cases_than_anybody_writes_out_are_not_followed() -> None:
    left = tuple(goal(f"g{n}") for n in range(MOST_CASES + 1))
    assert search({"t": [step("cases x")]}, {"cases x": Progress(left)}).graph.exhausted


def test_what_follows_from_a_verdict_joins_the_search() -> None:
    done = search({"t": [closer("exact?")]}, {"exact h": Proved()}, later={"exact?": [closer("exact h", 0.5)]})
    assert done.graph.proof == "exact h"


def test_a_conjecture_is_a_step_with_its_own_proof() -> None:
    done = search(
        {"t": [step("have aux : a := ?_")], "a": [closer("induction x\n· rfl")], "b": [closer("simp [aux]")]},
        {
            "have aux : a := ?_": Progress(("aux : a\n⊢ b", goal("a"))),
            "induction x\n· rfl": Proved(),
            "simp [aux]": Proved(),
        },
    )
    assert done.graph.proof == "have aux : a := by\n  induction x\n  · rfl\nsimp [aux]"


def test_a_rejected_whole_is_given_up_and_the_search_goes_on() -> None:
    done = search({"t": [closer("simp"), closer("omega", 2)]}, {"simp": Proved(), "omega": Proved()})
    done.graph.reject("simp")
    assert done.graph.proof is None
    done.run()
    assert done.order == ["0: simp", "0: omega"]
    assert not done.graph.exhausted


def test_the_shorter_of_two_proofs_is_kept() -> None:
    done = search({"t": [closer("simp [f, g]"), closer("rfl", 2)]}, {"simp [f, g]": Proved(), "rfl": Proved()})
    graph = done.graph
    work = graph.next_work()
    assert work is None, "a proved goal gets no more work"
    assert graph.proof == "simp [f, g]"


def test_the_script_up_to_a_goal_leaves_the_others_open() -> None:
    moves = {"t": [step("constructor")], "a": [closer("x", 9)], "b": [closer("y", 9)]}
    graph = SearchGraph(parse_main(goal("t")), "", [Table(moves)])
    work = graph.next_work()
    assert isinstance(work, Try)
    graph.absorb(Tried(work, Checked(Candidate("constructor", "table"), Progress((goal("a"), goal("b"))))))
    assert graph.script(2, "HERE") == "constructor\n· sorry\n· HERE"


@pytest.mark.parametrize(
    ("skeleton", "proofs", "text"),
    [
        (cases("cases x", ["| inl h", "| inr h"]), ["simp", "rw [h]\nrfl"],
         "cases x with\n| inl h => simp\n| inr h =>\n  rw [h]\n  rfl"),
        (after("intro h", 1), ["a\nb"], "intro h\na\nb"),
        (after("constructor", 2), ["a\nb", "c"], "constructor\n· a\n  b\n· c"),
        (Skeleton.of("have h : p := ?_\n?_"), ["a\nb", "c"], "have h : p := by\n  a\n  b\nc"),
        (Skeleton.of("suffices h : p from ?_\n?_"), ["a", "c"], "suffices h : p from a\nc"),
        (Skeleton.of("calc a = b := ?_\n  _ = c := ?_"), ["simp\nrfl", "a\nb"],
         "calc a = b := by\n    simp\n    rfl\n  _ = c := by\n    a\n    b"),
        (cases("cases x", ["| inl h"]), ["x" * 95], "cases x with\n| inl h =>\n  " + "x" * 95),
    ],
)  # fmt: skip
def test_proofs_are_laid_out_in_their_holes(skeleton: Skeleton, proofs: Sequence[str], text: str) -> None:
    assert skeleton.fill(proofs) == text


class Curious(Table):
    """A table that asks one question about each of its goals, and tries what is answered."""

    def moves(self, goal: Goal) -> Iterable[Idea]:
        yield from super().moves(goal)
        yield Query(QueryKind.PROOF, goal.main.target, self, cost=1.5)

    def hear(self, goal: Goal, query: Query, answer: str | None) -> Iterable[Idea]:
        return () if answer is None else [closer(answer)]


def asking(moves: Mapping[str, Sequence[Move]]) -> SearchGraph:
    return SearchGraph(parse_main(goal("t")), "", [Curious(moves)])


def tried(graph: SearchGraph, verdict: Verdict = FAILED) -> str:
    """The next move, which gets this verdict."""
    work = graph.next_work(questions=False)
    assert isinstance(work, Try)
    graph.absorb(Tried(work, Checked(Candidate(work.move.text, "table"), verdict)))
    return work.move.text


def asked(graph: SearchGraph) -> Consult:
    work = graph.next_work()
    assert isinstance(work, Consult)
    return work


def test_answers_join_the_search_as_they_come_and_a_goal_waits_for_them() -> None:
    graph = asking({"t": [closer("simp")]})
    assert tried(graph) == "simp"
    assert graph.next_work(questions=False) is None
    question = asked(graph)
    assert not graph.exhausted
    graph.absorb(Answered(question, "rfl"))
    graph.absorb(Answered(question, "omega"))
    assert tried(graph) == "rfl"
    graph.absorb(Answered(question, None))
    assert not graph.exhausted
    assert tried(graph, Proved()) == "omega"
    assert graph.proof == "omega"


def test_a_goal_is_given_up_when_no_more_answers_will_come() -> None:
    graph = asking({})
    question = asked(graph)
    graph.absorb(Answered(question, "rfl"))
    graph.absorb(Answered(question, None))
    assert tried(graph) == "rfl"
    assert graph.exhausted


def test_a_question_comes_in_its_turn_and_knows_how_earlier_steps_fare() -> None:
    moves = {"t": [step("constructor", 0.1, 0.1)], "a": [closer("simp", 0.1)], "b": [closer("omega", 0.1)]}
    graph = asking(moves)
    assert tried(graph, Progress((goal("a"), goal("b")))) == "constructor"
    for place in (1, 2):
        work = graph.next_work()
        assert isinstance(work, Look)
        graph.absorb(Looked(work, parse_main(goal("ab"[place - 1]))))
    assert tried(graph, Proved()) == "simp"
    assert tried(graph) == "omega"
    question = asked(graph)
    assert question.number == 0
    assert question.learnt == (Learnt("⊢ a", proved=True, given_up=False), Learnt("⊢ b", proved=False, given_up=False))
    assert graph.wants(Look(2))
    assert not graph.wants(Look(1))


def test_what_a_step_leaves_is_tried_as_it_was_meant() -> None:
    planned = Move("constructor", "table", 1.0, 1.0, plan=((closer("first"),), (closer("second"), closer("third"))))
    done = search(
        {"t": [planned]},
        {"constructor": Progress((goal("a"), goal("b"))), "first": Proved(), "third": Proved()},
    )
    assert done.graph.proof == "constructor\n· first\n· third"


def test_goals_are_taken_in_the_order_of_the_holes() -> None:
    turned = Move("both", "table", 1.0, 1.0, skeleton=Skeleton.of("first ?_\nsecond ?_"), order=(1, 0))
    done = search(
        {"t": [turned], "a": [closer("simp")], "b": [closer("omega")]},
        {"both": Progress((goal("a"), goal("b"))), "simp": Proved(), "omega": Proved()},
    )
    assert done.graph.proof == "first omega\nsecond simp"


def test_a_text_can_be_judged_first_and_followed_later() -> None:
    follow = Move("intro h", "table", 2.0, 1.0)
    done = search(
        {"t": [closer("intro h"), follow], "a": [closer("simp")]},
        {"intro h": Progress((goal("a"),)), "simp": Proved()},
    )
    assert done.order == ["0: intro h", "0: intro h", "look 1", "1: simp"]
    assert done.graph.proof == "intro h\nsimp"


class Second(Table):
    """Another strategy."""

    name = "second"


@pytest.mark.parametrize("at_once", [True, False])
def test_what_two_strategies_plan_for_the_same_step_is_both_tried(at_once: bool) -> None:
    first, second = (Move("cases x", "table", 1.0, 1.0, plan=((closer(name),),)) for name in ("first", "second"))
    later: dict[str, list[Move]] = {} if at_once else {"cases x": [second]}
    tables = (Table({"t": [first], "a": []}, later), Second({"t": [second] if at_once else [], "a": []}))
    lean = Lean(SearchGraph(parse_main(goal("t")), "", tables), {"cases x": Progress((goal("a"),))}, {}).run()
    assert lean.order == ["0: cases x", "look 1", "1: first", "1: second"]
    assert lean.graph.exhausted


def test_a_step_that_is_likelier_to_another_strategy_comes_as_early_as_that_says_and_once() -> None:
    tables = (Table({"t": [step("cases x", 3), closer("simp", 2)]}), Second({"t": [step("cases x", 1)]}))
    lean = Lean(SearchGraph(parse_main(goal("t")), "", tables), {}, {}).run()
    assert lean.order == ["0: cases x", "0: simp"]
    assert lean.graph.exhausted


def test_what_an_accepted_step_replaces_gets_no_more_work() -> None:
    better = Move("more", "table", 1.5, 0.1, replaces="some")
    moves = {"t": [step("some", 1, 0.1), better], "a": [closer("early", 0.2), closer("late", 5)], "b": [closer("simp")]}
    accepted = {"some": Progress((goal("a"),)), "more": Progress((goal("b"),))}
    assert search(moves, accepted).order == ["0: some", "look 1", "1: early", "0: more", "look 2", "2: simp"]
    refused = search(moves, {"some": Progress((goal("a"),))})
    assert refused.order == ["0: some", "look 1", "1: early", "0: more", "1: late"]


def test_what_is_reducible_is_told_to_no_grind() -> None:
    main = replace(parse_main(goal("p")), functions=(Function("Twice", reducible=True), Function("f")))
    known = Definitions({"Half": Definition("Half", reducible=True)})
    moves = {"p": [closer("induction n <;> grind [f, Twice, Half]"), closer("simp [f, Twice]", 2.0)]}
    graph = SearchGraph(main, "", [Table(moves)], known)
    found = [graph.next_work() for _ in range(2)]
    assert [work.move.text for work in found if isinstance(work, Try)] == [
        "induction n <;> grind [f]",
        "simp [f, Twice]",
    ]
