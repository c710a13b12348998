"""What is guessed of functions that sort, and of those of one number: each as a statement."""

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.conjectures import conjectures
from ghostproof.search.plainest import Plainest
from ghostproof.search.short_proofs import short_proofs
from ghostproof.verify.checker import Function
from support.told_definitions import function as told_function


def function(name: str, kind: str) -> Function:
    *arguments, result = kind.split(" → ")
    return Function(name, True, (), tuple(arguments), result)


def guessed(*functions: Function) -> list[str]:
    return [one.statement for one in conjectures(functions, {"N": Plainest("N.z", "N.s")})]


SORTED = function("sorted", "List Nat → Bool")


def test_a_check_of_neighbours_may_be_one_of_all_pairs() -> None:
    said = guessed(SORTED)
    assert "∀ (x : List Nat), sorted x = decide (List.Pairwise (· ≤ ·) x)" in said
    assert "∀ (x : List Nat), sorted x = decide (List.Pairwise (· > ·) x)" in said
    said = guessed(function("Up", "List Int → Prop"))
    assert "∀ (x : List Int), Up x ↔ List.Pairwise (· < ·) x" in said
    assert not any("Pairwise" in one for one in guessed(function("even", "List α → Bool")))


def test_what_is_made_has_the_elements_of_what_it_is_made_of() -> None:
    said = guessed(SORTED, function("sort", "List Nat → List Nat"), function("put", "Nat → List Nat → List Nat"))
    assert "∀ (x : List Nat) (y : Nat), y ∈ sort x ↔ y ∈ x" in said
    assert "∀ (x : List Nat) (y p0 : Nat), y ∈ put p0 x ↔ y = p0 ∨ y ∈ x" in said
    assert "∀ (x : List Nat) (y p0 : Nat), y ∈ put p0 x ↔ y ∈ x ∧ y < p0" in said
    assert not any(" ∈ " in one for one in guessed(function("sort", "List Nat → List Nat")))


def test_elements_are_those_that_are_read_from_a_tree() -> None:
    said = guessed(
        SORTED,
        function("read", "Tree → List Nat"),
        function("plant", "Nat → Tree → Tree"),
        function("grow", "List Nat → Tree"),
    )
    assert "∀ (x : Tree) (y p0 : Nat), y ∈ read (plant p0 x) ↔ y = p0 ∨ y ∈ read x" in said
    assert "∀ (x : List Nat) (y : Nat), y ∈ read (grow x) ↔ y ∈ x" in said
    assert not any(one.endswith("y ∈ read x ↔ y ∈ read x") for one in said)


def test_what_is_under_a_bound_has_elements_under_it() -> None:
    said = guessed(function("below", "Nat → Tree → Bool"), function("read", "Tree → List Nat"))
    assert "∀ (x : Tree) (y p0 : Nat), below p0 x = true → y ∈ read x → y < p0" in said
    assert "∀ (x : Tree) (y p0 : Nat), below p0 x = true → y ∈ read x → y ≥ p0" in said
    said = guessed(function("Under", "Int → List Int → Prop"))
    assert "∀ (x : List Int) (y p0 : Int), Under p0 x → y ∈ x → y ≤ p0" in said
    assert not any(" ∈ " in one for one in guessed(function("below", "Nat → Tree → Bool")))


def test_what_is_said_of_all_pairs_is_followed_along_what_makes_the_list() -> None:
    known = {
        "sorted": told_function("sorted", deep=True),
        "read": told_function("read"),
        "plant": told_function("plant", matched=(1,)),
    }
    kept = Conjecture((("t", "Tree"), ("x", "Nat")), "sorted (read (plant x t))", "sorted (read t)")
    closer = "simp_all [f, List.pairwise_append] <;> grind"
    first = next(short_proofs(kept, "f", known, in_order={"sorted"}))
    assert first == f"intro t x\n  fun_induction plant x t <;> {closer}"
    assert not any("pairwise" in way for way in short_proofs(kept, "f", known))
    pairs = Conjecture((("xs", "List Nat"),), "sorted xs", "decide (List.Pairwise (· ≤ ·) xs)")
    assert next(short_proofs(pairs, "f", known)) == f"intro xs\n  fun_induction sorted xs <;> {closer}"


def test_functions_of_one_number_may_have_a_closed_form() -> None:
    said = guessed(function("total", "Nat → Nat"))
    for form in ("total x = x * x", "2 * total x = x * (x + 1)", "total x + 1 = 2 ^ (x + 1)", "total x = 2 * x + 1"):
        assert f"∀ (x : Nat), {form}" in said
    said = guessed(function("odd", "N → N"), function("add", "N → N → N"), function("mul", "N → N → N"))
    assert "∀ (x : N), odd x = N.s (add x x)" in said
    assert "∀ (x : N), add (odd x) (odd x) = mul x (N.s x)" in said
