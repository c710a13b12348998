"""Faults of Lean under a real language server: it lives, answers the next request, and leaves nothing behind."""

import asyncio
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import psutil
import pytest

from faults.editor import PATIENCE_S, Editor, Json, theorem
from faults.fake_lean import install
from support.processes import command_line, ended, send
from support.waiting import seen

SETTINGS: Json = {
    "lean": {"toolchain": "project", "checker": "probe", "document_s": 1},
    "suggest": {"budget_s": 2},
    "lsp": {"ghost_budget_s": 30, "debounce_s": 0},
}
Start = Callable[..., Awaitable[Editor]]


@pytest.fixture
async def start(tmp_path: Path) -> AsyncIterator[Start]:
    """Starts a language server on a project whose Lean is the stand-in, with more settings for Lean."""
    made: list[Editor] = []

    async def started(**lean: object) -> Editor:
        toolchain, project = tmp_path / "toolchain", tmp_path / "project"
        if not toolchain.exists():
            install(toolchain)
            project.mkdir()
            (project / "File.lean").write_text("the user's own text")
        path = f"{toolchain / 'bin'}{os.pathsep}{os.environ['PATH']}"
        environment = {"PATH": path, "GHOSTPROOF_CACHE": str(tmp_path / "cache")}
        settings = {**SETTINGS, "lean": {**SETTINGS["lean"], **lean}}
        made.append(await Editor.start(project, settings, environment))
        return made[-1]

    yield started
    for editor in made:
        await editor.abandon()
    assert (tmp_path / "project" / "File.lean").read_text() == "the user's own text"
    assert [request for editor in made for request in editor.touched] == []


async def serves(editor: Editor, number: int) -> None:
    """The text of this edit has its suggestion: the server lives, has a Lean, and knows the latest text."""
    editor.write(theorem(number))
    assert await editor.ghost_at_last() == f"exact h{number}"


def serving(editor: Editor) -> list[psutil.Process]:
    """The Leans that answer, without one that compiles the prober in the background."""
    lines = [(process, command_line(process)) for process in editor.workers()]
    return [process for process, words in lines if words and "-o" not in words]


async def has_lean(editor: Editor) -> psutil.Process:
    return (await seen(lambda: serving(editor)))[0]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP, signal.SIGSEGV], ids=lambda how: how.name)
async def test_a_lean_that_is_killed_or_frozen_at_rest(start: Start, how: signal.Signals) -> None:
    editor = await start()
    await serves(editor, 1)
    lean = await has_lean(editor)
    lean.send_signal(how)
    await serves(editor, 2)
    ended(lean.pid)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGSTOP], ids=lambda how: how.name)
async def test_a_lean_that_is_killed_or_frozen_in_a_request(start: Start, how: signal.Signals) -> None:
    editor = await start()
    await serves(editor, 1)
    lean = await has_lean(editor)
    editor.write(theorem(2, "-- HANG\n").replace("-- HANG\n", "") + "-- HANG\n")
    asked = editor.ask_ghost()[1]
    lean.send_signal(how)
    await serves(editor, 3)
    await asyncio.wait_for(asked, PATIENCE_S)
    ended(lean.pid)


async def test_a_lean_that_is_killed_while_it_starts(start: Start) -> None:
    editor = await start()
    editor.write(theorem(1))
    asked = editor.ask_ghost()[1]
    send(await seen(editor.descendants))
    await serves(editor, 2)
    await asyncio.wait_for(asked, PATIENCE_S)


async def test_a_lean_that_never_answers(start: Start) -> None:
    editor = await start()
    await serves(editor, 1)
    lean = await has_lean(editor)
    editor.write(theorem(2) + "-- HANG\n")
    assert await editor.ghost() == ""
    await serves(editor, 3)
    ended(lean.pid)


@pytest.mark.skipif(sys.platform != "linux", reason="memory is watched on Linux")
async def test_a_memory_bomb_meets_its_limit_and_not_the_machine(start: Start) -> None:
    editor = await start(memory_gib=0.25, document_s=60)
    await serves(editor, 1)
    lean = await has_lean(editor)
    editor.write(theorem(2) + "-- BOMB\n")
    await editor.ghost()
    ended(lean.pid)
    await serves(editor, 3)


