"""A hundred searches for a proof, each cancelled at another moment: nothing of them is left."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from ghostproof.app import App
from ghostproof.config import Config, LeanConfig, LearnConfig
from ghostproof.search.proof import Outcome
from ghostproof.syntax.missing import find_places
from ghostproof.text import SourceText
from ghostproof.verify.probe_checker import ProbeChecker
from support.lean_texts import APP, UNDECIDED

pytestmark = [pytest.mark.lean, pytest.mark.slow]

# Each search is soon some steps deep.
OPEN = APP + UNDECIDED
RUNS, STAGES = 100, 12
BUDGET_S = 3000.0
# What the second half of the runs may add to the memory: 2 % were seen.
ROOM = 1.2


@pytest.fixture
async def app(embedded_root: Path) -> AsyncIterator[App]:
    lean = LeanConfig(toolchain="embedded", checker="probe")
    made = App(Config(lean=lean, learn=LearnConfig(automatic=False)))
    yield made
    await made.close()


async def cancelled(app: App, path: Path, stage: int) -> None:
    """A search that is cancelled when it has told so many times what it does."""
    told = 0
    there = asyncio.Event()

    def hear(outcome: Outcome) -> None:
        nonlocal told
        told += 1
        if told > stage:
            there.set()

    spots = find_places(SourceText(OPEN), OPEN.index("sorry"))
    search = asyncio.create_task(app.proving.prove(path, OPEN, spots, BUDGET_S, hear))
    await there.wait()
    search.cancel()
    with pytest.raises(asyncio.CancelledError):
        await search


def family() -> set[int]:
    return {process.pid for process in psutil.Process().children(recursive=True)}


def memory() -> int:
    """Bytes that the processes below this one have."""
    return sum(process.memory_info().rss for process in psutil.Process().children(recursive=True))


async def test_nothing_is_left_of_a_hundred_cancelled_searches(app: App, tmp_path: Path) -> None:
    path = tmp_path / "Cancelled.lean"
    await cancelled(app, path, STAGES)
    checker = await app.workspace(path).checker()
    assert isinstance(checker, ProbeChecker)
    process = checker.session.living
    assert process is not None
    await process.settled()
    tasks, processes, half = asyncio.all_tasks(), family(), 0
    for run in range(RUNS):
        await cancelled(app, path, run % STAGES)
        if run == RUNS // 2:
            half = memory()
    await process.settled()
    assert checker.steps == 0
    assert asyncio.all_tasks() <= tasks
    assert family() == processes
    assert checker.session.living is process, "it was never ended"
    assert memory() < ROOM * half
