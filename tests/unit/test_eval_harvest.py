"""What an evaluation harvests when it is called again: what has changed, and what builds on that."""

from collections.abc import AsyncGenerator, Callable, Iterator
from pathlib import Path

import pytest

from ghostproof.commands import harvest
from ghostproof.commands.eval import harvested
from ghostproof.config import Config
from ghostproof.errors import GhostproofError
from ghostproof.evaluation.project import LeanFile, in_order
from ghostproof.lean.toolchain import Project, Toolchain
from ghostproof.learning.harvest import named_below
from ghostproof.learning.learned import Learned
from ghostproof.learning.steps import TacticStep
from ghostproof.learning.store import StepStore
from ghostproof.work.crew import Make
from ghostproof.work.pool import ItemT, ResultT, SaidT, Worker

TEXTS = {"Base.lean": "theorem a : True := by\n  trivial\n", "Top.lean": "import Base\n", "Other.lean": "-- nothing\n"}


class Telling:
    """In place of workers with a Lean: notes what they are given, and tells one step of each file but a broken one."""

    def __init__(self) -> None:
        self.given: list[str] = []

    def workers(self, make: "Make[ItemT, SaidT, ResultT]", items: int) -> "list[Worker[ItemT, SaidT, ResultT]]":
        return [self] if items else []  # type: ignore[list-item]

    async def start(self) -> None:
        pass

    async def work(
        self, item: tuple[Path, str], tell: Callable[[None], None]
    ) -> AsyncGenerator[list[TacticStep], None]:
        path, text = item
        self.given.append(path.name)
        if "broken" in text:
            raise GhostproofError("It is broken.")
        yield [TacticStep(path.name, "a", "theorem a : True", (2, 3), (2, 10), "trivial", ("⊢ True",), ())]

    async def close(self) -> None:
        pass

    def taken(self) -> list[str]:
        given, self.given = sorted(self.given), []
        return given


@pytest.fixture
def learned(tmp_path: Path) -> Iterator[Learned]:
    made = Learned(StepStore(tmp_path / "kept" / "steps.sqlite", 100), named_below(tmp_path))
    yield made
    made.store.close()


async def test_what_has_not_changed_is_not_harvested_again(
    tmp_path: Path, learned: Learned, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def find_lean(path: Path, config: Config) -> Project:
        return project

    project = Project(tmp_path, False, Toolchain("embedded", Path(), Path(), "4.28.0-pre"))
    monkeypatch.setattr(harvest, "find_lean", find_lean)
    monkeypatch.setattr(harvest, "environment_of", lambda project: "4.28")
    place = Telling()

    async def again(**changed: str) -> dict[str, list[TacticStep]]:
        texts = TEXTS | {f"{name}.lean": text for name, text in changed.items()}
        for name, text in texts.items():
            (tmp_path / name).write_text(text, "utf-8")
        files = in_order([LeanFile(tmp_path / name, name, text) for name, text in texts.items()])
        return await harvested(project, Config(), files, place, learned)

    first = await again()
    assert place.taken() == ["Base.lean", "Other.lean", "Top.lean"]
    assert {name: len(steps) for name, steps in first.items()} == dict.fromkeys(TEXTS, 1)
    assert await again() == first
    assert place.taken() == []
    await again(Other="-- something else\n")
    assert place.taken() == ["Other.lean"]
    # What a name means in one file, the files say that it builds on.
    await again(Base=TEXTS["Base.lean"] + "theorem b : True := a\n")
    assert place.taken() == ["Base.lean", "Other.lean", "Top.lean"]
    # Of a file that is no more nothing is kept.
    learned.store.replace("Gone.lean", "1", first["Base.lean"])
    await again(Base=TEXTS["Base.lean"] + "theorem b : True := a\n")
    assert {*learned.store.digests()} == {*TEXTS}
    place.taken()
    # What failed is tried again.
    await again(Top="import Base -- broken\n")
    assert place.taken() == ["Base.lean", "Top.lean"]
    await again(Top="import Base -- broken\n")
    assert place.taken() == ["Top.lean"]
