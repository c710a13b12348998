"""A function may be called as a word of `grind`'s is, or be one that it unfolds by itself."""

import pytest

from ghostproof.syntax.grind_words import told_to_grind


@pytest.mark.parametrize(
    ("tactics", "readable"),
    [
        ("grind [norm, conj]", "grind [«norm», conj]"),
        ("induction x <;> grind [conj, ext]", "induction x <;> grind [conj, «ext»]"),
        ("grind only [unfold]", "grind only [«unfold»]"),
        ("grind [norm f, = cases, A.norm, norm']", "grind [norm f, = «cases», A.norm, norm']"),
        ("simp [norm, conj]", "simp [norm, conj]"),
        ("simp_all [norm] <;> grind [norm]", "simp_all [norm] <;> grind [«norm»]"),
        ("grind", "grind"),
    ],
)
def test_such_names_are_quoted(tactics: str, readable: str) -> None:
    assert told_to_grind(tactics) == readable


@pytest.mark.parametrize(
    ("tactics", "accepted"),
    [
        ("grind [twice, double, half]", "grind [double]"),
        ("induction x <;> grind only [half]", "induction x <;> grind only"),
        ("simp_all [twice] <;> grind [half, norm]", "simp_all [twice] <;> grind [«norm»]"),
        ("grind [twice.eq_1]", "grind [twice.eq_1]"),
    ],
)
def test_what_is_reducible_is_not_told(tactics: str, accepted: str) -> None:
    assert told_to_grind(tactics, {"twice", "half"}) == accepted
