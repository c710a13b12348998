"""Proofs that Lean refuses, repaired in a real Lean: what still works stays."""

from pathlib import Path

import pytest

from ghostproof.commands.exit_codes import FOUND
from ghostproof.commands.repair import repair_all
from ghostproof.commands.suggest import read_source
from ghostproof.commands.whole_proofs import Asked
from ghostproof.config import Config, LeanConfig
from ghostproof.search.proof import Outcome
from ghostproof.search.repair import broken, repair
from ghostproof.search.strategy import QueryKind
from ghostproof.search.task import Task
from ghostproof.syntax.written_proofs import written_proofs
from ghostproof.verify.checker import Checker
from support.scripted_adviser import ScriptedAdviser

pytestmark = pytest.mark.lean

ABOVE = """\
def app : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => x :: app xs ys

"""
AND = "theorem both (p q r : Prop) (hp : p) (hq : q) (hr : r) : p ∧ q ∧ r := by"
BUDGET_S = 100.0


async def repaired(probe: Checker, folder: Path, text: str, adviser: ScriptedAdviser | None = None) -> Outcome | None:
    """The first broken proof of a text, repaired."""
    path = folder / "Repair.lean"
    for proof in written_proofs(text):
        failure = await broken(probe, path, text, proof)
        if failure is not None:
            return await repair(Task(probe, path, text, BUDGET_S, adviser=adviser), proof, failure)
    return None


@pytest.mark.parametrize(
    ("text", "after"),
    [
        (
            f"{AND}\n  constructor\n  -- first\n  · exact hp\n  · constructor\n    · exact hq\n    · exact old_name\n",
            f"{AND}\n  constructor\n  -- first\n  · exact hp\n  · constructor\n    · exact hq\n    · ",
        ),
        (
            f"{ABOVE}theorem app_nil (xs : List Nat) : app xs [] = xs := by\n  induction xs with\n"
            "  | nil => rfl -- nothing to do\n  | cons x xs ih =>\n    rw [app, wrong]\n",
            f"{ABOVE}theorem app_nil (xs : List Nat) : app xs [] = xs := by\n  induction xs with\n"
            "  | nil => rfl -- nothing to do\n  | cons x xs ih =>",
        ),
        ("theorem two (a b : Nat) : a + b = b + a := by nonsense\n", "theorem two (a b : Nat) : a + b = b + a := by "),
        (
            "theorem left (a b : Nat) (h : a = b) : b = a ∧ True := by\n  constructor\n  · exact h.symm\n",
            "theorem left (a b : Nat) (h : a = b) : b = a ∧ True := by\n  ",
        ),
        (
            "theorem t (a : Nat) (f : Nat → Nat) (h : ∀ x, f x = x) : f (f a) = a ∧ a = a := by\n"
            "  have k : f a = a := by\n    exact h b\n  rw [k, k]\n  simp\n",
            "theorem t (a : Nat) (f : Nat → Nat) (h : ∀ x, f x = x) : f (f a) = a ∧ a = a := by\n"
            "  have k : f a = a := by",
        ),
    ],
    ids=["a bullet", "a case", "all of it", "goals left over", "a lemma"],
)
async def test_what_still_works_stays(probe: Checker, tmp_path: Path, text: str, after: str) -> None:
    outcome = await repaired(probe, tmp_path, text)
    assert outcome is not None
    assert outcome.proof is not None, outcome.left
    found = outcome.proof.put_into(text)
    assert found.startswith(after), found
    assert await repaired(probe, tmp_path, found) is None


@pytest.mark.parametrize(
    "text",
    [
        "theorem a : 1 = 1 := by rfl\n\ntheorem b (p : Prop) (h : p) : p := by\n  exact h\n",
        "theorem unfinished : 1 = 2 := by\n  skip\n  sorry\n",
        "theorem refused_by_us : 10 < 20 := by native_decide\n",
        "def f := 1\n",
    ],
)
async def test_what_lean_accepts_or_is_unfinished_is_left_alone(probe: Checker, tmp_path: Path, text: str) -> None:
    assert await repaired(probe, tmp_path, text) is None


async def test_a_model_is_asked_for_a_repair_with_what_lean_said(probe: Checker, tmp_path: Path) -> None:
    statement = "theorem hard (p : Nat → Prop) (h : ∀ n, p n → p (n + 3)) (z : p 0) : p 6"
    text = f"{statement} := by\n  exact h 2 wrong\n"
    adviser = ScriptedAdviser({QueryKind.REPAIR: {"hard": ["exact h 3 (h 0 z)"]}})
    outcome = await repaired(probe, tmp_path, text, adviser)
    assert outcome is not None
    assert outcome.proof is not None
    asked = adviser.asked[0].query
    assert asked.kind is QueryKind.REPAIR
    assert asked.failed[0].script == "exact h 2 wrong"
    assert "wrong" in asked.failed[0].message


async def test_a_file_is_repaired_from_the_top_and_what_holds_stays(
    embedded_root: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "File.lean"
    path.write_bytes(
        b"theorem a (p : Prop) (h : p) : p := by\r\n  exact old h\r\n\r\n"
        b"theorem b : 1 + 1 = 2 := by rfl\r\n\r\ntheorem c (p : Prop) (h : p) : p := by exact g\r\n"
    )
    config = Config(lean=LeanConfig(toolchain="embedded", checker="probe"))
    code = await repair_all([(path, read_source(path))], config, Asked(BUDGET_S, write=True))
    assert code == FOUND
    said = capsys.readouterr().out
    assert said.count("✓") == 2
    assert "2 of 2 proved" in said
    lines = path.read_bytes().decode().split("\r\n")
    assert [lines[0], lines[3]] == ["theorem a (p : Prop) (h : p) : p := by", "theorem b : 1 + 1 = 2 := by rfl"]
    assert not any("old" in line or "exact g" in line for line in lines)
    assert all("\n" not in line for line in lines)
