"""Which tactics are one step to a person: equal up to the names that they bring in, and no further."""

import pytest

from ghostproof.syntax.tactic_form import first_tactics, tactic_form

HYPOTHESES = {"s", "t", "h", "n", "ih"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("intro x hx", "intro y hy"),
        ("rintro ⟨a, b⟩ | c", "rintro ⟨left, right⟩ | other"),
        ("obtain ⟨k, hk⟩ := h", "obtain ⟨w, eq⟩ := h"),
        (
            "induction s with\n| nil => rfl\n| cons a s ih => simp [ih]",
            "induction s with\n| nil => _\n| cons b u ih => _",
        ),
        ("induction s with\n| nil => rfl", "induction s"),
        ("simp [append, length, h]", "simp [h, Chain.length, append]"),
        ("rw [Chain.append_assoc]", "rw [append_assoc]"),
        ("exact rfl", "rfl"),
        ("exact fun x y => h y x", "exact fun a b => h b a"),
        ("have key : s = t := h", "have this' : s = t := h"),
        ("simp  [ append ]", "simp [append]"),
    ],
)
def test_names_that_are_brought_in_do_not_count(one: str, other: str) -> None:
    assert tactic_form(one, HYPOTHESES) == tactic_form(other, HYPOTHESES)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("induction s", "induction t"),
        ("induction s", "cases s"),
        ("induction s with\n| nil => rfl", "induction s generalizing t with\n| nil => rfl"),
        ("intro x", "intro x y"),
        ("rw [append_assoc, h]", "rw [h, append_assoc]"),
        ("rw [append_assoc]", "rw [← append_assoc]"),
        ("rw [append_assoc]", "rw [append_nil]"),
        ("simp [append]", "simp only [append]"),
        ("simp [append]", "simp [append] at h"),
        ("exact h", "exact h.symm"),
        ("exact fun x y => h y x", "exact fun x y => h x y"),
        ("cases s <;> simp", "cases s"),
        ("omega", "simp"),
    ],
)
def test_everything_else_does(one: str, other: str) -> None:
    assert tactic_form(one, HYPOTHESES) != tactic_form(other, HYPOTHESES)


@pytest.mark.parametrize(
    ("script", "first"),
    [
        ("simp [append]\nomega", ("simp [append]",)),
        ("cases s <;> simp", ("cases s <;> simp", "cases s")),
        (
            "simp [f <| by skip <;> rfl] <;> omega",
            ("simp [f <| by skip <;> rfl] <;> omega", "simp [f <| by skip <;> rfl]"),
        ),
        ("induction s with\n| nil => cases t <;> rfl", ("induction s with\n| nil => cases t <;> rfl",)),
        ("-- why\nexact h", ("exact h",)),
        ("rw [f, ← g (h, h), k] at h", ("rw [f, ← g (h, h), k] at h", "rw [f, ← g (h, h)] at h", "rw [f] at h")),
        ("rw [f]", ("rw [f]",)),
        ("rwa [f, g]", ("rwa [f, g]",)),
        ("simp [f, g]", ("simp [f, g]",)),
        ("", ()),
    ],
)
def test_a_script_begins_with_a_step(script: str, first: tuple[str, ...]) -> None:
    assert first_tactics(script) == first
