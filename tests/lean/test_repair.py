"""Proofs that Lean refuses, repaired in a real Lean: what still works stays."""

import re
from pathlib import Path

import pytest

from ghostproof.commands.exit_codes import FOUND
from ghostproof.commands.positions import read_source
from ghostproof.commands.repair import repair_all
from ghostproof.commands.whole_proofs import Asked
from ghostproof.config import Config, LeanConfig
from ghostproof.search.broken import broken
from ghostproof.search.proof import Outcome
from ghostproof.search.repair import repair
from ghostproof.search.strategy import QueryKind
from ghostproof.search.task import Task
from ghostproof.syntax.written_proofs import written_proofs
from ghostproof.verify.checker import Checker
from support.lean_texts import APP
from support.scripted_adviser import ScriptedAdviser

pytestmark = pytest.mark.lean

ABOVE = APP + "\n"
AND = "theorem both (p q r : Prop) (hp : p) (hq : q) (hr : r) : p ∧ q ∧ r := by"
BUDGET_S = 100.0


async def repaired(probe: Checker, folder: Path, text: str, adviser: ScriptedAdviser | None = None) -> Outcome | None:
    """The first broken proof of a text, repaired."""
    path = folder / "Repair.lean"
    for proof in written_proofs(text):
        for part in await broken(probe, path, text, proof):
            return await repair(Task(probe, path, text, BUDGET_S, adviser=adviser), part)
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
        (
            "theorem t (a b c : Nat) (h : a < b) (k : b < c) : a < c ∧ True := by\n"
            "  have m : a < c := Nat.lt_trans h h\n  -- now use it\n  exact ⟨m, trivial⟩\n",
            "theorem t (a b c : Nat) (h : a < b) (k : b < c) : a < c ∧ True := by\n  have m : a < c := by ",
        ),
        (
            "theorem t (a b c : Nat) (h : a = b) (k : b = c) : a = c := by\n  -- step by step\n"
            "  calc a = b := h\n    _ = c := k.symm -- the other way\n",
            "theorem t (a b c : Nat) (h : a = b) (k : b = c) : a = c := by\n"
            "  -- step by step\n  calc\n    a = b := h\n",
        ),
        (
            "theorem t (p q : Prop) (h : p ∨ q) : q ∨ p := by\n  rcases h with hp | hq\n"
            "  · left; exact hp\n  · left; exact hq\n",
            "theorem t (p q : Prop) (h : p ∨ q) : q ∨ p := by\n  rcases h with hp | hq\n  · ",
        ),
    ],
    ids=[
        "a bullet",
        "a case",
        "all of it",
        "goals left over",
        "a lemma",
        "a lemma by a term",
        "a step of a chain",
        "a way that leads nowhere",
    ],
)
async def test_what_still_works_stays(probe: Checker, tmp_path: Path, text: str, after: str) -> None:
    outcome = await repaired(probe, tmp_path, text)
    assert outcome is not None
    assert outcome.proof is not None, outcome.left
    found = outcome.proof.put_into(text)
    assert found.startswith(after), found
    assert found.count("--") == text.count("--")
    assert await repaired(probe, tmp_path, found) is None


