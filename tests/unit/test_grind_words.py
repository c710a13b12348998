"""A function may be called as a word of `grind`'s is."""

import pytest

from ghostproof.syntax.grind_words import names_to_grind


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
    assert names_to_grind(tactics) == readable
