"""Steps as a person would write them, at every kind of place, with a real Lean."""

import pytest

from ghostproof.config import SuggestConfig
from ghostproof.lean.toolchain import Project
from ghostproof.suggest.job import Snapshot, Suggester
from ghostproof.suggest.sources.automation import AutomationSource
from ghostproof.syntax.spot import find_action_spots
from ghostproof.text import SourceText
from ghostproof.verify.probe_checker import ProbeChecker
from support.patience import BUDGET_S

pytestmark = pytest.mark.lean

SHAPES = """\
inductive Shape where
  | dot
  | scaled (k : Nat) (s : Shape)
  | pair (s t : Shape)

inductive Word where
  | nil
  | snoc : Word → Nat → Word
  | app : Word → Word → Word

opaque OfShape : Shape → Prop
opaque OfWord : Word → Prop

def lucas : Nat → Nat
  | 0 => 2
  | 1 => 1
  | n + 2 => lucas (n + 1) + lucas n

"""


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    return Suggester([AutomationSource()], SuggestConfig())


async def found(suggester: Suggester, probe: ProbeChecker, project: Project, marked: str) -> tuple[Snapshot, str]:
    """What is suggested at the cursor `‸`, and the text that it stands in."""
    text = (SHAPES + marked).replace("‸", "")
    spots = find_action_spots(SourceText(text), (SHAPES + marked).index("‸"))
    job = suggester.start(probe, project.root / "Shapes.lean", text, spots, BUDGET_S)
    return await job.wait(lambda s: s.done, 2 * BUDGET_S), text


@pytest.mark.parametrize(
    ("marked", "step"),
    [
        pytest.param(
            "theorem a (s : Shape) : OfShape s := by\n  ‸sorry\n",
            "induction s with\n| dot => _\n| scaled k s ih => _\n| pair s t ihs iht => _",
            id="induction",
        ),
        pytest.param(
            "theorem a (w : Word) : OfWord w := by\n  ‸sorry\n",
            "cases w with\n| nil => _\n| snoc w n => _\n| app w₁ w₂ => _",
            id="constructors without names",
        ),
        pytest.param(
            "theorem a (p : Nat × Nat) (f : Nat → Nat → Prop) : f p.1 p.2 := by\n  ‸sorry\n",
            "obtain ⟨fst, snd⟩ := p",
            id="one constructor",
        ),
        pytest.param(
            "theorem a (n m : Nat) (f : Nat → Prop) : f (if n < m then 3 else 4) := by\n  ‸sorry\n",
            "split <;> rename_i h",
            id="a condition",
        ),
        pytest.param(
            "theorem a (f : Nat → Prop) : f n := by\n  induction n with\n  | zero => _\n  | succ n ih => ‸_\n",
            "cases n with\n| zero => _\n| succ n => _",
            id="in the hole of a case",
        ),
    ],
)
async def test_a_split_comes_with_names(
    suggester: Suggester, probe: ProbeChecker, project: Project, marked: str, step: str
) -> None:
    snapshot, _ = await found(suggester, probe, project, marked)
    texts = [s.text for s in snapshot.suggestions]
    assert step in texts
    assert not any("✝" in goal for s in snapshot.suggestions if s.text == step for goal in s.goals)
    # The bare form says the same with worse names.
    assert step.split(" with")[0] not in [text for text in texts if text != step]


@pytest.mark.parametrize(
    ("marked", "before"),
    [
        pytest.param("theorem a : ∀ n, 0 < lucas n := by\n  ‸sorry\n", "  ", id="induction behind intro"),
        pytest.param("theorem a (n : Nat) (h : 3 < n) : 2 < n := ‸sorry\n", ":= by ", id="a term"),
        pytest.param("theorem a (p q : Prop) (h : p) (k : q) : p ∧ q := ⟨h, ‸sorry⟩\n", "⟨h, by ", id="a component"),
        pytest.param("example (p q : Prop) (h : p) (k : q) : p ∧ q := ⟨?x, k⟩\nwhere finally\n ‸sorry", " ", id="end"),
        pytest.param(
            "example (n : Nat) : n + 0 = n := by\n  cases n with\n  | zero => ‸_\n  | succ n => rfl", "=> ", id="hole"
        ),
    ],
)  # fmt: skip
async def test_every_kind_of_place_gets_its_proof(
    suggester: Suggester, probe: ProbeChecker, project: Project, marked: str, before: str
) -> None:
    snapshot, text = await found(suggester, probe, project, marked)
    best = snapshot.suggestions[0]
    assert best.kind == "proved"
    assert snapshot.spot is not None
    whole = snapshot.spot.fill(text, best.text)
    assert before + best.text.split("\n")[0] in whole
    assert "sorry" not in whole
