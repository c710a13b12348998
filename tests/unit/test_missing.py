"""Where a proof is missing: the cursor's own hole first, then the declaration's first; what stands is no place."""

import pytest

from ghostproof.syntax.missing import every_missing, find_places, find_proof_spots, holes_of
from ghostproof.syntax.spot import Problem, SpotKind
from ghostproof.text import SourceText

CURSOR, HOLE = "‸", "⟦⟧"


def first(marked: str, *messages: str) -> str:
    """The text with the first place marked in it, what it replaces left out; "" where nothing is missing."""
    offset = marked.index(CURSOR)
    text = marked.replace(CURSOR, "")
    problems = [Problem(text.index("by"), len(text), message) for message in messages]
    spots = find_proof_spots(SourceText(text), offset, problems)
    return text[: spots[0].start] + HOLE + text[spots[0].end :] if spots else ""


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("theorem a‸ : p := by\n  sorry\n", "theorem a : p := by\n  ⟦⟧\n"),
        ("theorem a : p := by\n  so‸rry\n", "theorem a : p := by\n  ⟦⟧\n"),
        ("theorem a : p := ‸by\n  simp\n  sorry\n", "theorem a : p := by\n  simp\n  ⟦⟧\n"),
        ("theorem a : p := by\n  simp‸\n  sorry\n", "theorem a : p := by\n  simp\n  ⟦⟧\n"),
        ("theorem ‸a : p := sorry\n", "theorem a : p := ⟦⟧\n"),
        ("theorem ‸a : p ∧ q := ⟨sorry, h⟩\n", "theorem a : p ∧ q := ⟨⟦⟧, h⟩\n"),
        ("theorem ‸a : p := foo sorry bar\n", "theorem a : p := foo ⟦⟧ bar\n"),
        ("theorem ‸a : p := by exact And.intro sorry sorry\n", "theorem a : p := by exact And.intro ⟦⟧ sorry\n"),
        ("theorem a : p := by exact And.intro sorry s‸orry\n", "theorem a : p := by exact And.intro sorry ⟦⟧\n"),
        ("theorem ‸a : p := by\n  refine ⟨_, sorry⟩\n", "theorem a : p := by\n  refine ⟨_, ⟦⟧⟩\n"),
        ("theorem ‸a : p := f (g h) sorry |>.1\n", "theorem a : p := f (g h) ⟦⟧ |>.1\n"),
        ("theorem ‸a (h : sorry) : p := by\n  simp\n", ""),
        ("theorem ‸a : p := by\n", "theorem a : p := by⟦⟧\n"),
        ("theorem ‸a : p := by\n\ntheorem b : q := by\n  sorry\n", None),
        (
            "theorem ‸a : p := by\n  have h : q := by sorry\n  sorry\n",
            "theorem a : p := by\n  have h : q := by ⟦⟧\n  sorry\n",
        ),
        (
            "theorem a : p := by\n  have h : q := by sorry\n  s‸orry\n",
            "theorem a : p := by\n  have h : q := by sorry\n  ⟦⟧\n",
        ),
        (
            "theorem a : p := by\n  induction n with\n  | zero => ‸_\n  | succ n ih => _\n",
            "theorem a : p := by\n  induction n with\n  | zero => ⟦⟧\n  | succ n ih => _\n",
        ),
        ("-- sorry\ntheorem ‸a : p := by\n  simp -- sorry\n", ""),
        ('theorem ‸a : "sorry" = s := by\n  rfl\n', ""),
        ("theorem a : p := by\n  si‸mp\n", ""),
        ("theorem a : p := by\n  sorry\n\n‸\ntheorem b : q := by\n  simp\n", ""),
        ("theorem a : p := by\n  sorry\n\ntheorem ‸b : q := by\n  simp\n", ""),
    ],
)
def test_the_first_place(marked: str, expected: str | None) -> None:
    found = first(marked)
    if expected is None:
        assert found.startswith("theorem a : p := by" + HOLE)
    else:
        assert found == expected


@pytest.mark.parametrize(
    ("marked", "tactic", "filled"),
    [
        ("example : p := foo s‸orry bar\n", "simp", "example : p := foo (by simp) bar\n"),
        ("example : p := foo s‸orry bar\n", "exact h", "example : p := foo h bar\n"),
        ("example : p := foo s‸orry bar\n", "exact h x", "example : p := foo (h x) bar\n"),
        (
            "example : p := foo s‸orry bar\n",
            "intro x\nsimp",
            "example : p := foo (by intro x\n                       simp) bar\n",
        ),
        ("example : p := by\n  exact foo s‸orry\n", "simp", "example : p := by\n  exact foo (by simp)\n"),
    ],
)
def test_an_argument_stands_in_brackets(marked: str, tactic: str, filled: str) -> None:
    text = marked.replace(CURSOR, "")
    (spot, *_) = find_proof_spots(SourceText(text), marked.index(CURSOR))
    assert spot.fill(text, tactic) == filled


