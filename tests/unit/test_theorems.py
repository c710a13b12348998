"""Theorems read from a text: where a statement is over, what the proof is, and how long it is."""

import pytest

from ghostproof.syntax.theorems import WrittenTheorem, written_theorems

TEXT = """\
namespace Seq

/-- Doc. -/
@[simp] private theorem one (n : Nat) (h : n = n := by rfl) :
    n = n ∧ True := by
  -- a comment with := by
  constructor

  · rfl
  · trivial

/-- Of the next. -/
lemma two : let x := 2; x = 2 := rfl

def three := 3

theorem four : (n : Nat) → 0 ≤ n
  | 0 => Nat.le_refl 0
  | n + 1 => Nat.zero_le _

theorem five : 1 = 1 := by simp

protected theorem Other.six {p : Prop}
    (h : p) : p :=
  id
    h

mutual
theorem seven : True := trivial
end

axiom eight : False
theorem nine : "theorem x := by" = "" ∨ True := Or.inr trivial
end Seq
"""


@pytest.fixture(scope="module")
def found() -> dict[str, WrittenTheorem]:
    return {theorem.full_name: theorem for theorem in written_theorems(TEXT)}


def test_theorems_are_found_with_their_names(found: dict[str, WrittenTheorem]) -> None:
    assert list(found) == ["Seq.one", "Seq.two", "Seq.four", "Seq.five", "Seq.Other.six", "Seq.nine"]


def test_a_statement_ends_where_the_proof_begins(found: dict[str, WrittenTheorem]) -> None:
    ends = {name: TEXT[: theorem.value].rstrip().rsplit("\n", 1)[-1] for name, theorem in found.items()}
    assert ends == {
        "Seq.one": "    n = n ∧ True",
        "Seq.two": "lemma two : let x := 2; x = 2",
        "Seq.four": "theorem four : (n : Nat) → 0 ≤ n",
        "Seq.five": "theorem five : 1 = 1",
        "Seq.Other.six": "    (h : p) : p",
        "Seq.nine": 'theorem nine : "theorem x := by" = "" ∨ True',
    }


def test_a_proof_is_its_tactics(found: dict[str, WrittenTheorem]) -> None:
    assert {name: theorem.script for name, theorem in found.items()} == {
        "Seq.one": "-- a comment with := by\nconstructor\n\n· rfl\n· trivial",
        "Seq.two": "exact rfl",
        "Seq.four": "",
        "Seq.five": "simp",
        "Seq.Other.six": "exact id\n  h",
        "Seq.nine": "exact Or.inr trivial",
    }


def test_lines_count_what_is_proved_with(found: dict[str, WrittenTheorem]) -> None:
    lines = {name: theorem.lines for name, theorem in found.items()}
    assert lines == {"Seq.one": 3, "Seq.two": 1, "Seq.four": 2, "Seq.five": 1, "Seq.Other.six": 2, "Seq.nine": 1}


def test_what_documents_the_next_one_is_no_part_of_it(found: dict[str, WrittenTheorem]) -> None:
    one = found["Seq.one"]
    assert TEXT[one.start : one.end].startswith("@[simp] private theorem one")
    assert TEXT[one.start : one.end].endswith("· trivial")
    assert one.proof(TEXT).startswith(":= by\n  -- a comment")


def test_a_statement_ends_at_its_where() -> None:
    text = "theorem t : True ∧ True where\n  left := trivial\n  right := trivial\n"
    [found] = written_theorems(text)
    assert text[: found.value] == "theorem t : True ∧ True "
    assert found.script == ""
