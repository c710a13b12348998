"""No line of a tactic is wider than it has to be at the column where it comes to stand, and none loses a word."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghostproof.syntax.line_width import WIDTH, fitted
from ghostproof.syntax.spot import Spot, SpotKind

A, B, C, D = ("a" * 30, "b" * 30, "c" * 30, "d" * 30)


def at(column: int, tactic: str, line: str = "", lead: str = "") -> list[str]:
    """The lines of the filled text, with the tactics of the spot's block at `column`."""
    text = line or " " * column
    spot = Spot(len(text), len(text), lead, column, SpotKind.SORRY)
    return spot.fill(text, fitted(tactic, text, spot)).split("\n")


@pytest.mark.parametrize(
    ("column", "tactic", "expected"),
    [
        pytest.param(
            4,
            f"simp only [{A}, {B}, {C}, {D}] at h",
            [f"    simp only [{A}, {B},", f"      {C}, {D}] at h"],
            id="a list",
        ),
        pytest.param(
            4,
            f"exact f (by omega) (by simp [{A}, {B}, {C}]) y",
            ["    exact f (by omega) (by", f"      simp [{A}, {B},", f"        {C}]) y"],
            id="behind an inline by, and deeper than its tactic",
        ),
        pytest.param(
            2,
            f"induction n with\n| zero => rw [{A}, {B}, {C}]\n| succ n ih => rfl",
            [
                "  induction n with",
                "  | zero =>",
                f"    rw [{A}, {B},",
                f"      {C}]",
                "  | succ n ih => rfl",
            ],
            id="behind the arrow of a case",
        ),
        pytest.param(
            2,
            f"simp [{A}, {B}] <;>\n  simp_all [{C}] <;> omega",
            [f"  simp [{A}, {B}] <;>", f"    simp_all [{C}] <;> omega"],
            id="what fits is left alone",
        ),
        pytest.param(
            60,
            f"exact f {A}\n  {B} c",
            [" " * 60 + "exact f " + A, " " * 62 + B + " c"],
            id="broken for another column",
        ),
        pytest.param(
            2,
            f"(simp [{A}, {B}, cc]; exact {C})",
            [f"  (simp [{A}, {B}, cc];", f"    exact {C})"],
            id="steps in brackets",
        ),
        pytest.param(
            2,
            f"· have h : {A} = {B} := by exact {C}",
            [f"  · have h : {A} = {B} := by", f"      exact {C}"],
            id="behind a bullet",
        ),
        pytest.param(
            2,
            f"have key : {A} = {B} + {C} := by\n  simp",
            [f"  have key : {A} =", f"    {B} + {C} := by", "    simp"],
            id="behind the relation of a statement, before its longest side",
        ),
        pytest.param(2, "exact " + "x" * 120, ["  exact", "    " + "x" * 120], id="a word that is too long"),
        pytest.param(2, f"exact {A} {B} -- {C} {D}", [f"  exact {A} {B} -- {C} {D}"], id="a comment"),
        pytest.param(2, f'exact f "{A} {B} {C}"', ["  exact f", f'    "{A} {B} {C}"'], id="a literal is one word"),
        pytest.param(
            2, f"exact «{A} {B} {C}» x", ["  exact", f"    «{A} {B} {C}» x"], id="a name in quotes is one word"
        ),
    ],
)
def test_lines_are_broken_for_the_column(column: int, tactic: str, expected: list[str]) -> None:
    assert at(column, tactic) == expected


def test_the_first_line_stands_behind_what_is_on_it() -> None:
    line = f"theorem t : {A} = {B} := by"
    assert at(2, f"exact {C} {D}", line, " ") == [f"{line} exact", f"    {C} {D}"]
    assert at(2, f"exact {C} {D}", line, "\n  ") == [line, f"  exact {C} {D}"]


WORDS = st.sampled_from(
    ["f", "g x", "(h y)", "[p, q]", "⟨r, s⟩", "(by simp)", "by", "=>", ",", "<;>", "«a b»", '"s t"']
)


@given(st.lists(WORDS, min_size=1, max_size=60), st.integers(0, 80))
def test_nothing_is_lost_and_what_fits_is_not_touched(words: list[str], column: int) -> None:
    tactic = "exact " + " ".join(words)
    lines = at(column, tactic)
    assert "\n".join(lines).split() == tactic.split()
    if column + len(tactic) <= WIDTH:
        assert len(lines) == 1


@given(st.lists(st.text("abc", min_size=1, max_size=12), min_size=1, max_size=60), st.integers(0, 60))
def test_arguments_always_fit(words: list[str], column: int) -> None:
    assert all(len(line) <= WIDTH for line in at(column, "exact " + " ".join(words)))
