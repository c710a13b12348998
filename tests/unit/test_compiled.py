"""A compiled program in the cache: made once, run only as it was made, given up where Lean does not make or run it."""

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.lean.compiled import STAMP, CompiledProgram
from ghostproof.lean.probe_script import Script
from ghostproof.lean.toolchain import Project, Toolchain

COMPLAINT = "error: it is not there"
SCRIPT = Script("import Lean\n", ("Main.lean",), (1,), (1,))
# Writes down its arguments, and then what `lean -o` writes.
LEAN = """#!/bin/sh
echo "$@" >> "{calls}"
[ "$2" = -o ] && echo compiled > "$3"
[ {status} = 1 ] && echo "{complaint}"
exit {status}
"""


@pytest.fixture
def calls(tmp_path: Path) -> Path:
    return tmp_path / "calls"


@pytest.fixture
def project(tmp_path: Path, calls: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path / "cache"))
    lean = tmp_path / "lean"
    write_lean(lean, calls, status=0)
    return Project(tmp_path, False, Toolchain("project", lean, tmp_path / "lake", "4.30.0"))


def write_lean(lean: Path, calls: Path, *, status: int) -> None:
    lean.write_text(LEAN.format(calls=calls, status=status, complaint=COMPLAINT), "utf-8")
    lean.chmod(0o755)


def count(calls: Path) -> int:
    return len(calls.read_text("utf-8").splitlines()) if calls.exists() else 0


async def test_it_is_made_once_and_says_how_it_is_started(project: Project, calls: Path) -> None:
    program = CompiledProgram(project, SCRIPT)
    assert program.launch() is None
    assert await program.make()
    launch = CompiledProgram(project, SCRIPT).launch()
    assert launch is not None
    start = program.folder / "Start.lean"
    assert launch.argv == (str(project.toolchain.lean), "--run", str(start), str(program.folder))
    assert launch.env == {"LEAN_PATH": str(program.folder)}
    assert start.read_text("utf-8") == f"import {program.module}\n"
    assert await program.make()
    assert count(calls) == 1


async def test_nobody_else_may_enter_and_nothing_is_left_lying(project: Project) -> None:
    program = CompiledProgram(project, SCRIPT)
    await program.make()
    for folder in (program.folder, program.folder.parent):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {file.name for file in program.folder.iterdir()} == {f"{program.module}.olean", "Start.lean", STAMP}
    assert list(program.folder.parent.iterdir()) == [program.folder]


@pytest.mark.parametrize("name", ["olean", "start", "more", "stamp"])
async def test_what_is_not_as_it_was_made_is_not_run(project: Project, calls: Path, name: str) -> None:
    program = CompiledProgram(project, SCRIPT)
    await program.make()
    files = {
        "olean": program.folder / f"{program.module}.olean",
        "start": program.folder / "Start.lean",
        "more": program.folder / "Lean.olean",
        "stamp": program.folder / STAMP,
    }
    files[name].write_text(json.dumps(["other"]), "utf-8")
    assert program.launch() is None
    assert await program.make()
    assert program.launch() is not None
    assert count(calls) == 2


async def test_a_folder_that_is_somebody_elses_by_a_link_is_not_run(project: Project, tmp_path: Path) -> None:
    program = CompiledProgram(project, SCRIPT)
    await program.make()
    elsewhere = tmp_path / "elsewhere"
    program.folder.rename(elsewhere)
    program.folder.symlink_to(elsewhere)
    assert program.launch() is None


async def test_a_lean_that_cannot_compile_it_leaves_nothing(project: Project, calls: Path) -> None:
    write_lean(project.toolchain.lean, calls, status=1)
    program = CompiledProgram(project, SCRIPT)
    assert not await program.make()
    assert program.launch() is None
    assert program.problem == COMPLAINT
    assert list(program.folder.parent.iterdir()) == []
    write_lean(project.toolchain.lean, calls, status=0)
    assert await program.make()
    assert program.problem == ""


async def test_what_lean_does_not_run_is_not_tried_again(project: Project, calls: Path) -> None:
    program = CompiledProgram(project, SCRIPT)
    await program.make()
    program.discard("it says no")
    assert program.launch() is None
    assert not await program.make()
    assert program.problem == "it says no"
    assert count(calls) == 1


async def test_other_toolchains_and_texts_have_their_own(project: Project) -> None:
    newer = replace(project, toolchain=replace(project.toolchain, version="4.31.0"))
    named = replace(project, toolchain=replace(project.toolchain, name="leanprover/lean4:nightly"))
    programs = [
        CompiledProgram(project, SCRIPT),
        CompiledProgram(newer, SCRIPT),
        CompiledProgram(named, SCRIPT),
        CompiledProgram(project, replace(SCRIPT, text="import Lean\n-- new\n")),
    ]
    assert len({program.folder for program in programs}) == len(programs)
    assert CompiledProgram(project, SCRIPT).folder == programs[0].folder


async def test_a_toolchain_that_was_replaced_in_place_is_another(project: Project, calls: Path) -> None:
    before = CompiledProgram(project, SCRIPT).folder
    write_lean(project.toolchain.lean, calls, status=10)
    assert CompiledProgram(project, SCRIPT).folder != before
