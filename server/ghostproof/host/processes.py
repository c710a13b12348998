"""Child processes, each at the head of a tree of its own: started, waited for, and ended with all they have started.

The only place that starts a process which is talked to.
"""

import asyncio
import os
import subprocess
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from ghostproof.host.environment import without_secrets
from ghostproof.host.system import TREES
from ghostproof.host.trees import Trees

LONGEST_LINE = 64 * 1024
MOST_OUTPUT = 16 << 20


class _Protocol(asyncio.subprocess.SubprocessStreamProtocol):
    """Tells when the process itself has ended.

    `Process.wait` also waits for its pipes, which a process that it left behind may hold open.
    """

    def __init__(self, limit: int, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(limit=limit, loop=loop)
        self.exited = asyncio.Event()

    def process_exited(self) -> None:
        super().process_exited()
        self.exited.set()


@dataclass(frozen=True)
class Child:
    """A process that was started by `spawn`.

    Attributes:
        process: asyncio's; its streams are pipes.
        pipes: asyncio's transport, to be closed when nobody reads any more.
        exited: set when the process itself has ended, whoever still holds its pipes.
    """

    process: asyncio.subprocess.Process
    pipes: asyncio.SubprocessTransport
    exited: asyncio.Event
    trees: Trees = TREES

    @property
    def pid(self) -> int:
        return self.process.pid

    @property
    def was_ended(self) -> bool:
        """Whether it ended by a signal or a crash, and not by itself."""
        return self.trees.was_ended(self.process.returncode or 0)

    @property
    def was_killed(self) -> bool:
        """Whether it ended as `kill` ends it."""
        return self.trees.was_killed(self.process.returncode or 0)

    def kill(self) -> None:
        """End it and everything it started. Does not wait, never raises, may be called again."""
        self.trees.kill(self.pid)

    async def end(self) -> None:
        """End it as `kill` does, and let go of it when it has ended. What it said and nobody has read is lost."""
        self.kill()
        try:
            await self.exited.wait()
        finally:
            self.pipes.close()


async def spawn(
    argv: Sequence[str | Path],
    cwd: Path | None,
    env: Mapping[str, str],
    *,
    stdin: int = asyncio.subprocess.PIPE,
    longest_line: int = LONGEST_LINE,
    trees: Trees = TREES,
) -> Child:
    """Start a program whose output and errors are read through pipes.

    Args:
        env: variables set on top of the inherited environment, of which secrets are left out.
        stdin: `PIPE` or `DEVNULL`.
        longest_line: most bytes that `readline` takes before it gives up.

    Raises:
        OSError: it cannot be started.
    """
    loop = asyncio.get_running_loop()

    async def started() -> Child:
        pipes, protocol = await loop.subprocess_exec(
            lambda: _Protocol(longest_line, loop),
            *map(str, argv),
            cwd=cwd,
            env={**without_secrets(os.environ), **env},
            stdin=stdin,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            **trees.head(),
        )
        trees.adopt(pipes.get_pid())
        return Child(asyncio.subprocess.Process(pipes, protocol, loop), pipes, protocol.exited, trees)

    starting = asyncio.create_task(started())
    try:
        return await asyncio.shield(starting)
    except asyncio.CancelledError:
        # asyncio would end the head alone, and wait for whoever else holds its pipes.
        with suppress(OSError):
            await (await starting).end()
        raise


@dataclass(frozen=True)
class ProgramResult:
    """What a program left that was waited for."""

    code: int
    output: str
    errors: str


async def run(
    argv: Sequence[str | Path],
    cwd: Path | None,
    env: Mapping[str, str],
    seconds: float,
    *,
    said: bytes = b"",
    most: int = MOST_OUTPUT,
    trees: Trees = TREES,
) -> ProgramResult:
    """Run a program to its end, then end whatever it left behind.

    Args:
        said: what it reads from its stdin.
        most: bytes of its output that are kept; a program that says more is ended.

    Raises:
        OSError: it cannot be started.
        TimeoutError: it took longer, and was ended.
    """
    stdin = asyncio.subprocess.PIPE if said else asyncio.subprocess.DEVNULL
    child = await spawn(argv, cwd, env, stdin=stdin, trees=trees)
    try:
        async with asyncio.timeout(seconds):
            output, errors, _ = await asyncio.gather(
                _read(child, child.process.stdout, most), _read(child, child.process.stderr, most), _say(child, said)
            )
            await child.exited.wait()
    finally:
        await child.end()
    return ProgramResult(
        child.process.returncode or 0, output.decode(errors="replace"), errors.decode(errors="replace")
    )


async def _read(child: Child, stream: asyncio.StreamReader | None, most: int) -> bytes:
    kept = bytearray()
    while stream is not None and (chunk := await stream.read(LONGEST_LINE)):
        kept += chunk
        if len(kept) > most:
            child.kill()
            break
    return bytes(kept[:most])


async def _say(child: Child, said: bytes) -> None:
    stdin = child.process.stdin
    if stdin is None:
        return
    with suppress(ConnectionError):  # it may not want to hear it
        stdin.write(said)
        await stdin.drain()
    stdin.close()


def detach(
    argv: Sequence[str | Path], cwd: Path, errors: IO[bytes], *, trees: Trees = TREES
) -> "subprocess.Popen[bytes]":
    """Start a program that outlives this process. Blocks until it runs.

    Args:
        errors: where its stderr goes; its other streams lead nowhere.

    Raises:
        OSError: it cannot be started.
    """
    return subprocess.Popen(
        list(map(str, argv)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=errors,
        cwd=cwd,
        **trees.detached(),
    )


def kill_tree(pid: int) -> None:
    """End a process that `spawn` started, with everything it has started."""
    TREES.kill(pid)
