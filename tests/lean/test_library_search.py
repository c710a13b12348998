"""What a search of the library finds where its first find may not be used. On both checkers."""

import pytest

from ghostproof.config import SuggestConfig
from ghostproof.lean.toolchain import Project
from ghostproof.suggest.job import Snapshot, Suggester
from ghostproof.suggest.sources.automation import AutomationSource
from ghostproof.suggest.sources.portfolio import Form
from ghostproof.verify.checker import Checker
from support.marked import place
from support.patience import BUDGET_S

pytestmark = pytest.mark.lean

UNPROVED = "theorem unproved (a b : Nat) : a * b + a = b * a + a := by\n  sorry\n\n"
PROVED = "theorem proved (a b : Nat) (_ : a = a) : a * b + a = b * a + a := by\n  rw [Nat.mul_comm]\n\n"
GOAL = "theorem t (a b : Nat) : a * b + a = b * a + a := by\n  ⟦sorry⟧\n"


async def searched(checker: Checker, project: Project, text: str) -> Snapshot:
    hole = place(text)
    suggester = Suggester([AutomationSource((Form("exact?"),), ())], SuggestConfig())
    job = suggester.start(checker, project.root / "Library.lean", hole.text, [hole.spot], BUDGET_S)
    return await job.wait(lambda s: s.done, 2 * BUDGET_S)


async def test_a_lemma_that_is_not_proved_does_not_hide_one_that_is(checker: Checker, project: Project) -> None:
    known = await searched(checker, project, UNPROVED + PROVED + GOAL)
    assert known.error is None
    # Where Lean does not tell scratch what a proof rests on, what was found has no verdict; it was asked about.
    assert known.checked == len(("exact?", "unproved", "exact? +all", "proved"))
    texts = [s.text for s in known.suggestions]
    assert checker.name == "scratch" or any("proved a b" in t and "unproved" not in t for t in texts), texts


@pytest.mark.parametrize("above", [UNPROVED, UNPROVED.replace("theorem", "axiom").partition(" := ")[0] + "\n\n"])
async def test_where_there_is_no_other_the_reason_is_told(checker: Checker, project: Project, above: str) -> None:
    known = await searched(checker, project, above + GOAL)
    assert known.suggestions == ()
    assert "would close the goal" in known.why_none
