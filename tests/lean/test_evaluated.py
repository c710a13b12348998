"""Arguments that Lean compiles and runs: only plain values pass. And tactics from which Lean would not come back."""

import pytest

from ghostproof.lean.toolchain import Project
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Progress, Proved, Reason, Rejected, Verdict

pytestmark = pytest.mark.lean
LIMITS = Limits(heartbeats=2_000, seconds=60)

ABOVE = """namespace Mine
def steps : Nat := 100
def cfg : Lean.Meta.Simp.Config := { maxSteps := 100 }
theorem dbg_lemma : 1 = 1 := rfl
theorem unsafeLemma : 1 = 1 := rfl
structure Flags where
  safe : Bool
end Mine
macro "my_simp" c:Lean.Parser.Tactic.optConfig : tactic => `(tactic| simp $c)
open Mine
"""
TEXT = "import Lean\n" + ABOVE + "theorem t (a b : Nat) (h : a = b) : a + b = b + a := by\n  "
SPOT = Spot(len(TEXT), len(TEXT) + 5, "", 2, SpotKind.SORRY)

EVIL = '(ptrAddrUnsafe ((IO.FS.createDir "here" : IO Unit) (unsafeCast ()))).toNat % 2 + 9'

# Each would run code of the candidate's making, or calls what is not for proofs.
RUNS = [
    f"simp +arith (maxSteps := {EVIL})",
    f"simp_all (maxSteps := {EVIL})",
    f"dsimp (config := {{ maxSteps := {EVIL} }})",
    "simp (maxSteps := 2 ^ 30)",
    "simp (maxSteps := id 3)",
    "simp (maxSteps := steps)",
    "simp (maxSteps := Mine.steps)",
    "simp (maxSteps := a)",
    "simp (maxSteps := .pow 2 5)",
    "simp (maxSteps := if true then 1 else 2)",
    "simp (maxSteps := by exact 3)",
    "simp (maxSteps := (fun x => x) 3)",
    "simp (maxSteps := [1, 2].length)",
    "simp (maxSteps := (3 : Nat))",
    "simp (maxSteps := let x := 3; x)",
    "simp (maxSteps := match 1 with | _ => 3)",
    "simp (maxSteps := (1, 2).1)",
    "simp (config := cfg)",
    "simp (config := { cfg with maxSteps := 3 })",
    "simp (config := { maxSteps })",
    "simp (config := { maxSteps := steps })",
    "simp («config» := cfg)",
    "simp (config := let c := cfg; c)",
    "rw (occs := id (.pos [1])) [Nat.add_comm]",
    "rw (occs := .pos [steps]) [Nat.add_comm]",
    "rw (occs := .pos (List.range 3)) [Nat.add_comm]",
    "rw (transparency := .ofNat 1) [Nat.add_comm]",
    "rewrite (occs := (fun _ => .all) ()) [Nat.add_comm]",
    "omega (splitDisjunctions := not true)",
    "decide (kernel := !false)",
    "decide («native» := true)",
    "decide (config := { «native» := true })",
    "decide +«native»",
    "grind (splits := 2 + 2)",
    "grind (gen := steps)",
    "conv => lhs; simp (maxSteps := id 3)",
    "conv => lhs; rw (occs := id .all) [Nat.add_comm]",
    "simp (disch := simp (maxSteps := id 3))",
    "first | simp (maxSteps := id 3) | omega",
    "exact (by simp (maxSteps := id 3))",
    "solve_by_elim (maxDepth := id 3)",
    "apply_rules (transparency := id .all) [Nat.add_comm]",
    "my_simp (maxSteps := id 3)",
    "exact unsafeCast h",
    "exact _root_.unsafeCast h",
    "exact @unsafeCast _ _ h",
    "exact «unsafeCast» h",
    "have := ptrAddrUnsafe a; omega",
    "have := ptrEq a b; omega",
    "have := Array.mapMUnsafe; omega",
    'have : dbgTrace "x" (fun _ => 1) = 1 := rfl; omega',
    "have := a.unsafeCast; omega",
    "have := a |>.ptrAddrUnsafe; omega",
    "exact .unsafeCast",
    "have := Lean.reduceBool true; omega",
    "have := Lean.reduceNat 1; omega",
    "have := @Lean.ofReduceBool; omega",
    "run_tac pure ()",
    "exact by_elab pure default",
    "exact unsafe h",
    "let rec @[implemented_by steps] f : Nat := 1\nomega",
    'let rec @[extern "x"] f : Nat := 1\nomega',
    "let rec @[csimp] f : 1 = 1 := rfl\nomega",
    'exact include_str "x"',
]

