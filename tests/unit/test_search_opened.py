"""Where the proof of one goal goes while others wait behind it: where it can't touch them."""

import pytest

from ghostproof.search.opened import opened
from ghostproof.syntax.missing import find_places
from ghostproof.text import SourceText
from support.scripted_checker import FILE, ScriptedChecker, state_of

CURSOR = "‸"


async def filled(marked: str, *goals: str) -> str:
    """The text with a proof of two lines at the cursor, where Lean sees the goals."""
    text = marked.replace(CURSOR, "")
    spot, *_ = find_places(SourceText(text), marked.index(CURSOR))
    _, found = await opened(ScriptedChecker({}, state_of(*goals)), FILE, text, spot)
    return found.fill(text, "intro x\nsimp")


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("  constructor\n  ‸sorry\n  sorry\n", "  constructor\n  · intro x\n    simp\n  sorry\n"),
        ("  constructor; ‸sorry; sorry\n", "  constructor; (· intro x\n                  simp); sorry\n"),
        ("  constructor <;> ‸sorry\n", "  constructor <;> intro x\n                  simp\n"),
    ],
    ids=["a line", "one line", "on every goal"],
)
async def test_where_other_goals_wait_it_stands_apart(marked: str, expected: str) -> None:
    above = "theorem t : p := by\n"
    assert await filled(above + marked, "⊢ p", "⊢ q") == above + expected


async def test_a_goal_that_is_alone_needs_no_bullet() -> None:
    assert await filled("theorem t : p := by simp; ‸sorry\n", "⊢ p") == (
        "theorem t : p := by simp; intro x\n                    simp\n"
    )
