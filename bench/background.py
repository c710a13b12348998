"""The language server while it learns in the background: typing, memory and first suggestions beside a server that
learns nothing.

A file with a hundred proofs is open beside the one that is typed in: Lean tells its steps, and then the theorems of the
library, into a cache that has neither. Both servers get the same keystrokes and questions, at the same time.
"""

import asyncio
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

from rich.console import Console

from bench.contender import Goal
from bench.goals import demo_goals
from bench.longfile_text import long_text
from bench.processes import own_mb
from bench.report import Row, Target, failed, percentile
from bench.server import (
    ANSWER_S,
    CHANGE,
    KEYSTROKE_S,
    TIMED,
    document,
    editor,
    every_goal,
    first_ghost_text,
    ghost_text,
)
from ghostproof.lean.transport import Json, Transport
from ghostproof.learning.learner import REST_S
from ghostproof.learning.premise_index import PremiseIndex
from ghostproof.learning.store import StepStore

MEMORY = Target(250)
FIRST = Target(1.1)  # how far two equal servers are apart on a machine that does nothing else
LINES, KEYSTROKES, ROUNDS = 800, 300, 3
# Longest wait for the index of the library to be whole, and how long nothing comes when it is.
INDEX_S, STILL_S = 180.0, 30.0
FORGETS: Json = {"suggest": {"cached": 0}}
LEARNS: Json = FORGETS | {"learn": {"automatic": True}}
DOES_NOT: Json = FORGETS | {"learn": {"automatic": False, "propose": False, "premises": False}}


@dataclass
class Server:
    """A server with its own cache of what is learned, and what was measured of it."""

    folder: Path
    goals: Sequence[Goal]
    client: Transport
    keystrokes: int = 0
    first_s: list[float] = field(default_factory=list)
    mb: list[float] = field(default_factory=list)

    @property
    def steps(self) -> int:
        """Steps that are kept by now."""
        for path in (self.folder / "learned").glob("*.sqlite"):
            with closing(StepStore(path, 1_000_000)) as store:
                return store.size().steps
        return 0

    @property
    def theorems(self) -> int:
        """Theorems of the library that are kept by now."""
        for path in (self.folder / "premises").glob("*.sqlite"):
            with closing(PremiseIndex(path)) as index:
                return index.size().theorems
        return 0

    def changes(self) -> list[float]:
        """Milliseconds that each didChange took."""
        return [float(line) for line in (self.folder / "change.txt").read_text("utf-8").split()]


async def measure(console: Console, *, quick: bool) -> list[Row]:
    async with AsyncExitStack() as stack:
        name = stack.enter_context(tempfile.TemporaryDirectory(prefix="ghostproof-bench-"))
        learning, other = [
            await stack.enter_async_context(_server(Path(name) / how, settings))
            for how, settings in (("learning", LEARNS), ("other", DOES_NOT))
        ]
        await asyncio.sleep(REST_S + KEYSTROKE_S)  # the files have rested: it begins
        with console.status("background: typing"):
            await asyncio.gather(*(_typed(each, KEYSTROKES // (4 if quick else 1)) for each in (learning, other)))
        harvested, read = learning.steps, learning.theorems
        with console.status("background: first suggestions"):
            for _ in range(1 if quick else ROUNDS):
                await asyncio.gather(*(_typed(each, 1) for each in (learning, other)))  # nobody has asked in this text
                await _asked(learning, other)
        with console.status("background: the library's index"):
            await _read_to_the_end(learning)
            await every_goal(learning.client, learning.goals)
        loaded, kept = own_mb(learning.client.pid), f"{learning.steps:,} steps and {learning.theorems:,} theorems"
        changes, plain = learning.changes(), other.changes()
    if not harvested and not read:
        return [failed("didChange, p99", "ms", "nothing was harvested while it was typed", CHANGE)]
    meanwhile = f"n={len(changes)}; {harvested:,} steps and {read:,} theorems were read meanwhile"
    ratios = [ours / theirs for ours, theirs in zip(learning.first_s, other.first_s, strict=True)]
    medians = ", ".join(f"{statistics.median(each.first_s):.3f} s" for each in (learning, other))
    return [
        Row("didChange while harvesting, p99", percentile(changes, 0.99), "ms", CHANGE, meanwhile),
        Row("the same without learning", percentile(plain, 0.99), "ms", note=f"n={len(plain)}"),
        Row("memory of the server while harvesting, most", max(learning.mb), "MB", MEMORY),
        Row("the same without learning", max(other.mb), "MB"),
        Row("memory with the library's index", loaded, "MB", MEMORY, f"{kept}, after every goal"),
        Row("first suggestion, learning ÷ not", statistics.median(ratios), "×", FIRST, f"n={len(ratios)}: {medians}"),
    ]


@asynccontextmanager
async def _server(folder: Path, settings: Json) -> AsyncIterator[Server]:
    """A server whose files are open and that has answered once, ended at the end."""
    project = folder / "project"
    project.mkdir(parents=True)
    goals = demo_goals(project / "Demo.lean")
    goals[0].path.write_text(goals[0].text, "utf-8")
    command = (sys.executable, str(TIMED), str(folder / "change.txt"), str(folder))
    async with editor(command, project, settings) as client:
        await first_ghost_text(client, goals)
        text, _, _ = long_text(LINES, 1).rpartition("theorem last")
        told = {"uri": (project / "Worked.lean").as_uri(), "languageId": "lean4", "version": 0, "text": text}
        client.notify("textDocument/didOpen", {"textDocument": told})
        yield Server(folder, goals, client)


async def _typed(server: Server, keystrokes: int) -> None:
    """Type into a comment at the end of the demo."""
    goal = server.goals[0]
    for key in islice(cycle("-- the quick brown fox "), server.keystrokes, server.keystrokes + keystrokes):
        at = {"line": goal.text.count("\n"), "character": server.keystrokes}
        server.keystrokes += 1
        change = {"range": {"start": at, "end": at}, "text": key}
        versioned = {**document(goal), "version": server.keystrokes}
        server.client.notify("textDocument/didChange", {"textDocument": versioned, "contentChanges": [change]})
        server.mb.append(own_mb(server.client.pid))
        await asyncio.sleep(KEYSTROKE_S)


async def _asked(*servers: Server) -> None:
    """Ghost text at every goal, by one server after the other, whoever went first last time goes last now."""
    turns = list(servers)
    for number in range(len(servers[0].goals)):
        for server in turns:
            started = perf_counter()
            await asyncio.wait_for(ghost_text(server.client, server.goals[number]), ANSWER_S)
            server.first_s.append(perf_counter() - started)
            server.mb.append(own_mb(server.client.pid))
        turns.reverse()


async def _read_to_the_end(server: Server) -> None:
    """Until the index has stopped growing for a while, or for as long as anybody waits."""
    kept, grown = -1, perf_counter()
    ends = grown + INDEX_S
    while (now := perf_counter()) < ends and now - grown < STILL_S:
        if (found := server.theorems) != kept:
            kept, grown = found, now
        server.mb.append(own_mb(server.client.pid))
        await asyncio.sleep(1.0)