def test_lean_tells_of_goals_that_are_left() -> None:
    marked = "theorem a : p := by\n  con‸structor\n"
    assert first(marked) == ""
    assert first(marked, "unsolved goals\n⊢ p") == "theorem a : p := by\n  constructor⟦⟧\n"


@pytest.mark.parametrize(
    ("marked", "ends"),
    [
        ("theorem ‸a : p := by\n  constructor\n  · simp\n\ntheorem b : q := by\n  rfl\n", ["simp", "simp"]),
        ("theorem a : p := by\n  cases h w‸ith\n  | inl a => simp\n  | inr b => omega\n", ["simp", "omega", "omega"]),
        ("theorem ‸a : p := by\n  simp\n  sorry\n", ["simp\n  "]),
        ("theorem ‸a : p := foo\n", []),
        ("theorem a : p := by\n  simp\n\n‸\n", []),
    ],
    ids=["bullets", "cases", "a hole", "a term", "below it"],
)
def test_else_the_ends_of_its_blocks(marked: str, ends: list[str]) -> None:
    text = marked.replace(CURSOR, "")
    spots = find_places(SourceText(text), marked.index(CURSOR))
    assert [text[: spot.start].endswith(end) for spot, end in zip(spots, ends, strict=True)] == [True] * len(ends)


@pytest.mark.parametrize(
    ("text", "replaced"),
    [
        ("theorem a : p := sorry\n", ["sorry"]),
        ("theorem a : p := by\n  exact sorry\n", ["exact sorry"]),
        ("theorem a : p := by\n  admit\n", ["admit"]),
        ("theorem a : p := by\n  constructor <;> sorry\n", ["sorry"]),
        ("theorem a : p := by\n  constructor\n  all_goals sorry\n", ["sorry"]),
        ("theorem a : p := by\n  constructor\n  any_goals\n    sorry\n", ["sorry"]),
        ("theorem a : p := by\n  constructor; sorry; sorry\n", ["sorry", "sorry"]),
        ("theorem a : p := f (sorry) sorry\n", ["sorry", "sorry"]),
        ("theorem a : n = sorry := by sorry\n", [None, "sorry"]),
        ("theorem a : p := .intro sorry (.inl sorry)\n", ["sorry", "sorry"]),
        ("theorem a : p := f 0 sorry\n", ["sorry"]),
        ("theorem a : p := if h : q then sorry else sorry\n", ["sorry", "sorry"]),
        ("theorem a : p := match n with | 0 => sorry | n + 1 => sorry\n", ["sorry", "sorry"]),
        ("theorem a : p := have h : q := f; h ▸ (sorry : r)\n", ["sorry"]),
        ("theorem a : p := let x := f; sorry\n", ["sorry"]),
        ("theorem a : p := h ▸ sorry\n", ["sorry"]),
        ("theorem a : p := f fun x => sorry || x\n", [None]),
        ("theorem a : p := f <| sorry |>.1\n", [None]),
        ("theorem a : p := by\n\tsorry\n", [None]),
        ("theorem a : p := by cases h with\n  | inl h => sorry\n  | inr h =>\n    admit\n", ["sorry", "admit"]),
        ("theorem a : p := by induction n with\n  | zero\n  | succ n ih =>\n    simp\n    sorry\n", ["sorry"]),
        ('-- sorry\ntheorem a : "sorry" = s := by -- admit\n  rfl\n', []),
        ("theorem admit : sorry.x = a.admit := rfl\n", []),
        ("", []),
    ],
)
def test_every_proof_that_is_left_out(text: str, replaced: list[str | None]) -> None:
    found = [spot and text[spot.start : spot.end] for _, spot in every_missing(SourceText(text))]
    assert found == replaced


HOLES = "theorem a : p := by\n  constructor\n  · sorry\n  · exact f sorry\n\ntheorem b : q := sorry\n"


@pytest.mark.parametrize(
    ("at", "found"),
    [("theorem a", [1, 2]), ("constructor", [1, 2]), ("sorry", []), ("· sorry", []), ("theorem b", [3])],
    ids=["the statement", "in the proof", "a hole", "its line", "the only one"],
)
def test_of_a_declaration_all_holes_are_meant_where_none_is_pointed_at(at: str, found: list[int]) -> None:
    holes = [at for at, _ in every_missing(SourceText(HOLES))]
    assert [holes.index(spot.start) + 1 for spot in holes_of(SourceText(HOLES), HOLES.index(at))] == found


def test_alternatives_may_stand_left_of_their_block() -> None:
    text = "theorem a : p := by cases h with\n  | inl h =>\n    simp\n    sorry\n  | inr h => sorry\n"
    below, behind = (spot for _, spot in every_missing(SourceText(text)))
    assert below is not None
    assert behind is not None
    assert (below.kind, below.column) == (SpotKind.SORRY, 4)
    assert (behind.kind, behind.column) == (SpotKind.SORRY, len("  | inr h => "))
