"""What Lean is asked about a proof's slow steps, and what is made of its advice."""

from collections.abc import Mapping, Sequence

import pytest

from ghostproof.search.faster_steps import searching_steps
from ghostproof.search.in_place import NOTABLE, InPlace
from ghostproof.search.proof import Proof
from support.scripted_checker import FILE, PROVED, SPOT, TEXT, ScriptedChecker, state_of

LONG_S = 300.0


@pytest.mark.parametrize(
    ("proof", "questions"),
    [
        ("simp_all [f, g] at h ⊢", ["simp_all? [f, g] at h ⊢"]),
        ("induction x <;> grind", ["induction x <;> grind?"]),
        ("simp [f]; omega", ["simp? [f]; omega"]),
        (
            "cases x with\n| a => simp [f,\n    g]\n| b =>\n  rw [h]\n  grind",
            [
                "cases x with\n| a => simp? [f,\n    g]\n| b =>\n  rw [h]\n  grind",
                "cases x with\n| a => simp [f,\n    g]\n| b =>\n  rw [h]\n  grind?",
            ],
        ),
        ("simp_all only [f]", []),
        ("simp +arith only [f] at h", []),
        ("exact simp_lemma -- simp", []),
        ("omega", []),
    ],
)
def test_steps_that_search_are_asked_about_one_by_one(proof: str, questions: Sequence[str]) -> None:
    assert [step.question for step in searching_steps(proof)] == questions


@pytest.mark.parametrize(
    ("proof", "advice", "expected"),
    [
        ("simp [f] at h\nomega", ["simp only [f, g] at h"], "simp only [f, g] at h\nomega"),
        ("exact ⟨by simp, h⟩", ["simp only [f]"], "exact ⟨by simp only [f], h⟩"),
        ("simp +arith; rfl", ["simp +arith only [f]"], "simp +arith only [f]; rfl"),
        # At each goal it is another list; what one goal has no need of is no harm there.
        (
            "induction x <;> simp_all [f]",
            ["simp_all only [f]", "simp_all only [g, f]", "simp_all only"],
            "induction x <;> simp_all only [f, g]",
        ),
        (
            "grind",
            ["grind only [= f, → g]", "grind => instantiate only [f]", "grind =>\n  cases h"],
            "grind only [= f, → g]",
        ),
        ("grind", ["grind only [= f, #a1b2]", "grind only [= f, cases Or]"], "grind only [= f, cases Or]"),
        ("grind", ["grind only [#a1b2]"], None),
        ("simp [h]", ["simp only [h✝]"], None),
        ("simp", ["simp only [f,\n  g]"], None),
        ("simp at *", ["simp only [f] at h", "simp only [f] at g"], None),
        ("simp", ["exact h"], None),
        ("simp", [], None),
    ],
)
def test_what_lean_advises_stands_in_the_step_s_place(proof: str, advice: Sequence[str], expected: str | None) -> None:
    (step,) = searching_steps(proof)
    assert step.advised(advice) == expected


ASKED, SLOW, FAST = "cases x <;> grind? [f]", "cases x <;> grind [f]", "cases x <;> grind only [f, g]"


async def polished(
    before: str, *, spent: dict[str, int], advice: Mapping[str, Sequence[str]], proved: Sequence[str]
) -> str:
    lean = ScriptedChecker(dict.fromkeys(proved, PROVED), state_of("⊢ p"), hints=advice, heartbeats=spent)
    place = InPlace(lean, FILE, TEXT, SPOT, state_of("⊢ p"))
    proof = await place.accepted(before)
    assert isinstance(proof, Proof)
    return (await place.polished(proof, LONG_S)).text


@pytest.mark.parametrize(
    ("slow", "fast", "expected"),
    [
        (3 * NOTABLE, NOTABLE, FAST),
        (3 * NOTABLE, 3 * NOTABLE - 1, SLOW),
        (NOTABLE - 1, 1, SLOW),
        (0, 0, SLOW),  # a Lean of which that is not known
    ],
)
async def test_a_longer_line_has_to_save_something(slow: int, fast: int, expected: str) -> None:
    advice = {ASKED: ["grind only [f]", "grind only [g]"]}
    spent = {SLOW: slow, FAST: fast}
    assert await polished(SLOW, spent=spent, advice=advice, proved=[SLOW, FAST]) == expected


async def test_what_lean_does_not_accept_does_not_come() -> None:
    assert await polished(SLOW, spent={SLOW: 9 * NOTABLE}, advice={ASKED: ["grind only [f, g]"]}, proved=[SLOW]) == SLOW


async def test_what_fits_no_line_does_not_come() -> None:
    names = ", ".join(f"a_rather_long_name_{nth}" for nth in range(5))
    wide = f"cases x <;> grind only [{names}]"
    advice = {ASKED: [f"grind only [{names}]"]}
    spent = {SLOW: 9 * NOTABLE, wide: 1}
    assert await polished(SLOW, spent=spent, advice=advice, proved=[SLOW, wide]) == SLOW


async def test_each_slow_step_is_looked_at_and_what_came_is_made_shorter() -> None:
    first, second, both = (
        "simp at h\nsimp [f]",
        "simp only [a] at h\nsimp [f]",
        "simp only [a] at h\nsimp only [b, c]",
    )
    short = "simp only [a] at h\nsimp only [c]"
    spent = {first: 30 * NOTABLE, second: 20 * NOTABLE, both: 10 * NOTABLE, short: 10 * NOTABLE}
    advice = {
        "simp? at h\nsimp [f]": ["simp only [a] at h"],
        "simp only [a] at h\nsimp? [f]": ["simp only [b, c]"],
    }
    assert await polished(first, spent=spent, advice=advice, proved=list(spent)) == short
