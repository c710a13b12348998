"""Which error above a goal is told, and how it reads."""

from ghostproof.verify.error_above import LONGEST, ErrorAbove, error_above

TEXT = "theorem a : p := q\n\ntheorem é : p := by\n  r\n  sorry\n"
DECLARATION, HOLE = TEXT.index("theorem é"), TEXT.index("sorry")


def told(*found: tuple[int, str]) -> ErrorAbove | None:
    return error_above(TEXT, found, DECLARATION, HOLE)


def test_the_first_in_the_file_is_told() -> None:
    assert told((TEXT.index("r\n  sorry"), "tactic failed"), (17, "unknown identifier 'q'")) == ErrorAbove(
        0, "unknown identifier 'q'"
    )
    assert told((TEXT.index("r\n  sorry"), "tactic failed")) == ErrorAbove(3, "tactic failed")


def test_what_stands_below_the_hole_is_not() -> None:
    assert told((HOLE, "in the hole"), (HOLE + 4, "behind it")) is None


def test_goals_that_are_open_around_the_hole_are_no_error_above() -> None:
    assert told((DECLARATION + 15, "unsolved goals\n⊢ p")) is None
    assert told((5, "unsolved goals\n⊢ p")) == ErrorAbove(0, "unsolved goals ⊢ p")


def test_what_cannot_be_compiled_is_accepted_all_the_same() -> None:
    assert told((0, "failed to compile definition, consider marking it as 'noncomputable'")) is None


def test_it_is_one_short_line_without_anything_hidden() -> None:
    found = told((0, "type\n  mismatch\u202e " + "x" * 500))
    assert found is not None
    assert found.message.startswith("type mismatch⟨U+202E⟩ xxx")
    assert len(found.message) == LONGEST
    assert found.told.startswith("Line 1 above has an error: type mismatch")
    assert found.told.endswith("… The suggestions hold for the file as Lean reads it.")
