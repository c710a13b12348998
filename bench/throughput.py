"""Candidates verified per second: by the probe, by the scratch document, and by the rivals, on the same Lean.

Everyone tries the same tactics at the same goals of the same file, one goal after the other in turns, so that a
busy machine slows all of them; behind steps, everyone at all goals in turns.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Coroutine, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import Any, TypeVar

from rich.console import Console

from bench import rivals
from bench.contender import Contender, Goal, Trial
from bench.goals import demo_goals
from bench.inside import INSIDE, Behind, Kept
from bench.report import Row, Target, failed, figure
from ghostproof.config import Config
from ghostproof.errors import GhostproofError
from ghostproof.lean.toolchain import Project, discover
from ghostproof.verify.checker import Checker, GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Proved
from ghostproof.workspace import make_probe, make_scratch

# What provers and people try most; one line each, for `lean_multi_attempt` lets longer ones replace the lines below.
TACTICS = ("rfl", "simp", "simp_all", "omega", "grind", "decide", "constructor", "intro h", "exact h", "cases h")
TARGET = Target(10, at_least=True)
INSIDE_TARGET = Target(25, at_least=True)
UNIT = "candidates/s"
FILE = "Demo.lean"

T = TypeVar("T")
Trials = dict[str, list[list[Trial]]]  # by contender, by part of the goals, by round


class CheckerContender(Contender):
    """One of Ghostproof's checkers: opens the goal anew, then has as many candidates in flight as it likes."""

    def __init__(self, name: str, checker: Checker, warm_up: Goal) -> None:
        self.name = name
        self._checker = checker
        self._warm_up = warm_up

    async def start(self) -> None:
        if isinstance(self._checker, ProbeChecker):
            await self._checker.start()
        await self.attempt([self._warm_up], rivals.WARM_UP)

    async def attempt(self, goals: Sequence[Goal], tactics: Sequence[str]) -> Trial:
        free = asyncio.Semaphore(self._checker.width)

        async def check(state: GoalState, tactic: str) -> bool:
            async with free:
                checked = await self._checker.check(state, Candidate(tactic, "bench"), Limits())
            return isinstance(checked.verdict, Proved)

        started, closed = perf_counter(), 0
        for goal in goals:
            state = await self._checker.open(goal.path, goal.text, goal.spot)
            closed += sum(await asyncio.gather(*(check(state, tactic) for tactic in tactics)))
        return Trial(len(goals) * len(tactics), perf_counter() - started, closed)

    async def close(self) -> None:
        await self._checker.close()


def contenders(project: Project, rival_project: Path, warm_up: Goal) -> tuple[list[Contender], list[Contender]]:
    """Who tries tactics at a goal, and behind steps."""
    probe = make_probe(project, Config())
    rival = [rivals.Rival(name, rival_project, FILE, project.toolchain, warm_up) for name in rivals.NAMES]
    checkers: dict[str, Checker] = {"probe": probe, "scratch": make_scratch(project, Config())}
    alone = [CheckerContender(name, checker, warm_up) for name, checker in checkers.items()]
    return [*alone, *rival], [Kept(probe), *map(Behind, rival)]


async def measure(console: Console, *, quick: bool) -> list[Row]:
    """Rates by contender, the probe's ratio to each, and how many of the trials proved their goal."""
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        ours.mkdir()
        goals = demo_goals(ours / FILE)[:: 4 if quick else 1]
        (ours / FILE).write_text(goals[0].text, "utf-8")
        project = await discover(ours, prefer=Config().lean.toolchain)
        rivals.make_project(theirs, FILE, goals[0].text, project.toolchain)
        outside, inside = contenders(project, theirs, goals[-1])
        rounds, broken = 1 if quick else 3, dict[str, str]()
        try:
            trials = await compete(outside, [[goal] for goal in goals], rounds, broken, console)
            trials |= await compete(inside, [goals], rounds, broken, console)
        finally:
            await asyncio.gather(*(contender.close() for contender in (*outside, *inside)))
        return rows(trials, broken)


