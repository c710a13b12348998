"""The language server as an editor meets it: its start, its first ghost text, its memory, and typing while it works."""

import asyncio
import contextlib
import os
import statistics
import sys
import tempfile
from collections.abc import AsyncIterator, Sequence
from itertools import cycle, islice
from pathlib import Path
from time import perf_counter

from rich.console import Console

from bench.contender import Goal
from bench.goals import demo_goals
from bench.processes import Family, descendants, own_mb
from bench.report import Row, Target, failed, median_row, percentile
from ghostproof.errors import GhostproofError
from ghostproof.lean.transport import Json, ResponseError, Transport

INITIALIZE, COLD, MEMORY, CHANGE = Target(0.5), Target(2), Target(150), Target(2)
ANSWER_S = 60.0
KEYSTROKE_S = 0.1  # ten a second is a fast typist
SERVER = (sys.executable, "-m", "ghostproof", "serve")
TIMED = Path(__file__).with_name("timed_server.py")
NO_METHOD = "bench/nothing"  # answered with an error, without work: how long it takes is how busy the event loop is

LITERALS: Json = {"codeActionLiteralSupport": {"codeActionKind": {"valueSet": ["quickfix"]}}}
CAPABILITIES: Json = {"textDocument": {"inlineCompletion": {}, "codeAction": LITERALS}}


async def measure(console: Console, *, quick: bool) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as name:
        folder = Path(name)
        goals = demo_goals(folder / "Demo.lean")
        goals[0].path.write_text(goals[0].text, "utf-8")
        with console.status("server: starts"):
            starts = [await start(folder, goals) for _ in range(2 if quick else 5)]
        answered, shown, spawned = zip(*starts, strict=True)
        rows = [
            median_row("spawn to the answer of initialize", answered, "s", INITIALIZE),
            median_row("cold: didOpen to first ghost text", shown, "s", COLD),
            median_row("cold: spawn to first ghost text", spawned, "s"),
        ]
        log = folder / "change.txt"
        async with editor((sys.executable, str(TIMED), str(log)), folder) as client:
            await first_ghost_text(client, goals)
            with console.status("server: every goal"):
                await every_goal(client, goals)
            rows += memory_rows(own_mb(client.pid), descendants(client.pid))
            with console.status("server: typing"):
                trips = await typing(client, goals, 30 if quick else 200)
        changes = [float(line) for line in log.read_text("utf-8").split()]
    return [*rows, *change_rows(changes, trips)]


async def start(folder: Path, goals: Sequence[Goal]) -> tuple[float, float, float]:
    """Seconds from spawn to the answer of `initialize`, from didOpen to the first ghost text, and from spawn to it."""
    spawned = perf_counter()
    async with editor(SERVER, folder) as client:
        opened = perf_counter()
        await first_ghost_text(client, goals)
        shown = perf_counter()
    return opened - spawned, shown - opened, shown - spawned


@contextlib.asynccontextmanager
async def editor(command: Sequence[str], folder: Path, settings: Json | None = None) -> AsyncIterator[Transport]:
    """A server that has answered `initialize`, and is shut down at the end."""
    client = await Transport.start(command, folder, {}, lambda method, params: None, lambda death: None)
    try:
        root: Json = {"processId": os.getpid(), "rootUri": folder.as_uri(), "capabilities": CAPABILITIES}
        root |= {"initializationOptions": settings} if settings else {}
        await client.ask("initialize", root, ANSWER_S)
        client.notify("initialized", {})
        yield client
    finally:
        await client.close()


def document(goal: Goal) -> Json:
    return {"uri": goal.path.as_uri()}


def position(goal: Goal) -> Json:
    return {"line": goal.position.line, "character": goal.position.column}


def ghost_text(client: Transport, goal: Goal) -> "asyncio.Future[Json | None]":
    where = {"textDocument": document(goal), "position": position(goal), "context": {"triggerKind": 2}}
    return client.request("textDocument/inlineCompletion", where)


async def first_ghost_text(client: Transport, goals: Sequence[Goal]) -> None:
    """Open the document and ask until there is ghost text, as an editor asks again where there is nothing yet."""
    opened = {**document(goals[0]), "languageId": "lean4", "version": 0, "text": goals[0].text}
    client.notify("textDocument/didOpen", {"textDocument": opened})
    ends = perf_counter() + ANSWER_S
    while not ((answer := await asyncio.wait_for(ghost_text(client, goals[1]), ANSWER_S)) and answer["items"]):
        if perf_counter() > ends:
            raise GhostproofError(f"There was no ghost text within {ANSWER_S:g} s.")


async def every_goal(client: Transport, goals: Sequence[Goal]) -> None:
    """Code actions at every goal, so that the server and Lean have worked as in a real session."""
    for goal in goals:
        where = {"start": position(goal), "end": position(goal)}
        asked = {"textDocument": document(goal), "range": where, "context": {"diagnostics": [], "triggerKind": 1}}
        await client.ask("textDocument/codeAction", asked, ANSWER_S)


async def typing(client: Transport, goals: Sequence[Goal], keystrokes: int) -> list[float]:
    """Type into a comment at the end while ghost text is asked for; milliseconds that an idle request takes."""
    goal = goals[0]
    typed = islice(cycle("-- the quick brown fox "), keystrokes)
    trips = []
    waiting: set[asyncio.Future[Json | None]] = set()
    for column, (key, asked) in enumerate(zip(typed, cycle(goals), strict=False)):
        at = {"line": goal.text.count("\n"), "character": column}
        change = {"range": {"start": at, "end": at}, "text": key}
        versioned = {**document(goal), "version": column + 1}
        client.notify("textDocument/didChange", {"textDocument": versioned, "contentChanges": [change]})
        waiting.add(ghost_text(client, asked))
        started = perf_counter()
        with contextlib.suppress(ResponseError):
            await client.ask(NO_METHOD, {}, ANSWER_S)
        trips.append(1000 * (perf_counter() - started))
        await asyncio.sleep(KEYSTROKE_S)
    await asyncio.gather(*waiting, return_exceptions=True)
    return trips


def memory_rows(own: float, family: Family) -> list[Row]:
    lean = [Row(f"memory of {family.names[pid]}", mb, "MB", note=f"pid {pid}") for pid, mb in family.mb.items()]
    return [Row("memory of the server", own, "MB", MEMORY, "after every goal of the demo"), *lean]


def change_rows(changes: Sequence[float], trips: Sequence[float]) -> list[Row]:
    if not changes:
        return [failed("didChange", "ms", "no change was handled", CHANGE)]
    return [
        Row("didChange, p50", statistics.median(changes), "ms", note=f"n={len(changes)}, while suggestions run"),
        Row("didChange, p99", percentile(changes, 0.99), "ms", CHANGE, f"longest {max(changes):.2f}"),
        Row("round trip of an idle request, p50", statistics.median(trips), "ms", note=f"n={len(trips)}"),
        Row("round trip of an idle request, p99", percentile(trips, 0.99), "ms"),
    ]
