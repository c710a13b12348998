"""The scratch checker on a real Lean: what is elaborated, what is shown as it stands, and what is not called proved."""

import pytest

from ghostproof.errors import NoGoal
from ghostproof.lean.toolchain import Project
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.scratch_checker import ScratchChecker
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Progress, Proved, Reason, Rejected, Verdict
from support import marked

pytestmark = pytest.mark.lean

LIMITS = Limits(seconds=60.0)


async def opened(scratch: ScratchChecker, project: Project, text: str) -> GoalState:
    return await marked.opened(scratch, project.root / "Scratch.lean", text)


async def verdict(scratch: ScratchChecker, state: GoalState, tactic: str) -> Verdict:
    return (await scratch.check(state, Candidate(tactic, "test"), LIMITS)).verdict


def is_unproved(found: Verdict) -> bool:
    """Not shown as closing anything, for a reason that has to do with what it rests on."""
    if isinstance(found, Rejected):
        return found.reason in (Reason.FINAL, Reason.FORBIDDEN)
    return isinstance(found, Inconclusive) and found.cause is Cause.AXIOMS


AND = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  ⟦sorry⟧\n"

UNREADABLE = [
    'exact absurd (s!"{"" ++ (include_str "x") ++ ""}" : String) h',
    "exact «a\n#eval IO.println 1\nb» h",
    "exact h.symm /- \n -/ #eval 1",
    "exact (by run_tac pure ())",
    "exact h.symm\n\n#eval 1",
    "exact h.symm)\n(skip",
    "simp; exact by_elab pure default",
    "exact (Lean.ofReduceBool _ _ rfl : q ∧ p)",
    "exact (open Nat in h.symm)",
    "skip -- \nsorry",
]

READABLE = {
    "have hq : q := h.2": "1 left",
    "exact (\nh.symm)": "proved",
    "exact ⟨h.right, by exact h.1⟩": "proved",
    "let rec f : Nat → Nat := fun n => n\nexact h.symm": "proved",
    'have s : "{}".length = 2 := rfl\nexact h.symm': "proved",
    'have s := "\\"; run_tac x; exact "\nexact h.symm': "proved",
    "if hp : p then exact h.symm else exact h.symm": "proved",
    "exact if True then h.symm else h.symm": "proved",
    "constructor -- the second half is left\n· exact h.2": "1 left",
    "bv_omega": "error",
}


def brief(found: Verdict) -> str:
    match found:
        case Proved():
            return "proved"
        case Progress(goals):
            return f"{len(goals)} left"
        case Rejected(reason):
            return reason.value
        case Inconclusive(cause):
            return f"no verdict: {cause.value}"


async def test_only_what_lean_s_parser_reads_and_the_rules_allow_is_elaborated(
    scratch: ScratchChecker, project: Project
) -> None:
    state = await opened(scratch, project, AND)
    for text in UNREADABLE:
        found = await verdict(scratch, state, text)
        assert isinstance(found, Rejected), text
        assert found.reason in (Reason.FORBIDDEN, Reason.PARSE), text
    assert {text: brief(await verdict(scratch, state, text)) for text in READABLE} == READABLE


async def test_without_a_parser_the_closed_grammar_is_served_and_nothing_else(
    project: Project, scratch: ScratchChecker
) -> None:
    bare = ScratchChecker(scratch._make_session, tells_axioms=project.toolchain.tells_axioms)
    state = await opened(bare, project, AND)
    assert brief(await verdict(bare, state, "exact ⟨h.2, h.1⟩")) == "proved"
    assert brief(await verdict(bare, state, "cases h with\n| intro a b => exact ⟨b, a⟩")) == "proved"
    for text in (*UNREADABLE, "have hq : q := h.2"):
        found = await verdict(bare, state, text)
        assert isinstance(found, Rejected) or (isinstance(found, Inconclusive) and found.cause is Cause.UNREAD), text
    await bare.close()


SWALLOWED = "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  ⟦sorry⟧ <;> assumption\n"


