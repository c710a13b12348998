"""Plain Lean on one file: `lean --json FILE`, and what it said. No server, no script of ours inside."""

import asyncio
import contextlib
import json
from dataclasses import dataclass
from pathlib import Path

import psutil

# Asleep, the embedded Lean's first thread still looks about some hundred times a second: 3 % of a core.
ASLEEP = 0.05


class NoLean(RuntimeError):
    """Lean ended without having read the file."""


@dataclass(frozen=True)
class Message:
    line: int  # from 0
    severity: str
    text: str


@dataclass(frozen=True)
class Lean:
    """A `lean` to judge with.

    Attributes:
        program: its path.
        folder: where files are written.
        idle_s: one that uses next to no processor time for so long is asleep for good: the embedded Lean was seen to
            be, in a few of a hundred starts. It is started again.
        starts: how often it may be started for one file.
    """

    program: Path
    folder: Path
    idle_s: float = 45.0
    starts: int = 4

    async def read(self, name: str, text: str) -> list[Message]:
        """What Lean says about a text.

        Raises:
            NoLean: it ended early, or was asleep each time.
        """
        path = self.folder / f"{name}.lean"
        path.write_text(text, encoding="utf-8")
        for _ in range(self.starts):
            out = await self._run(path)
            if out is not None:
                return [message for line in out.split("\n") if (message := _message(line))]
        raise NoLean(f"{path.name}: Lean slept in each of {self.starts} starts")

    async def _run(self, path: Path) -> str | None:
        """What it prints; None if it had to be ended."""
        process = await asyncio.create_subprocess_exec(
            self.program,
            "--json",
            path.name,
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            start_new_session=True,
        )
        reading = asyncio.create_task(process.communicate())
        spent = -1.0
        while not (await asyncio.wait([reading], timeout=self.idle_s))[0]:
            spent, before = _processor_s(process.pid), spent
            if before >= 0 and spent - before <= ASLEEP * self.idle_s:
                _end(process.pid)
                await reading
                return None
        out, err = await reading
        if process.returncode not in (0, 1):
            raise NoLean(f"{path.name}: exit status {process.returncode}: {err.decode(errors='replace')[-400:]}")
        return out.decode(errors="replace")


def _tree(pid: int) -> list[psutil.Process]:
    try:
        process = psutil.Process(pid)
        return [process, *process.children(recursive=True)]
    except psutil.NoSuchProcess:
        return []


def _processor_s(pid: int) -> float:
    """Processor time of a process and those below it, to half a second: a sleeper's timers cost a little."""
    total = 0.0
    for process in _tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            times = process.cpu_times()
            total += times.user + times.system
    return round(2 * total) / 2


def _end(pid: int) -> None:
    for process in _tree(pid):
        with contextlib.suppress(psutil.NoSuchProcess):
            process.kill()


def _message(line: str) -> Message | None:
    if not line.startswith("{"):
        return None
    try:
        fields = json.loads(line)
    except ValueError:  # something that a file printed
        return None
    if "severity" not in fields or "pos" not in fields:
        return None
    return Message(fields["pos"]["line"] - 1, fields["severity"], fields["data"])