# Plain values, and names that only look like what is refused.
PASSES = [
    "simp (maxSteps := 1000)",
    "simp +arith -zeta (maxSteps := (1_000)) [h]",
    "simp (config := { maxSteps := 100, decide := true }) [h]",
    "simp (config := {}) [h]",
    "simp (contextual := true) (decide := false) [h]",
    "simp (disch := omega) [h]",
    "simp (maxSteps := Nat.succ 5)",
    "rw (occs := .pos [1]) [h]",
    "rw (occs := .neg [1, 2]) [h]",
    "rw (occs := Lean.Meta.Occurrences.all) [h]",
    "rw (config := { occs := .pos [1], transparency := .reducible }) [h]",
    "rw (transparency := .default) [h]",
    "omega (splitDisjunctions := false)",
    "decide (kernel := true)",
    "decide +kernel",
    "grind (splits := 4) [h]",
    "conv => lhs; simp (maxSteps := 9)",
    "my_simp (maxSteps := 9) +arith",
    "exact Nat.add_comm (n := id a) (m := b)",
    "exact (Nat.add_comm a b : (fun x => x) (a + b) = b + a)",
    "have hUnsafe := h; exact hUnsafe ▸ rfl",
    "have dbg := h; exact dbg ▸ rfl",
    "have := dbg_lemma; omega",
    "have := unsafeLemma; omega",
    "intro unsafe_x",
    "have f : Flags := { safe := true }; omega",
    "have : Flags := ⟨steps == 3⟩; omega",
    "exact absurd h (by simp (maxSteps := 10))",
]


@pytest.fixture(scope="module")
async def state(probe: ProbeChecker, project: Project) -> GoalState:
    return await probe.open(project.root / "Evaluated.lean", TEXT + "sorry\n", SPOT)


async def verdict(probe: ProbeChecker, state: GoalState, text: str) -> Verdict:
    return (await probe.check(state, Candidate(text, "model"), LIMITS)).verdict


@pytest.mark.parametrize("text", RUNS)
async def test_what_would_be_run_is_refused(probe: ProbeChecker, state: GoalState, text: str) -> None:
    answer = await verdict(probe, state, text)
    assert isinstance(answer, Rejected)
    assert answer.reason is Reason.FORBIDDEN, answer


@pytest.mark.parametrize("text", PASSES)
async def test_plain_values_pass(probe: ProbeChecker, state: GoalState, text: str) -> None:
    answer = await verdict(probe, state, text)
    if isinstance(answer, Rejected):
        assert answer.reason not in {Reason.FORBIDDEN, Reason.PARSE}, answer


@pytest.mark.parametrize(
    "text",
    [
        "apply ?left",
        "apply id ?left",
        "apply (?left)",
        "apply_mod_cast ?left",
        "have := hp; apply ?left",
        "refine ⟨?x, ?y⟩; apply ?x",
        "first | apply ?left | skip",
    ],
)
async def test_a_goal_does_not_become_part_of_itself(probe: ProbeChecker, project: Project, text: str) -> None:
    above = "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  "
    spot = Spot(len(above), len(above) + 5, "", 2, SpotKind.SORRY)
    state = await probe.open(project.root / "Cyclic.lean", above + "sorry\n  exact hq\n", spot)
    answer = await verdict(probe, state, text)
    assert isinstance(answer, Rejected)
    assert answer.reason is Reason.FORBIDDEN
    named = await probe.check(state, Candidate("apply And.left (a := p) (b := p) ?both", "model"), LIMITS)
    assert isinstance(named.verdict, Progress)


@pytest.mark.parametrize(
    "text",
    [
        "{ omega }",
        "{ have := h; omega }",
        "let rec f : Nat → Nat := fun n => n + 1\nomega",
        'have : "{" = "{" := rfl\nomega',
        'have : s!"{a}{b}" = s!"{a}{b}" := rfl\nomega',
        "if h : a = b then omega else omega",
        "exact if h : a = b then Nat.add_comm a b else Nat.add_comm a b",
        "bv_omega",
        "exact (\nNat.add_comm a b)",
        "exact (Nat.add_comm\n  a\n  b)",
        "have := by exact h\nomega",
        "exact show a + b = b + a from Nat.add_comm a b",
        "calc a + b\n  _ = b + a := Nat.add_comm a b",
        "match a, b with\n| x, y => exact Nat.add_comm x y",
        "exact (fun x y => Nat.add_comm x y) a b",
        "exact (And.intro h (Nat.add_comm a b)).2",
        "exact (⟨h, Nat.add_comm a b⟩ : a = b ∧ a + b = b + a).2",
        "· omega",
        "(omega)",
    ],
)
async def test_ordinary_forms_close_the_goal(probe: ProbeChecker, state: GoalState, text: str) -> None:
    assert await verdict(probe, state, text) == Proved()
