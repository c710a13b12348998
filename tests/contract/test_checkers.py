"""The contract of a checker: the same candidates get the same verdicts, whichever checker is asked.

Each case is a text whose hole stands between ⟦ and ⟧, and candidates with what must come out. To add a checker, give
the fixture `checker` the name of its own.
"""

from dataclasses import dataclass, field

import pytest

from ghostproof.errors import NoGoal
from ghostproof.lean.toolchain import Project
from ghostproof.verify.checker import Checker, GoalState, Limits
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Progress, Proved, Reason, Rejected, Verdict
from support import marked

LIMITS = Limits(seconds=60.0)

pytestmark = pytest.mark.lean


def brief(verdict: Verdict) -> str:
    """A verdict in one word, as the tables have it; remaining goals by their number."""
    match verdict:
        case Proved():
            return "proved"
        case Progress(goals, closed_main):
            return f"{len(goals)} left" + (" of the others" if closed_main else "")
        case Rejected(reason):
            return reason.value
        case Inconclusive(cause):
            return f"no verdict: {cause.value}"


@dataclass(frozen=True)
class Case:
    """`untold`: what is said of it where Lean tells no axioms, and only the scratch checker asks for them."""

    name: str
    text: str
    expected: dict[str, str]
    untold: dict[str, str] = field(default_factory=dict)

    def of(self, checker: Checker) -> dict[str, str]:
        return self.expected | (self.untold if checker.name == "scratch" else {})


UNTOLD = "no verdict: axioms"


AND = "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  ⟦sorry⟧\n"
ADD = "theorem comm (a b : Nat) : a + b = b + a := by\n  ⟦sorry⟧\n"

