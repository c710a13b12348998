"""The whole search on every goal of the corpus, with a real Lean: what must be found is found."""

import pytest

from ghostproof.config import SuggestConfig
from ghostproof.lean.toolchain import Project
from ghostproof.suggest.job import Snapshot, Suggester
from ghostproof.suggest.ranking import closes
from ghostproof.suggest.sources.automation import AutomationSource
from ghostproof.suggest.sources.portfolio import Form, Over
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Suggestion
from goals.corpus import Expectation, Goal, goals
from support.patience import BUDGET_S

pytestmark = pytest.mark.lean

CORPUS = list(goals())


@pytest.fixture(scope="module")
def suggester() -> Suggester:
    return Suggester([AutomationSource()], SuggestConfig())


async def search(suggester: Suggester, probe: ProbeChecker, project: Project, goal: Goal) -> Snapshot:
    job = suggester.start(probe, project.root / goal.path.name, goal.text, [goal.spot], BUDGET_S)
    return await job.wait(lambda s: s.done, 2 * BUDGET_S)


def meets(suggestion: Suggestion, wanted: Expectation) -> bool:
    if wanted.text and suggestion.text != wanted.text:
        return False
    if wanted.kind == "closes":
        return closes(suggestion) if wanted.main_only else suggestion.kind == "proved"
    return suggestion.kind == "progress" and wanted.left in (None, len(suggestion.goals))


def test_the_corpus_is_large_enough() -> None:
    assert len(CORPUS) >= 60
    assert len({goal.name for goal in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("goal", CORPUS, ids=lambda goal: goal.name)
async def test_what_must_be_found(suggester: Suggester, probe: ProbeChecker, project: Project, goal: Goal) -> None:
    snapshot = await search(suggester, probe, project, goal)
    assert snapshot.error is None
    found = [(s.kind, s.text, s.goals) for s in snapshot.suggestions]
    assert any(meets(s, goal.expectation) for s in snapshot.suggestions), found


@pytest.mark.parametrize("name", ["nat:power_pos", "lists:rev_append", "trees:depth_mirror", "exprs:size_pos"])
async def test_cases_that_no_one_tactic_closes(probe: ProbeChecker, project: Project, name: str) -> None:
    """With nothing but `induction` to start from, each case gets a closer of its own."""
    goal = next(goal for goal in CORPUS if goal.name.startswith(name))
    bare = Suggester([AutomationSource([Form("induction {x}", over=Over.RECURSIVE)])], SuggestConfig())
    snapshot = await search(bare, probe, project, goal)
    best = snapshot.suggestions[0]
    assert best.kind == "proved"
    assert best.text.startswith("induction ")
    assert "?_" not in best.text
    assert best.text.count("\n| ") >= 2
