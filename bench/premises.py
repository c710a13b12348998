"""Theorems in reach: how long the index of the embedded Lean's library takes, what it costs, and how long look-ups do.

What is looked up among is made up, with constants as unevenly used as words are; what is read is Lean's own library.
"""

import random
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import perf_counter, thread_time

from bench.report import Row, Target, figure, percentile
from ghostproof.config import Config
from ghostproof.lean.setup_file import Setups
from ghostproof.learning.harvest import harvester
from ghostproof.learning.library import InReach, Library, promising
from ghostproof.learning.premise_index import Module, PremiseIndex
from ghostproof.syntax.statement import Statement
from ghostproof.verify.allowed import LIBRARIES
from ghostproof.workspace import find_lean

SIZES = (46_700, 100_000)
MODULE, LOOKUPS = 100, 200
WANTED = 24  # as many as the source looks at
P95, READ, ON_DISK = Target(20.0), Target(60.0), Target(100.0)
CONSTANTS = [f"c{number}" for number in range(12_000)]
WHOLE = "import Lean\n"


class Theorems:
    """Random theorems, the same in each run."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def theorem(self, name: str) -> Statement:
        target, asked = self._some(2, 9), self._some(0, 6)
        return Statement(name, "c0", (target[0], target[-1]), frozenset(target), frozenset(asked))

    def _some(self, least: int, most: int) -> list[str]:
        """The first constants far more often than the last ones."""
        count = self._random.randint(least, most)
        return [CONSTANTS[min(len(CONSTANTS), int(self._random.paretovariate(0.5))) - 1] for _ in range(count)]


def lookups(theorems: int) -> Row:
    """The time of a look-up among so many theorems."""
    made = Theorems(1)
    with (
        tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder,
        closing(PremiseIndex(Path(folder) / "premises" / "bench.sqlite")) as index,
    ):
        modules = [Module(f"M{number}") for number in range(theorems // MODULE)]
        index.add((module, [made.theorem(f"{module.name}.{n}") for n in range(MODULE)]) for module in modules)
        reach = InReach(frozenset(index.known(modules).values()))
        own = [made.theorem(f"own{number}") for number in range(200)]
        began = thread_time()
        taken = [_timed(index, reach, made.theorem(""), own) for _ in range(LOOKUPS)]
        computed = (thread_time() - began) * 1000 / LOOKUPS
        size = index.size()
    walls = f"median {figure(percentile(taken, 0.5))}, worst {figure(max(taken))}"
    note = f"n={LOOKUPS}, {walls}; {figure(computed)} ms of processor time each; {size.bytes >> 20} MiB"
    return Row(f"theorems in reach among {size.theorems:,}, p95", percentile(taken, 0.95), "ms", P95, note)


async def library() -> list[Row]:
    """What reading all that `import Lean` brings takes, the start of Lean and the import not included."""
    config = Config()
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder:
        project = await find_lean(Path(folder), replace(config, lean=replace(config.lean, toolchain="embedded")))
        session, _ = harvester(project, config.lean.document_s)
        try:
            with closing(PremiseIndex(Path(folder) / "premises" / "bench.sqlite")) as index:
                reader = Library(session, Setups(project).of, index, sorted(LIBRARIES), answer_s=300)
                path = Path(folder) / "Whole.lean"
                await reader.in_reach(path, WHOLE)
                started = perf_counter()
                theorems = await reader.read(path, WHOLE)
                seconds = perf_counter() - started
                size = index.size()
        finally:
            await session.end()
    note = f"{theorems:,} usable theorems of {size.modules:,} modules of the embedded Lean"
    return [
        Row("index of Lean's whole library, once", seconds, "s", READ, note),
        Row("index of Lean's whole library, on disk", size.bytes / 2**20, "MiB", ON_DISK, ""),
    ]


def _timed(index: PremiseIndex, reach: InReach, goal: Statement, own: Sequence[Statement]) -> float:
    started = perf_counter()
    promising(index, reach, goal, own, {}, WANTED)
    return (perf_counter() - started) * 1000
