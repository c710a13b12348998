"""One child process that speaks through pipes: it is written to within a limit, and the end of its stderr is kept.

It knows neither what is said to it nor what it answers: framing, requests and what a death means are its owner's.
"""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Mapping, Sequence
from pathlib import Path

from ghostproof.errors import ToolchainBroken
from ghostproof.host.processes import LONGEST_LINE, Child, spawn

log = logging.getLogger(__name__)

# What is kept for a process that does not read it. A file of this size is no file that a person edits.
MOST_UNREAD = 64 << 20
_LINES_KEPT = 40
_BYTES_KEPT = 16 * 1024  # of a line of stderr that does not end


class LeanChild:
    """A running process with its pipes. Made by `start`.

    Attributes:
        stalled: it no longer read what it was sent, and was ended.
    """

    def __init__(self, child: Child, most_unread: int = MOST_UNREAD) -> None:
        process = child.process
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        self._child, self._most_unread = child, most_unread
        self.stdout = process.stdout
        self.stalled = False
        self._stdin, self._stderr = process.stdin, process.stderr
        self._complaints: deque[str] = deque(maxlen=_LINES_KEPT)
        self._listening = asyncio.create_task(self._listen(), name="lean-stderr")

    @classmethod
    async def start(
        cls,
        argv: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        *,
        longest_line: int = LONGEST_LINE,
        most_unread: int = MOST_UNREAD,
    ) -> "LeanChild":
        """Start a program, with `env` on top of the inherited environment.

        Args:
            longest_line: most bytes that `stdout.readline` takes.
            most_unread: bytes that are kept for it; one that leaves more unread is ended.

        Raises:
            ToolchainBroken: it cannot be started.
        """
        try:
            return cls(await spawn(argv, cwd, env, longest_line=longest_line), most_unread)
        except OSError as problem:
            raise ToolchainBroken(
                f"Lean can't be started in {cwd}: {problem}.",
                "`ghostproof doctor` says which Lean is used and what is missing.",
            ) from problem

    @property
    def pid(self) -> int:
        """The process's id; it leads a process group of its own."""
        return self._child.pid

    @property
    def exit_status(self) -> int:
        """How it ended; 0 while it runs."""
        return self._child.process.returncode or 0

    @property
    def exited(self) -> asyncio.Event:
        """Set when the process itself has ended, whoever still holds its pipes."""
        return self._child.exited

    @property
    def was_ended(self) -> bool:
        """Whether it ended by a signal or a crash, and not by itself."""
        return self._child.was_ended

    @property
    def was_killed(self) -> bool:
        """Whether it ended as `kill` ends it."""
        return self._child.was_killed

    @property
    def complaints(self) -> tuple[str, ...]:
        """The last lines of its stderr, and what was noted beside them."""
        return tuple(self._complaints)

    def note(self, line: str) -> None:
        """Keep a line among its last words."""
        self._complaints.append(line)

    def write(self, data: bytes) -> None:
        """Send bytes. Never blocks: what is not read at once is kept, up to a limit at which the process is ended."""
        if self._stdin.is_closing():
            return
        self._stdin.write(data)
        if self._stdin.transport.get_write_buffer_size() > self._most_unread and not self.stalled:
            self.stalled = True
            self.kill()  # the end of its output is its death

    async def last_words(self, seconds: float) -> None:
        """Wait until its stderr has ended, which others may hold open."""
        await asyncio.wait({self._listening}, timeout=seconds)

    def kill(self) -> None:
        """End it and everything it started. Does not wait, and may be called again."""
        self._child.kill()

    async def end(self) -> None:
        """End it as `kill` does, and let go of it when it has ended. Idempotent."""
        self.kill()
        try:
            await self.exited.wait()
        finally:
            self.release()

    def release(self) -> None:
        """Stop reading what it says."""
        self._listening.cancel()
        self._child.pipes.close()

    async def _listen(self) -> None:
        """Keep the end of stderr, whatever its lines are, and read on: a pipe that is full stops Lean."""
        begun = b""
        with contextlib.suppress(OSError):
            while piece := await self._stderr.read(_BYTES_KEPT):
                *lines, begun = (begun + piece).split(b"\n")
                begun = begun[-_BYTES_KEPT:]
                for line in lines[-_LINES_KEPT:]:
                    self._hear(line)
        if begun:
            self._hear(begun)

    def _hear(self, line: bytes) -> None:
        text = line.decode(errors="replace").rstrip()
        self.note(text)
        log.debug("%d says: %s", self.pid, text)
