"""Candidates verified per second: by the probe, by the scratch document, and by the rivals, on the same Lean.

Everyone tries the same tactics at the same goals of the same file, one goal after the other in turns, so that a
busy machine slows all of them.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from ghostproof.verify.probe_checker import ProbeChecker
from rich.console import Console

from bench import rivals
from bench.contender import Contender, Goal, Trial
from bench.goals import demo_goals
from bench.report import Row, Target, failed, median_row
from ghostproof.app import make_probe, make_scratch
from ghostproof.config import Config
from ghostproof.errors import GhostproofError
from ghostproof.lean.toolchain import Project, discover
from ghostproof.verify.checker import Checker, Limits
from ghostproof.verify.verdict import Candidate, Proved

# What provers and people try most; one line each, for `lean_multi_attempt` lets longer ones replace the lines below.
TACTICS = ("rfl", "simp", "simp_all", "omega", "grind", "decide", "constructor", "intro h", "exact h", "cases h")
TARGET = Target(10, at_least=True)
UNIT = "candidates/s"
FILE = "Demo.lean"

T = TypeVar("T")
Trials = dict[str, list[Trial]]  # by contender, one for each goal


class CheckerContender(Contender):
    """One of Ghostproof's checkers: opens the goal anew, then has as many candidates in flight as it likes."""

    def __init__(self, name: str, checker: Checker, warm_up: Goal) -> None:
        self.name = name
        self._checker = checker
        self._warm_up = warm_up

    async def start(self) -> None:
        if isinstance(self._checker, ProbeChecker):
            await self._checker.start()
        await self.attempt(self._warm_up, rivals.WARM_UP)

    async def attempt(self, goal: Goal, tactics: Sequence[str]) -> Trial:
        started = perf_counter()
        state = await self._checker.open(goal.path, goal.text, goal.spot)
        free = asyncio.Semaphore(self._checker.width)

        async def check(tactic: str) -> bool:
            async with free:
                checked = await self._checker.check(state, Candidate(tactic, "bench"), Limits())
            return isinstance(checked.verdict, Proved)

        closed = await asyncio.gather(*map(check, tactics))
        proved = frozenset(tactic for tactic, ok in zip(tactics, closed, strict=True) if ok)
        return Trial(perf_counter() - started, proved)

    async def close(self) -> None:
        await self._checker.close()


def contenders(project: Project, rival_project: Path, warm_up: Goal) -> list[Contender]:
    return [
        CheckerContender("probe", make_probe(project, Config()), warm_up),
        CheckerContender("scratch", make_scratch(project), warm_up),
        *(rivals.Rival(name, rival_project, FILE, project.toolchain, warm_up) for name in rivals.NAMES),
    ]


async def measure(console: Console, *, quick: bool) -> list[Row]:
    """Rates by contender, the probe's ratio to each, and how many of the trials proved their goal."""
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        ours.mkdir()
        goals = demo_goals(ours / FILE)[-4 if quick else 0 :]
        (ours / FILE).write_text(goals[0].text, "utf-8")
        project = await discover(ours, prefer=Config().lean.toolchain)
        rivals.make_project(theirs, FILE, goals[0].text, project.toolchain)
        entered = contenders(project, theirs, goals[-1])
        try:
            return await compete(entered, goals, rounds=1 if quick else 3, console=console)
        finally:
            await asyncio.gather(*(contender.close() for contender in entered))


async def compete(entered: list[Contender], goals: Sequence[Goal], rounds: int, console: Console) -> list[Row]:
    broken: dict[str, str] = {}
    for contender in entered:
        with console.status(f"starting {contender.name} (a rival is installed once)"):
            await guarded(broken, contender.name, contender.start())
    rates: dict[str, list[float]] = {contender.name: [] for contender in entered}
    trials: Trials = {}
    for number in range(rounds):
        trials = {contender.name: [] for contender in entered}
        for index, goal in enumerate(goals):
            with console.status(f"throughput: round {number + 1} of {rounds}, goal {index + 1} of {len(goals)}"):
                await one_goal(turn(entered, index), goal, trials, broken)
        for name, done in trials.items():
            if name not in broken:
                rates[name].append(len(TACTICS) * len(goals) / sum(trial.seconds for trial in done))
    return rows(rates, trials, broken)


async def one_goal(entered: Sequence[Contender], goal: Goal, trials: Trials, broken: dict[str, str]) -> None:
    for contender in entered:
        if contender.name not in broken:
            trial = await guarded(broken, contender.name, contender.attempt(goal, TACTICS))
            if trial is not None:
                trials[contender.name].append(trial)


async def guarded(broken: dict[str, str], name: str, work: Coroutine[Any, Any, T]) -> T | None:
    """The result, or None and an entry in `broken`: one that cannot run must not end the comparison."""
    try:
        return await work
    except (rivals.RivalFailed, GhostproofError) as problem:
        broken[name] = str(problem)
        return None


def turn(entered: Sequence[Contender], index: int) -> list[Contender]:
    """Everyone once, starting with another one each time."""
    first = index % len(entered)
    return [*entered[first:], *entered[:first]]


def rows(rates: Mapping[str, Sequence[float]], trials: Trials, broken: Mapping[str, str]) -> list[Row]:
    made = []
    for name, samples in rates.items():
        if name in broken:
            made.append(failed(name, UNIT, broken[name]))
            continue
        proved = sum(len(trial.proved) for trial in trials[name])
        made.append(median_row(name, samples, UNIT, note=f"{proved} proofs among {len(TACTICS) * len(trials[name])}"))
    for name in rivals.NAMES:
        ratio = [ours / theirs for ours, theirs in zip(rates["probe"], rates[name], strict=False)]
        made.append(median_row(f"probe : {name}", ratio, "×", TARGET))
    slowest = statistics.median(rates["scratch"]) if rates["scratch"] else None
    if slowest and rates["probe"]:
        made.append(Row("probe : scratch", statistics.median(rates["probe"]) / slowest, "×"))
    return made
