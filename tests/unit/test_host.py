"""What differs between systems: both sides run here, with the calls of the other system written down or faked."""

import asyncio
import ctypes
import os
import signal
import stat
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from ghostproof.host import sockets
from ghostproof.host.folders import cache_folder, config_folder, make_private, runtime_folders, state_folder
from ghostproof.host.job_objects import Win32Jobs
from ghostproof.host.posix import PosixTrees
from ghostproof.host.processes import Child, kill_tree, run, spawn
from ghostproof.host.programs import on_path, program, program_in
from ghostproof.host.trees import Trees
from ghostproof.host.windows import KILLED, WindowsTrees

# Starts a child that holds the pipes until it ends, and waits as the child does.
FAMILY = """
import subprocess, sys
child = subprocess.Popen([sys.executable, "-c", "import signal; print('up', flush=True); signal.pause()"])
child.wait()
"""
LEAVING = FAMILY.replace("child.wait()", "")


async def family(code: str) -> tuple[Child, asyncio.StreamReader]:
    child = await spawn([sys.executable, "-c", code], None, {})
    assert child.process.stdout is not None
    assert await child.process.stdout.readline() == b"up\n"
    return child, child.process.stdout


async def test_a_tree_ends_as_a_whole() -> None:
    child, pipe = await family(FAMILY)
    child.kill()
    await child.exited.wait()
    assert await pipe.read() == b"", "nobody holds the pipe any more"
    assert child.was_killed
    assert child.was_ended
    child.kill()  # again, when nothing is left


async def test_a_head_that_left_leaves_nobody_behind() -> None:
    child, pipe = await family(LEAVING)
    await child.exited.wait()  # although the pipe is still held
    assert not pipe.at_eof()
    assert not child.was_ended
    kill_tree(child.pid)
    assert await pipe.read() == b""


async def test_a_program_is_run_to_its_end(tmp_path: Path) -> None:
    code = (
        "import os, sys; print(os.environ['SAID'], sys.stdin.read(), os.getcwd()); print('x', file=sys.stderr); exit(3)"
    )
    finished = await run([sys.executable, "-c", code], tmp_path, {"SAID": "∀"}, 60, said="∃".encode())
    assert (finished.code, finished.output, finished.errors) == (3, f"∀ ∃ {tmp_path}\n", "x\n")


async def test_a_program_that_does_not_listen_is_no_failure() -> None:
    finished = await run([sys.executable, "-c", "print(1)"], None, {}, 60, said=b"x" * (1 << 20))
    assert (finished.code, finished.output) == (0, "1\n")


