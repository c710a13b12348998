"""What the client knows about one open document: its text and version, and what Lean has said about that version."""

import asyncio
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Any

from ghostproof.errors import GhostproofError, LeanDied
from ghostproof.host.uris import uri_of
from ghostproof.lean.elaboration import Elaboration, Sign, progress
from ghostproof.lean.transport import Json
from ghostproof.text import Position, SourceText, common_prefix

_STOPPED = "The Lean Server has stopped processing this file"
_STALE_IMPORTS = "Imports are out of date"
_UNSOLVED_TAG, _ACCOMPLISHED_TAG = 1, 2


class Severity(IntEnum):
    """LSP's numbers."""

    ERROR = 1
    WARNING = 2
    INFORMATION = 3
    HINT = 4


@dataclass(frozen=True)
class Diagnostic:
    """One thing Lean said about a version of a document.

    Attributes:
        start, end: the whole range that it is about (LSP's `range` is cut at the first line's end).
        silent: Lean asks editors not to show it.
        unsolved: it is a report of unsolved goals.
    """

    start: Position
    end: Position
    severity: Severity
    message: str
    source: str = ""
    silent: bool = False
    unsolved: bool = False

    @property
    def is_error(self) -> bool:
        return self.severity is Severity.ERROR


class StaleVersion(GhostproofError):
    """The document has a newer text than the one asked about."""


# How long the answer may stay away behind "no progress any more" before the worker counts as dead.
_ANSWER_S = 2.0


class Document:
    """One document on the server.

    Attributes:
        open_on: the server process that lists it, or None.
        lost: the worker process for it died; the server lists it, but answers nothing about it.
        asked: requests about it that are not answered yet.
    """

    def __init__(self, path: Path, text: SourceText, version: int) -> None:
        self.path = path
        self.uri = uri_of(path.absolute())
        self.text = text
        self.elaboration = Elaboration(version)
        self.open_on: object = None
        self.lost = False
        self.asked: set[asyncio.Future[Any]] = set()

    @property
    def version(self) -> int:
        return self.elaboration.version

    def is_live(self, server: object) -> bool:
        """Whether that server has the document and a worker for it."""
        return server is not None and self.open_on is server and not self.lost

    def advance(self, text: SourceText, version: int) -> None:
        """Take a new text; what was awaited about the old one fails."""
        self.elaboration.fail(StaleVersion(f"{self.path.name} has changed meanwhile."))
        self.text = text
        self.elaboration = Elaboration(version)

    def on_diagnostics(self, params: Json) -> None:
        if params.get("version") != self.version:
            return
        found = params.get("diagnostics") or []
        if params.get("isIncremental"):
            self.elaboration.raw.extend(found)
        else:
            self.elaboration.raw = list(found)
        if any(_STOPPED in str(d.get("message")) for d in found):
            self.crashed()
        else:
            self.elaboration.mark(Sign.DIAGNOSTICS)

    def on_progress(self, params: Json) -> None:
        sign = progress(params.get("processing") or [])
        if sign is Sign.FATAL and self.elaboration.finished.is_set():
            # All was said, so an idle worker is gone. Some watchdogs name the version that it was opened with.
            self.crashed()
        elif params.get("textDocument", {}).get("version") == self.version:
            self.elaboration.mark(sign)
            if sign is Sign.FATAL:
                asyncio.get_running_loop().call_later(_ANSWER_S, self._unanswered, self.elaboration)

    def _unanswered(self, elaboration: Elaboration) -> None:
        """A worker with a bad header answers at once. Lean 4.35 loses a question that meets a worker's death."""
        if elaboration is self.elaboration and elaboration.lacks_answer:
            self.crashed()

    def crashed(self) -> None:
        """The server has lost the process that worked on this document; the next use opens it again."""
        self.lost = True
        death = LeanDied(f"The Lean process for {self.path.name} died.", "It is started again at the next request.")
        self.elaboration.fail(death)
        # The server keeps what it is asked about a dead worker until the next edit, which may never come.
        for request in [request for request in self.asked if not request.done()]:
            request.set_exception(death)

    def diagnostics(self) -> tuple[Diagnostic, ...]:
        return tuple(self._diagnostic(raw) for raw in self.elaboration.raw)

    def _diagnostic(self, raw: Json) -> Diagnostic:
        span = raw.get("fullRange") or raw["range"]
        tags = raw.get("leanTags") or []
        return Diagnostic(
            self._position(span["start"]),
            self._position(span["end"]),
            Severity(raw.get("severity", Severity.ERROR)),
            str(raw.get("message", "")),
            str(raw.get("source", "")),
            bool(raw.get("isSilent")) or _ACCOMPLISHED_TAG in tags,
            _UNSOLVED_TAG in tags,
        )

    def _position(self, wire: dict[str, Any]) -> Position:
        return self.text.position(self.text.offset_from_utf16(wire["line"], wire["character"]))


def smallest_edit(old: SourceText, new: SourceText) -> Json:
    """The LSP content change that turns `old` into `new`, as small as a common prefix and suffix make it.

    Lean keeps what stands above the first changed character.
    """
    a, b = old.text, new.text
    start = common_prefix(a, b)
    tail = common_prefix(a[start:][::-1], b[start:][::-1])
    (first, left), (last, right) = old.utf16_position(start), old.utf16_position(len(a) - tail)
    return {
        "range": {"start": {"line": first, "character": left}, "end": {"line": last, "character": right}},
        "text": b[start : len(b) - tail],
    }


def stale_imports(diagnostics: tuple[Diagnostic, ...]) -> str | None:
    """What to do about Lean's notice that imported files are not built, or None without such a notice."""
    if any(_STALE_IMPORTS in d.message for d in diagnostics):
        return "Files that this one imports are not built: run `lake build`, then ask again."
    return None
