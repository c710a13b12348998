"""Shorter forms of a proof that are tried before it is shown."""

from collections.abc import Sequence

import pytest

from ghostproof.search.polish import plain_terms, shortened


@pytest.mark.parametrize(
    ("text", "shorter"),
    [
        ("have h : a := by\n  simp\nomega", ["omega", "have h : a := by\n  simp"]),
        ("simp [f, g]", ["simp [g]", "simp [f]"]),
        ("grind [f]", ["grind"]),
        ("simp only [f]", []),
        ("solve_by_elim [f, g]", ["solve_by_elim [g]", "solve_by_elim [f]"]),
        (
            "induction x <;> intros <;> (try simp) <;>\n  rfl",
            [
                "induction x <;> (try simp) <;>\n  rfl",
                "induction x <;> intros <;> rfl",
                "induction x <;> intros <;> simp <;>\n  rfl",
            ],
        ),
        ("cases x with\n| a => simp\n| b => rfl", []),
        ("intro h\n· rfl\n· rfl", ["· rfl\n· rfl"]),
        ("exact f [a, b]", []),
    ],
)
def test_shorter_forms(text: str, shorter: Sequence[str]) -> None:
    assert list(shortened(text)) == list(shorter)


def test_lemmas_that_are_left_are_counted_anew() -> None:
    text = "have key2 : a := by\n  simp\nhave key5 : b := by\n  simp [key2]\nexact f key5"
    *_, last = shortened(text)
    assert last == "have key : a := by\n  simp\nhave key1 : b := by\n  simp [key]\nexact f key1"
    assert all("key2" in other or "key5" in other for other in list(shortened(text))[:-1])
    assert last not in shortened(last)


def test_a_name_of_somebody_else_stays() -> None:
    text = "have key2 : a := by\n  simp [key]\nexact f key2"
    assert all("key2" in other or "have" not in other for other in shortened(text))


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("have h : a := by exact f x\nomega", "have h : a := f x\nomega"),
        ("calc\n  a = b := by exact h\n  _ = c := by exact g", "calc\n  a = b := h\n  _ = c := g"),
        ("have h : a := by exact f; simp", "have h : a := by exact f; simp"),
        ("have h : a := by exact f <;> simp", "have h : a := by exact f <;> simp"),
        ("have h : a := by exact f\n  simp", "have h : a := by exact f\n  simp"),
        ("have h : a := by exact f -- so", "have h : a := by exact f -- so"),
        ("exact foo (by exact h)", "exact foo (by exact h)"),
        ("have h : a := by\n  exact f", "have h : a := by\n  exact f"),
    ],
)
def test_a_tactic_that_gives_a_term_is_one(text: str, plain: str) -> None:
    assert plain_terms(text) == plain


LEMMA = "have key : ∀ {α : Type} (x : Tree α), f (f x) = x := by\n  intro α x\n  induction x <;> simp_all [f]\nsimp_all"


def test_a_lemma_that_may_say_no_more_than_the_goal_is_left_out_first() -> None:
    assert list(shortened(LEMMA, ["t", "s"]))[:2] == ["induction t <;> simp_all [f]", "induction s <;> simp_all [f]"]


def test_so_is_the_last_one_of_several() -> None:
    above = "have key : ∀ (x : N), add x z = x := by\n  intro x\n  induction x <;> simp_all [add]\n"
    last = LEMMA.replace("key", "key1")
    assert next(shortened(above + last, ["t"])) == above + "induction t <;> simp_all [f]"


@pytest.mark.parametrize(
    "text",
    [
        LEMMA + "\nhave key1 : b := by\n  simp",
        "have key : a := by\n  simp\nsimp_all",
        "induction x <;> simp_all",
        "have other : a := by\n  induction x <;> simp\nsimp_all",
    ],
)
def test_other_lemmas_stay(text: str) -> None:
    assert not [shorter for shorter in shortened(text, ["t"]) if shorter.startswith("induction t")]


def test_arithmetic_that_has_nothing_left_to_do_goes() -> None:
    text = "have key : a = b := by\n  induction x <;> simp_all [f] <;> omega\nsimp_all <;> omega"
    assert text.replace("[f] <;> omega", "[f]") in shortened(text)
    assert text.removesuffix(" <;> omega") in shortened(text)
