"""Calls that a match or bind waits for are split on, and only these."""

from dataclasses import replace

import pytest

from ghostproof.search.strategies.scrutinee import Scrutinee
from ghostproof.search.strategy import Goal, Move
from ghostproof.verify.checker import Function
from ghostproof.verify.goal_text import parse_main
from support.told_definitions import family, told

KNOWN = told(family("Light", red="", green=""), family("Tree", leaf="", node="Tree, Tree"))


def offered(target: str, *functions: Function, depth: int = 0) -> list[str]:
    main = replace(parse_main(f"e : Nat\n⊢ {target}"), functions=functions)
    found = Scrutinee().moves(Goal(0, main, "", depth, known=KNOWN))
    return [idea.text for idea in found if isinstance(idea, Move)]


def test_what_a_bind_waits_for_is_split_on() -> None:
    step = Function("step", False, ("step x s",), result="Option (List Nat)")
    run = Function("run", True, ("run p s",), result="Option (List Nat)")
    assert offered("(step x s).bind (run p) = run p s", step, run) == [
        "cases step x s <;> simp_all",
        "cases e' : step x s <;> simp_all",
        "cases e' : step x s <;> grind [step, run]",
        "cases e' : step x s <;> simp_all <;> grind [step, run]",
        "cases e' : step x s",
    ]


@pytest.mark.parametrize(
    ("result", "is_split"),
    [("Bool", True), ("Nat × Nat", True), ("Except String Nat", True), ("Light", True), ("Tree", False), ("Nat", False),
     ("List Nat", False), ("", False)],
)  # fmt: skip
def test_only_what_has_few_forms_is(result: str, is_split: bool) -> None:
    assert bool(offered("g (f x) = y", Function("f", True, ("f x",), result=result))) == is_split


def test_a_whole_side_is_what_the_goal_is_about() -> None:
    f = Function("f", True, ("f x",), result="Bool")
    assert offered("f x = true", f) == []
    assert offered("f x", f) == []
    assert offered("(f x && b) = b", f) != []
    assert offered("(f x && b) = b", f, depth=6) == []