async def test_a_lean_whose_disk_is_full(start: Start) -> None:
    editor = await start()
    await serves(editor, 1)
    editor.write(theorem(2) + "-- FULL\n")
    assert await editor.ghost() == ""
    await serves(editor, 3)


async def test_floods_from_both_pipes_cost_no_memory(start: Start) -> None:
    editor = await start()
    await serves(editor, 1)
    lean, before = await has_lean(editor), editor.process.memory_info().rss
    editor.write(theorem(2) + "-- FLOOD\n")
    await editor.ghost()
    await serves(editor, 3)
    ended(lean.pid)
    assert editor.process.memory_info().rss < before + (100 << 20)


async def test_a_storm_of_cancelled_requests(start: Start) -> None:
    editor = await start()
    await serves(editor, 1)
    answers = []
    for number in range(2, 302):
        editor.write(theorem(number))
        name, answer = editor.ask_ghost()
        editor.notify("$/cancelRequest", {"id": name})
        answers.append(answer)
    await asyncio.wait_for(asyncio.gather(*answers), PATIENCE_S)
    await serves(editor, 302)


async def test_closing_and_opening_again(start: Start) -> None:
    editor = await start()
    for number in range(1, 40):
        editor.write(theorem(number))
        if number % 3 == 0:
            editor.ask_ghost()
        editor.close_file()
    await serves(editor, 40)


async def test_no_process_outlives_a_server_that_is_killed(start: Start) -> None:
    editor = await start()
    await serves(editor, 1)
    family = editor.descendants()
    assert len(family) > 0
    send(editor.workers(), signal.SIGSTOP)  # what is frozen cannot see that its parent has gone
    await editor.abandon()
    ended(*(process.pid for process in family))


async def test_no_process_outlives_a_server_that_leaves(start: Start) -> None:
    editor = await start()
    await serves(editor, 1)
    family = editor.descendants()
    assert await editor.finish() == 0
    ended(*(process.pid for process in family))


async def test_private_folders_are_gone_with_their_leans(start: Start, tmp_path: Path) -> None:
    editor = await start()
    for number in range(1, 4):
        await serves(editor, number)
        (await has_lean(editor)).kill()
    await serves(editor, 4)
    await editor.finish()
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_dir() and path.parent.name == "tmp"]


async def test_a_cache_on_a_full_disk_is_told_and_ends_nothing(tmp_path: Path) -> None:
    """The prober's program cannot be written: no file may grow beyond nothing."""
    install(tmp_path / "toolchain")
    (tmp_path / "project").mkdir()
    path = f"{tmp_path / 'toolchain' / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {"PATH": path, "GHOSTPROOF_CACHE": str(tmp_path / "cache")}
    words = "import resource, runpy, sys; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0)); sys.argv[1:] = ['serve'];"
    command = (sys.executable, "-c", words + " runpy.run_module('ghostproof', run_name='__main__')")
    editor = await Editor.start(tmp_path / "project", SETTINGS, environment, command=command)
    try:
        editor.write(theorem(1))
        assert await editor.ghost() == ""
        assert any(status["state"] == "error" for status in editor.statuses)
        assert await editor.ghost() == ""
        assert await editor.finish() == 0
    finally:
        await editor.abandon()
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file() and path.stat().st_size]


def test_the_installer_on_a_full_disk_leaves_nothing(tmp_path: Path) -> None:
    words = (
        "import resource; resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))\n"
        "from ghostproof.errors import ToolchainBroken\nfrom ghostproof.lean.probe_script import assemble\n"
        "try:\n    assemble().write()\nexcept ToolchainBroken as problem:\n    print(problem.message)\n"
    )
    env = {**os.environ, "GHOSTPROOF_CACHE": str(tmp_path / "cache")}
    done = subprocess.run([sys.executable, "-c", words], env=env, capture_output=True, text=True, check=False)
    assert "can't be written" in done.stdout, done.stderr
    assert not [path for path in (tmp_path / "cache").rglob("*") if path.is_file()]
