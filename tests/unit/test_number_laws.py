"""What is guessed of functions that take or give numbers: each such law as a statement."""

from ghostproof.search.conjectures import conjectures
from ghostproof.search.plainest import Plainest
from ghostproof.verify.checker import Function

NUMBERS = {"N": Plainest("N.z", "N.s")}


def function(name: str, kind: str) -> Function:
    *arguments, result = kind.split(" → ")
    return Function(name, True, (), tuple(arguments), result)


def guessed(*functions: Function) -> list[str]:
    return [one.statement for one in conjectures(functions, NUMBERS)]


def test_a_step_is_one_more_of_the_files_own_numbers_too() -> None:
    said = guessed(function("value", "P → N"), function("inc", "P → P"))
    assert "∀ (x : P), value (inc x) = N.s (value x)" in said
    said = guessed(function("size", "T → Nat"), function("hang", "T → T"))
    assert "∀ (x : T), size (hang x) = size x + 1" in said


def test_a_function_of_numbers_may_grow_with_them() -> None:
    said = guessed(function("power", "Nat → Nat"))
    # The induction goes over the larger one.
    assert "∀ (x y : Nat), y ≤ x → power y ≤ power x" in said
    assert "∀ (x : Nat), x ≤ power x" in said
    said = guessed(function("size", "T → Nat"))
    assert "∀ (x : T), 1 ≤ size x" in said
    assert not any("y ≤ x" in one for one in said)


def test_a_list_of_numbers_is_made_from_its_other_end() -> None:
    said = guessed(function("countdown", "Nat → List Nat"), function("stepsFrom", "Nat → Nat → List Nat"))
    assert "∀ (x : Nat), countdown (x + 1) = countdown x ++ [x]" in said
    # The induction goes over how many there are.
    assert "∀ (y x : Nat), stepsFrom x (y + 1) = stepsFrom x y ++ [x + y]" in said
    assert "∀ (y x : Nat), stepsFrom x (y + 1) = x :: stepsFrom (x + 1) y" in said
    said = guessed(function("copies", "N → α → List α"))
    assert "∀ (y : N) (x : α), copies (N.s y) x = copies y x ++ [x]" in said
