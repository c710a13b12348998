"""Lemmas of a proof put above its declaration, by a real Lean; what comes of it is read by plain Lean."""

from pathlib import Path

import pytest

from ghostproof.lean.toolchain import Toolchain
from ghostproof.search.in_place import InPlace
from ghostproof.search.lifted import lifted
from ghostproof.search.proof import Proof
from ghostproof.search.recheck import recheck
from ghostproof.syntax.missing import find_places
from ghostproof.syntax.spot import Spot
from ghostproof.text import SourceText
from ghostproof.verify.probe_checker import ProbeChecker
from judge.lean import Lean
from support.waiting import HANGS_S

pytestmark = pytest.mark.lean

SEQ = """\
namespace Own
inductive Seq (α : Type u) where
  | nil : Seq α
  | cons : α → Seq α → Seq α
namespace Seq
def join : Seq α → Seq α → Seq α
  | nil, t => t
  | cons a s, t => cons a (join s t)
def back : Seq α → Seq α
  | nil => nil
  | cons a s => join (back s) (cons a nil)
def count [BEq α] (a : α) : Seq α → Nat
  | nil => 0
  | cons b s => if a == b then count a s + 1 else count a s

"""
BACK = """\
have key : ∀ (x : Seq α), join x Seq.nil = x := by
  intro x
  induction x <;> simp_all [join]
have key1 : ∀ (x y z : Seq α), join (join x y) z = join x (join y z) := by
  intro x
  induction x <;> simp_all [join]
have key2 : ∀ (x y : Seq α), back (join x y) = join (back y) (back x) := by
  intro x
  induction x <;> grind [back, join]
induction s <;> simp_all [back, join]"""
BACK_ABOVE = """\
private theorem join_nil (x : Seq α) : join x Seq.nil = x := by
  induction x <;> simp_all [join]

private theorem join_join (x y z : Seq α) : join (join x y) z = join x (join y z) := by
  induction x <;> simp_all [join]

private theorem back_join (x y : Seq α) : back (join x y) = join (back y) (back x) := by
  induction x <;> grind [back, join, join_nil, join_join]

"""
COUNT = """\
have key : ∀ (x y : Seq α), count a (join x y) = count a x + count a y := by
  intro x y
  induction x <;> grind [count, join]
exact key s t"""
SEVERAL = f"{SEQ}/-- It turns back. -/\n@[simp]\ntheorem back_back (s : Seq α) : back (back s) = s := by\n  sorry\n"


async def moved(probe: ProbeChecker, path: Path, text: str, script: str) -> tuple[Spot, Proof, Proof]:
    """The hole of a text, the proof that a script is of it, and that with its lemmas above."""
    (spot, *_) = find_places(SourceText(text), text.index("sorry"))
    hole = InPlace(probe, path, text, spot, await probe.open(path, text, spot))
    proof = await hole.accepted(script)
    assert proof is not None
    return spot, proof, await lifted(probe, path, text, spot, proof, HANGS_S)


async def test_lemmas_come_to_stand_above_all_that_belongs_to_the_declaration(
    probe: ProbeChecker, toolchain: Toolchain, tmp_path: Path
) -> None:
    _, _, found = await moved(probe, tmp_path / "Own.lean", SEVERAL, BACK)
    made = found.put_into(SEVERAL)
    assert made == SEVERAL.replace("/-- It turns", f"{BACK_ABOVE}/-- It turns").replace(
        "sorry", "induction s <;> simp_all [back, join, back_join]"
    )
    assert await Lean(toolchain.lean, tmp_path).read("Whole", made) == []


@pytest.mark.parametrize(
    ("before", "binders"),
    [
        ("variable {α : Type} [BEq α] {a : α}\ntheorem t (s t : Seq α)", ""),
        ("variable {α : Type} [BEq α] (a : α)\ntheorem t (s t : Seq α)", "{α : Type} [BEq α] {a : α} "),
        ("theorem t {α : Type _} [BEq α] (a : α) (s t : Seq α)", "{α : Type _} [BEq α] {a : α} "),
    ],
)
async def test_what_a_lemma_says_of_the_context_is_said_by_its_theorem(
    probe: ProbeChecker, toolchain: Toolchain, tmp_path: Path, before: str, binders: str
) -> None:
    text = f"{SEQ}{before} : count a (join s t) = count a s + count a t := by\n  sorry\n"
    _, _, found = await moved(probe, tmp_path / "Own.lean", text, COUNT)
    made = found.put_into(text)
    assert f" private theorem count_join {binders}(x y : Seq α) : count a (join x y) = " in " ".join(made.split())
    assert "have" not in made
    assert await Lean(toolchain.lean, tmp_path).read("Whole", made) == []


async def test_what_no_theorem_can_say_stays_in_the_proof(probe: ProbeChecker, tmp_path: Path) -> None:
    text = "theorem t (f : Nat → Nat) (h : ∀ n, f n = n) (a b : Nat) : f (f a) + f b = a + b := by\n  sorry\n"
    script = "have key : ∀ (x : Nat), f (f x) = x := by\n  intro x\n  simp [h]\nsimp [key, h]"
    _, proof, found = await moved(probe, tmp_path / "Own.lean", text, script)
    assert found == proof


async def test_with_its_lemmas_it_is_judged_anew_in_another_text(probe: ProbeChecker, tmp_path: Path) -> None:
    path = tmp_path / "Own.lean"
    _, _, found = await moved(probe, path, SEVERAL, BACK)
    for above, holds in (
        ("-- more\n", True),
        ("private theorem join_nil : 1 = 1 := rfl\n", True),  # Own.Seq.join_nil is another one
        ("private theorem Own.Seq.join_nil : 1 = 1 := rfl\n", False),
        ("theorem Own.Seq.join_nil : 1 = 1 := rfl\n", False),
    ):
        again = await recheck(probe, path, above + SEVERAL, found.moved(len(above)))
        assert (again is not None) is holds, above
    other = SEVERAL.replace("join (back s) (cons a nil)", "join (cons a nil) (back s)")
    assert await recheck(probe, path, other, found) is None


async def test_a_name_that_something_imported_has_is_not_taken(probe: ProbeChecker, tmp_path: Path) -> None:
    text = "namespace List\ntheorem t (xs ys : List Nat) : (xs ++ ys).length = ys.length + xs.length := by\n  sorry\n"
    said = "∀ (xs ys : List Nat), length (List.append xs ys) = length xs + length ys"
    proved = f"have key : {said} := by\n  intro xs ys\n  exact length_append"
    script = f"{proved}\nshow length (List.append xs ys) = _\nrw [key, Nat.add_comm]"
    _, _, found = await moved(probe, tmp_path / "Own.lean", text, script)
    assert "private theorem t_aux (xs ys : List Nat) : length (List.append xs ys) = " in found.put_into(text)
