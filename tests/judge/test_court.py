"""The judge on planted claims: what is wrong is called wrong, what is right is called right."""

import asyncio
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from judge.claims import Claim
from judge.court import Court
from judge.lean import Lean, Message
from judge.verdicts import Ruling
from support.marked import parts
from support.waiting import HANGS_S

# Some thirty starts of Lean: minutes on a machine that has other work.
pytestmark = [pytest.mark.lean, pytest.mark.slow, pytest.mark.timeout(3600)]

# A text with the claimed part between ⟦ and ⟧, and the judge's ruling.
WRONG = {
    "a false equation by computation": "theorem x : 1 = 2 := by\n  ⟦rfl⟧\n",
    "a hole in the proof": "theorem x : 1 = 2 := by\n  ⟦sorry⟧\n",
    "a lemma with a hole": "theorem l : 1 = 2 := sorry\ntheorem x : 1 = 2 := by\n  ⟦exact l⟧\n",
    "an instance with a hole": (
        "class C : Prop where\n  h : 1 = 2\ninstance : C := sorry\ntheorem x : 1 = 2 := by\n  ⟦exact C.h⟧\n"
    ),
    "an axiom of the file": "axiom a : 1 = 2\ntheorem x : 1 = 2 := by\n  ⟦exact a⟧\n",
    "a definition over an axiom": (
        "axiom a : 1 = 2\ndef d : Unit → 1 = 2 := fun _ => a\ntheorem x : 1 = 2 := by\n  ⟦exact d ()⟧\n"
    ),
    "an example by an axiom": "axiom a : 1 = 2\nexample : 1 = 2 := by\n  ⟦exact a⟧\n",
    "a word of the file for a hole": (
        'macro "given" : tactic => `(tactic| sorry)\ntheorem x : 1 = 2 := by\n  ⟦given⟧\n'
    ),
    "the theorem by itself": "theorem x (n : Nat) : n = n + 1 := by\n  ⟦exact x n⟧\n",
    "the value of a placeholder": (
        "def price (n : Nat) : Nat := sorry\ntheorem x : price 1 = price 2 := by\n  ⟦rfl⟧\n"
    ),
    "a lemma with a hole beside an open case": (
        "theorem l : 1 = 2 := sorry\ntheorem x : 1 = 2 ∧ 1 = 1 := by\n  constructor\n  · ⟦exact l⟧\n  · sorry\n"
    ),
    "nothing that parses": "theorem x : 1 = 1 := by\n  ⟦exact (⟧\n",
    "one of two goals": "theorem x : 1 = 1 ∧ 1 = 2 := by\n  constructor <;> ⟦rfl⟧\n",
}
RIGHT = {
    "by computation": "theorem x : 1 + 1 = 2 := by\n  ⟦rfl⟧\n",
    "by a decision procedure": "theorem x (a b : Nat) : a + b = b + a := by\n  ⟦omega⟧\n",
    "an example": "example (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  ⟦exact h.symm⟧\n",
    "an instance": "instance : Inhabited (Fin 3) where\n  default := ⟨1, by ⟦decide⟧⟩\n",
    "beside another hole": "theorem x : 1 = 1 ∧ 1 = 2 := by\n  constructor\n  · ⟦rfl⟧\n  · sorry\n",
    "beside an error": "theorem x : 1 = 1 ∧ 1 = 2 := by\n  constructor\n  · ⟦rfl⟧\n  · exact missing\n",
    "below an error": "theorem w : 1 = 2 := by\n  exact oops\ntheorem x : 1 = 1 := by\n  ⟦rfl⟧\n",
    "in namespaces that stay open": "namespace A\nsection\nvariable (n : Nat)\ntheorem x : n = n := by\n  ⟦rfl⟧\n",
    "in a mutual block": (
        "mutual\ntheorem x : (n : Nat) → n = n\n  | 0 => by ⟦rfl⟧\n  | n + 1 => congrArg (· + 1) (y n)\n"
        "theorem y : (n : Nat) → n = n\n  | 0 => rfl\n  | n + 1 => congrArg (· + 1) (x n)\nend\n"
    ),
    "about a placeholder, by what holds of any": (
        "def rank (n : Nat) : Nat := sorry\ntheorem x (a b : Nat) (h : rank a = rank b) : rank b = rank a := by\n"
        "  ⟦exact h.symm⟧\n"
    ),
    "with words of the file": 'macro "mine" : tactic => `(tactic| rfl)\ntheorem x : 1 = 1 := by\n  ⟦mine⟧\n',
    "below imports": "import Std\n\ntheorem x : 1 = 1 := by\n  ⟦rfl⟧\n",
    "an unindented block": "theorem x : ∀ n : Nat, n = n := by\n⟦intro n\nrfl⟧\n\ntheorem y : True := trivial\n",
    "with attributes and a doc comment": "/-- It is. -/\n@[simp]\ntheorem x : 1 = 1 := by\n  ⟦rfl⟧\n",
}


def claim(marked: str) -> Claim:
    return Claim(*parts(marked), "planted", marked)


@pytest.fixture(scope="module")
async def rulings(embedded_root: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ruling]:
    """All planted claims judged together, as those of a test run are."""
    lean = Lean(embedded_root / "bin" / "lean", tmp_path_factory.mktemp("judge"))
    report = await Court(lean, abreast=2).judge([claim(text) for text in (WRONG | RIGHT).values()])
    assert not report.left
    return {claim.test: judged.ruling for claim, judged in report.judged}


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_claim_is_a_disagreement(rulings: dict[str, Ruling], name: str) -> None:
    assert rulings[WRONG[name]] is Ruling.DISAGREES


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_claim_is_none(rulings: dict[str, Ruling], name: str) -> None:
    # Where the declaration has an error of its own, Lean has no proof to be asked about.
    expected = Ruling.UNSEEN if name == "beside an error" else Ruling.AGREES
    assert rulings[RIGHT[name]] is expected


async def test_what_the_judge_was_not_given_time_for_is_counted(embedded_root: Path, tmp_path: Path) -> None:
    lean = Lean(embedded_root / "bin" / "lean", tmp_path)
    report = await Court(lean, most=0).judge([claim(text) for text in RIGHT.values()])
    assert (len(report.left), report.judged) == (len(RIGHT), [])


@dataclass(frozen=True)
class InTwos(Lean):
    """Says nothing, and that only when two files are read at the same time."""

    both: asyncio.Barrier = field(default_factory=lambda: asyncio.Barrier(2))

    async def read(self, name: str, text: str) -> list[Message]:
        async with asyncio.timeout(HANGS_S):
            await self.both.wait()
        return []


async def test_files_are_read_abreast_and_no_more_than_there_is_time_for(tmp_path: Path) -> None:
    lean = InTwos(tmp_path / "lean", tmp_path)
    report = await Court(lean, most=2, abreast=2).judge([claim(text) for text in RIGHT.values()])
    assert (report.files, len(report.left), report.judged) == (2, len(RIGHT), [])
