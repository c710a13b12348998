"""Learning in the background: from files that rest, while nobody searches, and never in anybody's way."""

import asyncio
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import pytest

from ghostproof.errors import LeanDied
from ghostproof.learning.database import remove
from ghostproof.learning.harvest import Harvester
from ghostproof.learning.learned import digest
from ghostproof.learning.learner import Learner
from ghostproof.learning.steps import TacticStep
from ghostproof.learning.store import learned_folder, store_path
from support.waiting import seen

STEP = TacticStep("A.lean", "t", "theorem t", (1, 3), (1, 8), "omega", ("a b : Nat\n⊢ a + b = b + a",), ())


class ScriptedHarvester(Harvester):
    """Tells one step for any text; `hold` keeps it at work until it is set or the work is cancelled."""

    def __init__(self) -> None:
        self.environment = "lean"
        self.began: list[str] = []
        self.stopped = 0
        self.hold = asyncio.Event()
        self.fails = False

    async def steps(self, path: Path, text: str) -> list[TacticStep]:
        self.began.append(text)
        try:
            await self.hold.wait()
        except asyncio.CancelledError:
            self.stopped += 1
            raise
        if self.fails:
            raise LeanDied("Lean ended")
        return [STEP]


@pytest.fixture
def harvester() -> ScriptedHarvester:
    return ScriptedHarvester()


@pytest.fixture
async def learner(
    harvester: ScriptedHarvester, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[Learner]:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path / "cache"))
    made = Learner(lambda path: path.parent, lambda path: harvester, 100, rest_s=0)
    yield made
    await made.close()


def near(learner: Learner, path: Path) -> list[str]:
    learned = learner.learned(path)
    if learned is None:
        return []
    return [neighbour.step.tactic for neighbour in learned.store.near(STEP.main_goal, 5)]


async def test_a_file_that_rests_is_learned_from(
    learner: Learner, harvester: ScriptedHarvester, tmp_path: Path
) -> None:
    path = tmp_path / "A.lean"
    assert near(learner, path) == []
    harvester.hold.set()
    learner.note(path, "text")
    await seen(lambda: near(learner, path) == ["omega"])
    learned = learner.learned(path)
    assert learned is not None
    assert learned.store.digests() == {"A.lean": digest("text", "lean")}


async def test_nothing_is_kept_of_a_project_without_proofs(
    learner: Learner, harvester: ScriptedHarvester, tmp_path: Path
) -> None:
    assert learner.learned(tmp_path / "A.lean") is None
    assert not learned_folder().exists()


async def test_a_search_stops_the_harvest_which_goes_on_behind_it(
    learner: Learner, harvester: ScriptedHarvester, tmp_path: Path
) -> None:
    path = tmp_path / "A.lean"
    learner.note(path, "text")
    await seen(lambda: len(harvester.began) == 1)
    learner.pause()
    learner.pause()
    await seen(lambda: harvester.stopped == 1)
    learner.resume()
    harvester.hold.set()
    await asyncio.sleep(0)
    assert len(harvester.began) == 1, "another search is under way"
    learner.resume()
    await seen(lambda: near(learner, path) == ["omega"])
    assert harvester.began == ["text", "text"]


async def test_the_newest_text_of_a_file_counts(learner: Learner, harvester: ScriptedHarvester, tmp_path: Path) -> None:
    path = tmp_path / "A.lean"
    learner.pause()
    for text in ("one", "two", "three"):
        learner.note(path, text)
    harvester.hold.set()
    learner.resume()
    await seen(lambda: near(learner, path) == ["omega"])
    assert harvester.began == ["three"]


async def test_what_is_learned_is_not_learned_again(
    learner: Learner, harvester: ScriptedHarvester, tmp_path: Path
) -> None:
    path = tmp_path / "A.lean"
    harvester.hold.set()
    for text in ("one", "two"):
        learner.note(path, text)
        await seen(partial(_has_learned, learner, path, digest(text, "lean")))
        learner.note(path, text)
    assert harvester.began == ["one", "two"]


def _has_learned(learner: Learner, path: Path, text: str) -> bool:
    learned = learner.learned(path)
    return learned is not None and learned.store.digests() == {"A.lean": text}


async def test_what_was_forgotten_meanwhile_is_made_anew(
    learner: Learner, harvester: ScriptedHarvester, tmp_path: Path
) -> None:
    path = tmp_path / "A.lean"
    harvester.hold.set()
    learner.note(path, "one")
    await seen(partial(_has_learned, learner, path, digest("one", "lean")))
    remove(store_path(tmp_path))
    assert learner.learned(path) is None
    learner.note(path, "two")
    await seen(partial(_has_learned, learner, path, digest("two", "lean")))


async def test_a_closed_file_is_let_go(learner: Learner, harvester: ScriptedHarvester, tmp_path: Path) -> None:
    learner.pause()
    learner.note(tmp_path / "A.lean", "text")
    learner.drop(tmp_path / "A.lean")
    learner.note(tmp_path / "B.lean", "other")
    harvester.hold.set()
    learner.resume()
    await seen(lambda: near(learner, tmp_path / "B.lean") == ["omega"])
    assert harvester.began == ["other"]


async def test_a_lean_that_dies_costs_nothing_but_the_learning(
    learner: Learner, harvester: ScriptedHarvester, tmp_path: Path
) -> None:
    path = tmp_path / "A.lean"
    harvester.fails = True
    harvester.hold.set()
    learner.note(path, "one")
    await seen(lambda: harvester.began == ["one"])
    harvester.fails = False
    learner.note(path, "two")
    await seen(lambda: near(learner, path) == ["omega"])


async def test_closing_ends_what_goes_on(learner: Learner, harvester: ScriptedHarvester, tmp_path: Path) -> None:
    learner.note(tmp_path / "A.lean", "text")
    await seen(lambda: len(harvester.began) == 1)
    await learner.close()
    assert harvester.stopped == 1
    await learner.close()
