"""A tactic at another goal: hypotheses renamed by shape, new names fresh, lemmas named as they can be reached."""

import pytest

from ghostproof.learning.steps import Premise, TacticStep
from ghostproof.learning.transfer import Here, transfers


def step(goal: str, tactic: str, rest: str = "", premises: tuple[Premise, ...] = ()) -> TacticStep:
    return TacticStep("Old.lean", "old", "", (1, 1), (1, 2), tactic, (goal,), (), premises=premises, rest=rest)


def first(of: TacticStep, goal: str, **here: object) -> str | None:
    return next(transfers(of, Here(goal, **here)), None)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("there", "tactic", "here", "expected"),
    [
        pytest.param(
            "a b : Nat\nh : a = b\n⊢ b = a", "exact h.symm", "x y : Nat\nk : x = y\n⊢ y = x", "exact k.symm", id="field"
        ),
        pytest.param(
            "xs ys : List Nat\n⊢ (xs ++ ys).length = xs.length + ys.length",
            "induction xs",
            "as bs : List Nat\n⊢ (as ++ bs).length = as.length + bs.length",
            "induction as",
            id="by the place in the target",
        ),
        pytest.param(
            "xs ys : List Nat\n⊢ (xs ++ ys).length = xs.length + ys.length",
            "induction ys",
            "as bs : List Nat\n⊢ (as ++ bs).length = as.length + bs.length",
            "induction bs",
            id="the second one",
        ),
        pytest.param(
            "a b : Nat\nh₁ : a < b\nh₂ : a = b\n⊢ False",
            "rw [h₂] at h₁",
            "m n : Nat\ne : m = n\nl : m < n\n⊢ False",
            "rw [e] at l",
            id="hypotheses in another order",
        ),
        pytest.param(
            "n : Nat\nih : f n = g n\n⊢ f (n + 1) = g (n + 1)",
            "simp [f, ih]",
            "k : Nat\nih : p k = q k\n⊢ p (k + 1) = q (k + 1)",
            "simp [f, ih]",
            id="a function stays what it is",
        ),
        pytest.param("p : Prop\n⊢ p → p", "intro h", "q h : Prop\n⊢ q → q", "intro h'", id="a new name that is taken"),
        pytest.param(
            "p : Prop\n⊢ p → p", "intro h; exact h", "q h : Prop\n⊢ q → q", "intro h'; exact h'", id="everywhere"
        ),
        pytest.param(
            "n : Nat\n⊢ n = n",
            "cases n with\n| zero => rfl\n| succ k => rfl",
            "k : Nat\n⊢ k = k",
            "cases k with\n| zero => rfl\n| succ k' => rfl",
            id="names of cases",
        ),
        pytest.param("a : Nat\n⊢ a = a", "exact f (a := a)", "b : Nat\n⊢ b = b", "exact f (a := b)", id="named"),
        pytest.param('a : Nat\n⊢ a = a', 'show "a" = "a"', "b : Nat\n⊢ b = b", 'show "a" = "a"', id="within a literal"),
        pytest.param("a : Nat\n⊢ a = a", "rfl -- a", "b : Nat\n⊢ b = b", "rfl -- a", id="within a comment"),
        pytest.param("⊢ True", "trivial", "⊢ False", "trivial", id="no name at all"),
    ],
)  # fmt: skip
def test_names_become_those_of_the_other_goal(there: str, tactic: str, here: str, expected: str) -> None:
    assert first(step(there, tactic), here) == expected


@pytest.mark.parametrize(
    ("there", "tactic", "here"),
    [
        pytest.param(
            "a b : Nat\nh : a = b\n⊢ b = a", "exact h.symm", "x y : Nat\n⊢ y = x", id="a hypothesis is missing"
        ),
        pytest.param(
            "a b : Nat\nh : a = b\n⊢ b = a", "exact h.symm", "x y : Nat\nh✝ : x = y\n⊢ y = x", id="it can't be named"
        ),
    ],
)
def test_what_needs_a_name_that_is_not_there_is_not_proposed(there: str, tactic: str, here: str) -> None:
    assert list(transfers(step(there, tactic), Here(here))) == []


