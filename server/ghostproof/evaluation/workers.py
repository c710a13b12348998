"""Tries many theorems, several at a time: each worker has a Lean of its own, and a database of what stands above.

A `HiddenTheorem` with the steps of the files is all that a worker needs, so that it may be one on another machine.
"""

import asyncio
import logging
from collections import deque
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from ghostproof.app import App
from ghostproof.config import Config
from ghostproof.errors import GhostproofError
from ghostproof.evaluation.above import Above, Steps
from ghostproof.evaluation.attempt import tried
from ghostproof.evaluation.theorem import HiddenTheorem
from ghostproof.evaluation.trial import TheoremResult, Way
from ghostproof.search.prove import strategies

log = logging.getLogger(__name__)

# Theorems that a worker takes at a time: neighbours in a file, so that little has to be elaborated anew.
_TAKEN = 6
# Longest reading of what one file imports; what was read is kept, and the next one goes on behind it.
READ_S = 180.0


@dataclass(frozen=True)
class EvaluationPlan:
    """How theorems are tried.

    Attributes:
        steps: of all files of the project, by their names.
        order: names of the files, in their order.
        budget_s: of each way at each theorem.
        without: sources and strategies to leave out.
        ways: to try, in this order.
    """

    config: Config
    steps: Steps
    order: Sequence[str]
    budget_s: float
    without: Collection[str] = ()
    ways: Sequence[Way] = (Way.SUGGESTION, Way.SEARCH)


class EvaluationWorker:
    """One Lean, or two where a model's proofs are checked as well, and what may be learned from.

    Args:
        folder: for its database; nobody else's.
        width: candidates that it checks at the same time.
        reading: held while the theorems of imports are read: all workers of one machine read into one index.
    """

    def __init__(self, plan: EvaluationPlan, folder: Path, width: int, reading: asyncio.Lock | None = None) -> None:
        self._plan = plan
        self._reading = reading or asyncio.Lock()
        self._above = Above(folder / "above.sqlite", plan.steps, plan.order)
        self._apps: dict[Way, App] = {}
        self._read: set[Path] = set()
        own = _settings(plan.config, width)
        alone = App(replace(own, prover=replace(own.prover, model="", url="")), self._above.learned, plan.without)
        for way in plan.ways:
            self._apps[way] = App(own, self._above.learned, PARTS) if way is Way.MODEL else alone

    async def try_one(self, theorem: HiddenTheorem) -> TheoremResult:
        """Try a theorem with what stands above it."""
        await asyncio.to_thread(self._above.move, theorem)
        if "premises" not in self._plan.without and theorem.path not in self._read:
            self._read.add(theorem.path)
            try:
                async with self._reading, asyncio.timeout(READ_S):
                    await self._apps[self._plan.ways[0]].read_library(theorem.path, theorem.text)
            except (GhostproofError, TimeoutError) as problem:
                # Whatever is wrong with Lean shows where the theorem is tried; but what it lacks must not be hidden.
                log.warning("the theorems that %s imports are not all known: %s", theorem.file, problem)
        return await tried(self._apps, theorem, self._plan.budget_s)

    async def close(self) -> None:
        await asyncio.gather(*(app.close() for app in set(self._apps.values())))
        self._above.close()


# What may be left out; a model's proofs are measured without all of it.
PARTS = frozenset({"automation", "nearest", "premises", *(strategy.name for strategy in strategies())})


def _settings(config: Config, width: int) -> Config:
    """Nothing is remembered from one theorem to the next but what is above, and nothing is learned on the way."""
    return replace(
        config,
        lean=replace(config.lean, width=width),
        suggest=replace(config.suggest, cached=0),
        learn=replace(config.learn, automatic=False, log_use=False),
    )


async def evaluated(
    plan: EvaluationPlan, theorems: Sequence[HiddenTheorem], workers: int, folder: Path, width: int = 1
) -> AsyncIterator[TheoremResult]:
    """The results of theorems that are in order, as they come.

    Args:
        folder: for what the workers keep while they work.
    """
    waiting = deque(theorems[at : at + _TAKEN] for at in range(0, len(theorems), _TAKEN))
    results: asyncio.Queue[TheoremResult] = asyncio.Queue()
    async with AsyncExitStack() as stack:
        made: list[EvaluationWorker] = []
        reading = asyncio.Lock()
        for number in range(min(workers, len(waiting))):
            own = folder / str(number)
            own.mkdir(mode=0o700, parents=True, exist_ok=True)
            worker = EvaluationWorker(plan, own, width, reading)
            stack.push_async_callback(worker.close)
            made.append(worker)
        async with asyncio.TaskGroup() as group:
            tasks = [group.create_task(_work(worker, waiting, results.put_nowait)) for worker in made]
            try:
                for _ in theorems:
                    yield await results.get()
            finally:
                for task in tasks:
                    task.cancel()


async def _work(
    worker: EvaluationWorker, waiting: "deque[Sequence[HiddenTheorem]]", put: Callable[[TheoremResult], None]
) -> None:
    while waiting:
        for theorem in waiting.popleft():
            put(await worker.try_one(theorem))
