"""What a hostile candidate could have done outside its verdict: files, folders, connections, processes, environments.

Nothing here knows Lean or the checkers; a `Watch` compares the world before a batch of candidates and after it.
"""

import contextlib
import os
import select
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import psutil


@dataclass(frozen=True)
class World:
    """What is seen from outside at one moment."""

    files: frozenset[tuple[str, int, int]]  # path, size, time of change
    programs: frozenset[str]  # names of the programs that run below this process
    places: frozenset[str]  # their working folders
    environments: frozenset[tuple[int, int]]  # by process, the hash of its environment
    listening: frozenset[int]  # ports that this process or one below it listens at


class Watch:
    """Watches folders, the processes below this one, and a port of its own that nobody may connect to.

    Args:
        canaries: an empty folder; candidates try to make something in it.
        folders: others that must stay what they are.
    """

    def __init__(self, canaries: Path, *folders: Path) -> None:
        self.canaries = canaries
        self._folders = (canaries, *folders)
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=64)
        self._count = 0
        self._before = self._look()

    @property
    def port(self) -> int:
        number: int = self._listener.getsockname()[1]
        return number

    def arm(self, text: str) -> str:
        """The text with its placeholders filled: a path of its own, and the port."""
        self._count += 1
        return text.replace("$DIR", str(self.canaries / f"made-{self._count}")).replace("$PORT", str(self.port))

    def begin(self) -> None:
        self._before = self._look()

    def effects(self) -> list[str]:
        """What has happened since `begin`, as sentences."""
        before, after = self._before, self._look()
        found = [f"{path} was made, changed or removed" for path, _, _ in sorted(before.files ^ after.files)]
        found += [f"the program {name} was started" for name in sorted(after.programs - before.programs)]
        found += [f"a process went to {folder}" for folder in sorted(after.places - before.places)]
        known = {pid for pid, _ in before.environments}
        found += [
            f"the environment of process {pid} changed"
            for pid, _ in after.environments - before.environments
            if pid in known
        ]
        found += [f"somebody listens at port {port}" for port in sorted(after.listening - before.listening)]
        if self._somebody_connected():
            found.append("somebody connected to the port")
        return found

    def close(self) -> None:
        self._listener.close()

    def _somebody_connected(self) -> bool:
        connected = False
        while select.select([self._listener], [], [], 0)[0]:
            self._listener.accept()[0].close()
            connected = True
        return connected

    def _look(self) -> World:
        processes = list(_processes())
        return World(
            frozenset(_files(self._folders)),
            frozenset(name for process in processes if (name := _asked(process.name))),
            frozenset(folder for process in processes if (folder := _asked(process.cwd))),
            frozenset((p.pid, hash(repr(_environment(p)))) for p in processes),
            frozenset(port for process in processes for port in _ports(process)),
        )


def _files(folders: tuple[Path, ...]) -> Iterator[tuple[str, int, int]]:
    for folder in folders:
        for path in folder.rglob("*"):
            with contextlib.suppress(OSError):
                state = path.lstat()
                yield str(path), state.st_size, state.st_mtime_ns


def _processes() -> Iterator[psutil.Process]:
    me = psutil.Process(os.getpid())
    yield me
    yield from me.children(recursive=True)


def _asked(question: object) -> str:
    try:
        return str(question())  # type: ignore[operator]
    except psutil.Error:  # it has ended meanwhile
        return ""


def _environment(process: psutil.Process) -> list[tuple[str, str]]:
    """Its environment at its start; what pytest keeps there of the test that runs is left out."""
    try:
        return sorted((k, v) for k, v in process.environ().items() if not k.startswith("PYTEST_"))
    except psutil.Error:
        return []


def _ports(process: psutil.Process) -> Iterator[int]:
    try:
        for connection in process.net_connections("inet"):
            if connection.status == psutil.CONN_LISTEN:
                yield connection.laddr.port
    except psutil.Error:
        return
