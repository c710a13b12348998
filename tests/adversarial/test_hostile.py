"""No hostile candidate does anything, in either checker, and none of them is called a proof.

A category is one batch: the world is looked at before and after it, and candidates that are known to be right and
wrong must get the same verdicts behind it as ever.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest

from adversarial.corpus import Expected, Hostile, categories, hostile, places
from adversarial.watch import Watch
from ghostproof.lean.toolchain import Project
from ghostproof.verify.checker import Checker, Limits
from ghostproof.verify.verdict import Inconclusive, Progress, Proved, Reason, Rejected, Verdict
from support.marked import Tried

# Two of each that no hostile candidate may turn round: goal, text, and whether it proves the goal.
KNOWN = (
    ("and", "exact ⟨h.2, h.1⟩", True),
    ("and", "exact h", False),
    ("add", "omega", True),
    ("add", "rfl", False),
    ("false", "rfl", False),
    ("false", "omega", False),
    ("false", "simp", False),
    ("false", "decide", False),
)

PLACES = places()


@pytest.fixture
def watch(project: Project, tmp_path: Path) -> Iterator[Watch]:
    watch = Watch(tmp_path, project.root)
    yield watch
    watch.close()


def limits(seconds: float) -> Limits:
    return Limits(heartbeats=20_000, seconds=seconds)


def wrong(expected: Expected, verdict: Verdict) -> bool:
    """Whether the verdict is one that a hostile candidate may not get."""
    match expected:
        case "refused":
            return not (isinstance(verdict, Rejected) and verdict.reason in {Reason.FORBIDDEN, Reason.PARSE})
        case "rejected":
            return not isinstance(verdict, Rejected)
        case "not proved":
            return isinstance(verdict, Proved) or (isinstance(verdict, Progress) and verdict.closed_main)
        case "anything":
            return False


async def turned(tried: Tried) -> list[str]:
    """The known candidates whose verdicts are not what they always are."""
    found = []
    for goal, text, proves in KNOWN:
        verdict = await tried.verdict(PLACES[goal], text, limits(60.0))
        if isinstance(verdict, Inconclusive) or isinstance(verdict, Proved) is not proves:
            found.append(f"{text} at {goal}: {verdict}")
    return found


def told(candidate: Hostile, verdict: Verdict) -> str:
    return f"{candidate.text[:120]!r} at {candidate.goal} ({candidate.why}): {str(verdict)[:200]}"


def test_the_corpus_is_large_and_names_its_places() -> None:
    every = [candidate for category in categories() for candidate in hostile(category)]
    assert len({(candidate.goal, candidate.text) for candidate in every}) >= 400
    assert {candidate.goal for candidate in every} <= set(PLACES)
    assert all(candidate.why and candidate.goal for candidate in every)


@pytest.mark.lean
@pytest.mark.parametrize("category", categories())
async def test_a_hostile_candidate_has_no_effect_and_proves_nothing(
    checker: Checker, project: Project, watch: Watch, category: str
) -> None:
    tried = Tried(checker, project.root / "Hostile.lean")
    assert await turned(tried) == []
    watch.begin()
    accepted = []
    for candidate in hostile(category):
        text = watch.arm(candidate.text)
        verdict = await tried.verdict(PLACES[candidate.goal], text, limits(candidate.seconds))
        if wrong(candidate.expect, verdict):
            accepted.append(told(candidate, verdict))
    assert watch.effects() == []
    assert await turned(tried) == []
    assert not accepted, f"{len(accepted)} wrong verdicts:\n" + "\n".join(accepted)
