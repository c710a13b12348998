"""Operators that stand for a file's functions: how they are read, and what is said of them first."""

import pytest

from ghostproof.search.strategies.exploration import Exploration
from ghostproof.search.strategies.notation import Notations
from ghostproof.search.strategy import Goal
from ghostproof.syntax.notations import notations
from ghostproof.verify.checker import Function, Hypothesis, MainGoal
from ghostproof.verify.verdict import Candidate, Checked, Reason, Rejected
from support.told_definitions import function as defined
from support.told_definitions import told

ABOVE = """inductive Row (α : Type) where
  | nil
  | cons (x : α) (xs : Row α)
def Row.cat : Row α → Row α → Row α
  | .nil, ys => ys
  | .cons x xs, ys => .cons x (xs.cat ys)
instance : Append (Row α) := ⟨Row.cat⟩
def Row.back : Row α → Row α
  | .nil => .nil
  | .cons x xs => xs.back ++ .cons x .nil
def Row.plain : Row α → Row α
  | .nil => .nil
  | .cons x xs => .cons x xs.plain
"""
KNOWN = told(defined("Row.back", uses=("Row.cat",)), defined("Row.cat"), defined("Row.plain"))
LAW = "∀ {α : Type} (a b : Row α), (a ++ b) = Row.cat a b"


def goal(target: str, *functions: Function, depth: int = 0) -> Goal:
    hypotheses = (Hypothesis("α", "Type", False, "", False), Hypothesis("xs", "Row α", False, "Row", True))
    main = MainGoal(f"α : Type\nxs : Row α\n⊢ {target}", target, "Eq", (), hypotheses, functions)
    return Goal(0, main, ABOVE, depth, known=KNOWN)


def function(name: str) -> Function:
    return Function(name, True, (f"{name} xs",), ("Row α",), "Row α")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("instance : Add N := ⟨N.add⟩\n", [("+", "N", "N.add")]),
        ("instance : Append (Row α) := ⟨Row.cat⟩\n", [("++", "Row α", "Row.cat")]),
        ("instance instMul : Mul N where\n  mul := N.mul\n", [("*", "N", "N.mul")]),
        ("@[simp] local instance {α : Type} : Append (Row α) := { append := Row.cat }\n", [("++", "Row α", "Row.cat")]),
        # What is no name of a function, and no operator.
        ("instance : Inhabited N := ⟨N.zero⟩\n", []),
        ("instance : Add N := N.adds\n", []),
        ("instance : Add N := ⟨fun ⟨a⟩ ⟨b⟩ => ⟨b⟩⟩\n", []),
        ("instance : LE N where\n  le a b := a = b\n  lt a b := False\n", []),
        ("instance : Add N where\n", []),
        ("instance : Add N := ⟨N.add\n", []),
        ("-- instance : Add N := ⟨N.add⟩\n", []),
    ],
)
def test_what_operators_stand_for(text: str, told: list[tuple[str, str, str]]) -> None:
    assert [(one.sign, one.type, one.function) for one in notations(f"import A\n{text}theorem t : True")] == told


@pytest.mark.parametrize(
    "text",
    [
        "instance : Mul Z := ⟨fun z w => ⟨z.re * w.re, z.im⟩⟩",
        "instance : Mul Z :=\n  ⟨fun z w =>\n    ⟨z.re * w.re, z.im⟩⟩",
        "instance : Mul Z := { mul := fun z w => ⟨z.re * w.re, z.im⟩ }",
        "instance : Mul Z where\n  mul z w := ⟨z.re * w.re, z.im⟩",
        "instance : Mul Z where\n  mul z w :=\n    ⟨z.re * w.re,\n     z.im⟩",
        "instance : Mul Z where\n  mul := fun z w ↦ ⟨z.re * w.re, z.im⟩",
    ],
)
def test_what_they_make_of_their_sides(text: str) -> None:
    [one] = notations(f"import A\n{text}\n\ntheorem t : True")
    assert (one.sign, one.names, one.function) == ("*", ("z", "w"), "")
    assert one.body == "⟨z.re * w.re, z.im⟩"


def test_what_an_operator_makes_of_its_sides_is_said_first() -> None:
    above = "instance : Mul Z := ⟨fun z w => ⟨z.re * w.re, z.im⟩⟩\n"
    main = MainGoal("a : Z\n⊢ a * a = a", "a * a = a", "Eq", (), (Hypothesis("a", "Z", False, "Z", False),))
    [move] = Notations().moves(Goal(0, main, above, 0))
    law = "∀ (z w : Z), (z * w) = ⟨z.re * w.re, z.im⟩"
    assert move.text == f"have mul_def : {law} := fun _ _ => rfl\nsimp only [mul_def]"


def test_what_an_operator_is_is_said_first() -> None:
    [move] = Notations().moves(goal("xs ++ Row.nil = xs"))
    assert move.text == f"have append_def : {LAW} := fun _ _ => rfl\nsimp only [append_def]"
    assert move.onward is not None


def test_also_where_only_the_equations_of_a_function_use_it() -> None:
    [move] = Notations().moves(goal("Row.back (Row.back xs) = xs", function("Row.back")))
    assert move.text == f"have append_def : {LAW} := fun _ _ => rfl"


def test_nothing_is_said_where_there_is_no_operator_or_below_the_theorem() -> None:
    assert not list(Notations().moves(goal("Row.plain xs = xs", function("Row.plain"))))
    assert not list(Notations().moves(goal("xs ++ Row.nil = xs", depth=1)))


def test_lemmas_are_guessed_where_it_is_said() -> None:
    """Nothing can be proved of `back` while `++` is not known to be `cat`."""
    back = function("Row.back")
    assert not list(Exploration().moves(goal("Row.back (Row.back xs) = xs", back)))
    assert list(Exploration().moves(goal("Row.back (Row.back xs) = xs", back, depth=1)))


def test_lemmas_are_guessed_of_the_theorem_where_lean_does_not_say_it_too() -> None:
    strategy, theorem = Exploration(), goal("Row.back (Row.back xs) = xs", function("Row.back"))
    [move] = Notations().moves(theorem)
    assert not list(strategy.moves(theorem))
    refused = Checked(Candidate(move.text, move.strategy), Rejected(Reason.ERROR, "no"))
    assert list(strategy.follow(theorem, move, refused))
