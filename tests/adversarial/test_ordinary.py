"""What people and provers write passes the guard in both checkers, and does at its goal what it does in Lean."""

from collections import defaultdict

import pytest
from _pytest.mark.structures import ParameterSet

from adversarial.corpus import Ordinary, ordinary, place, topics
from adversarial.listed import OPEN_ORDINARY, marks
from ghostproof.lean.toolchain import Project
from ghostproof.verify.checker import Checker, Limits
from ghostproof.verify.verdict import Candidate, Progress, Proved, Verdict

CHECKERS = ("probe", "scratch")
LIMITS = Limits(seconds=60.0)


@pytest.fixture
def checker(request: pytest.FixtureRequest) -> Checker:
    made: Checker = request.getfixturevalue(request.param)
    return made


def batches() -> list[ParameterSet]:
    """Every topic with every checker."""
    return [
        pytest.param(name, topic, marks=marks(OPEN_ORDINARY, name, topic), id=f"{name}-{topic}")
        for name in CHECKERS
        for topic in topics()
    ]


def as_it_should(tactic: Ordinary, verdict: Verdict) -> bool:
    return isinstance(verdict, Proved if tactic.outcome == "proved" else Progress)


def test_the_corpus_is_large() -> None:
    every = [tactic for topic in topics() for tactic in ordinary(topic)]
    assert len({(tactic.goal, tactic.text) for tactic in every}) >= 300
    assert len({tactic.goal for tactic in every}) >= 20


@pytest.mark.lean
@pytest.mark.parametrize(("checker", "topic"), batches(), indirect=["checker"])
async def test_an_ordinary_tactic_does_what_it_does_in_lean(checker: Checker, project: Project, topic: str) -> None:
    at_goal: defaultdict[str, list[Ordinary]] = defaultdict(list)
    for tactic in ordinary(topic):
        at_goal[tactic.goal].append(tactic)
    wrong = []
    for goal, tactics in at_goal.items():
        hole = place(goal)
        state = await checker.open(project.root / "Ordinary.lean", hole.text, hole.spot)
        for tactic in tactics:
            verdict = (await checker.check(state, Candidate(tactic.text, "model"), LIMITS)).verdict
            if not as_it_should(tactic, verdict):
                wrong.append(f"{tactic.text!r} at ⊢ {state.main.target}: {str(verdict)[:240]}")
    assert not wrong, f"{len(wrong)} of them do not:\n" + "\n".join(wrong)
