"""The session on the newest native Lean that the tests install: first opens called final early, and edits."""

import asyncio
import dataclasses
import statistics
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

from rich.console import Console

from bench.report import Row, Target, failed, median_row
from ghostproof.lean.server_options import SERVER_OPTIONS
from ghostproof.lean.session import LeanSession
from ghostproof.lean.toolchain import Project, discover, server_command
from native.install_lean import install, unavailable
from native.library import build
from support.installing import InstallFailed

OPENS = 200
EDITS = 60
EDIT_TARGET = Target(30)
NONE_EARLY = Target(0)

ABOVE, FEW_ABOVE = 100, 10
_TACTICS = ("exact ⟨h.2, h.1⟩", "skip", "constructor <;> first | exact h.1 | exact h.2", "exact missing")


async def measure(console: Console, *, quick: bool) -> list[Row]:
    if (reason := unavailable()) is not None:
        return [failed("native Lean", "", reason)]
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        try:
            project = await _project(root)
        except InstallFailed as problem:
            return [failed("native Lean", "", str(problem))]
        command = server_command(project)
        delayed = [word for word in command if word not in SERVER_OPTIONS]
        opens = OPENS // 10 if quick else OPENS
        rows = []
        for argv, how in ((command, "as it is started"), (delayed, "with Lean's own delay")):
            console.print(f"· {opens} first opens {how}")
            early = await _early_opens(project, argv, opens)
            rows.append(Row(f"native, first opens called final early, {how}", early, "", NONE_EARLY, f"of {opens}"))
        console.print("· edits")
        edits = EDITS // 4 if quick else EDITS
        ours, theirs = await _edits(project, command, edits, ABOVE), await _edits(project, delayed, edits, ABOVE)
        few = await _edits(project, command, edits, FEW_ABOVE)
        name = "native, from an edit to Lean's final word, {} theorems above"
        rows.append(median_row(name.format(FEW_ABOVE), few, "ms", EDIT_TARGET))
        rows.append(median_row(name.format(ABOVE), ours, "ms", EDIT_TARGET))
        rows.append(median_row("the same with Lean's own delay", theirs, "ms"))
        ratio = statistics.median(theirs) / statistics.median(ours)
        rows.append(Row("with Lean's own delay ÷ as it is started", ratio, "×"))
        return rows


async def _project(root: Path) -> Project:
    lean = await asyncio.to_thread(install)
    (root / "library").mkdir()
    library = await asyncio.to_thread(build, lean.lean, lean.library, root / "library")
    (root / "lean-toolchain").write_text(str(lean.root))
    found = await discover(root)
    return dataclasses.replace(found, toolchain=dataclasses.replace(found.toolchain, env={"LEAN_PATH": str(library)}))


async def _early_opens(project: Project, argv: Sequence[str], opens: int) -> int:
    """How many of the opens came back without the errors of the file."""
    session = LeanSession(argv, project.root, project.toolchain.env)
    early = 0
    for number in range(opens):
        file = project.root / f"Open{number}.lean"
        text = f"theorem a : {number} = {number + 1} := rfl\n"
        found = await session.barrier(file, await session.set_text(file, text))
        early += not any(diagnostic.is_error for diagnostic in found)
        session.close_document(file)
    await session.close()
    return early


async def _edits(project: Project, argv: Sequence[str], edits: int, above: int) -> list[float]:
    """Milliseconds from an edit below so many theorems to the final diagnostics about the file."""
    theorems = "".join(f"theorem t{i} (a b : Nat) (h : a = b) : b = a := h.symm\n" for i in range(above))
    session = LeanSession(argv, project.root, project.toolchain.env)
    file = project.root / "Edited.lean"
    samples = []
    for number in range(edits + len(_TACTICS)):
        text = f"{theorems}theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  {_TACTICS[number % len(_TACTICS)]}\n"
        started = perf_counter()
        await session.barrier(file, await session.set_text(file, text))
        samples.append((perf_counter() - started) * 1000)
    await session.close()
    return samples[len(_TACTICS) :]
