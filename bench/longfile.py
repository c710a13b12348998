"""Request time at the end of a long file against that of a short one.

The last theorem is edited before each request, so that its goal is new, and everything above it stays as it is.
"""

import statistics
import tempfile
from itertools import count
from pathlib import Path

from rich.console import Console

from bench.longfile_text import long_text
from bench.report import Row, Target, median_row
from bench.session import Asked, application, ask, probe_up
from ghostproof.app import App
from ghostproof.syntax.spot import Spot, SpotKind

SHORT, LONG = 200, 5000
RATIO = Target(1.2)


async def measure(console: Console, *, quick: bool) -> list[Row]:
    edits = 6 if quick else 30
    asked: dict[int, list[Asked]] = {SHORT: [], LONG: []}
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder:
        async with application() as app:
            numbers = count(1)  # never the same twice: what helped at a goal is tried first wherever it is met again
            for lines in asked:
                with console.status(f"long file: Lean reads {lines} lines"):
                    await probe_up(app, Path(folder) / "Long.lean", "")
                    await request(app, Path(folder), lines, next(numbers))
            for edit in range(edits):
                for lines in (SHORT, LONG) if edit % 2 else (LONG, SHORT):
                    with console.status(f"long file: edit {edit + 1} of {edits}, {lines} lines"):
                        asked[lines].append(await request(app, Path(folder), lines, next(numbers)))
    return rows(asked)


async def request(app: App, folder: Path, lines: int, number: int) -> Asked:
    text = long_text(lines, number)
    start = text.rindex("sorry")
    return await ask(app, folder / f"Long{lines}.lean", text, Spot(start, start + 5, "", 2, SpotKind.SORRY))


def rows(asked: dict[int, list[Asked]]) -> list[Row]:
    made, medians = [], {}
    for lines, samples in asked.items():
        first = [one.first for one in samples if one.first is not None]
        full = [one.full for one in samples]
        made.append(median_row(f"{lines} lines: first suggestion", first, "s"))
        made.append(median_row(f"{lines} lines: full list", full, "s"))
        medians[lines] = statistics.median(first), statistics.median(full)
    for index, name in enumerate(("first suggestion", "full list")):
        ratio = medians[LONG][index] / medians[SHORT][index]
        made.append(Row(f"{LONG} : {SHORT} lines, {name}", ratio, "×", RATIO))
    return made
