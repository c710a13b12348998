"""What is learned: how long the nearest steps and theorems among very many take to find, and what they cost on disk.

The steps are made up: goals of random terms whose functions are as unevenly used as words are.
"""

import random
import tempfile
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from time import perf_counter, thread_time

from rich.console import Console

from bench.premises import SIZES, library, lookups
from bench.report import Row, Target, figure, percentile
from ghostproof.learning.steps import TacticStep
from ghostproof.learning.store import StepStore

STEPS, FILE = 100_000, 500
LOOKUPS = 200
NEIGHBOURS = 32  # as many as the source asks for
P95 = Target(20.0)
FUNCTIONS = [f"f{number}" for number in range(2000)]
OPERATORS, RELATIONS = ("+", "*", "++", "∘", "::", "-", "∧", "∨"), ("=", "≤", "<", "↔")
TYPES = ("Nat", "Int", "List Nat", "List α", "Option α", "Tree α", "Queue α")


class Goals:
    """Random goals, the same in each run."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def goal(self) -> str:
        names = self._random.sample("abcdefghxyzmnk", self._random.randint(1, 4))
        lines = [f"{name} : {self._often(TYPES)}" for name in names]
        lines += [f"h{number} : {self._claim(names, 2)}" for number in range(self._random.randint(0, 3))]
        return "\n".join([*lines, f"⊢ {self._claim(names, 3)}"])

    def _claim(self, names: Sequence[str], depth: int) -> str:
        return f"{self._term(names, depth)} {self._often(RELATIONS)} {self._term(names, depth)}"

    def _term(self, names: Sequence[str], depth: int) -> str:
        if depth == 0 or self._random.random() < 0.25:
            return self._random.choice(names)
        parts = [self._term(names, depth - 1) for _ in range(2)]
        if self._random.random() < 0.4:
            return f"({parts[0]} {self._often(OPERATORS)} {parts[1]})"
        return f"({self._often(FUNCTIONS)} {' '.join(parts[: self._random.randint(1, 2)])})"

    def _often(self, choices: Sequence[str]) -> str:
        """The first ones far more often than the last ones."""
        return choices[min(len(choices) - 1, int(self._random.paretovariate(0.6)) - 1)]


async def measure(console: Console, *, quick: bool) -> list[Row]:
    """The time of a look-up, that of reading one more file, and the bytes of a step; the same of theorems."""
    del console
    goals, steps = Goals(1), STEPS // 10 if quick else STEPS
    with (
        tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder,
        closing(StepStore(Path(folder) / "learned" / "bench.sqlite", steps)) as store,
    ):
        files = [_timed_file(store, f"F{number}.lean", goals) for number in range(steps // FILE)]
        began = thread_time()
        taken = [_timed_lookup(store, goals.goal()) for _ in range(LOOKUPS)]
        computed = (thread_time() - began) * 1000 / LOOKUPS
        size = store.size()
    walls = f"median {figure(percentile(taken, 0.5))}, worst {figure(max(taken))}"
    note = f"n={LOOKUPS}, {walls}; {figure(computed)} ms of processor time each"
    sizes = [size // 10 for size in SIZES] if quick else SIZES
    return [
        Row(f"nearest among {size.steps:,} steps, p95", percentile(taken, 0.95), "ms", P95, note),
        Row(f"a file of {FILE} new steps, median", percentile(files, 0.5), "ms", None, ""),
        Row("on disk, one step", size.bytes / max(1, size.steps), "B", None, ""),
        *map(lookups, sizes),
        *await library(),
    ]


def _timed_file(store: StepStore, name: str, goals: Goals) -> float:
    at = range(1, FILE + 1)
    steps = [TacticStep(name, "t", "theorem t", (n, 3), (n, 7), "simp", (goals.goal(),), ()) for n in at]
    started = perf_counter()
    store.replace(name, "1", steps)
    return (perf_counter() - started) * 1000


def _timed_lookup(store: StepStore, goal: str) -> float:
    started = perf_counter()
    store.near(goal, NEIGHBOURS)
    return (perf_counter() - started) * 1000
