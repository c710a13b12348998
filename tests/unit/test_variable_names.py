"""What the variables of a guess are called."""

import pytest

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.conjectures import conjectures
from ghostproof.search.short_proofs import short_proofs
from ghostproof.search.variable_names import VariableNames
from ghostproof.verify.checker import Function
from ghostproof.verify.definitions import Definition


def named(guess: Conjecture, above: str = "", taken: tuple[str, ...] = ()) -> str:
    return VariableNames(above, taken).given_to(guess).statement


@pytest.mark.parametrize(
    ("kind", "names"),
    [
        ("Nat", "n m"),
        ("Int", "i j"),
        ("α", "a b"),
        ("List α", "xs ys"),
        ("List (List Nat)", "xss yss"),
        ("α → Bool", "p q"),
        ("α → List α", "f g"),
        ("Tree α", "t u"),
        ("Nested.Expr", "e e'"),
    ],
)
def test_names_go_by_types(kind: str, names: str) -> None:
    guess = Conjecture((("x", kind), ("p0", kind)), "op x p0", "p0")
    assert named(guess) == f"∀ ({names} : {kind}), op {names} = {names.split()[1]}"


def test_they_are_those_that_the_file_uses() -> None:
    above = "def f (l : List α) (ks : List Nat) : Nat := 0\n-- (zz : List α)\ntheorem t (l₁ l₂ : List α) : True := by\n"
    guess = Conjecture((("x", "List α"), ("y", "List α"), ("p0", "List Nat")), "f (x ++ y) p0", "f y p0")
    assert named(guess, above) == "∀ (l l₁ : List α) (ks : List Nat), f (l ++ l₁) ks = f l₁ ks"
    assert named(guess, above, ("l", "l₁", "ks")) == "∀ (l₂ xs : List α) (ys : List Nat), f (l₂ ++ xs) ys = f xs ys"


def test_nothing_else_is_called_so() -> None:
    guess = Conjecture((("x", "Nat"), ("y", "List k"), ("p0", "Nat")), "n x (m y)", "N.j p0", types=("k",))
    assert named(guess, taken=("i", "xs")) == "∀ {k : Type} (n' : Nat) (ys : List k) (n'' : Nat), n n' (m ys) = N.j n''"


def test_where_many_are_taken_there_are_others() -> None:
    guess = Conjecture((("x", "Nat"), ("p0", "Nat"), ("y", "List Nat")), "f x p0 y", "y")
    taken = ("n", "m", "k", "xs", "ys", "zs", "ws")
    assert named(guess, taken=taken) == "∀ (i j : Nat) (us : List Nat), f i j us = us"


def test_a_name_in_front_of_a_dot_is_a_variable_s() -> None:
    guess = Conjecture((("x", "List α"), ("p0", "List β")), "pairs x p0", "x.zip «x»", given=("x.length = y",))
    assert named(guess) == "∀ (xs : List α) (ys : List β), xs.length = y → pairs xs ys = xs.zip «x»"


def test_no_variable_has_a_machine_s_name() -> None:
    """Not of a function with further arguments, twice, either."""
    put, low = (
        Function("put", True, (), ("Nat", "List Nat"), "List Nat"),
        Function("low", True, (), ("Nat", "List Nat"), "Bool"),
    )
    names = VariableNames("", ())
    for guess in conjectures([put, low]):
        called = [name for name, _ in names.given_to(guess).variables]
        assert len(set(called)) == len(called)
        assert not any(character.isdigit() for name in called for character in name)


def test_guesses_are_the_same_whatever_their_variables_are_called() -> None:
    guess = Conjecture((("x", "List α"), ("p0", "Nat")), "f p0 x", "x.drop p0")
    other = VariableNames("(l : List α)", ()).given_to(guess)
    assert (other.said, other.subject, other.shape) == (guess.said, guess.subject, guess.shape)


def test_a_primed_variable_is_an_argument_as_any_other() -> None:
    guess = Conjecture((("e", "E"), ("e'", "E")), "same e e'", "true")
    ways = list(short_proofs(guess, "same", {"same": Definition("same", matched=(0, 1))}))
    assert any("fun_induction same e e'" in way for way in ways)
