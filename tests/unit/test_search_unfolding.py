"""Names for calls of the library's are replaced by what they stand for, where that shows a fold."""

from dataclasses import replace

import pytest

from ghostproof.search.strategies.unfolding import Unfolding
from ghostproof.search.strategy import Goal, Move
from ghostproof.verify.checker import Function, Hypothesis
from ghostproof.verify.definitions import Definition
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.verdict import Candidate, Checked, Progress
from support.told_definitions import function, told

TOTAL = Definition("total", (), ("List Nat",), "Nat")
SPREAD = Definition("spread", (), ("List Nat",), "Nat", uses=("plain",))
IS_SMALL = Definition("IsSmall", (), ("Nat",), "Prop")
KNOWN = told(TOTAL, SPREAD, IS_SMALL, function("plain", "List Nat → Nat"))


def goal(target: str, *names: str, depth: int = 0) -> Goal:
    functions = tuple(Function(name, False, (f"{name} xs",), ("List Nat",), "Nat") for name in names)
    return Goal(0, replace(parse_main(f"xs : List Nat\n⊢ {target}"), functions=functions), "", depth, known=KNOWN)


def offered(at: Goal) -> list[Move]:
    return [idea for idea in Unfolding().moves(at) if isinstance(idea, Move)]


def followed(at: Goal, move: Move, *left: str) -> list[Move]:
    checked = Checked(Candidate(move.text, "unfolding"), Progress(left))
    return [idea for idea in Unfolding().follow(at, move, checked) if isinstance(idea, Move)]


def test_only_what_is_another_name_is_unfolded() -> None:
    assert [move.text for move in offered(goal("total xs = plain xs", "total", "plain"))] == [
        "unfold total",
        "simp [total]",
    ]
    assert offered(goal("IsSmall xs", "IsSmall")) == []
    assert offered(goal("other xs = 0", "other")) == []
    assert offered(goal("total xs = plain xs", "total", depth=5)) == []


def test_where_guesses_know_what_it_is_made_of_it_waits() -> None:
    cost = offered(goal("total xs = 0", "total"))[0].cost
    assert offered(goal("spread xs = plain xs", "spread", "plain"))[0].cost == cost  # that one is spoken of as well
    assert offered(goal("spread xs ≤ 9", "spread"))[0].cost == cost
    alone = goal("spread xs = 0", "spread")
    assert offered(alone)[0].cost > cost
    assert followed(alone, offered(alone)[0], "⊢ plain xs = 0")


@pytest.mark.parametrize(
    ("left", "is_kept"),
    [
        ("⊢ List.foldl (fun a b => a + b) 0 xs = plain xs", True),
        ("⊢ Nat.repeat (fun n => n + 1) n 0 = n", True),
        ("f : List.foldl = g\n⊢ 2 * n = plain xs", False),
        ("⊢ MyList.foldl f 0 xs = plain xs", False),
    ],
)
def test_it_is_kept_where_it_shows_a_fold(left: str, *, is_kept: bool) -> None:
    at = goal("total xs = plain xs", "total", "plain")
    first, *_ = offered(at)
    assert first.onward is None
    assert [(move.text, move.lossless) for move in followed(at, first, left)] == [("unfold total", True)] * is_kept


def test_what_shows_nothing_new_is_not() -> None:
    at = goal("List.foldl f 0 xs = total xs", "total")
    first, *_ = offered(at)
    assert followed(at, first, "⊢ List.foldl f 0 xs = 2") == []
    at = goal("total xs = plain xs", "total")
    assert followed(at, first, "⊢ List.foldl f 0 xs = 2", "⊢ q") == []
    assert followed(at, Move("unfold plain", "automation", 1.0), "⊢ List.foldl f 0 xs = 2") == []
    assert followed(at, replace(first, onward=0.1), "⊢ List.foldl f 0 xs = 2") == []


def test_arrays_are_taken_for_lists() -> None:
    a = Hypothesis("a", "Array Nat", inductive="Array")
    at = goal("total a = 0", "total")
    at = replace(at, main=replace(at.main, hypotheses=(a,)))
    assert [move.text for move in offered(at)] == ["obtain ⟨xs'⟩ := a\nsimp [total]"]