CASES = [
    Case(
        "what closes, what leaves goals, what fails",
        AND,
        {
            "exact ⟨h.2, h.1⟩": "proved",
            "simp [h]": "proved",
            "constructor": "2 left",
            "constructor\n· exact h.2": "1 left",
            "constructor\n· exact h.2\n· exact h.1": "proved",
            "cases h with\n| intro hp hq => exact ⟨hq, hp⟩": "proved",
            "have hp : p := h.1": "1 left",
            "have hp : p := by\n  exact h.1": "1 left",
            "exact h": "error",
            "exact ⟨h.1, h.2⟩": "error",
            "assumption": "error",
            "exact missing": "error",
            "skip": "no-progress",
            "first | assumption | skip": "no-progress",
        },
    ),
    Case(
        "what is no tactic sequence",
        ADD,
        {
            "": "parse",
            "foo bar": "parse",
            "exact (": "parse",
            "exact a)": "parse",
            "omega)\n(skip": "parse",
            "omega /- open": "parse",
            'exact "open': "parse",
            "have h : a = b := by": "parse",
            "exact Nat.add_comm a b +": "parse",
            "omega -- a comment": "proved",
            "omega /- a comment -/": "proved",
        },
    ),
    Case(
        "what is not allowed",
        ADD,
        {
            "sorry": "forbidden",
            "exact sorry": "forbidden",
            "admit": "forbidden",
            "native_decide": "forbidden",
            "run_tac return": "forbidden",
            "set_option maxHeartbeats 0 in omega": "forbidden",
            "omega\ntheorem evil : True := trivial": "forbidden",
            "omega\nend Nowhere": "forbidden",
            "exact sorryAx _": "forbidden",
            "exact?": "forbidden",
        },
    ),
    Case(
        "the theorem under proof",
        "namespace N\ntheorem self (n : Nat) : n * n = n * (n + 0) := by\n  ⟦sorry⟧\nend N\n",
        {
            "exact self n": "circular",
            "exact N.self n": "circular",
            "exact _root_.N.self n": "circular",
            "simp": "proved",
            "rfl": "proved",
        },
    ),
    Case(
        "a case of several",
        "theorem two (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  · ⟦sorry⟧\n  · sorry\n",
        {"exact hp": "proved", "exact hq": "error", "assumption": "proved"},
    ),
    Case(
        "the first of two goals",
        "theorem two (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  ⟦sorry⟧\n  exact hq\n",
        {"exact hp": "1 left of the others", "skip": "no-progress"},
    ),
    Case(
        "an existing tactic",
        "theorem more (n : Nat) : n + 0 = 0 + n := by\n  ⟦induction n⟧\n",
        {"omega": "proved", "cases n": "2 left"},
    ),
    Case(
        "a tactic in a term",
        "def third : Fin 3 := ⟨1, by ⟦sorry⟧⟩\n",
        {"decide": "proved", "omega": "proved", "exact 5": "error"},
    ),
    Case(
        "nested have",
        "example (p q : Prop) (h : p ∧ q) : q ∧ p := by\n"
        "  have ⟨hp, hq⟩ : p ∧ q := by\n    ⟦sorry⟧\n  exact ⟨hq, hp⟩\n",
        {"exact h": "proved", "exact h.symm": "error"},
    ),
    Case(
        "calc",
        "theorem chain (a b c : Nat) (h : a = b) (g : b = c) : a = c := by\n"
        "  calc a = b := by ⟦sorry⟧\n    _ = c := g\n",
        {"exact h": "proved", "exact g": "error"},
    ),
    Case(
        "match with tactic alternatives",
        "theorem turn (p q : Prop) (h : p ∨ q) : q ∨ p := by\n"
        "  match h with\n  | .inl h => ⟦sorry⟧\n  | .inr h => exact .inl h\n",
        {"exact .inr h": "proved", "exact .inl h": "error", "right": "1 left", "right\nexact h": "proved"},
    ),
    Case(
        "a field of an instance",
        "class Magma (α : Type) where\n  op : α → α → α\n  comm : ∀ a b, op a b = op b a\n"
        "instance : Magma Nat where\n  op := Nat.add\n  comm := by\n    ⟦sorry⟧\n",
        {"intro a b\nexact Nat.add_comm a b": "proved", "exact Nat.add_comm": "proved", "intro a b": "1 left"},
    ),
    Case(
        "mutual theorems",
        "mutual\ninductive Even : Nat → Prop\n  | zero : Even 0\n  | succ : Odd n → Even (n + 1)\n"
        "inductive Odd : Nat → Prop\n  | succ : Even n → Odd (n + 1)\nend\n"
        "mutual\ntheorem even (h : Even n) : n % 2 = 0 := by\n  cases h with\n  | zero => ⟦sorry⟧\n"
        "  | succ h => have := odd h; omega\n"
        "theorem odd (h : Odd n) : n % 2 = 1 := by\n  cases h with\n  | succ h => have := even h; omega\nend\n",
        {"rfl": "proved", "exact h": "error"},
    ),
    Case(
        "errors elsewhere",
        "theorem broken : 1 = 2 := by\n  exact oops\n\n"
        "theorem fine (n : Nat) : n < 2 ^ n ∧ False := by\n  constructor\n  · ⟦sorry⟧\n  · exact oops\n",
        {"exact Nat.lt_two_pow_self": "proved", "exact oops": "error"},
        untold={"exact Nat.lt_two_pow_self": UNTOLD},
    ),
    Case(
        "no line end, and characters of two UTF-16 units",
        "theorem eq (𝕜 : Type) (𝕩 : 𝕜) : 𝕩 = 𝕩 := by /- 𝕜𝕜 -/ ⟦sorry⟧",
        {"rfl": "proved", "exact Eq.refl 𝕩": "proved", "exact 𝕩": "error"},
    ),
    Case(
        "an unindented block",
        "theorem flat : ∀ x y : Nat, x + y = y + x := by\n⟦sorry⟧\n\ntheorem next : True := trivial\n",
        {"omega": "proved", "intro x y": "1 left", "intro x y\nomega": "proved"},
    ),
    Case(
        "an axiom of the file, and a theorem that is not proved",
        "axiom wrong : 1 = 2\ntheorem unproved : 1 = 2 := sorry\ntheorem x : 1 = 2 := by\n  ⟦sorry⟧\n",
        {"exact wrong": "final", "exact unproved": "final"},
    ),
    Case(
        "recursion that Lean does not accept as one",
        "def loop (n : Nat) : { m : Nat // m = n + 1 } :=\n  ⟨n + 1, by ⟦sorry⟧⟩\n",
        {"rfl": "proved", "exact (loop n).2 ▸ rfl": "circular"},
    ),
]


async def opened(checker: Checker, project: Project, text: str) -> GoalState:
    return await marked.opened(checker, project.root / "Contract.lean", text)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