async def test_what_is_shown_was_elaborated_as_it_will_stand(scratch: ScratchChecker, project: Project) -> None:
    state = await opened(scratch, project, SWALLOWED)
    assert isinstance(await verdict(scratch, state, "constructor"), Proved | Progress)
    for text in (
        "constructor -- x",
        "constructor /- x",
        "constructor; skip",
        "constructor\nskip",
        "first | constructor",
    ):
        found = await verdict(scratch, state, text)
        assert isinstance(found, Rejected | Inconclusive), (text, found)


# What a proof must not rest on, and a candidate that does without saying so in a way that a look at names would see.
RESTING = [
    ("theorem lie : 1 = 2 := sorry\ntheorem two : 1 = 2 := lie\n", "1 = 2", "exact two"),
    ("theorem N.lie : 1 = 2 := sorry\nopen N\ntheorem two : 1 = 2 := lie\n", "1 = 2", "simpa using two"),
    ("def n : Nat := 1 axiom lie : 1 = 2\n", "1 = 2", "exact lie"),
    ("axiom lie : 1 = 2\ninstance : Decidable (1 = 2) := .isTrue lie\n", "1 = 2", "exact of_decide_eq_true rfl"),
    ("@[simp] theorem lie : (1 = 2) = True := sorry\n", "1 = 2", "simp"),
    ("theorem broken : 1 = 2 := by exact oops\n", "1 = 2", "exact broken"),
    ('macro "magic" : tactic => `(tactic| sorry)\n', "1 = 2", "magic"),
    ("set_option warn.sorry false\ntheorem lie : 1 = 2 := sorry\ntheorem two : 1 = 2 := lie\n", "1 = 2", "exact two"),
    ("#guard_msgs (drop all) in\ntheorem lie : 1 = 2 := sorry\ntheorem two : 1 = 2 := lie\n", "1 = 2", "exact two"),
    ("def price (item : String) (amount : Nat) : Nat := sorry\n", 'price "tea" 3 = price "gold" 700', "rfl"),
]


@pytest.mark.parametrize(
    ("above", "statement", "tactic"), RESTING, ids=[tactic + "/" + a[:20] for a, _, tactic in RESTING]
)
@pytest.mark.parametrize("kind", ["theorem t :", "example :", "theorem both : 1 = 1 ∧"])
async def test_nothing_unproved_is_called_proved(
    scratch: ScratchChecker, project: Project, above: str, statement: str, tactic: str, kind: str
) -> None:
    """As a theorem, as an example, and where another goal is left behind."""
    rest = "\n  refine ⟨?_, ?_⟩\n  · rfl\n  ⟦sorry⟧\n" if "∧" in kind else "\n  ⟦sorry⟧\n"
    state = await opened(scratch, project, f"{above}{kind} {statement} := by{rest}")
    found = await verdict(scratch, state, tactic)
    assert is_unproved(found) or (isinstance(found, Rejected) and found.reason is Reason.ERROR), found


async def test_closing_the_first_of_several_goals_is_checked_like_a_proof(
    scratch: ScratchChecker, project: Project
) -> None:
    lie = "theorem lie : 1 = 2 := sorry\ntheorem two : 1 = 2 := lie\n"
    split = "theorem t (p : Prop) (hp : p) : 1 = 2 ∧ p := by\n  constructor\n  ⟦sorry⟧\n"
    state = await opened(scratch, project, lie + split)
    assert is_unproved(await verdict(scratch, state, "exact two"))
    honest = "theorem t (p q : Prop) (hp : p) : p ∧ q := by\n  constructor\n  ⟦sorry⟧\n"
    state = await opened(scratch, project, honest)
    assert await verdict(scratch, state, "exact hp") == Progress(
        ("case right\np q : Prop\nhp : p\n⊢ q",), closed_main=True
    )


SKETCH = (
    "def rank (n : Nat) : Nat := sorry\ntheorem rank_mono (n : Nat) : rank n < rank (n + 1) := sorry\n"
    "theorem broken : 1 = 2 := by exact oops\n"
)


