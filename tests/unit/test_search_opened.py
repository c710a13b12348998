"""Where the proof of one goal goes while others wait behind it, and what a goal speaks of that nobody knows."""

from dataclasses import replace

import pytest

from ghostproof.search.opened import clouded, opened
from ghostproof.syntax.missing import find_places
from ghostproof.text import SourceText
from ghostproof.verify.definitions import NONE, Definitions
from ghostproof.verify.error_above import ErrorAbove
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


EITHER, FIRST = "while there is an error or a `sorry` in", "The first error above is in line"


@pytest.mark.parametrize(
    ("goal", "unfinished", "line", "said"),
    [
        (
            "n : Nat\n⊢ f n = 1",
            ("f",),
            2,
            f"Little is known of `f` {EITHER} it. {FIRST} 3: oops",
        ),
        (
            "n : Nat\n⊢ f n = 1",
            ("f",),
            None,
            "Little is known of `f` while there is a `sorry` in it: finish that first.",
        ),
        (
            "h : sorry\n⊢ p",
            ("g", "f"),
            0,
            f"Little is known of `f`, `g` and `h` {EITHER} them. {FIRST} 1: oops",
        ),
        ("h : q sorry\n⊢ p", ("f",), None, "Little is known of `f` and `h` while there is a `sorry` in them: finish"),
        ("h : q\n⊢ p", (), 0, ""),
    ],
)
def test_what_nothing_is_known_of_is_told(goal: str, unfinished: tuple[str, ...], line: int | None, said: str) -> None:
    above = None if line is None else ErrorAbove(line, "oops")
    told = clouded(replace(state_of(goal), error_above=above), replace(NONE, unfinished=frozenset(unfinished)))
    assert told.startswith(said)
    assert bool(told) == bool(said)


def test_what_is_unfinished_stays_so_when_more_is_told() -> None:
    first, second = (Definitions(unfinished=frozenset({name})) for name in "fg")
    assert first.joined(second).unfinished == {"f", "g"}
