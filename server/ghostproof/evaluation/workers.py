"""Tries many theorems, several at a time: each worker has a Lean of its own, and a database of what stands above.

A `HiddenTheorem` with the steps of the files is all that a worker needs, so that it may be one of a Ray cluster.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Callable, Collection, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from ghostproof.app import App
from ghostproof.config import Config
from ghostproof.errors import GhostproofError
from ghostproof.evaluation.above import Above, Steps
from ghostproof.evaluation.result import TheoremResult, Way
from ghostproof.evaluation.theorem import HiddenTheorem
from ghostproof.evaluation.trying import tried
from ghostproof.search.prove import strategies
from ghostproof.work.crew import Crew
from ghostproof.work.pool import Failed, as_they_come

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
    """See `Worker`: tries the theorems that it is given, in their order.

    It has one Lean of its own, or two where a model's proofs are checked as well, and a database of its own of what may
    be learned from.
    """

    def __init__(self, plan: EvaluationPlan, cores: int) -> None:
        self._plan = plan
        self._config = _settings(plan.config, plan.config.lean.checks_at_once(cores))
        self._folder: TemporaryDirectory[str] | None = None
        self._above: Above | None = None
        self._apps: dict[Way, App] = {}
        self._read: set[Path] = set()

    async def start(self) -> None:
        plan, own = self._plan, self._config
        self._folder = TemporaryDirectory(prefix="ghostproof-eval-")
        self._above = Above(Path(self._folder.name) / "above" / "above.sqlite", plan.steps, plan.order)
        learned = self._above.learned
        alone = App(replace(own, prover=replace(own.prover, model="", url="")), learned, plan.without)
        for way in plan.ways:
            self._apps[way] = App(own, learned, PARTS) if way is Way.MODEL else alone

    async def work(
        self, item: Sequence[HiddenTheorem], tell: Callable[[None], None]
    ) -> AsyncGenerator[TheoremResult, None]:
        for theorem in item:
            yield await self._try(theorem)

    async def _try(self, theorem: HiddenTheorem) -> TheoremResult:
        """Try a theorem with what stands above it."""
        assert self._above is not None, "it was started"
        await asyncio.to_thread(self._above.move, theorem)
        if "premises" not in self._plan.without and theorem.path not in self._read:
            self._read.add(theorem.path)
            try:
                # Several workers of one machine read into one index, and share the work.
                async with asyncio.timeout(READ_S):
                    await self._apps[self._plan.ways[0]].learning.read_library(theorem.path, theorem.text)
            except (GhostproofError, TimeoutError) as problem:
                # Whatever is wrong with Lean shows where the theorem is tried; but what it lacks must not be hidden.
                log.warning("the theorems that %s imports are not all known: %s", theorem.file, problem)
        return await tried(self._apps, theorem, self._plan.budget_s)

    async def close(self) -> None:
        apps, self._apps = self._apps, {}
        await asyncio.gather(*(app.close() for app in set(apps.values())))
        above, self._above = self._above, None
        if above is not None:
            above.close()
        folder, self._folder = self._folder, None
        if folder is not None:
            folder.cleanup()


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
    plan: EvaluationPlan, theorems: Sequence[HiddenTheorem], place: Crew
) -> AsyncGenerator[TheoremResult | Failed, None]:
    """The results of theorems that are in order, as they come; a failure in place of those that no worker could try."""
    taken = [theorems[at : at + _TAKEN] for at in range(0, len(theorems), _TAKEN)]
    workers = place.workers(partial(EvaluationWorker, plan), len(taken))
    async with aclosing(as_they_come(taken, workers)) as results:
        async for _, result in results:
            yield result