# What stands in «» is broken, and is all that may change.
TERMS = {
    "a whole term": "theorem t (n : Nat) : n + 0 = n := «Nat.add_zer n»\n",
    "a component": "theorem t (p q r : Prop) (hp : p) (hq : q) (hr : r) : p ∧ q ∧ r := ⟨hp, «old hq», hr⟩\n",
    "an argument": "theorem t (p q : Prop) (h : p → q) (k : 0 < 1 → p) : q := h (k («Nat.lt_succ_selff 0»))\n",
    "an arm of equations": "theorem t : ∀ n : Nat, 0 + n = n\n  | 0 => rfl\n  | n + 1 => «wrong n»\n",
    "a block in an arm": "theorem t : ∀ n : Nat, 0 + n = n\n  | 0 => rfl\n  | n + 1 => by\n    «rw [wrong]»\n",
    "an arm of a match": (
        "theorem t (n : Nat) : n = 0 ∨ 0 < n :=\n  match n with\n  | 0 => Or.inl rfl\n  | n + 1 => Or.inr («old n»)\n"
    ),
    "the body of a function": "theorem t (p q : Prop) (hp : p) : q → p ∧ q := fun hq => ⟨«old hp», hq⟩\n",
    "a step before": (
        "theorem t (p q : Prop) (hp : p) (k : p → q) : q ∧ p :=\n  have h : q := «k hpp»\n"
        "  have g : p := hp\n  ⟨h, g⟩\n"
    ),
    "a step of a chain": (
        "theorem t (a b c : Nat) (h : a = b) (g : b = c) : a = c := calc\n  a = b := h\n  _ = c := «g.symm»\n"
    ),
    "a part of a value": "def t : { n : Nat // n > 2 } := ⟨3, «old»⟩\n",
    "what stands below": (
        "theorem t (n : Nat) : n + 0 = n ∧ 0 + n = n := ⟨below n, Nat.zero_add n⟩\nwhere\n"
        "  below : ∀ n : Nat, n + 0 = n\n    | 0 => rfl\n    | _ + 1 => «old»\n"
    ),
    "a field": (
        "structure M where\n  f : Nat → Nat\n  law : ∀ x, f x = x\n"
        "instance t : Inhabited M where\n  default := { f := fun x => x, law := fun x => «old x» }\n"
    ),
    "a law": (
        "structure M where\n  f : Nat → Nat\n  law : ∀ x, f x = x\ndef t : M where\n  f x := x\n  law x := «old x»\n"
    ),
    "that it ends": (
        "def t (n : Nat) : Nat := if n = 0 then 0 else t (n / 2)\ntermination_by n\ndecreasing_by\n  «exact old n»\n"
    ),
    "patterns": "theorem t : ∀ n : Nat, n = n« \n  | .zeroo => rfl\n  | n + 1 => rfl»\n",
    "two of them": "theorem t (p q r : Prop) (hp : p) (hq : q) (hr : r) : p ∧ q ∧ r := ⟨«old hp», hq, «old hr»⟩\n",
}


@pytest.mark.parametrize("name", TERMS)
async def test_of_a_term_only_what_is_broken_is_replaced(probe: Checker, tmp_path: Path, name: str) -> None:
    text = re.sub("[«»]", "", TERMS[name])
    kept = re.split("«.*?»", TERMS[name], flags=re.DOTALL)
    repairs = 0
    while (outcome := await repaired(probe, tmp_path, text)) is not None:
        assert outcome.proof is not None, outcome.why_none
        text = outcome.proof.put_into(text)
        repairs += 1
    assert re.fullmatch(".*?".join(map(re.escape, kept)), text, re.DOTALL), text
    assert repairs == len(kept) - 1


async def test_where_the_part_cannot_be_mended_what_stands_around_it_is_replaced(
    probe: Checker, tmp_path: Path
) -> None:
    text = "theorem t (n : Nat) : 0 < n + 1 ∨ n = 3 := Or.inr (old n)\n"
    outcome = await repaired(probe, tmp_path, text)
    assert outcome is not None
    assert outcome.proof is not None, outcome.why_none
    assert "inr" not in outcome.proof.put_into(text)


@pytest.mark.parametrize(
    "text",
    [
        "theorem a : 1 = 1 := by rfl\n\ntheorem b (p : Prop) (h : p) : p := by\n  exact h\n",
        "theorem unfinished : 1 = 2 := by\n  skip\n  sorry\n",
        "theorem refused_by_us : 10 < 20 := by native_decide\n",
        "def f := 1\n",
        "def f : Nat := old 3\n",
        "def f (n : Nat) : Nat :=\n  match n with\n  | 0 => old\n  | n + 1 => f n\n",
        "theorem a : ∀ n : Nat, n = n ∧ True :=\n  fun n => ⟨rfl, by\n    trivial⟩\n",
        "theorem a : ∀ n : Nat, n + 0 = n\n  | 0 => rfl\n  | n + 1 => congrArg (· + 1) (a n)\n",
        "theorem a (h : old 3) : p := foo\n",
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
