"""The first guard: what a model may write runs, and what could do harm is refused before Lean elaborates it."""

import pytest

from ghostproof.lean.toolchain import Project
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.scratch_checker import ScratchChecker
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Proved, Reason, Rejected

pytestmark = pytest.mark.lean

# Ordinary Lean as provers write it. Most of it fails at this goal; none of it is refused.
HARMLESS = """
rfl
omega
simp_all [Nat.add_comm, ← Nat.mul_assoc, -Nat.add_assoc, *] at h ⊢
simp only [Nat.add_comm, foo] at *
simp (config := { decide := true }) +arith -zeta [f]
dsimp only [id]; exact h
rw [Nat.add_comm, ← Nat.add_assoc (k := 2), if_pos h, Nat.mul_comm _ (a + b)] at h ⊢
rwa [Nat.succ_eq_add_one] at *
erw [Nat.add_comm]
exact ⟨fun h => h.2, by rintro ⟨a, b⟩; exact ⟨b, a⟩⟩
exact fun (x : Nat) {y : Nat} ⦃z⦄ [Inhabited Nat] => (x + y : Nat)
exact (Nat.le_trans ‹_› (by decide) |>.trans ‹a ≤ b›)
exact Nat.rec (motive := fun n => n = n) rfl (fun _ _ => rfl) a
exact @Nat.add_comm.{0} a b
exact Nat.lt_irrefl _ <| h₁.trans_lt h₂
exact if h : a = b then h ▸ rfl else absurd rfl h
exact match a, b with | 0, _ => rfl | n + 1, m => by simp
exact let x := 1; have y := x; show _ from rfl
exact calc a + b = b + a := Nat.add_comm ..
    _ = b + a := rfl
calc a + b
    _ = b + a := Nat.add_comm a b
    _ ≤ b + a + 0 := by omega
intro x ⟨y, hy⟩ _; revert x
rintro (⟨x, rfl⟩ | h) - _ ⟨⟩
rcases h with ⟨x, hx⟩ | ⟨y, rfl⟩
rcases em : f x with _ | n
obtain ⟨x, hx : x = 1⟩ := h
obtain rfl | h := Nat.eq_zero_or_pos a
cases h with | inl h => exact h | inr h => simp at h
cases' h with x y
induction a with | zero => simp | succ n ih => rw [Nat.add_right_comm, ih]
induction a generalizing b <;> simp_all <;> omega
induction a using Nat.strongRecOn with | _ n ih => exact ih _ (by omega)
fun_induction f a
constructor <;> intro h
constructor\\n· exact h.2\\n· exact h.1
refine ⟨?_, fun x => ?_⟩
refine' ⟨_, _⟩
apply Nat.le_antisymm; all_goals omega
any_goals (first | rfl | assumption | (intro x; exact x))
try simp; repeat rfl
iterate 3 apply Nat.succ_le_succ
have h : a = b := by omega
have ⟨x, hx⟩ := h
have := Nat.add_comm a b; omega
suffices h : a = b by simp [h]
suffices h : a = b from h ▸ rfl
let x := a + b; show x = _
set_like_thing := 1
show b + a = a + b
change _ = _
specialize h 1 (by simp)
generalize hx : a + b = x at *
by_cases h : a = b
by_contra h
exfalso; contradiction
exists 1, 2
injection h with h
injections
subst h; subst_vars
split at h <;> simp
split_ifs with h
unfold f at h ⊢; delta f
decide
grind [Nat.add_comm]
grind only [= f]
grind_linarith
grind_order -ring
grind => exact h
with_implicit rfl
ac_rfl
norm_cast; push_cast at h; exact_mod_cast h
conv_thing
conv => lhs; rw [Nat.add_comm]
conv at h in a + _ => rw [Nat.add_comm]; skip
conv => enter [1, x, 2]; ext y; simp only [f]
case inl h => simp
next x => exact x
rename_i x y; clear x
symm; exact h.symm
funext x; ext y z
classical infer_instance
left; right; trivial
nofun
nomatch h
exact nomatch h
rotate_left; swap_thing
ext ⟨x, y⟩ : 2
congr 1
exact Eq.trans (by simp : a = a + 0) rfl
exact (⟨1, by omega⟩ : ∃ x : Nat, x = 1)
exact ∃ x ∈ [1, 2], ∀ y < x, y ∉ ([] : List Nat) ∧ ¬ y = x → True ∨ False ↔ True
exact (fun | 0 => rfl | n + 1 => rfl)
exact (· + 1)
exact h a b (c := 1) ..
exact #[1, 2][0]! + [1].head? |>.getD 0
exact { x := 1, y := 2, s with z := 3 }
exact a⁻¹ • b ^ 2 % 3 ∣ c ∘ d
exact (do let x ← some 1; pure (x + 1))
exact if let some x := o then x else 0
exact s!"{a}"
exact 'c'.toNat + 0x1F + "abc".length + 1.5
exact (a, b).1 ∈ ({1, 2} : Set Nat) ∪ ∅
exact .inl h
exact Exists.intro _ (And.intro h.left.1 ‹_›)
exact absurd h (Nat.not_lt.mpr (Nat.le_of_eq rfl))
exact h ▸ rfl
exact sum_range fun i => by simpa using h i
simpa [f] using h.symm
simpa only [f, g] using @h a
exact?
simp?
aesop
linarith [sq_nonneg (a - b), mul_self_nonneg a]
nlinarith
norm_num [f] at h
ring_nf at h ⊢
positivity
field_simp
gcongr
""".strip().split("\n")