async def compete(
    entered: Sequence[Contender],
    parts: Sequence[Sequence[Goal]],
    rounds: int,
    broken: dict[str, str],
    console: Console,
) -> Trials:
    """Everyone at each part of the goals in turns."""
    for contender in entered:
        with console.status(f"starting {contender.name} (a rival is installed once)"):
            await guarded(broken, contender.name, contender.start())
    for index, part in enumerate(parts):
        with console.status(f"throughput: warming up, part {index + 1} of {len(parts)}"):
            await warm_up(entered, part, broken)
    trials: Trials = {contender.name: [[] for _ in parts] for contender in entered}
    for number in range(1, rounds + 1):
        for index, part in enumerate(parts):
            with console.status(f"throughput: round {number} of {rounds}, part {index + 1} of {len(parts)}"):
                for contender in turn(entered, index + number):
                    if contender.name not in broken:
                        trial = await guarded(broken, contender.name, contender.attempt(part, TACTICS))
                        trials[contender.name][index] += [trial] if trial else []
    return trials


async def warm_up(entered: Sequence[Contender], part: Sequence[Goal], broken: dict[str, str]) -> None:
    """Everyone at this part for as many seconds as the slowest needs for it once; nothing of it is kept.

    Every process compiles the code that it runs, the more the longer it has run: as many candidates for each would be
    ten times as many seconds for one as for the other.
    """

    async def seconds(contender: Contender) -> float:
        trial = await guarded(broken, contender.name, contender.attempt(part, TACTICS))
        return trial.seconds if trial else 0

    sound = [contender for contender in entered if contender.name not in broken]
    once = [await seconds(contender) for contender in sound]
    for contender, spent in zip(sound, once, strict=True):
        while contender.name not in broken and spent < max(once):
            spent += await seconds(contender)


async def guarded(broken: dict[str, str], name: str, work: Coroutine[Any, Any, T]) -> T | None:
    """The result, or None and an entry in `broken`: one that cannot run must not end the comparison."""
    try:
        return await work
    except (rivals.RivalFailed, GhostproofError) as problem:
        broken[name] = str(problem)
        return None


def turn(entered: Sequence[T], index: int) -> list[T]:
    """Everyone once, starting with another one each time."""
    first = index % len(entered)
    return [*entered[first:], *entered[:first]]


def rate(parts: Sequence[Sequence[Trial]]) -> float:
    """Candidates a second, from the median time of each part: one interrupted trial does not spoil a round."""
    tried = sum(trials[-1].tried for trials in parts)
    return tried / sum(statistics.median(trial.seconds for trial in trials) for trials in parts)


def rows(trials: Trials, broken: Mapping[str, str]) -> list[Row]:
    """The rate of each, and our ratios to others."""
    rates = {name: rate(parts) for name, parts in trials.items() if name not in broken}
    made = []
    for name, parts in trials.items():
        if name not in rates:
            made.append(failed(name, UNIT, broken[name]))
            continue
        rounds = ", ".join(figure(rate([[trial] for trial in once])) for once in zip(*parts, strict=True))
        closed, tried = (sum(counts) for counts in zip(*((last.closed, last.tried) for *_, last in parts), strict=True))
        note = f"rounds: {rounds}; {closed} of {tried} close their goal"
        made.append(Row(name, rates[name], UNIT, note=note))
    pairs: list[tuple[str, str, Target | None]] = [("probe", "scratch", None)]
    pairs += [("probe", name, TARGET) for name in rivals.NAMES]
    pairs += [(f"{INSIDE}probe", f"{INSIDE}{name}", INSIDE_TARGET) for name in rivals.NAMES]
    for ours, theirs, target in pairs:
        title = f"{ours} : {theirs.removeprefix(INSIDE)}"
        if ours in rates and theirs in rates:
            made.append(Row(title, rates[ours] / rates[theirs], "×", target))
        else:
            made.append(failed(title, "×", "see above", target))
    return made
