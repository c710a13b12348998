"""Scripts and sketches of a model in a real Lean: what is kept of them, and the proof that comes of it."""

from pathlib import Path

import pytest

from ghostproof.search.driver import ProofSearch
from ghostproof.search.strategies.model import ModelProofs
from ghostproof.search.strategy import QueryKind
from ghostproof.syntax.spot import find_action_spots
from ghostproof.text import SourceText
from ghostproof.verify.checker import Checker
from support.lean_texts import APP
from support.scripted_adviser import ScriptedAdviser, Table

pytestmark = pytest.mark.lean

ABOVE = f"""\
{APP}
def rev : List Nat → List Nat
  | [] => []
  | x :: xs => app (rev xs) [x]

"""
REV = "theorem rev_app (xs ys : List Nat) : rev (app xs ys) = app (rev ys) (rev xs)"
AND = "theorem both (p q r : Prop) (hp : p) (hq : q) (hr : r) : p ∧ q ∧ r"
TWO = "have a : q ∧ r := by sorry\nhave b : p := by sorry\n"
PROOF, SKETCH, REPAIR = QueryKind.PROOF, QueryKind.SKETCH, QueryKind.REPAIR
LEMMAS = """\
have app_assoc (as bs cs : List Nat) : app (app as bs) cs = app as (app bs cs) := by
  induction as with
  | nil => rfl
  | cons a as ih => simp [app, {}]
have app_nil (as : List Nat) : app as [] = as := by
  induction as with
  | nil => rfl
  | cons a as ih => simp [app, ih]
induction xs with
| nil => simp [app, rev, app_nil]
| cons x xs ih => simp [app, rev, ih, app_assoc]"""

# What is to be proved, what the model says, and the proof.
CASES: dict[str, tuple[str, Table, str]] = {
    "one of several is right": (
        AND,
        {PROOF: {"both": ["run_tac pure ()", "exact ⟨hq, hp, hr⟩", "exact ⟨hp, hq, hr⟩"]}},
        "exact ⟨hp, hq, hr⟩",
    ),
    "a step in the middle fails": (
        AND,
        {PROOF: {"both": ["constructor\n· exact hp\nconstructor\n· exact hp\n· exact hr"], "\n    q :=": ["exact hq"]}},
        "constructor\n· exact hp\nconstructor\n· exact hq\n· exact hr",
    ),
    "a case of an induction fails": (
        "theorem app_nil (xs : List Nat) : app xs [] = xs",
        {PROOF: {"app_nil": ["induction xs with\n| nil => rfl\n| cons x xs ih =>\n  nonsense\n  simp [app, ih]"]}},
        "induction xs with\n| nil => rfl\n| cons x xs ih =>\n  simp [app, ih]",
    ),
    "a lemma's proof fails": (
        REV,
        {PROOF: {"rev_app": [LEMMAS.format("wrong")], "\n    app (app (a ::": ["simp [app, ih]"]}},
        LEMMAS.format("ih"),
    ),
    "a repair": (
        AND,
        {PROOF: {"both": ["exact ⟨hp, hq⟩"]}, REPAIR: {"both": ["exact ⟨hp, hq, hr⟩"]}},
        "exact ⟨hp, hq, hr⟩",
    ),
    "a sketch": (
        AND,
        {SKETCH: {"both": [TWO + "exact ⟨b, a⟩"]}, PROOF: {"goal_": ["exact ⟨hq, hr⟩", "exact hp"]}},
        "have a : q ∧ r := ⟨hq, hr⟩\nhave b : p := hp\nexact ⟨b, a⟩",
    ),
    "a sketch that leaves its goal": (
        AND,
        {SKETCH: {"both": [TWO + "sorry"]}, PROOF: {"goal_": ["exact ⟨hq, hr⟩", "exact hp", "exact ⟨b, a⟩"]}},
        "have a : q ∧ r := ⟨hq, hr⟩\nhave b : p := hp\nexact ⟨b, a⟩",
    ),
    "a sketch by parts": (
        AND,
        {
            SKETCH: {"both": ["obtain ⟨a, b⟩ : q ∧ r := by sorry\nexact ⟨hp, a, b⟩"]},
            PROOF: {"\n    q ∧ r :=": ["exact ⟨hq, hr⟩"]},
        },
        "have : q ∧ r := ⟨hq, hr⟩\nobtain ⟨a, b⟩ := this\nexact ⟨hp, a, b⟩",
    ),
    "a sketched chain": (
        "theorem add (a b c : Nat) (h : a = b) (k : b = c) : a = c",
        {
            SKETCH: {"add": ["calc a = b := by sorry\n  _ = c := by sorry"]},
            PROOF: {"\n    a = b :=": ["exact h"], "\n    b = c :=": ["exact k"]},
        },
        "calc\n  a = b := h\n  _ = c := k",
    ),
}


@pytest.mark.parametrize("case", CASES)
async def test_what_lean_accepts_of_a_model_becomes_a_proof(probe: Checker, tmp_path: Path, case: str) -> None:
    statement, table, proof = CASES[case]
    text = f"{ABOVE}{statement} := by\n  sorry\n"
    (spot, *_) = find_action_spots(SourceText(text), text.index("sorry"))
    adviser = ScriptedAdviser({kind: {w: tuple(a) for w, a in said.items()} for kind, said in table.items()})
    search = ProofSearch(probe, tmp_path / "Model.lean", text, spot, [ModelProofs()], adviser=adviser)
    outcome = await search.run(120)
    assert outcome.proof is not None, outcome.left
    assert outcome.proof.suggestion.text == proof


async def test_nothing_that_the_guard_refuses_is_kept_of_a_script(probe: Checker, tmp_path: Path) -> None:
    text = f"{AND} := by\n  sorry\n"
    (spot, *_) = find_action_spots(SourceText(text), text.index("sorry"))
    hostile = [
        'constructor\n· exact hp\nrun_tac IO.println "x"',
        "have : q ∧ r := by sorry\nnative_decide",
        "exact ⟨hp, sorryAx _ true⟩",
        "have a : q := by\n  sorry\nexact ⟨hp, lcProof⟩",
    ]
    adviser = ScriptedAdviser({kind: {"both": hostile} for kind in QueryKind})
    outcome = await ProofSearch(probe, tmp_path / "M.lean", text, spot, [ModelProofs()], adviser=adviser).run(120)
    assert outcome.proof is None
    assert outcome.exhausted
