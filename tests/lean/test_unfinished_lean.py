"""What a proof rests on, by a real Lean: placeholders, values, recursion, and holes that are reached several times."""

import pytest

from ghostproof.lean.toolchain import Project
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Inconclusive, Progress, Proved, Rejected, Verdict
from support import marked

pytestmark = pytest.mark.lean
LIMITS = Limits(seconds=60.0)


def brief(verdict: Verdict) -> str:
    match verdict:
        case Proved():
            return "proved"
        case Progress(goals, closed):
            return f"{len(goals)} left" + (", closed" if closed else "")
        case Rejected(reason, _):
            return reason.value
        case Inconclusive(cause, _):
            return f"no verdict: {cause.value}"


PRICE = "def price (item : String) (amount : Nat) : Nat := sorry\n"
RANK = "def rank (n : Nat) : Nat := sorry\n"
TOTAL = RANK + "def total (a b : Nat) : Nat := rank a + rank b\n"
COPY = """inductive Word : Nat → Type where
  | dot : Word 0
  | glue : Word m → Word n → Word (m + n)
def Word.copy : Word n → Word n
  | .dot => .dot
  | .glue u v => .glue u.copy v.copy
"""

CASES = {
    "a definition without a body has no values": (
        PRICE + 'theorem t : price "tea" 3 = price "gold" 700 := by\n  ⟦sorry⟧\n',
        {
            "rfl": "final",
            "exact rfl": "final",
            "simp [price]": "final",
            "unfold price\nrfl": "final",
            "decide": "error",
        },
    ),
    "and is still a thing to speak of": (
        RANK + "theorem t (a b : Nat) (h : rank a = rank b) : rank b = rank a := by\n  ⟦sorry⟧\n",
        {"exact h.symm": "proved", "simp [h]": "proved", "rw [h]": "proved", "omega": "proved", "symm": "1 left"},
    ),
    "a finished definition over an unfinished one": (
        TOTAL + "theorem t (a b : Nat) : total a b = total b a := by\n  ⟦sorry⟧\n",
        {
            "simp [total, Nat.add_comm]": "proved",
            "exact Nat.add_comm _ _": "proved",
            "unfold total": "1 left",
            "unfold total\nomega": "proved",
            "rfl": "final",
        },
    ),
    "a lemma that is not proved": (
        RANK
        + "theorem rank_mono (a b : Nat) (h : a ≤ b) : rank a ≤ rank b := sorry\n"
        + "theorem rank_more (a : Nat) : rank a ≤ rank (a + 1) := rank_mono _ _ (by omega)\n"
        + "theorem t (a : Nat) : rank a ≤ rank (a + 2) := by\n  ⟦sorry⟧\n",
        {
            "exact rank_mono _ _ (by omega)": "final",
            "exact Nat.le_trans (rank_more a) (rank_more (a + 1))": "final",
            "have := rank_more a": "final",
            "apply Nat.le_of_eq": "1 left",
        },
    ),
    "values of a type without any": (
        "def nothing : Empty := sorry\ndef fact : 1 = 2 := sorry\ninstance : Decidable (1 = 2) := sorry\n"
        "theorem t : 1 = 2 := by\n  ⟦sorry⟧\n",
        {"exact nothing.elim": "final", "exact fact": "final", "cases nothing": "final"},
    ),
    "a value is no proof": (
        "example : Nat := by\n  ⟦sorry⟧\n",
        {"exact UInt64.size": "final", "exact 5": "final", "constructor": "final", "apply Nat.succ": "no-progress"},
    ),
    "a function is no proof": (
        "def larger (a b : Nat) : Nat := by\n  ⟦sorry⟧\n",
        {"trivial": "final", "exact a": "final", "assumption": "final", "cases a": "2 left", "exact 0": "final"},
    ),
    "a value that another goal determines": (
        "theorem t : ∃ n : Nat, n = 5 := by\n  refine ⟨?w, ?h⟩\n  rotate_left\n  ⟦sorry⟧\n",
        {"rfl": "proved", "rotate_left\nexact 5": "1 left"},
    ),
    "goals that depend on each other": (
        "theorem t : ∃ n : Nat, n = 5 ∧ 0 < n := by\n  ⟦sorry⟧\n",
        {
            "refine ⟨?_, ?_⟩": "2 left",
            "refine ⟨?w, ?h⟩": "2 left",
            "constructor": "2 left",
            "apply Exists.intro": "2 left",
            "refine ⟨_, rfl, ?_⟩": "1 left",
            "exact ⟨5, rfl, by decide⟩": "proved",
        },
    ),
    "recursion on smaller arguments": (
        COPY + "theorem copy_eq (w : Word n) : w.copy = w := by\n  match w with\n  | .dot => rfl\n"
        "  | .glue u v => ⟦sorry⟧\n",
        {
            "simp [Word.copy, copy_eq u, copy_eq v]": "proved",
            "have := copy_eq u": "1 left",
            "rw [Word.copy, copy_eq u]": "1 left",
            "exact copy_eq (.glue u v)": "circular",
            "have := copy_eq (.glue u v)": "circular",
        },
    ),
    "both of two goals": (
        "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor <;> ⟦sorry⟧\n",
        {
            "exact hp": "error",
            "exact hq": "error",
            "assumption": "proved",
            "first | exact hp | exact hq": "proved",
            "have x := hp": "2 left",
            "have : p := by assumption": "2 left",
        },
    ),
    "a lemma in the first of two goals only": (
        "theorem wrong : 1 = 2 := sorry\ntheorem t : 1 = 2 ∧ 3 = 3 := by\n  constructor <;> ⟦sorry⟧\n",
        {"first | rfl | exact wrong": "final", "first | exact wrong | rfl": "final"},
    ),
    "an axiom under another name, in the first of two goals only": (
        'axiom bad : 1 = 2\nmacro "auto" : tactic => `(tactic| exact bad)\n'
        "theorem t : 3 = 3 ∧ 1 = 2 := by\n  constructor <;> ⟦sorry⟧\n",
        {"first | rfl | auto": "final"},
    ),
    "a second sorry of the user's own": (
        "theorem t (p q : Prop) (hp : p) : p ∧ q := by\n  constructor\n  · ⟦sorry⟧\n  · sorry\n",
        {"exact hp": "proved", "assumption": "proved"},
    ),
    "goals that stay open elsewhere": (
        "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q ∧ p := by\n"
        "  have h : q := by\n    skip\n  refine ⟨?_, ?_, hp⟩\n  · ⟦sorry⟧\n  · exact hq\n",
        {"exact hp": "proved", "exact hq": "error"},
    ),
}


@pytest.mark.parametrize("name", list(CASES))
async def test_what_counts_as_proved(probe: ProbeChecker, project: Project, name: str) -> None:
    text, expected = CASES[name]
    state = await marked.opened(probe, project.root / "Unfinished.lean", text)
    found = {text: await probe.check(state, Candidate(text, "test"), LIMITS) for text in expected}
    assert {text: brief(checked.verdict) for text, checked in found.items()} == expected, found


async def test_what_a_proof_rests_on_is_named(probe: ProbeChecker, project: Project) -> None:
    text = RANK + "theorem rank_zero : rank 0 = 0 := sorry\ntheorem t : rank 0 + 1 = 1 := by\n  "
    spot = Spot(len(text), len(text) + 5, "", 2, SpotKind.SORRY)
    state = await probe.open(project.root / "Named.lean", text + "sorry\n", spot)
    verdict = (await probe.check(state, Candidate("simp [rank_zero]", "test"), LIMITS)).verdict
    assert isinstance(verdict, Rejected)
    assert "`rank_zero`" in verdict.message
    assert "not finished" in verdict.message
