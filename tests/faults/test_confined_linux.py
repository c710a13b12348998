"""The confinement on a real kernel: in the place of Lean stands a program that tries everything."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from ghostproof.host.confine.command import Confinement, confined
from ghostproof.host.system import WINDOWS
from support.processes import ended

if WINDOWS or sys.platform != "linux":
    pytest.skip("Linux only", allow_module_level=True)

from ghostproof.host.confine import landlock

PATIENCE_S = 120
SYSTEM = tuple(Path(path) for path in ("/usr", "/bin", "/lib", "/lib64", "/opt", sys.base_prefix, sys.prefix))
READ = tuple(Path(path) for path in ("/proc", "/etc/ld.so.cache", "/dev/urandom", "/dev/null"))
needs_landlock = pytest.mark.skipif(landlock.version() == 0, reason="this kernel has no Landlock")


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "project" / "build").mkdir(parents=True)
    (tmp_path / "project" / "A.lean").write_text("theorem")
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "key").write_text("secret")
    return tmp_path / "project"


def confinement(project: Path, **more: object) -> Confinement:
    made = {"read": (*READ, project), "run": SYSTEM, "write": (project / "build",), "scratch": project.parent / "tmp"}
    return Confinement(**{**made, **more})  # type: ignore[arg-type]


def attempt(project: Path, body: str, **more: object) -> tuple[object, str]:
    """What a confined program leaves in `result`, or the name of what it failed with; and its stderr."""
    code = (
        f"import json, os, socket, signal, sys, ctypes, subprocess\nP, H = {str(project)!r}, {str(project.parent)!r}\n"
    )
    code += "result = None\ntry:\n" + "".join(f"    {line}\n" for line in body.splitlines())
    code += "except Exception as problem:\n    result = type(problem).__name__\nprint(json.dumps(result))\n"
    command = confined([sys.executable, "-I", "-S", "-c", code], confinement(project, **more))
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    return (json.loads(done.stdout) if done.stdout else done.returncode), done.stderr


@pytest.mark.parametrize("body", [
    "result = open(P + '/A.lean').read()",
    "open(P + '/build/made', 'w').write('x'); result = open(P + '/build/made').read() and 'theorem'",
    "open(os.environ['TMPDIR'] + '/made', 'w').write('x'); result = 'theorem'",
    "result = subprocess.run(['/bin/echo', 'theorem'], capture_output=True, text=True).stdout.strip()",
    "a, b = socket.socketpair(); a.send(b'theorem'); result = b.recv(20).decode()",
    "child = os.fork()\nif child == 0: os.pause() if hasattr(os, 'pause') else signal.pause()\n"
    "os.kill(child, 9); os.waitpid(child, 0); result = 'theorem'",
])  # fmt: skip
def test_a_lean_can_work(project: Path, body: str) -> None:
    assert attempt(project, body)[0] == "theorem"


@needs_landlock
@pytest.mark.parametrize("body", [
    "result = open(H + '/home/key').read()",
    "os.symlink(H + '/home/key', P + '/build/link'); result = open(P + '/build/link').read()",
    "os.link(H + '/home/key', P + '/build/hard'); result = open(P + '/build/hard').read()",
    "result = os.listdir(H + '/home')",
    "open(P + '/A.lean', 'w').write('changed')",
    "open(P + '/new', 'w').write('x')",
    "os.mkdir(P + '/made')",
    "os.remove(P + '/A.lean')",
    "os.rename(P + '/A.lean', P + '/build/A.lean')",
    "os.truncate(P + '/A.lean', 0)",
    "os.open(P + '/A.lean', os.O_RDONLY | os.O_TRUNC)",
    "os.mkfifo(P + '/build/pipe')",
    "open(f'/proc/{os.getppid()}/environ', 'rb').read()",
    "open('/etc/shadow').read()",
    "os.execv(P + '/build/script', ['x'])",
])  # fmt: skip
def test_files_are_out_of_reach(project: Path, body: str) -> None:
    (project / "build" / "script").write_text("#!/bin/sh\necho '\"ran\"'\n")
    (project / "build" / "script").chmod(0o755)
    result, _ = attempt(project, body)
    assert result in ("PermissionError", "OSError", "FileNotFoundError")
    assert (project / "A.lean").read_text() == "theorem"
    assert sorted(path.name for path in project.iterdir()) == ["A.lean", "build"]
    assert (project.parent / "home" / "key").read_text() == "secret"


@pytest.mark.parametrize("body", [
    "socket.socket()",
    "socket.socket(socket.AF_INET, socket.SOCK_DGRAM)",
    "socket.socket(socket.AF_UNIX)",
    "socket.socket(socket.AF_INET6, socket.SOCK_STREAM)",
    "os.chmod(P + '/A.lean', 0o777)",
    "os.utime(P + '/A.lean')",
    "os.chown(P + '/A.lean', 1, 1)",
    "os.setxattr(P + '/A.lean', 'user.x', b'x')",
    "os.mknod(P + '/build/x')",
    "os.chroot(P)",
])  # fmt: skip
def test_calls_without_use_for_a_lean_are_refused(project: Path, body: str) -> None:
    before = (project / "A.lean").stat()
    assert attempt(project, body)[0] == "PermissionError"
    after = (project / "A.lean").stat()
    assert (after.st_mode, after.st_mtime_ns, after.st_uid) == (before.st_mode, before.st_mtime_ns, before.st_uid)


@pytest.mark.parametrize(("name", "number"), [("unshare", 0x10000000), ("ptrace", 16), ("setns", 0)])
def test_calls_of_the_c_library_are_refused(project: Path, name: str, number: int) -> None:
    body = f"libc = ctypes.CDLL(None, use_errno=True)\nresult = [libc.{name}({number}, 0, 0, 0), ctypes.get_errno()]"
    assert attempt(project, body)[0] == [-1, 1]


def test_a_listener_of_this_machine_cannot_be_reached(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        body = f"result = socket.create_connection(('127.0.0.1', {listener.getsockname()[1]}), 5) is not None"
        assert attempt(project, body)[0] == "PermissionError"


@pytest.mark.skipif(landlock.version() < 6, reason="this kernel's Landlock does not know signals")
def test_other_processes_get_no_signals(project: Path) -> None:
    with subprocess.Popen(["sleep", "1000"]) as other:
        try:
            assert attempt(project, f"os.kill({other.pid}, 9)")[0] == "PermissionError"
            assert attempt(project, "os.kill(os.getppid(), 9)")[0] == "PermissionError"
            assert other.poll() is None
        finally:
            other.kill()


def test_the_private_folder_is_gone_afterwards(project: Path) -> None:
    folder, _ = attempt(project, "open(os.environ['TMPDIR'] + '/x', 'w').write('x'); result = os.environ['TMPDIR']")
    assert isinstance(folder, str)
    assert Path(folder).is_relative_to(project.parent / "tmp")
    assert not Path(folder).exists()


def test_what_is_too_large_for_memory_is_ended_and_said(project: Path) -> None:
    bomb = "kept = []\nwhile True: kept.append(bytearray(b'x' * (8 << 20)))"
    result, said = attempt(project, bomb, memory=256 << 20)
    assert result == -signal.SIGKILL
    assert "0.25 GiB are the limit" in said


def test_memory_is_counted_over_all_processes(project: Path) -> None:
    bomb = (
        "for _ in range(4):\n    if os.fork() == 0:\n        kept = bytearray(b'x' * (80 << 20))\n"
        "        signal.pause()\n"
        "signal.pause()"
    )
    result, said = attempt(project, bomb, memory=256 << 20)
    assert result == -signal.SIGKILL
    assert "0.25 GiB are the limit" in said


def test_a_fork_bomb_is_ended(project: Path) -> None:
    result, said = attempt(project, "while True: os.fork() or signal.pause()", processes=20)
    assert result == -signal.SIGKILL
    assert "20 are the limit" in said


def test_a_file_that_grows_without_end_meets_its_limit(project: Path) -> None:
    body = "with open(P + '/build/huge', 'wb') as file:\n    file.truncate(2 << 30)"
    result, _ = attempt(project, body)
    assert result in ("OSError", -signal.SIGXFSZ)
    assert (project / "build" / "huge").stat().st_size <= 1 << 30


@pytest.mark.parametrize("how", ["exit", "signal"])
def test_the_launcher_ends_as_the_program_does(project: Path, how: str) -> None:
    body = "os._exit(7)" if how == "exit" else "os.kill(os.getpid(), 11)"
    assert attempt(project, body)[0] == (7 if how == "exit" else -signal.SIGSEGV)


def test_a_program_that_is_not_there_is_said(project: Path) -> None:
    command = confined(["/nowhere/lean"], confinement(project))
    done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
    assert done.returncode == 127
    assert "/nowhere/lean cannot be run" in done.stderr


GRANDCHILD = """
import os, signal, sys, time
if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        print(os.getpid(), flush=True)
        os.kill(os.getpid(), signal.SIGSTOP)
    os._exit(0)
