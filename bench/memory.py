"""Memory over one long session: edits of a file with checks after each, on the probe.

Resident memory of every process at the start, in the middle and at the end, and how many processes there are.
"""

import os
import tempfile
from pathlib import Path

from rich.console import Console

from bench.longfile_text import long_text
from bench.processes import Family, descendants, own_mb
from bench.report import Row, Target
from bench.session import application, probe_up
from ghostproof.app import App
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Limits
from ghostproof.verify.verdict import Candidate

EDITS = 240
TACTICS = ("simp", "omega", "simp_all", "grind", "induction xs <;> simp_all")
LINES = 200
# The allocators round up and Lean's caches fill in the first half; a leak of 1 MB per edit would be 15 % in the second.
GROWTH = Target(1.1)


async def measure(console: Console, *, quick: bool) -> list[Row]:
    edits = EDITS // 10 if quick else EDITS
    marks: dict[str, tuple[float, Family]] = {}
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder:
        path = Path(folder) / "Session.lean"
        async with application() as app:
            await probe_up(app, path, "")
            for number in range(1, edits + 1):
                if number in (edits // 20 + 1, edits // 2 + 1):
                    marks["start" if number <= edits // 20 + 1 else "middle"] = snapshot()
                with console.status(f"memory: edit {number} of {edits}"):
                    await edit_and_check(app, path, number)
            marks["end"] = snapshot()
        left = len(descendants(os.getpid()).mb)
    return rows(marks, edits, left)


async def edit_and_check(app: App, path: Path, number: int) -> None:
    text = long_text(LINES, number)
    start = text.rindex("sorry")
    checker = await app.workspace(path).checker()
    state = await checker.open(path, text, Spot(start, start + 5, "", 2, SpotKind.SORRY))
    for tactic in TACTICS:
        await checker.check(state, Candidate(tactic, "bench"), Limits())


def snapshot() -> tuple[float, Family]:
    return own_mb(os.getpid()), descendants(os.getpid())


def rows(marks: dict[str, tuple[float, Family]], edits: int, left: int) -> list[Row]:
    made = []
    note = f"{edits} edits, {edits * len(TACTICS)} checks"
    for when, (own, family) in marks.items():
        each = ", ".join(f"{family.names[pid]} {mb:.0f}" for pid, mb in sorted(family.mb.items()))
        made.append(Row(f"{when}: this process", own, "MB"))
        made.append(Row(f"{when}: Lean, {len(family.mb)} processes", sum(family.mb.values()), "MB", note=each))
    middle, end = marks["middle"], marks["end"]
    made.append(Row("end : middle, this process", end[0] / middle[0], "×", GROWTH, note))
    made.append(Row("end : middle, Lean", sum(end[1].mb.values()) / sum(middle[1].mb.values()), "×", GROWTH))
    made.append(Row("processes, end − middle", len(end[1].mb) - len(middle[1].mb), "", Target(0)))
    made.append(Row("processes left after closing", left, "", Target(0)))
    return made
