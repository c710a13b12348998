"""What people and provers write passes the guard in both checkers, and does at its goal what it does in Lean."""

from collections import defaultdict

import pytest

from adversarial.corpus import Ordinary, ordinary, topics
from ghostproof.lean.toolchain import Project
from ghostproof.verify.checker import Checker
from ghostproof.verify.verdict import Progress, Proved, Verdict
from support.marked import Tried, place


def as_it_should(tactic: Ordinary, verdict: Verdict) -> bool:
    return isinstance(verdict, Proved if tactic.outcome == "proved" else Progress)


def test_the_corpus_is_large() -> None:
    every = [tactic for topic in topics() for tactic in ordinary(topic)]
    assert len({(tactic.goal, tactic.text) for tactic in every}) >= 300
    assert len({tactic.goal for tactic in every}) >= 20


@pytest.mark.lean
@pytest.mark.parametrize("topic", topics())
async def test_an_ordinary_tactic_does_what_it_does_in_lean(checker: Checker, project: Project, topic: str) -> None:
    at_goal: defaultdict[str, list[Ordinary]] = defaultdict(list)
    for tactic in ordinary(topic):
        at_goal[tactic.goal].append(tactic)
    wrong = []
    tried = Tried(checker, project.root / "Ordinary.lean")
    for goal, tactics in at_goal.items():
        hole = place(goal)
        for tactic in tactics:
            verdict = await tried.verdict(hole, tactic.text)
            if not as_it_should(tactic, verdict):
                wrong.append(f"{tactic.text!r} at ⊢ {(await tried.state(hole)).main.target}: {str(verdict)[:240]}")
    assert not wrong, f"{len(wrong)} of them do not:\n" + "\n".join(wrong)