HARMFUL = """
sorry
exact sorry
admit
native_decide
decide +native
exact by_elab do throwError "x"
run_tac do pure ()
have := by run_tac Lean.logInfo "x"; exact 1
set_option maxRecDepth 9999 in simp
set_option maxHeartbeats 0 in omega
open Nat in exact add_comm a b
exact open Nat in add_comm a b
exact unsafe (lcProof)
exact lcProof
exact (sorryAx _ false)
exact Lean.ofReduceBool _ _ rfl
stop
sleep 5
dbg_trace "x"
trace "x"
exact dbg_trace "x"; rfl
exact `(tactic| simp)
exact `(x)
exact panic! "x"
exact include_str "secret"
bv_decide
let rec f := 1; unsafe rfl
exact leading_parser "x"
""".strip().split("\n")

ESCAPES = [
    "rfl\n\ntheorem injected : 1 = 1 := rfl",
    "rfl\nend\n#eval 1",
    "rfl\n#eval IO.println 1",
    "rfl\n\naxiom cheat : False",
    "rfl -- \n macro_rules | `(tactic| rfl) => `(tactic| sorry)",
    "exact rfl\nwhere x := 1\n\ninstance : Inhabited Nat := ⟨1⟩",
    "rfl)",
    "(rfl",
    "rfl /- open",
    'exact "open',
    "```\nrfl",
    "",
    "by rfl",
    "theorem x : a = a := rfl",
]

OWN = 'macro "own_tactic" : tactic => `(tactic| exact Nat.add_comm _ _)\n\n'
TEXT = OWN + "theorem t (a b : Nat) : a + b = b + a := by\n  "
SPOT = Spot(len(TEXT), len(TEXT) + 5, "", 2, SpotKind.SORRY)
LIMITS = Limits(heartbeats=2_000, seconds=60)


@pytest.fixture(scope="module")
async def at_probe(probe: ProbeChecker, project: Project) -> GoalState:
    return await probe.open(project.root / "Guard.lean", TEXT + "sorry\n", SPOT)


async def reason(checker: ProbeChecker | ScratchChecker, state: GoalState, text: str) -> Reason | None:
    verdict = (await checker.check(state, Candidate(text, "model"), LIMITS)).verdict
    return verdict.reason if isinstance(verdict, Rejected) else None


@pytest.mark.parametrize("text", HARMLESS)
async def test_what_provers_write_is_not_refused(probe: ProbeChecker, at_probe: GoalState, text: str) -> None:
    text = text.replace("\\n", "\n")
    checked = await probe.check(at_probe, Candidate(text, "model"), LIMITS)
    if isinstance(checked.verdict, Rejected) and checked.verdict.reason is Reason.FORBIDDEN:
        assert "looks for a proof" in checked.verdict.message, checked.verdict.message


@pytest.mark.parametrize("text", HARMFUL)
async def test_what_does_harm_is_refused(probe: ProbeChecker, at_probe: GoalState, text: str) -> None:
    assert await reason(probe, at_probe, text) in {Reason.FORBIDDEN, Reason.PARSE}


@pytest.mark.parametrize("text", ESCAPES)
async def test_nothing_leaves_the_proof(probe: ProbeChecker, at_probe: GoalState, text: str) -> None:
    assert await reason(probe, at_probe, text) in {Reason.FORBIDDEN, Reason.PARSE}


async def test_the_projects_own_tactic_passes(probe: ProbeChecker, at_probe: GoalState) -> None:
    checked = await probe.check(at_probe, Candidate("own_tactic", "model"), LIMITS)
    assert isinstance(checked.verdict, Proved)


async def test_scratch_refuses_the_same(scratch: ScratchChecker, project: Project) -> None:
    state = await scratch.open(project.root / "Guard.lean", TEXT + "sorry\n", SPOT)
    for text in HARMFUL + ESCAPES:
        assert await reason(scratch, state, text) in {Reason.FORBIDDEN, Reason.PARSE}, text
    # A file with macros may hide a `sorry`, and this Lean does not tell scratch what a proof rests on.
    own = (await scratch.check(state, Candidate("own_tactic", "model"), LIMITS)).verdict
    assert isinstance(own, Inconclusive)
    assert own.cause is Cause.AXIOMS


async def test_a_refused_candidate_was_not_run(probe: ProbeChecker, at_probe: GoalState) -> None:
    """An endless elaboration would hang; a refused one comes back at once, and the state is as it was."""
    endless = "run_tac do (while true do pure ())"
    assert await reason(probe, at_probe, endless) is Reason.FORBIDDEN
    checked = await probe.check(at_probe, Candidate("omega", "model"), LIMITS)
    assert not isinstance(checked.verdict, Inconclusive | Rejected)