async def test_a_program_that_is_not_waited_for_ends_with_its_children(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    code = FAMILY.replace("print('up', flush=True)", f"held = open({str(fifo)!r}, 'w')")
    running = asyncio.create_task(run([sys.executable, "-c", code], None, {}, 600))
    with await asyncio.to_thread(fifo.open) as pipe:
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        assert await asyncio.to_thread(pipe.read) == ""


async def test_a_program_that_hangs_is_ended() -> None:
    with pytest.raises(TimeoutError):
        await run([sys.executable, "-c", FAMILY], None, {}, 0.01)


async def test_a_program_that_never_stops_talking_is_ended() -> None:
    finished = await run([sys.executable, "-c", "while True: print('x' * 1000)"], None, {}, 600, most=5000)
    assert len(finished.output) == 5000
    assert finished.code != 0


async def test_what_cannot_be_started_is_an_os_error(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="nothing"):
        await spawn([tmp_path / "nothing"], None, {})


def test_posix_signals_the_group_and_bears_its_absence() -> None:
    sent: list[tuple[int, int]] = []
    PosixTrees(lambda group, number: sent.append((group, number))).kill(7)
    assert sent == [(7, signal.SIGSTOP), (7, signal.SIGKILL)]

    def absent(group: int, number: int) -> None:
        raise ProcessLookupError

    def forbidden(group: int, number: int) -> None:
        raise PermissionError

    PosixTrees(absent).kill(7)
    PosixTrees(forbidden).kill(7)


class FakeJobs:
    """The system's side of job objects; fails at what it is told to."""

    def __init__(self, failing: str = "") -> None:
        self.failing = failing
        self.calls: list[tuple[object, ...]] = []

    def _call(self, *call: object) -> None:
        self.calls.append(call)
        if call[0] == self.failing:
            raise OSError(5, "Access is denied")

    def create(self) -> int:
        self._call("create")
        return 70

    def assign(self, job: int, pid: int) -> None:
        self._call("assign", job, pid)

    def terminate(self, job: int, code: int) -> None:
        self._call("terminate", job, code)

    def close(self, job: int) -> None:
        self._call("close", job)


def test_windows_puts_a_head_into_a_job_and_ends_the_job() -> None:
    jobs = FakeJobs()
    ran: list[Sequence[str]] = []
    trees = WindowsTrees(jobs, ran.append)
    trees.adopt(7)
    trees.kill(7)
    trees.kill(7)
    assert jobs.calls == [("create",), ("assign", 70, 7), ("terminate", 70, KILLED), ("close", 70)]
    assert ran == []


@pytest.mark.parametrize("failing", ["create", "assign"])
def test_windows_without_a_job_lets_taskkill_walk_the_tree(failing: str) -> None:
    jobs = FakeJobs(failing)
    ran: list[Sequence[str]] = []
    trees = WindowsTrees(jobs, ran.append)
    trees.adopt(7)
    trees.kill(7)
    trees.kill(7)
    assert ran == [["taskkill", "/T", "/F", "/PID", "7"]]
    assert ("close", 70) in jobs.calls or failing == "create", "the job is not leaked"


def test_windows_closes_a_job_that_cannot_be_terminated() -> None:
    jobs = FakeJobs("terminate")
    trees = WindowsTrees(jobs)
    trees.adopt(7)
    trees.kill(7)
    assert jobs.calls[-1] == ("close", 70), "which ends what is in it too"


def test_windows_starts_no_console_and_no_session() -> None:
    trees = WindowsTrees(FakeJobs())
    assert trees.head() == {"creationflags": 0x08000200}
    assert trees.detached() == {"creationflags": 0x00000208}


@pytest.mark.parametrize(
    ("trees", "killed", "crashed", "left"),
    [(PosixTrees(), [-9], [-9, -11, -15], [0, 1, 137]), (WindowsTrees(FakeJobs()), [137], [137, 0xC0000005], [0, 1])],
    ids=["posix", "windows"],
)
def test_exit_codes(trees: Trees, killed: list[int], crashed: list[int], left: list[int]) -> None:
    assert [code for code in {*killed, *crashed, *left} if trees.was_killed(code)] == killed
    assert {code for code in {*crashed, *left} if trees.was_ended(code)} == set(crashed)


async def test_spawn_tells_the_system_about_the_head() -> None:
    class Recorded(PosixTrees):
        def __init__(self) -> None:
            super().__init__()
            self.seen: list[int] = []

        def head(self) -> Mapping[str, Any]:
            return {}

        def adopt(self, pid: int) -> None:
            self.seen.append(pid)

    trees = Recorded()
    child = await spawn([sys.executable, "-c", ""], None, {}, trees=trees)
    assert trees.seen == [child.pid]
    await child.process.wait()


def handle(passed: object) -> int | None:
    """The number that was passed with the type of a handle."""
    assert isinstance(passed, ctypes.c_void_p)
    return passed.value


class FakeKernel:
    """`kernel32`, of which one function fails."""

    def __init__(self, failing: str = "") -> None:
        self.failing = failing
        self.open: list[int] = []
        self.flags = 0
        self.assigned: list[tuple[int | None, int | None]] = []

    def _result(self, name: str, good: int) -> int:
        return 0 if name == self.failing else good

    def CreateJobObjectW(self, attributes: None, name: None) -> int | None:
        return self._opened("CreateJobObjectW", 2**40)  # wider than 32 bits, as handles may be

    def SetInformationJobObject(self, job: object, kind: int, information: object, size: int) -> int:
        # JOBOBJECT_EXTENDED_LIMIT_INFORMATION on 64 bits: LimitFlags behind two times of eight bytes.
        assert (kind, size) == (9, 144)
        structure = getattr(information, "_obj")  # noqa: B009 - what `ctypes.byref` makes tells nobody of it
        raw = ctypes.string_at(ctypes.addressof(structure), size)
        self.flags = int.from_bytes(raw[16:20], "little")
        return self._result("SetInformationJobObject", 1)

    def OpenProcess(self, access: int, inherit: bool, pid: int) -> int | None:
        assert access == 0x0101
        return self._opened("OpenProcess", 2**41)

    def AssignProcessToJobObject(self, job: object, process: object) -> int:
        self.assigned.append((handle(job), handle(process)))
        return self._result("AssignProcessToJobObject", 1)

    def TerminateJobObject(self, job: object, code: int) -> int:
        return self._result("TerminateJobObject", 1)

    def CloseHandle(self, closed: object) -> int:
        self.open.remove(handle(closed) or 0)
        return 1

    def _opened(self, name: str, number: int) -> int:
        if self._result(name, number):
            self.open.append(number)
        return self._result(name, number)


@pytest.mark.skipif(ctypes.sizeof(ctypes.c_void_p) != 8, reason="the sizes are those of 64 bits")
def test_a_job_ends_what_is_in_it_with_its_last_handle() -> None:
    kernel = FakeKernel()
    jobs = Win32Jobs(lambda: kernel, lambda: 0)
    job = jobs.create()
    jobs.assign(job, 7)
    assert kernel.flags == 0x2000
    assert kernel.assigned == [(2**40, 2**41)]
    assert kernel.open == [job], "the process's own handle is closed again"
    jobs.terminate(job, 1)
    jobs.close(job)
    assert kernel.open == []


@pytest.mark.parametrize("failing", ["CreateJobObjectW", "SetInformationJobObject", "OpenProcess",
                                     "AssignProcessToJobObject", "TerminateJobObject"])  # fmt: skip
def test_what_the_kernel_refuses_is_an_os_error_and_leaks_no_handle(failing: str) -> None:
    kernel = FakeKernel(failing)
    jobs = Win32Jobs(lambda: kernel, lambda: 5)
    job = 0
    with pytest.raises(OSError, match=failing.removesuffix("W")) as refused:  # noqa: PT012 - whichever refuses
        job = jobs.create()
        jobs.assign(job, 7)
        jobs.terminate(job, 1)
    assert refused.value.errno == 5
    if job:
        jobs.close(job)
    assert kernel.open == []


def test_programs_have_their_systems_names(tmp_path: Path) -> None:
    assert (program("lean", windows=True), program("lean", windows=False)) == ("lean.exe", "lean")
    assert program_in(tmp_path, "lake", windows=True) == tmp_path / "lake.exe"
    (tmp_path / "lake.cmd").touch()
    assert program_in(tmp_path, "lake", windows=True) == tmp_path / "lake.cmd"
    (tmp_path / "lake.exe").touch()
    assert program_in(tmp_path, "lake", windows=True) == tmp_path / "lake.exe"
    assert program_in(tmp_path, "lake", windows=False) == tmp_path / "lake"


def test_what_path_names_is_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "lean").touch(0o755)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "bin")
    assert on_path("lean") == tmp_path / "bin" / "lean"
    assert on_path("lake") is None


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_private_folder_is_made_and_mended(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    assert make_private(folder)
    assert mode(folder) == 0o700
    folder.chmod(0o777)
    assert make_private(folder)
    assert mode(folder) == 0o700


def test_a_folder_of_somebody_else_is_not_private(tmp_path: Path) -> None:
    assert not make_private(tmp_path / "a", own_id=lambda: os.getuid() + 1)


def test_a_folder_that_others_can_replace_is_not_private(tmp_path: Path) -> None:
    open_to_all = tmp_path / "open"
    open_to_all.mkdir()
    open_to_all.chmod(0o777)
    assert not make_private(open_to_all / "a")
    open_to_all.chmod(0o1777)  # as /tmp is
    assert make_private(open_to_all / "a")


def test_a_link_or_a_file_is_no_private_folder(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "real")
    (tmp_path / "file").touch()
    assert not make_private(tmp_path / "link")
    assert not make_private(tmp_path / "file")
    assert not make_private(tmp_path / "file", windows=True)


def test_windows_asks_nobodys_id(tmp_path: Path) -> None:
    def no_ids() -> int:
        raise AttributeError("os.getuid")

    assert make_private(tmp_path / "a", windows=True, own_id=no_ids)


def test_folders_follow_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CONFIG_HOME", "CACHE_HOME", "STATE_HOME", "RUNTIME_DIR"):
        monkeypatch.setenv(f"XDG_{name}", str(tmp_path / name))
    assert config_folder() == tmp_path / "CONFIG_HOME" / "ghostproof"
    assert cache_folder() == tmp_path / "CACHE_HOME" / "ghostproof"
    assert state_folder() == tmp_path / "STATE_HOME" / "ghostproof"
    assert next(runtime_folders()) == tmp_path / "RUNTIME_DIR" / "ghostproof"


def test_a_connection_is_made_or_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(FileNotFoundError):
        sockets.connect(tmp_path / "nobody", 1.0)
    monkeypatch.setattr(sockets, "UNIX_SOCKETS", False)
    with pytest.raises(OSError, match="no Unix sockets"):
        sockets.connect(tmp_path / "nobody", 1.0)
