"""Plain Lean on one file: `lean --json FILE`, and what it said. No server, no script of ours inside."""

import asyncio
import json
from dataclasses import dataclass
from pathlib import Path


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
        seconds: an outer limit for one file; nobody's verdict depends on it.
    """

    program: Path
    folder: Path
    seconds: float = 900.0

    async def read(self, name: str, text: str) -> list[Message]:
        """What Lean says about a text.

        Raises:
            NoLean: it ended early or was too slow.
        """
        path = self.folder / f"{name}.lean"
        path.write_text(text, encoding="utf-8")
        process = await asyncio.create_subprocess_exec(
            self.program,
            "--json",
            path.name,
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        try:
            out, err = await asyncio.wait_for(process.communicate(), self.seconds)
        except TimeoutError:
            process.kill()
            await process.wait()
            raise NoLean(f"{path.name} took more than {self.seconds:.0f} s") from None
        if process.returncode not in (0, 1):
            raise NoLean(f"{path.name}: exit status {process.returncode}: {err.decode(errors='replace')[-400:]}")
        return [message for line in out.decode(errors="replace").split("\n") if (message := _message(line))]


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