async def test_verdicts(checker: Checker, project: Project, case: Case) -> None:
    state = await opened(checker, project, case.text)
    found = {
        text: brief((await checker.check(state, Candidate(text, "test"), LIMITS)).verdict) for text in case.expected
    }
    assert found == case.of(checker)


async def test_goals_are_printed_as_the_infoview_does(checker: Checker, project: Project) -> None:
    state = await opened(checker, project, AND)
    assert state.goals == ("p q : Prop\nh : p ∧ q\n⊢ q ∧ p",)
    assert (state.main.goal, state.main.target, state.main.head) == (state.goals[0], "q ∧ p", "And")
    assert [h.name for h in state.main.hypotheses] == ["p", "q", "h"]
    checked = await checker.check(state, Candidate("constructor", "test"), LIMITS)
    left = ("case left\np q : Prop\nh : p ∧ q\n⊢ q", "case right\np q : Prop\nh : p ∧ q\n⊢ p")
    assert checked.verdict == Progress(left)


async def test_open_metavariables_keep_their_names(checker: Checker, project: Project) -> None:
    text = "theorem t (a : Nat) (h : 0 < a) : ∃ n, 0 < n ∧ n = a := by\n  ⟦sorry⟧\n"
    state = await opened(checker, project, text)
    checked = await checker.check(state, Candidate("constructor", "test"), LIMITS)
    context = "a : Nat\nh : 0 < a\n⊢ "
    assert checked.verdict == Progress((f"case h\n{context}0 < ?w ∧ ?w = a", f"case w\n{context}Nat"))


@pytest.mark.parametrize(
    "text",
    [
        "theorem t : 1 = 1 := ⟦sorry⟧\n",
        "theorem t : 1 = 1 := by\n  exact ⟦sorry⟧\n",
        "theorem t : 1 = 1 ∧ 2 = 2 := by\n  refine ⟨?_, ⟦sorry⟧⟩\n",
        "theorem t : 1 = 1 := by\n  rfl\n  ⟦sorry⟧\n",
        "def n := 5\n⟦sorry⟧\n",
    ],
    ids=["a term", "a term of a tactic", "a term beside a goal", "behind the end", "between declarations"],
)
async def test_no_goal(checker: Checker, project: Project, text: str) -> None:
    with pytest.raises(NoGoal):
        await opened(checker, project, text)


async def test_lean_s_offers_are_hints(checker: Checker, project: Project) -> None:
    state = await opened(checker, project, ADD)
    checked = await checker.check(state, Candidate("exact?", "test"), LIMITS)
    assert checked.hints == ("exact Nat.add_comm a b",)
    assert brief((await checker.check(state, Candidate(checked.hints[0], "exact?"), LIMITS)).verdict) == "proved"


async def test_equal_keys_for_what_stands_below(checker: Checker, project: Project) -> None:
    one = await opened(checker, project, ADD)
    other = await opened(checker, project, ADD + "\ntheorem below : True := trivial\n")
    different = await opened(checker, project, "theorem above : True := trivial\n" + ADD)
    assert one.key == other.key
    assert one.key != different.key


async def test_states_outlive_each_other(checker: Checker, project: Project) -> None:
    first = await opened(checker, project, AND)
    second = await opened(checker, project, ADD)
    for state, tactic in ((first, "exact ⟨h.2, h.1⟩"), (second, "omega"), (first, "exact h.symm")):
        assert brief((await checker.check(state, Candidate(tactic, "test"), LIMITS)).verdict) == "proved"


RUNAWAY = "exact absurd (Nat.add_comm a b) (by repeat (rw [Nat.add_comm a b]; rw [Nat.add_comm b a]))"


async def test_a_runaway_candidate_has_no_verdict_and_the_next_one_is_served(
    checker: Checker, project: Project
) -> None:
    state = await opened(checker, project, ADD)
    checked = await checker.check(state, Candidate(RUNAWAY, "test"), Limits(seconds=0.05))
    assert isinstance(checked.verdict, Inconclusive)
    assert checked.verdict.cause in (Cause.TIMEOUT, Cause.MEMORY, Cause.HEARTBEATS)
    assert brief((await checker.check(state, Candidate("omega", "test"), LIMITS)).verdict) == "proved"


def test_every_reason_and_outcome_is_in_the_table() -> None:
    outcomes = {outcome for case in CASES for outcome in case.expected.values()}
    assert {reason.value for reason in Reason} <= outcomes