signal.pause()
"""
STARTER = """
import subprocess, sys
child = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, start_new_session=True)
print(child.stdout.readline().decode().strip(), child.pid, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def stopped_grandchild(project: Path) -> Iterator[tuple["subprocess.Popen[str]", int, int]]:
    """A process that starts a confined one, whose grandchild has left its group, ignores SIGTERM, and is frozen."""
    # The launcher must take its starter for its parent, not this process.
    inner = confined([sys.executable, "-I", "-S", "-c", GRANDCHILD], confinement(project))
    del inner[inner.index("--parent") : inner.index("--parent") + 2]
    command = [sys.executable, "-I", "-c", STARTER, *inner]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as starter:
        assert starter.stdout is not None
        grandchild, launcher = map(int, starter.stdout.readline().split())
        try:
            yield starter, launcher, grandchild
        finally:
            starter.kill()
            for pid in (launcher, grandchild):
                if psutil.pid_exists(pid):
                    os.kill(pid, signal.SIGKILL)


def test_no_orphan_survives_the_death_of_this_process(
    stopped_grandchild: tuple["subprocess.Popen[str]", int, int],
) -> None:
    starter, launcher, grandchild = stopped_grandchild
    starter.kill()
    ended(launcher, grandchild)


def test_no_orphan_survives_a_request_to_end(stopped_grandchild: tuple["subprocess.Popen[str]", int, int]) -> None:
    _, launcher, grandchild = stopped_grandchild
    os.kill(launcher, signal.SIGTERM)
    ended(grandchild)


def test_what_cannot_be_confined_is_not_run_where_that_is_required(project: Path) -> None:
    code = "import sys\nfrom ghostproof.host.confine import landlock, launcher\n"
    code += "def none(*_): raise OSError(38, 'no Landlock')\nlandlock.restrict = none\nlauncher.main()\n"
    for mode, code_expected in (("require", 97), ("auto", 0)):
        command = confined(["/bin/echo", "ran"], confinement(project, mode=mode))
        at = command.index("-c")
        command[at + 1] = f"import sys; sys.path.append({str(Path(landlock.__file__).parents[3])!r})\n{code}"
        done = subprocess.run(command, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        assert done.returncode == code_expected, done.stderr
        assert (done.stdout == "ran\n") == (mode == "auto")
        assert ("cannot be confined: landlock (" in done.stderr) == (mode == "require")
