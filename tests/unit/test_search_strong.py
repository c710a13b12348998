"""Induction on what gets smaller, and the assumption of an induction in both directions."""

from dataclasses import replace

import pytest

from ghostproof.search.strategies.automation import Automation
from ghostproof.search.strategies.strong import StrongInduction
from ghostproof.search.strategy import Goal, Move, Strategy
from ghostproof.verify.checker import Function, Hypothesis
from ghostproof.verify.definitions import Constructor, InductiveType
from ghostproof.verify.goal_text import parse_main
from support.told_definitions import function, told

# `halve xs` is `halve (evens xs) + 1` as long as there are two, and takes nothing apart.
KNOWN = told(
    function("size", "List Nat → Nat"),
    function("halve", "List Nat → Nat", matched=(), varying=(0,)),
    function("turn", "List Nat → Nat"),
)
N, XS = Hypothesis("n", "Nat", False, "Nat", True), Hypothesis("xs", "List Nat", False, "List", True)
M = replace(N, name="m")
SIZE = Function("size", True, ("size xs",), ("List Nat",), "Nat")
HALVE = Function("halve", True, ("halve xs",), ("List Nat",), "Nat")


def offered(
    strategy: Strategy, target: str, *hypotheses: Hypothesis, functions: tuple[Function, ...] = (), depth: int = 0
) -> list[str]:
    lines = "".join(f"{h.name} : {h.type}\n" for h in hypotheses)
    main = replace(parse_main(f"{lines}⊢ {target}"), hypotheses=hypotheses, functions=functions)
    return [idea.text for idea in strategy.moves(Goal(0, main, "", depth, known=KNOWN)) if isinstance(idea, Move)]


@pytest.mark.parametrize(
    ("kind", "used"),
    [
        ("f n = g n", True),
        ("∀ (ys : List Nat), 0 < n → f ys = g ys", True),
        ("n = 1 → ∀ x, f x = n", True),
        ("∀ (x : Nat), p x", False),
        ("∀ (x : Nat), f x = g x ∧ p x", False),
        ("f n ≤ g n", False),
    ],
)
def test_an_equation_that_is_assumed_serves_in_both_directions(kind: str, used: bool) -> None:
    texts = offered(Automation(), "f n = h n", N, Hypothesis("ih", kind, True), functions=(SIZE,))
    for text in ("rw [ih]", "rw [← ih]"):
        assert (text in texts) is used


def test_a_number_is_assumed_for_all_smaller_ones() -> None:
    (text,) = offered(StrongInduction(), "∃ k, n = 2 * k ∨ n = 2 * k + 1", N)
    assert text == "induction n using Nat.strongRecOn with\n| ind n ih => ?_"


def test_a_value_that_a_function_recurses_on_in_its_own_way_has_a_measure() -> None:
    (text,) = offered(StrongInduction(), "halve xs ≤ size xs", XS, functions=(HALVE, SIZE))
    assert text == "induction hm : size xs using Nat.strongRecOn generalizing xs with\n| ind m ih => ?_"
    (text,) = offered(StrongInduction(), "halve xs ≤ 9", XS, functions=(HALVE,))
    assert "induction hm : xs.length using" in text


def test_what_recurses_on_parts_has_none() -> None:
    turn = Function("turn", True, ("turn xs",), ("List Nat",), "Nat")
    assert offered(StrongInduction(), "turn xs = 0", XS, functions=(turn,)) == []
    assert offered(StrongInduction(), "n = n", N, depth=2) == []


def test_a_predicate_may_go_on_by_two() -> None:
    even = InductiveType("Even", arguments=("Nat",), is_prop=True, constructors=(Constructor("Even.zero"),))
    known = told(function("isEven", "Nat → Bool"), even)
    is_even = Function("isEven", True, ("isEven n",), ("Nat",), "Bool")
    main = replace(parse_main("n : Nat\n⊢ Even n ↔ isEven n = true"), hypotheses=(N,), functions=(is_even,))
    (move,) = StrongInduction().moves(Goal(0, main, "", 0, known=known))
    (planned,) = move.plan
    assert "rcases n with _ | _ | n <;> grind [isEven, Even]" in [one.text for one in planned]
    plain = replace(parse_main("n : Nat\n⊢ isEven n = true"), hypotheses=(N,), functions=(is_even,))
    (move,) = StrongInduction().moves(Goal(0, plain, "", 0, known=known))
    assert move.plan == ((),)
