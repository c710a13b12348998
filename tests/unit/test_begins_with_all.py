"""Where a declaration begins with all that belongs to it."""

import pytest

from ghostproof.syntax.extent import begins_with_all, declaration_at

THEOREM = "theorem t : p := by\n  sorry\n"


@pytest.mark.parametrize(
    "before",
    [
        "",
        "/-- It holds. -/\n",
        "@[simp]\n",
        "@[simp] ",
        "/-- It holds,\n\nalways. -/\n@[simp]\nprotected ",
        "open Nat in\n",
        "open Nat in\n/-- It holds. -/\n@[simp]\n",
        "set_option maxHeartbeats 400000 in\nopen Nat in\n",
    ],
)
@pytest.mark.parametrize("above", ["", "def f := 1\n\n", "/-- Another. -/\ndef f := 1\n\n", "-- A heading.\n\n"])
def test_all_that_belongs_to_it_is_below(above: str, before: str) -> None:
    text = above + before + THEOREM
    assert begins_with_all(text, declaration_at(text, text.index("sorry")).start) == len(above)
