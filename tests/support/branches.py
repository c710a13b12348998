"""Many texts elaborated by one Lean, each behind another one or behind what all of them import: see `Branches.lean`."""

import json
import shutil
from pathlib import Path

from ghostproof.host.processes import run

PROGRAM = Path(__file__).with_name("Branches.lean")
HEADER = "Header.lean"
LEAN_S = 1800.0


class Branches:
    """A tree of texts. A text is known by its number, from 1; what stands behind two others is two texts.

    Args:
        header: what all of them import; "" for what every file does.
    """

    def __init__(self, header: str) -> None:
        self._header = header
        self._nodes: list[tuple[int, str]] = []
        self._texts: dict[str, str] = {}

    def add(self, name: str, text: str, behind: int = 0) -> int:
        """Put a text behind another, by default behind the header; its number. Imports of its own it has none."""
        assert self._texts.setdefault(name, text) == text, f"two texts are called {name}"
        self._nodes.append((behind, name))
        return len(self._nodes)

    async def elaborate(self, lean: Path, folder: Path) -> list[list[str]]:
        """What Lean says of each text, by its number: errors, warnings, and what is printed.

        Args:
            folder: where files are written; the embedded Lean sees nothing outside of it.

        Raises:
            TimeoutError: Lean did not come to an end.
        """
        shutil.copy(PROGRAM, folder)
        for name, text in self._texts.items():
            (folder / name).write_text(text, "utf-8")
        (folder / HEADER).write_text(self._header, "utf-8")
        given = [word for behind, name in self._nodes for word in (str(behind), name)]
        done = await run([lean, "--run", PROGRAM.name, HEADER, *given], folder, {}, LEAN_S)
        assert (done.code, done.errors) == (0, ""), done
        said: list[list[str]] = [[] for _ in range(len(self._nodes) + 1)]
        for line in done.output.splitlines():
            number, message = json.loads(line)
            said[number].append(message)
        assert said[0] == [], "the header cannot be imported"
        return said
