"""Where ghost text may stand: text with a cursor in, the text with `tac` filled in (or nothing) out."""

import pytest

from ghostproof.syntax.spot import SpotKind, find_spot, typed_prefix
from support.spot_cases import CASES, filled, locate


@pytest.mark.parametrize("name", CASES)
def test_find_spot(name: str) -> None:
    before, after = CASES[name]
    assert filled(before) == after


def test_the_table_is_as_large_as_promised() -> None:
    assert len(CASES) >= 80


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("theorem a : p := by‸\n", "theorem a : p := by\n  cases n with\n  | zero => simp\n  | succ n =>\n    simp\n"),
        (
            "example := ⟨by ‸, h⟩",
            "example := ⟨by cases n with\n               | zero => simp\n               | succ n =>\n"
            "                 simp, h⟩",
        ),
        (
            "example := by\n  · ‸\n",
            "example := by\n  · cases n with\n    | zero => simp\n    | succ n =>\n      simp\n",
        ),
    ],
)
def test_further_lines_are_indented_by_the_column(before: str, after: str) -> None:
    assert filled(before, "cases n with\n| zero => simp\n| succ n =>\n  simp") == after


@pytest.mark.parametrize(
    ("marked", "typed", "kind"),
    [
        ("theorem a : p := by\n  om‸\n", "om", SpotKind.BLANK_LINE),
        ("theorem a : p := by simp_a‸\n", "simp_a", SpotKind.AFTER_BY),
        ("theorem a : p := by\n  · simp [‸\n", "simp [", SpotKind.BULLET),
        ("theorem a : p := by\n  ‸\n", "", SpotKind.BLANK_LINE),
        ("theorem a : p := by\n  sor‸ry\n", "", SpotKind.SORRY),
    ],
)
def test_what_is_typed_already(marked: str, typed: str, kind: SpotKind) -> None:
    source, offset = locate(marked)
    spot = find_spot(source, offset)
    assert spot is not None
    assert (typed_prefix(spot, source.text), spot.kind) == (typed, kind)
