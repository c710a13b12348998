"""From the moment when a search for a proof is cancelled until Lean has left all of it."""

import asyncio
import tempfile
from pathlib import Path
from time import perf_counter

from rich.console import Console

from bench.report import Row, Target, median_row
from bench.session import application, probe_up
from ghostproof.app import App
from ghostproof.search.proof import Outcome
from ghostproof.syntax.missing import find_places
from ghostproof.text import SourceText

# Nobody can say whether it is true, so that there is always something to do.
OPEN = """\
def app : List Nat → List Nat → List Nat
  | [], ys => ys
  | x :: xs, ys => x :: app xs ys
opaque odd : List Nat → List Nat
theorem t (a b : List Nat) : app a (odd b) = app (odd b) a := by
  sorry
"""
RUNS, STAGES = 100, 20
BUDGET_S = 600.0
IDLE = Target(0.5)


async def measure(console: Console, *, quick: bool) -> list[Row]:
    runs = RUNS // 10 if quick else RUNS
    samples: list[float] = []
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder:
        path = Path(folder) / "Cancelled.lean"
        async with application() as app:
            await probe_up(app, path, OPEN)
            for run in range(runs):
                with console.status(f"cancelled: search {run + 1} of {runs}"):
                    samples.append(await to_idle(app, path, run % STAGES))
    return [
        median_row("cancel to idle", samples, "s", IDLE),
        Row("cancel to idle, the longest", max(samples), "s", IDLE, f"n={len(samples)}"),
    ]


async def to_idle(app: App, path: Path, stage: int) -> float:
    """Seconds from cancelling a search, when it has told so many times what it does, until no request is left."""
    there, left = asyncio.Event(), stage

    def hear(outcome: Outcome) -> None:
        nonlocal left
        left -= 1
        if left < 0:
            there.set()

    spots = find_places(SourceText(OPEN), OPEN.index("sorry"))
    search = asyncio.create_task(app.proving.prove(path, OPEN, spots, BUDGET_S, hear))
    await there.wait()
    started = perf_counter()
    search.cancel()
    await asyncio.gather(search, return_exceptions=True)
    prober = app.workspace(path).prober
    assert prober is not None
    assert prober.living is not None, "it is up"
    await prober.living.settled()
    return perf_counter() - started