@pytest.mark.parametrize(
    ("tactic", "named", "expected"),
    [
        pytest.param("simp [double, ih]", "double", "simp [triple, ih]", id="the function"),
        pytest.param("rw [double_succ]", "double_succ", "rw [triple_succ]", id="a lemma named after it"),
        pytest.param("rw [Lib.double_succ]", "Lib.double_succ", "rw [Lib.triple_succ]", id="with a namespace"),
        pytest.param("rw [doubled]", "doubled", "rw [doubled]", id="a longer name is another one"),
        pytest.param("rw [Nat.mul_succ]", "Nat.mul_succ", "rw [Nat.mul_succ]", id="another lemma"),
    ],
)
def test_what_is_said_of_one_function_is_tried_of_the_one_in_its_place(tactic: str, named: str, expected: str) -> None:
    at = tactic.index(named)
    found = step(
        "n : Nat\nih : double n = 2 * n\n⊢ double (n + 1) = 2 * (n + 1)",
        tactic,
        premises=(Premise(named, at, at + len(named)),),
    )
    assert first(found, "k : Nat\nih : triple k = 3 * k\n⊢ triple (k + 1) = 3 * (k + 1)") == expected


def test_a_function_that_both_goals_have_stays() -> None:
    found = step("n : Nat\n⊢ f (g n) = n", "simp [f]", premises=(Premise("f", 6, 7),))
    assert first(found, "n : Nat\n⊢ h (f n) = n") == "simp [f]"


def test_the_rest_of_the_block_goes_first() -> None:
    found = step("a : Nat\n⊢ a = a", "skip", rest="skip\nexact rfl (a := a)")
    assert list(transfers(found, Here("b : Nat\n⊢ b = b"))) == ["skip\nexact rfl (a := b)", "skip"]


def test_where_two_hypotheses_fit_both_are_tried() -> None:
    found = step("p : Prop\nh : p ∧ p\n⊢ p", "exact h.1")
    here = Here("q : Prop\nk l : q ∧ q\n⊢ q")
    assert set(transfers(found, here)) == {"exact k.1", "exact l.1"}


@pytest.mark.parametrize(
    ("file_path", "namespaces", "expected"),
    [
        pytest.param("Old.lean", (), "rw [nil]", id="the same file"),
        pytest.param("New.lean", ("Lib", "Lib.Deep"), "rw [nil]", id="its namespace is open"),
        pytest.param("New.lean", ("Lib",), "rw [Lib.Deep.nil]", id="it is not"),
        pytest.param("New.lean", (), "rw [Lib.Deep.nil]", id="nothing is"),
    ],
)
def test_lemmas_are_named_as_they_can_be_reached(file_path: str, namespaces: tuple[str, ...], expected: str) -> None:
    found = step("⊢ True", "rw [nil]", premises=(Premise("Lib.Deep.nil", 4, 7),))
    assert first(found, "⊢ True", file_path=file_path, namespaces=namespaces) == expected


TREE = "l r : Tree\nihl : flip (flip l) = l\nihr : flip (flip r) = r\nk : l = r\n⊢ flip (flip (node l r)) = node l r"


@pytest.mark.parametrize(
    ("tactic", "expected"),
    [
        ("rw [flip, ih]", ["rw [flip, ihl, ihr]", "rw [flip, ihl]"]),
        ("simp only [flip, ← ih, size]\nomega", ["simp only [flip, ← ihl, ihr, size]\nomega"]),
        ("exact congr ih", ["exact congr ihl"]),
        ("exact pair [ih]", ["exact pair [ihl]"]),
    ],
)
def test_hypotheses_of_one_kind_are_listed_together(tactic: str, expected: list[str]) -> None:
    """A list has one assumption where a tree has two."""
    there = step("t : Tree\nih : flip (flip t) = t\n⊢ flip (flip (node t t)) = node t t", tactic)
    assert list(transfers(there, Here(TREE)))[: len(expected)] == expected
