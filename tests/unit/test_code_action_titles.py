"""What code actions are called."""

import pytest

from ghostproof.lsp.code_action import count, title
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.verdict import Suggestion
from support.lsp_editor import progress, proved


@pytest.mark.parametrize(
    ("suggestion", "expected"),
    [
        (proved("omega"), "omega  ✓ closes the goal"),
        (progress("induction n", "a", "b"), "induction n  → 2 goals"),
        (progress("constructor", "a"), "constructor  → 1 goal"),
        (progress("exact h", "a", closed_main=True), "exact h  ✓ closes the goal, 1 left"),
        (proved("cases h with\n| inl h =>\n  simp"), "cases h with ⏎ | inl h => ⏎ simp  ✓ closes the goal"),
        (proved("simp [" + "a" * 99 + "]"), "simp [" + "a" * 73 + "…  ✓ closes the goal"),
    ],
)
def test_titles(suggestion: Suggestion, expected: str) -> None:
    assert title(suggestion, Spot(0, 5, "", 2, SpotKind.SORRY)) == expected


def test_the_title_of_a_proof_in_place_of_a_term_has_its_by() -> None:
    assert title(proved("omega"), Spot(0, 5, "by ", 3, SpotKind.TERM)) == "by omega  ✓ closes the goal"


def test_counts() -> None:
    assert count([]) == "0 suggestions so far"
    assert count([progress("constructor", "a")]) == "1 suggestion so far"
    assert count([progress("constructor", "a"), proved("omega")]) == "2 suggestions, 1 of them closing the goal"
