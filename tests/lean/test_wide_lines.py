"""No suggestion makes a line that is too wide where it goes, and Lean accepts it as it is broken. On both checkers."""

import pytest

from ghostproof.config import SuggestConfig
from ghostproof.lean.toolchain import Project
from ghostproof.suggest.job import Suggester
from ghostproof.suggest.sources.automation import AutomationSource
from ghostproof.suggest.sources.portfolio import Form
from ghostproof.syntax.line_width import WIDTH
from ghostproof.verify.checker import Checker
from support.marked import place
from support.patience import BUDGET_S

pytestmark = pytest.mark.lean

LONG, OTHER = "the_function_is_strictly_monotone", "the_first_number_is_the_smaller_one"
TEXT = f"""theorem t (first second : Nat) (f : Nat → Nat) (p : Prop) (hp : p)
    ({LONG} : ∀ the_smaller the_greater, the_smaller < the_greater → f the_smaller < f the_greater)
    ({OTHER} : first < second) : p ∧ (p ∧ f first < f second) := by
  constructor
  · exact hp
  · constructor
    · exact hp
    · have := hp
      ⟦sorry⟧
"""
# Of each: which words of it are looked for, as `exact?` says something else than what was asked.
FORMS = (
    ("exact?", f"{OTHER}"),
    (f"exact Nat.lt_of_lt_of_le ({LONG} first second {OTHER}) (Nat.le_refl (f second))", "Nat.le_refl"),
    (f"exact id (by have := {LONG} first second {OTHER}; simpa using this)", "simpa"),
    (f"first | exact ({LONG} first second) (by simp_all only [{OTHER}, gt_iff_lt]) | omega", "gt_iff_lt"),
    (f"refine Nat.lt_of_lt_of_le ({LONG} first second {OTHER}) ?_ <;> exact Nat.le_refl (f second)", "refine"),
)


async def test_what_is_suggested_fits(checker: Checker, project: Project) -> None:
    hole = place(TEXT)
    source = AutomationSource(tuple(Form(text) for text, _ in FORMS), ())
    suggester = Suggester([source], SuggestConfig(closers=20, limit=50))
    job = suggester.start(checker, project.root / "Wide.lean", hole.text, [hole.spot], BUDGET_S)
    known = await job.wait(lambda s: s.done, 2 * BUDGET_S)
    assert known.error is None
    texts = [s.text for s in known.suggestions]
    for _, word in FORMS:
        assert any(word in text and "\n" in text for text in texts), (word, texts)
    for text in texts:
        lines = hole.spot.fill(hole.text, text).split("\n")
        assert [line for line in lines if len(line) > WIDTH and line not in TEXT] == []
