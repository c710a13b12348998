"""Scripts of tactics taken apart: their steps, the blocks in each, and holes in place of these."""

import pytest

from ghostproof.syntax.given_up import has_sorry
from ghostproof.syntax.script import script_steps


@pytest.mark.parametrize(
    ("script", "steps"),
    [
        ("simp", ["simp"]),
        ("intro x; simp", ["intro x", "simp"]),
        ("-- a comment\nintro x\n\n-- another\nsimp -- behind", ["intro x", "simp"]),
        ("have h : p := by\n  simp\n  rfl\nexact h", ["have h : p := by\n  simp\n  rfl", "exact h"]),
        ("cases h with\n| a => simp\n| b => rfl\ndone", ["cases h with\n| a => simp\n| b => rfl", "done"]),
        ("constructor\n· simp\n· intro x\n  rfl", ["constructor", "· simp", "· intro x\n  rfl"]),
        ("simp <;>\n  rfl", ["simp <;>\n  rfl"]),
        ("", []),
    ],
)
def test_steps(script: str, steps: list[str]) -> None:
    assert [step.text for step in script_steps(script)] == steps


@pytest.mark.parametrize(
    ("step", "blocks", "hollow"),
    [
        ("have h : p := by simp", ["simp"], "have h : p := ?_"),
        ("have h : p := by\n  intro x\n  cases x with\n  | a => rfl", ["intro x\ncases x with\n| a => rfl"],
         "have h : p := ?_"),
        ("induction n with\n| zero => simp\n| succ n ih =>\n  rw [ih]\n  rfl", ["simp", "rw [ih]\nrfl"],
         "induction n with\n| zero => ?_\n| succ n ih =>\n  ?_"),
        ("exact foo (by simp) (by\n  rfl)", ["simp", "rfl"], "refine foo (?_) (?_)"),
        ("calc a = b := by simp\n  _ = c := by\n    rfl", ["simp", "rfl"], "calc a = b := ?_\n  _ = c := ?_"),
        ("· exact h.elim (by simp)", ["exact h.elim (by simp)"], "· ?_"),
        ("have h : p := foo x", ["exact foo x"], "have h : p := ?_"),
        ("have h : p :=\n  foo\n    x", ["exact foo\n    x"], "have h : p :=\n  ?_"),
        ("have h : p := foo (by simp)", ["simp"], "have h : p := foo (?_)"),
        ("have ⟨x, h⟩ : ∃ x : p, q x := foo", ["exact foo"], "have ⟨x, h⟩ : ∃ x : p, q x := ?_"),
        ("have h := foo", [], "have h := foo"),
        ("have h (x : p := q) := foo", [], "have h (x : p := q) := foo"),
        ("calc a = b := h\n  _ = c := by simp\n  _ = d := foo _", ["exact h", "simp", "exact foo _"],
         "calc a = b := ?_\n  _ = c := ?_\n  _ = d := ?_"),
        ("simp", [], "simp"),
        ("exact h", [], "exact h"),
    ],
)  # fmt: skip
def test_blocks_in_a_step_become_holes(step: str, blocks: list[str], hollow: str) -> None:
    (read,) = script_steps(step)
    assert [block.script for block in read.inner] == blocks
    assert read.hollow(range(len(blocks))) == hollow


@pytest.mark.parametrize(
    ("script", "found"),
    [("sorry", True), ("exact (by sorry)", True), ("-- sorry\nsimp", False), ("exact sorry_free", False),
     ('exact f "sorry"', False), ("exact x.sorry", False), ("exact sorry'", False), ("exact sorry.x", False),
     ("exact sorry.1", True), ("simp; sorry", True)],
)  # fmt: skip
def test_what_is_unfinished(script: str, found: bool) -> None:
    assert has_sorry(script) is found


def test_offsets_hold_where_lines_are_blank_or_columns_odd() -> None:
    (step,) = script_steps("have h : p := by\n\n   intro x\n\n   simp\n")
    assert step.hollow([0]) == "have h : p := ?_"
    assert step.inner[0].script == "intro x\nsimp"
