"""The contract of a checker on the newest native Lean, through scratch.

The tests' own library has no lemmas, so that these are the contract's cases without arithmetic and automation. Nor can
the reader run there, so that scratch is on its own: what its closed grammar does not have gets no verdict, and neither
does what Lean reports a `sorry` of somebody else with.
"""

from collections.abc import AsyncIterator

import pytest

from contract.test_checkers import AND, Case, brief
from ghostproof.config import Config
from ghostproof.errors import NoGoal
from ghostproof.lean.toolchain import Project
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.scratch_checker import ScratchChecker
from ghostproof.verify.verdict import Candidate, Progress
from ghostproof.workspace import make_scratch
from support import marked

LIMITS = Limits(seconds=60.0)
UNREAD, UNTOLD = "no verdict: unread", "no verdict: axioms"

CASES = [
    Case(
        "what closes, what leaves goals, what fails",
        AND,
        {
            "exact ⟨h.2, h.1⟩": "proved",
            "constructor": "2 left",
            "exact And.intro h.2 h.1": "proved",
            "exact h": "error",
            "exact ⟨h.1, h.2⟩": "error",
            "assumption": "error",
            "exact missing": UNREAD,
            "skip": "no-progress",
        },
    ),
    Case(
        "what is no tactic sequence",
        AND,
        {"": "parse", "exact (": UNREAD, "exact h)": UNREAD, "constructor)\n(skip": UNREAD, 'exact "open': UNREAD},
    ),
    Case(
        "what is not allowed",
        AND,
        {
            "sorry": "forbidden",
            "exact sorry": "forbidden",
            "admit": "forbidden",
            "native_decide": "forbidden",
            "run_tac return": "forbidden",
            "exact sorryAx _": "forbidden",
            "assumption\ntheorem evil : True := trivial": "forbidden",
        },
    ),
    Case(
        "the theorem under proof",
        "namespace N\ntheorem self (n : Nat) : n + n = n + (n + 0) := by\n  ⟦sorry⟧\nend N\n",
        {"exact self n": "circular", "exact N.self n": "circular", "rfl": "proved"},
    ),
    Case(
        "a case of several",
        "theorem two (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  · ⟦sorry⟧\n  · sorry\n",
        {"exact hp": UNTOLD, "exact hq": "error", "assumption": UNTOLD},
    ),
    Case(
        "the first of two goals",
        "theorem two (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  ⟦sorry⟧\n  exact hq\n",
        {"exact hp": "1 left of the others", "skip": "no-progress"},
    ),
    Case(
        "nested have",
        "example (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  have g : p ∧ q := by\n    ⟦sorry⟧\n  exact ⟨g.2, g.1⟩\n",
        {"exact h": "proved", "exact h.1": "error"},
    ),
    Case(
        "calc",
        "theorem chain (a b c : Nat) (h : a = b) (g : b = c) : a = c := by\n"
        "  calc a = b := by ⟦sorry⟧\n    _ = c := g\n",
        {"exact h": "proved", "exact g": "error", "rw [h]": "proved"},
    ),
    Case(
        "match with tactic alternatives",
        "theorem turn (p q : Prop) (h : p ∨ q) : q ∨ p := by\n"
        "  match h with\n  | .inl h => ⟦sorry⟧\n  | .inr h => exact .inl h\n",
        {"exact Or.inr h": "proved", "exact Or.inl h": "error", "right": "1 left"},
    ),
    Case(
        "errors elsewhere",
        "theorem broken : 1 = 2 := by\n  exact oops\n\n"
        "theorem fine (p : Prop) (h : p) : p ∧ False := by\n  constructor\n  · ⟦sorry⟧\n  · exact oops\n",
        {"exact h": UNTOLD, "exact h.1": "error"},
    ),
    Case(
        "no line end, and characters of two UTF-16 units",
        "theorem eq (𝕜 : Type) (𝕩 : 𝕜) : 𝕩 = 𝕩 := by /- 𝕜𝕜 -/ ⟦sorry⟧",
        {"rfl": "proved", "exact Eq.refl 𝕩": "proved", "exact 𝕩": "error"},
    ),
    Case(
        "an axiom of the file, and a theorem that is not proved",
        "axiom wrong : 1 = 2\ntheorem unproved : 1 = 2 := sorry\ntheorem x : 1 = 2 := by\n  ⟦sorry⟧\n",
        {"exact wrong": "final", "exact unproved": "final"},
    ),
]


@pytest.fixture(scope="module")
async def scratch(native_project: Project) -> AsyncIterator[ScratchChecker]:
    checker = make_scratch(native_project, Config())
    yield checker
    await checker.close()


async def opened(scratch: ScratchChecker, native_project: Project, text: str) -> GoalState:
    return await marked.opened(scratch, native_project.root / "Contract.lean", text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_verdicts(scratch: ScratchChecker, native_project: Project, case: Case) -> None:
    state = await opened(scratch, native_project, case.text)
    found = {
        text: brief((await scratch.check(state, Candidate(text, "test"), LIMITS)).verdict) for text in case.expected
    }
    assert found == case.expected


async def test_goals_are_printed_as_the_infoview_does(scratch: ScratchChecker, native_project: Project) -> None:
    state = await opened(scratch, native_project, AND)
    assert state.goals == ("p q : Prop\nh : p ∧ q\n⊢ q ∧ p",)
    checked = await scratch.check(state, Candidate("constructor", "test"), LIMITS)
    left = ("case left\np q : Prop\nh : p ∧ q\n⊢ q", "case right\np q : Prop\nh : p ∧ q\n⊢ p")
    assert checked.verdict == Progress(left)


@pytest.mark.parametrize(
    "text",
    [
        "theorem t : 1 = 1 := ⟦sorry⟧\n",
        "theorem t : 1 = 1 := by\n  exact ⟦sorry⟧\n",
        "theorem t : 1 = 1 := by\n  rfl\n  ⟦sorry⟧\n",
        "def n := 5\n⟦sorry⟧\n",
        # Lean 4.28 still read this as a block; for 4.35 the block behind `by` is empty.
        "theorem flat : True := by\n⟦sorry⟧\n",
    ],
    ids=["a term", "a term of a tactic", "behind the end", "between declarations", "at the margin"],
)
async def test_no_goal(scratch: ScratchChecker, native_project: Project, text: str) -> None:
    with pytest.raises(NoGoal):
        await opened(scratch, native_project, text)
