"""Several that want compiled programs at once: one compiles, the others wait, and nobody waits for the dead."""

import asyncio
import os
import sys
from asyncio.subprocess import PIPE
from dataclasses import replace
from pathlib import Path
from typing import BinaryIO

import pytest

from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.probe_script import Script
from ghostproof.lean.toolchain import Project, Toolchain

SCRIPT = Script("import Lean\n", ("Main.lean",), (1,), (1,))
# Writes down its arguments, waits until somebody has closed the pipe of this call, and writes what `lean -o` writes.
LEAN = """#!/bin/sh
echo "$@" >> "{folder}/calls"
cat < "{folder}/pipe$(($(wc -l < "{folder}/calls")))"
[ "$2" = -o ] && echo compiled > "$3"
exit 0
"""
ELSEWHERE = """
import asyncio, sys
from pathlib import Path
from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.probe_script import Script
from ghostproof.lean.toolchain import Project, Toolchain

folder = Path(sys.argv[1])
project = Project(folder, False, Toolchain("project", folder / "lean", folder / "lake", "4.30.0"))
program = CompiledProgram(project, Script("import Lean\\n", ("Main.lean",), (1,), (1,)))
print(asyncio.run(program.make()))
"""


class Compiler:
    """A Lean that compiles for as long as it is held up."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        (folder / "lean").write_text(LEAN.format(folder=folder), "utf-8")
        (folder / "lean").chmod(0o755)
        for call in (1, 2):
            os.mkfifo(folder / f"pipe{call}")

    @property
    def project(self) -> Project:
        folder = self._folder
        return Project(folder, False, Toolchain("project", folder / "lean", folder / "lake", "4.30.0"))

    @property
    def calls(self) -> int:
        return len((self._folder / "calls").read_text("utf-8").splitlines())

    async def begins(self, call: int = 1) -> BinaryIO:
        """Wait for the first or the second to begin; it compiles until what is returned is closed."""
        return await asyncio.to_thread((self._folder / f"pipe{call}").open, "wb")

    async def elsewhere(self) -> asyncio.subprocess.Process:
        """Another process that makes the same program."""
        return await asyncio.create_subprocess_exec(sys.executable, "-c", ELSEWHERE, self._folder, stdout=PIPE)


@pytest.fixture
def compiler(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Compiler:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path / "cache"))
    return Compiler(tmp_path)


async def test_of_several_processes_one_compiles_and_all_have_it(compiler: Compiler) -> None:
    mine = asyncio.create_task(CompiledProgram(compiler.project, SCRIPT).make())
    beside = asyncio.create_task(CompiledProgram(compiler.project, SCRIPT).make())
    with await compiler.begins():
        other = await compiler.elsewhere()
    assert await mine
    assert await beside
    said, _ = await other.communicate()
    assert said == b"True\n"
    assert compiler.calls == 1


async def test_other_programs_have_their_turn_afterwards(compiler: Compiler) -> None:
    first = asyncio.create_task(CompiledProgram(compiler.project, SCRIPT).make())
    held = await compiler.begins()
    second = asyncio.create_task(CompiledProgram(compiler.project, replace(SCRIPT, text="import Lean\n--\n")).make())
    assert compiler.calls == 1
    held.close()
    assert await first
    (await compiler.begins(2)).close()
    assert await second
    assert compiler.calls == 2


async def test_nobody_waits_for_a_process_that_was_killed(compiler: Compiler) -> None:
    other = await compiler.elsewhere()
    held = await compiler.begins()
    other.kill()
    await other.communicate()
    held.close()
    waiting = asyncio.create_task(CompiledProgram(compiler.project, SCRIPT).make())
    (await compiler.begins(2)).close()
    assert await waiting


async def test_nobody_waits_for_one_that_has_stopped_wanting_it(compiler: Compiler) -> None:
    """Neither the one that compiles nor one that waits for it leaves the lock behind."""
    compiles = asyncio.create_task(CompiledProgram(compiler.project, SCRIPT).make())
    held = await compiler.begins()
    waits = asyncio.create_task(CompiledProgram(compiler.project, SCRIPT).make())
    await asyncio.sleep(0)
    for task in (waits, compiles):
        task.cancel()
    await asyncio.wait((waits, compiles))
    held.close()
    last = asyncio.create_task(CompiledProgram(compiler.project, SCRIPT).make())
    (await compiler.begins(2)).close()
    assert await last


async def test_who_has_waited_long_enough_goes_on_with_the_source(compiler: Compiler) -> None:
    compiles = asyncio.create_task(CompiledProgram(compiler.project, SCRIPT).make())
    held = await compiler.begins()
    assert not await CompiledProgram(compiler.project, SCRIPT, turn_s=0).make()
    held.close()
    assert await compiles
    assert compiler.calls == 1
