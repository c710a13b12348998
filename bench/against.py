"""`python -m bench.against CHECKOUT`: this checkout's suggestions beside another's, goal by goal in turns.

Each runs in a process of its own and is asked for every goal of the demo, warm and with its cache off, this one and the
other one first by turns: whatever else the machine does slows both. Give the other checkout a cache of its own
(`--cache`) if it installs another embedded Lean.
"""

import argparse
import asyncio
import dataclasses
import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from rich.console import Console

from bench.goals import demo_goals
from bench.report import Row, show
from bench.session import Asked, application, ask, probe_up
from ghostproof.config import Config

HERE = Path(__file__).resolve().parents[1]
ROUNDS = 6


class Contender:
    """A checkout's application in a process, which answers one goal at a time."""

    def __init__(self, checkout: Path, cache: Path | None) -> None:
        paths = os.pathsep.join((str(checkout / "server"), str(checkout)))
        environment = os.environ | {"PYTHONPATH": paths}
        if cache is not None:
            environment["GHOSTPROOF_CACHE"] = str(cache)
        # This file, with the other checkout's modules behind its imports.
        self._process = subprocess.Popen(
            [sys.executable, str(Path(__file__).resolve()), "--answer"],
            cwd=checkout,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ready(self) -> int:
        """How many goals there are, when each was asked for once."""
        return int(self._read())

    def ask(self, goal: int) -> Asked:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{goal}\n")
        self._process.stdin.flush()
        return Asked(*json.loads(self._read()))

    def _read(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise SystemExit(f"The process of {self._process.args!r} has ended.")
        return line

    def close(self) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


async def answer() -> None:
    """Read numbers of goals, write seconds: the other side of `Contender`."""
    config = Config()
    config = dataclasses.replace(config, suggest=dataclasses.replace(config.suggest, cached=0))
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder:
        goals = demo_goals(Path(folder) / "Demo.lean")
        async with application(config) as app:
            await probe_up(app, goals[0].path, goals[0].text)
            for goal in goals:
                await ask(app, goal.path, goal.text, goal.spot)
            print(len(goals), flush=True)
            while line := await asyncio.to_thread(sys.stdin.readline):
                goal = goals[int(line)]
                asked = await ask(app, goal.path, goal.text, goal.spot)
                print(json.dumps([asked.first, asked.full]), flush=True)


def compare(ours: Contender, theirs: Contender, rounds: int) -> list[Row]:
    count = ours.ready()
    if theirs.ready() != count:
        raise SystemExit("The two checkouts have demos of different lengths.")
    pairs = []
    for number in range(rounds):
        for goal in range(count):
            if (number + goal) % 2:
                first, second = ours.ask(goal), theirs.ask(goal)
                pairs.append((first, second))
            else:
                second, first = theirs.ask(goal), ours.ask(goal)
                pairs.append((first, second))
    firsts = [(mine.first, other.first) for mine, other in pairs if mine.first and other.first]
    return [
        *rows("first suggestion", firsts),
        *rows("full list", [(mine.full, other.full) for mine, other in pairs]),
    ]


def rows(name: str, pairs: Sequence[tuple[float, float]]) -> list[Row]:
    """Both medians, and the median of the ratios, which the load of the machine moves least."""
    return [
        Row(f"{name}: here", statistics.median(mine for mine, _ in pairs), "s"),
        Row(f"{name}: there", statistics.median(other for _, other in pairs), "s"),
        Row(
            f"{name}: here / there",
            statistics.median(mine / other for mine, other in pairs),
            "x",
            None,
            f"n={len(pairs)}",
        ),
    ]


def main(argv: Sequence[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.against", description=__doc__.splitlines()[0])
    parser.add_argument("checkout", nargs="?", type=Path, help="the other checkout")
    parser.add_argument("--cache", type=Path, help="the other one's cache folder; made if it is missing")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="how often each goal is asked for")
    parser.add_argument("--answer", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(argv)
    if chosen.answer:
        asyncio.run(answer())
        return 0
    if chosen.checkout is None or not (chosen.checkout / "server" / "ghostproof").is_dir():
        parser.error("give the folder of another checkout of Ghostproof")
    ours, theirs = Contender(HERE, None), Contender(chosen.checkout.resolve(), chosen.cache)
    try:
        show(Console(), "Every goal of examples/Demo.lean, in turns", compare(ours, theirs, chosen.rounds), 0)
    finally:
        ours.close()
        theirs.close()
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