async def test_what_rests_on_nothing_of_an_unfinished_file_is_proved(scratch: ScratchChecker, project: Project) -> None:
    """Nothing is known of an unfinished function but its type, and an unproved lemma is as if it were not there."""
    text = "theorem t (a b : Nat) (h : rank a = rank b) : rank b = rank a := by\n  ⟦sorry⟧\n"
    state = await opened(scratch, project, SKETCH + text)
    assert brief(await verdict(scratch, state, "exact h.symm")) == "proved"
    assert brief(await verdict(scratch, state, "simp [h]")) == "proved"
    for unproved in ("rfl", "exact rank_mono _", "simp [rank]", "exact broken ▸ rfl"):
        assert not isinstance(await verdict(scratch, state, unproved), Proved), unproved
    state = await opened(scratch, project, SKETCH + "example (a b : Nat) : a + b = b + a := by\n  ⟦sorry⟧\n")
    assert brief(await verdict(scratch, state, "omega")) == "proved"


@pytest.mark.parametrize(
    "text",
    [
        "def larger (a b : Nat) : Nat := by\n  ⟦sorry⟧\n",
        "def larger (a b : Nat) : Nat × (1 = 1) := by\n  constructor\n  ⟦sorry⟧\n  rfl\n",
        "instance : Inhabited Nat := by\n  ⟦sorry⟧\n",
        "example (f : Nat → Nat) : ∃ n, f n = f n := by\n  constructor\n  rotate_left\n  ⟦sorry⟧\n  rfl\n",
    ],
)
async def test_data_is_not_proved(scratch: ScratchChecker, project: Project, text: str) -> None:
    state = await opened(scratch, project, text)
    for tactic in ("exact 5", "exact UInt64.size", "trivial", "infer_instance", "exact ⟨5⟩", "assumption"):
        found = await verdict(scratch, state, tactic)
        assert not isinstance(found, Proved), tactic
        assert not (isinstance(found, Progress) and found.closed_main), tactic


WORDS = (
    "inductive Word : Nat → Type\n  | empty : Word 0\n  | glue : Word m → Word n → Word (m + n)\n"
    "def Word.copy : Word n → Word n\n  | .empty => .empty\n  | .glue u v => .glue u.copy v.copy\n"
    "theorem copy_eq (w : Word n) : w.copy = w := by\n  match w with\n  | .empty => rfl\n  | .glue u v => ⟦sorry⟧\n"
)


async def test_recursion_is_no_circle(scratch: ScratchChecker, project: Project) -> None:
    state = await opened(scratch, project, WORDS)
    assert brief(await verdict(scratch, state, "simp [Word.copy, copy_eq u, copy_eq v]")) == "proved"
    for text in ("exact copy_eq _", "exact copy_eq (.glue u v)", "have := copy_eq (.glue u v)"):
        assert brief(await verdict(scratch, state, text)) == "circular", text


@pytest.mark.parametrize(
    "text",
    [
        "example (a b : Nat) : a + b = b + a := by\n  rw [no_such_lemma]\n  ⟦sorry⟧\n",
        "example (a b : Nat) : a + b = b + a := by\n  have h : a = b := no_such_lemma\n  exact h\n  ⟦sorry⟧\n",
        "example (a b : Nat) : a = a := by\n  first | rfl | ⟦sorry⟧\n",
    ],
)
async def test_a_goal_that_lean_never_reaches_is_none(scratch: ScratchChecker, project: Project, text: str) -> None:
    with pytest.raises(NoGoal) as raised:
        await opened(scratch, project, text)
    assert ("no_such_lemma" in text) == ("no_such_lemma" in str(raised.value))


async def test_half_a_character_changes_nothing(scratch: ScratchChecker, project: Project) -> None:
    state = await opened(scratch, project, AND)
    for text in ("exact \ud800", "exact h\0", "exact h \x1b[2J", "exact h \u202e"):
        assert isinstance(await verdict(scratch, state, text), Rejected)
    assert brief(await verdict(scratch, state, "exact ⟨h.2, h.1⟩")) == "proved"
    with pytest.raises(NoGoal):
        await opened(scratch, project, AND + "-- \ud800")
    assert brief(await verdict(scratch, state, "exact h.symm")) == "proved"
