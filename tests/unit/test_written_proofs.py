"""The proofs of a file as they are written, and the comments that a repair keeps."""

import pytest

from ghostproof.syntax.kept_comments import with_comments
from ghostproof.syntax.written_proofs import WrittenProof, proof_at, written_proofs

FILE = """\
theorem one : p := by
  intro h -- behind
  -- above
  exact h

theorem two : q := by simp

def three : Nat := foo (by omega) (by
  rfl)

instance : C where
  field := by
    constructor
    · rfl
    · have : p := by simp
      exact this

-- theorem none : p := by nothing
def four := "by nothing"
"""


def test_every_outermost_block_of_tactics_is_a_proof() -> None:
    assert [proof.script for proof in written_proofs(FILE)] == [
        "intro h -- behind\n-- above\nexact h",
        "simp",
        f"exact\n{' ' * 19}foo (by omega) (by\n  rfl)",
        "constructor\n· rfl\n· have : p := by simp\n  exact this",
    ]


BLOCKS = [proof for whole in written_proofs(FILE) for proof in (whole.parts or (whole,)) if not proof.is_term]


@pytest.mark.parametrize("proof", BLOCKS, ids=lambda proof: proof.script.split("\n")[0])
def test_a_proof_put_in_its_own_place_changes_nothing(proof: WrittenProof) -> None:
    assert proof.spot.fill(FILE, proof.script) == FILE


@pytest.mark.parametrize(
    ("words", "script"), [("exact h", "intro h"), ("two", "simp"), ("· rfl", "constructor"), ("three", None)]
)
def test_the_proof_at_a_cursor(words: str, script: str | None) -> None:
    at = FILE.index(words) + (len("two : q := by s") if words == "two" else 0)
    found = proof_at(FILE, at)
    assert (found.script.split("\n")[0].removesuffix(" -- behind") if found else None) == script


@pytest.mark.parametrize(
    ("before", "script", "after"),
    [
        ("-- why\nsimp\nrfl -- so", "simp\nomega\nrfl", "-- why\nsimp\nomega\nrfl -- so"),
        ("intro h\n  -- in\n  simp", "cases h with\n| a =>\n  simp", "cases h with\n| a =>\n  -- in\n  simp"),
        ("-- why\nring", "simp", "-- why\nsimp"),
        ("ring -- why", "simp", "simp -- why"),
        ("-- all\nring\n-- lost\nomega -- lost", "simp", "-- all\nsimp"),
        ("intro h\n-- lost\nring\nomega", "intro h\nomega", "intro h\nomega"),
        ("intro h\n-- kept\nsimp", "intro h\n-- kept\nsimp", "intro h\n-- kept\nsimp"),
        ("| a =>\n  -- kept\n  ring -- so", "| a =>\n  -- kept\n  ring -- so", "| a =>\n  -- kept\n  ring -- so"),
        ("simp\n-- at the end", "simp", "simp"),
        ("-- once\nsimp\nsimp", "simp\nsimp", "-- once\nsimp\nsimp"),
        ("/- a\nb -/\nsimp", "simp", "/- a\nb -/\nsimp"),
        ('exact f "--"', 'exact f "--"', 'exact f "--"'),
    ],
)
def test_comments_stay_at_their_lines(before: str, script: str, after: str) -> None:
    assert with_comments(script, before) == after
