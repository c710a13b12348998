"""Which goals are made more general, and how."""

from dataclasses import replace

import pytest

from ghostproof.search.strategies.generalisation import Generalisation
from ghostproof.search.strategy import Goal
from ghostproof.verify.checker import Function, Hypothesis
from ghostproof.verify.goal_text import parse_main

X, XS = Hypothesis("x", "Nat", False, "Nat", True), Hypothesis("xs", "List Nat", False, "List", True)
SORT = Function("sort", True, ("sort xs",), ("List Nat",), "List Nat")
IN_ORDER = Function("inOrder", True, ("inOrder (put x (sort xs))", "inOrder (sort xs)"), ("List Nat",), "Bool")
PUT = Function("put", True, ("put x (sort xs)",), ("Nat", "List Nat"), "List Nat")


def offered(target: str, *hypotheses: Hypothesis, functions: tuple[Function, ...] = (), depth: int = 1) -> list[str]:
    lines = "".join(f"{h.name} : {h.type}\n" for h in hypotheses)
    main = replace(parse_main(f"{lines}⊢ {target}"), hypotheses=hypotheses, functions=functions)
    moves = list(Generalisation().moves(Goal(0, main, "", depth)))
    assert all(move.doubtful for move in moves)
    return [move.text for move in moves]


def test_a_call_that_the_assumption_speaks_of_too_becomes_a_variable() -> None:
    assumed = Hypothesis("ih", "inOrder (sort xs) = true", True)
    texts = offered("inOrder (put x (sort xs)) = true", X, XS, assumed, functions=(IN_ORDER, PUT, SORT))
    assert texts == [
        "rw [← ih]\ngeneralize sort xs = v\nclear ih",
        "generalize sort xs = v at ih ⊢",
    ]


def test_a_call_that_occurs_twice_becomes_a_variable_in_the_theorem_itself_too() -> None:
    said = Hypothesis("h", "0 < size (sort xs)", True)
    texts = offered("f (sort xs) (sort xs) = sort xs", XS, said, functions=(SORT,), depth=0)
    assert texts == ["generalize sort xs = v"]


@pytest.mark.parametrize(
    ("kind", "depth", "dropped"),
    [
        ("p xs = true", 1, True),
        ("p xs = true", 0, False),
        ("sort xs = []", 1, False),
        ("p x = true", 1, False),
    ],
)
def test_what_says_nothing_of_the_goals_functions_is_dropped(kind: str, depth: int, dropped: bool) -> None:
    texts = offered("sort xs = xs", X, XS, Hypothesis("h", kind, True), functions=(SORT,), depth=depth)
    assert ("clear h" in texts) is dropped
