"""Puts a Lean program together from the parts in `probe/`: `lean --run` takes one file, and a person reads small ones.

A part names the parts it needs with `import`, as a module of Lean does. The program is written into the user's cache;
`Script.explain` turns Lean's lines in it back into lines of the parts.
"""

import contextlib
import hashlib
import os
import re
import tempfile
from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from ghostproof.errors import ToolchainBroken
from ghostproof.lean.embedded.paths import cache_root
from ghostproof.lean.pruning import PARTIAL, prune, used

PARTS = Path(__file__).with_name("probe")
PROBER = "Main"
READER = "Reader"
_IMPORT = re.compile(r"^import (\w+)\n", re.MULTILINE)


@dataclass(frozen=True)
class Script:
    """A program of several parts.

    Attributes:
        text: what Lean runs.
        parts: the parts' names, `Hole.lean`, in their order.
        starts: for each part the line of `text` where it begins; ascending, lines from 1.
        firsts: and the line of the part that stands there, the first one behind its imports.
    """

    text: str
    parts: tuple[str, ...]
    starts: tuple[int, ...]
    firsts: tuple[int, ...]

    @property
    def name(self) -> str:
        """A file name that no other program has."""
        return f"probe-{hashlib.sha256(self.text.encode()).hexdigest()[:16]}.lean"

    def locate(self, line: int) -> tuple[str, int]:
        """The part that a line of the program comes from, and the line there."""
        at = max(0, bisect_right(self.starts, line) - 1)
        return self.parts[at], line - self.starts[at] + self.firsts[at]

    def explain(self, said: str) -> str:
        """A message of Lean's with lines of the parts in place of lines of the program."""
        return re.sub(rf"\S*{re.escape(self.name)}:(\d+)", self._place, said)

    def write(self) -> Path:
        """The program as a file in the user's cache, which nobody else can write; what stands there is read first.

        Raises:
            ToolchainBroken: it cannot be written.
        """
        folder = cache_root() / "programs"
        path = folder / self.name
        wanted = self.text.encode()
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            with contextlib.suppress(FileNotFoundError):
                if path.read_bytes() == wanted:
                    used(path)
                    return path
            descriptor, partial = tempfile.mkstemp(prefix=path.name + PARTIAL, dir=folder)
            try:
                with os.fdopen(descriptor, "wb") as file:
                    file.write(wanted)
                Path(partial).replace(path)
            except BaseException:
                Path(partial).unlink(missing_ok=True)
                raise
        except OSError as problem:
            raise ToolchainBroken(f"The prober's program can't be written to {folder}: {problem}") from problem
        prune(folder)
        return path

    def _place(self, found: re.Match[str]) -> str:
        part, line = self.locate(int(found[1]))
        return f"{part}:{line}"


def assemble(main: str = PROBER) -> Script:
    """The program whose last part is `main`, with all parts that it needs in front of it."""
    order: list[str] = []
    _visit(main, order)
    lines = ["import Lean"]
    starts, firsts = [], []
    for name in order:
        part = (PARTS / f"{name}.lean").read_text("utf-8")
        body = _IMPORT.sub("", part)
        starts.append(len(lines) + 1)
        firsts.append(part.count("\n") - body.count("\n") + 1)
        lines += body.removesuffix("\n").split("\n")
    parts = tuple(f"{name}.lean" for name in order)
    return Script("\n".join(lines) + "\n", parts, tuple(starts), tuple(firsts))


def _visit(name: str, order: list[str]) -> None:
    """Append a part and what it needs, each once, the needed ones first."""
    if name in order:
        return
    for needed in _IMPORT.findall((PARTS / f"{name}.lean").read_text("utf-8")):
        if needed != "Lean":
            _visit(needed, order)
    order.append(name)
