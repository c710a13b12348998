"""Time from a request to its first verified suggestion and to the full list, over the demo's goals.

Warm: the probe is up, the file is elaborated, the goal is new to the cache. Cold: from the start of the application.
"""

import dataclasses
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from rich.console import Console

from bench.contender import Goal
from bench.goals import demo_goals
from bench.report import Row, Target, median_row
from bench.session import Asked, application, ask, probe_up
from ghostproof.config import Config
from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.probe_script import assemble
from ghostproof.workspace import find_lean

FIRST, FULL, COLD, AGAIN = Target(0.3), Target(2), Target(10), Target(2)


async def measure(console: Console, *, quick: bool) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder:
        goals = demo_goals(Path(folder) / "Demo.lean")
        program = await compiled_program(goals[0])
        shutil.rmtree(program.folder, ignore_errors=True)
        cold = await cold_starts(goals, 1, console)  # from then on the compiled form is being made
        made = await program.make()
        compiled = await cold_starts(goals, 1 if quick else 3, console) if made else []
        warm, per_goal = await warm_requests(goals, 1 if quick else 3, console)
        cached = await cached_requests(goals, console)
    return [
        median_row("cold, the very first: start to first suggestion", cold, "s", COLD),
        median_row("cold: start to first suggestion", compiled, "s", AGAIN, "the prober is compiled"),
        *request_rows("warm", warm, FIRST, FULL, slowest(goals, per_goal)),
        *request_rows("cached", cached),
    ]


def request_rows(
    label: str, asked: Sequence[Asked], first: Target | None = None, full: Target | None = None, note: str = ""
) -> list[Row]:
    """First and full of the requests; those without a suggestion are counted in the first row's note."""
    found = [one.first for one in asked if one.first is not None]
    empty = f"{len(asked) - len(found)} found nothing" if len(found) < len(asked) else ""
    return [
        median_row(f"{label}: first suggestion", found, "s", first, empty),
        median_row(f"{label}: full list", [one.full for one in asked], "s", full, note),
    ]


def slowest(goals: Sequence[Goal], per_goal: Sequence[float]) -> str:
    seconds, goal = max(zip(per_goal, goals, strict=True), key=lambda pair: pair[0])
    return f"slowest: line {goal.position.line + 1}, {seconds:.1f} s"


async def compiled_program(goal: Goal) -> CompiledProgram:
    """The prober's compiled form for the Lean that the goal is checked with."""
    return CompiledProgram(await find_lean(goal.path, Config()), assemble())


async def cold_starts(goals: Sequence[Goal], count: int, console: Console) -> list[float]:
    """Seconds from making the application to the first suggestion, at a goal for each start."""
    samples = []
    for number in range(count):
        goal = goals[number % len(goals)]
        with console.status(f"latency: cold start {number + 1} of {count}"):
            started = perf_counter()
            async with application() as app:
                job = app.suggest(goal.path, goal.text, [goal.spot])
                snapshot = await job.wait(lambda s: bool(s.suggestions) or s.done, 60)
                if snapshot.suggestions:
                    samples.append(perf_counter() - started)
    return samples


async def warm_requests(goals: Sequence[Goal], rounds: int, console: Console) -> tuple[list[Asked], list[float]]:
    """All requests with the cache off, and for each goal the seconds of its last full list."""
    config = Config()
    config = dataclasses.replace(config, suggest=dataclasses.replace(config.suggest, cached=0))
    asked: list[Asked] = []
    async with application(config) as app:
        with console.status("latency: starting the probe"):
            await probe_up(app, goals[0].path, goals[0].text)
            await ask(app, goals[-1].path, goals[-1].text, goals[-1].spot)
        for number in range(rounds):
            for goal in goals:
                with console.status(f"latency: warm, round {number + 1} of {rounds}, line {goal.position.line + 1}"):
                    asked.append(await ask(app, goal.path, goal.text, goal.spot))
    return asked, [one.full for one in asked[-len(goals) :]]


async def cached_requests(goals: Sequence[Goal], console: Console) -> list[Asked]:
    """Requests for what was asked once, after an edit above that leaves the goal as it was."""
    async with application() as app:
        with console.status("latency: cached"):
            await probe_up(app, goals[0].path, goals[0].text)
            for goal in goals[:4]:
                await ask(app, goal.path, goal.text, goal.spot)
            return [await ask(app, goal.path, goal.text + "\n-- edited", goal.spot) for goal in goals[:4]]
