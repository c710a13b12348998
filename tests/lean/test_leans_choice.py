"""Lean's own choice of theorems, where a file imports one: it is told of, asked, and what it names is a suggestion."""

import pytest

from ghostproof.config import SuggestConfig
from ghostproof.lean.toolchain import Project
from ghostproof.suggest.job import Suggester
from ghostproof.suggest.sources.automation import AutomationSource
from ghostproof.suggest.sources.portfolio import Form
from ghostproof.suggest.sources.premises import LEANS_CHOICE
from ghostproof.verify.checker import Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Proved
from support.marked import place
from support.patience import BUDGET_S

pytestmark = pytest.mark.lean

IMPORT = "import Lean.LibrarySuggestions.Default\n\n"
GOAL = """\
theorem own (p : Nat → Prop) (xs : List Nat) (h : p (xs ++ []).length) : p xs.reverse.length := by
  ⟦sorry⟧
"""


async def test_what_lean_chooses_closes_the_goal(probe: ProbeChecker, project: Project) -> None:
    hole, path = place(IMPORT + GOAL), project.root / "Chosen.lean"
    reach = await probe.reach(await probe.open(path, hole.text, hole.spot), Limits(seconds=BUDGET_S))
    assert reach is not None
    assert reach.selector
    suggester = Suggester([AutomationSource((Form(LEANS_CHOICE[0]),), ())], SuggestConfig())
    job = suggester.start(probe, path, hole.text, [hole.spot], BUDGET_S)
    known = await job.wait(lambda found: found.done, 2 * BUDGET_S)
    proofs = [found.text for found in known.suggestions if isinstance(found.verdict, Proved)]
    assert any(text.startswith("grind only") and "List.length_reverse" in text for text in proofs), known


async def test_without_one_nobody_is_asked(probe: ProbeChecker, project: Project) -> None:
    hole = place(GOAL)
    state = await probe.open(project.root / "Plain.lean", hole.text, hole.spot)
    reach = await probe.reach(state, Limits(seconds=BUDGET_S))
    assert reach is not None
    assert not reach.selector
