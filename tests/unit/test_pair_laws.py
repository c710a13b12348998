"""What is guessed of functions that give pairs: of both sides, and of each as of any other operation."""

import pytest

from ghostproof.search.conjectures import conjectures
from ghostproof.search.known_lemmas import Known
from ghostproof.search.operations import Operation, Values, element_of
from ghostproof.search.pair_laws import sides_of
from ghostproof.search.plainest import Plainest
from ghostproof.search.remembered import Lemma
from ghostproof.verify.checker import Function

HALVE = Function("halve", True, ("halve xs",), ("List α",), "List α × List α")
SIZE = Function("size", True, ("size xs",), ("List α",), "Nat")


def guessed(*functions: Function) -> list[str]:
    return [one.statement for one in conjectures(functions)]


def test_what_is_split_is_joined_again() -> None:
    said = guessed(HALVE)
    assert "∀ (x : List α), (halve x).1 ++ (halve x).2 = x" in said
    assert "∀ (x : List α), (halve x).1.length + (halve x).2.length = x.length" in said
    glue = Function("glue", True, (), ("List α", "List α"), "List α")
    assert "∀ (x : List α), glue (halve x).1 (halve x).2 = x" in guessed(HALVE, glue)


def test_measures_of_both_sides_make_that_of_the_whole() -> None:
    assert "∀ (x : List α), size (halve x).1 + size (halve x).2 = size x" in guessed(HALVE, SIZE)
    part = Function("part", True, (), ("Nat → Bool", "List Nat"), "List Nat × List Nat")
    many = Function("many", True, (), ("Nat", "List Nat"), "Nat")
    said = guessed(part, many)
    # What either of them takes besides is its own.
    counted = "many q0 (part p0 x).1 + many q0 (part p0 x).2 = many q0 x"
    assert f"∀ (x : List Nat) (p0 : Nat → Bool) (q0 : Nat), {counted}" in said


def test_a_side_may_be_a_value_of_the_measure_s_own_type() -> None:
    least = Function("least", True, (), ("Nat", "List Nat"), "Nat × List Nat")
    total = Function("total", True, (), ("List Nat",), "Nat")
    said = guessed(least, total)
    assert "∀ (x : Nat) (y : List Nat), (least x y).1 + total (least x y).2 = x + total y" in said
    assert "∀ (x : Nat) (y : List Nat), (least x y).2.length = y.length" in said


def test_a_side_is_an_operation_like_others() -> None:
    rev = Function("rev", True, ("rev xs",), ("List α",), "List α")
    said = guessed(HALVE, rev, SIZE)
    assert "∀ (x : List α), size (halve x).1 ≤ size x" in said
    assert "∀ (x : List α), rev (halve x).1 = (halve (rev x)).1" in said


@pytest.mark.parametrize(
    ("kind", "sides"),
    [
        ("List α × Nat", ("List α", "Nat")),
        ("(α × β) × List β", ("α × β", "List β")),
        ("Nat × (Nat → Nat)", ("Nat", "Nat → Nat")),
        ("List (α × β)", ()),
        ("Nat × Nat → Nat", ()),
        ("Nat × Nat ⊕ Nat", ()),
        ("α → Nat × Nat", ()),
        ("Nat", ()),
    ],
)
def test_the_sides_of_a_type(kind: str, sides: tuple[str, ...]) -> None:
    assert tuple(side.gives for side in sides_of(Operation("f {0}", ("Nat",), kind, name="f"))) == sides


@pytest.mark.parametrize(
    ("kind", "element"),
    [
        ("List «my type»", "«my type»"),
        ("List α", "α"),
        ("List (α × β)", "α × β"),
        ("List α × List β", ""),
        ("List (List α) × (α × β)", ""),
        ("Nat", ""),
    ],
)
def test_a_pair_of_lists_is_no_list(kind: str, element: str) -> None:
    assert element_of(kind) == element


def test_what_both_take_besides_has_two_names() -> None:
    part = Function("part", True, (), ("Nat", "List Nat"), "List Nat × List Nat")
    merge = Function("merge", True, (), ("Nat → Nat → Bool", "List Nat", "List Nat"), "List Nat")
    found = list(conjectures([part, merge]))
    joined = "∀ (x : List Nat) (p0 : Nat) (q0 : Nat → Nat → Bool), merge q0 (part p0 x).1 (part p0 x).2 = x"
    assert joined in [one.statement for one in found]
    for one in found:
        names = [name for name, _ in one.variables]
        assert len(names) == len(set(names)), one.statement


def test_what_is_known_of_one_side_is_not_known_of_the_other() -> None:
    counts = Function("counts", True, (), ("List Nat",), "Nat × Nat")
    found = {one.statement: one for one in conjectures([counts])}
    known = Known({})
    known.take(
        {one: Lemma("", ()) for statement, one in found.items() if "(counts x).1" in statement and not one.given}
    )
    assert any("(counts x).2" in statement and not known.knows(one) for statement, one in found.items())


def test_a_pair_of_numbers_is_no_number() -> None:
    values = Values({"N": Plainest("N.z", "N.s")})
    assert values.zero("N") == "N.z"
    assert values.zero("N × N") is None
    assert values.successor("N → N", "f") is None
    split = Function("split", True, (), ("N",), "N × N")
    step, even = Function("step", True, (), ("N",), "N"), Function("even", True, (), ("N",), "Bool")
    assert not any("split x = N.z" in one for one in guessed(split, step, even))
