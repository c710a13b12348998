"""Inequalities of powers: which exponents are compared, and where."""

from dataclasses import replace

from ghostproof.search.strategies.powers import Powers
from ghostproof.search.strategy import Goal, Move
from ghostproof.verify.checker import Function, Hypothesis
from ghostproof.verify.goal_text import parse_main

SIZE = Function("size", True, ("size l",), ("Tree",), "Nat")
HEIGHT = Function("height", True, ("height l",), ("Tree",), "Nat")
LEFT, RIGHT = (Hypothesis(f"ih{x}", f"size {x} < 2 ^ height {x}", is_prop=True) for x in "lr")


def offered(target: str, *hypotheses: Hypothesis, head: str = "LT.lt") -> list[str]:
    main = replace(parse_main(f"⊢ {target}"), hypotheses=hypotheses, functions=(SIZE, HEIGHT), head=head)
    return [idea.text for idea in Powers().moves(Goal(0, main, "", 1)) if isinstance(idea, Move)]


def test_exponents_of_what_is_assumed_come_first() -> None:
    first, *others = offered("size l + size r < 2 ^ (height l + height r)", LEFT, RIGHT)
    assert first.startswith("rcases Nat.le_total (height r) (height l) with h | h <;> ")
    assert "have hp := Nat.pow_le_pow_right (n := 2) (by decide) h" in first
    assert first.endswith("grind [size, height, Nat.pow_succ]")
    assert all("(height l + height r)" in text for text in others)
    assert len(others) == 2


def test_a_base_that_is_a_variable_has_to_be_positive() -> None:
    (text,) = offered("b ^ m ≤ b ^ n", Hypothesis("hb", "0 < b", is_prop=True), head="LE.le")
    assert "Nat.le_total m n" in text
    assert "(n := b) (by omega)" in text


def test_powers_of_two_bases_are_not_compared() -> None:
    assert offered("2 ^ m ≤ 3 ^ n", head="LE.le") == []


def test_assumptions_for_all_values_say_nothing_of_one() -> None:
    general = Hypothesis("ih", "∀ (r : Tree), size r < 2 ^ height r", is_prop=True)
    assert offered("size l < 2 ^ height l", general) == []


def test_equations_are_left_to_others() -> None:
    assert offered("size l = 2 ^ height l + 2 ^ height r", LEFT, RIGHT, head="Eq") == []
