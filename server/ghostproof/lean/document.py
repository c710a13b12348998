"""What the client knows about one open document: its text and version, and what Lean has said about that version."""

import asyncio
import re
from dataclasses import dataclass, field
from enum import Enum, IntEnum
from pathlib import Path
from typing import Any

from ghostproof.errors import GhostproofError, LeanDied
from ghostproof.lean.transport import Json
from ghostproof.text import Position, SourceText

_FATAL_PROGRESS = 2
_STOPPED = "The Lean Server has stopped processing this file"
_STALE_IMPORTS = "Imports are out of date"
_UNSOLVED_TAG, _ACCOMPLISHED_TAG = 1, 2
_HEADER_LINE = re.compile(r"\s*(?:(?:module|prelude|public|meta|private|import)\b|--|/-|$)")


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


class Sign(Enum):
    """What tells that Lean is at the end of a version."""

    DIAGNOSTICS = "diagnostics"
    DONE = "nothing is in progress"
    FATAL = "no progress any more"
    ANSWER = "the answer to waitForDiagnostics"


# Lean's worker publishes while it goes, and sends DONE behind its last diagnostics, or before its only ones. The ANSWER
# alone means nothing: on Lean 4.28 it was seen 0.18 s ahead of the final diagnostics. FATAL is said about a file whose
# header is wrong and about one whose worker died; then the answer, a result or an error, tells which.
_ENDS = ({Sign.DIAGNOSTICS, Sign.DONE}, {Sign.DIAGNOSTICS, Sign.FATAL, Sign.ANSWER})


# How long the answer may stay away behind FATAL before the worker counts as dead.
_ANSWER_S = 2.0


@dataclass
class Elaboration:
    """What Lean has said about one version of a document. `finished` without `failure`: it has said everything."""

    version: int
    raw: list[Json] = field(default_factory=list)
    failure: GhostproofError | None = None
    finished: asyncio.Event = field(default_factory=asyncio.Event)
    _seen: set[Sign] = field(default_factory=set)

    def mark(self, sign: Sign) -> None:
        self._seen.add(sign)
        if any(end <= self._seen for end in _ENDS):
            self.finished.set()

    def has(self, sign: Sign) -> bool:
        return sign in self._seen

    def fail(self, failure: GhostproofError) -> None:
        """End it without a result. The first failure stays; a finished elaboration is not undone."""
        if not self.finished.is_set():
            self.failure = failure
            self.finished.set()


class Document:
    """One document on the server.

    Attributes:
        open_on: the server process that lists it, or None.
        lost: the worker process for it died; the server lists it, but answers nothing about it.
    """

    def __init__(self, path: Path, text: SourceText) -> None:
        self.path = path
        self.uri = path.absolute().as_uri()
        self.text = text
        self.elaboration = Elaboration(1)
        self.open_on: object = None
        self.lost = False

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
        if params.get("textDocument", {}).get("version") != self.version:
            return
        parts = params.get("processing") or []
        if not parts:
            self.elaboration.mark(Sign.DONE)
        elif all(part.get("kind") == _FATAL_PROGRESS for part in parts):
            self.elaboration.mark(Sign.FATAL)
            asyncio.get_running_loop().call_later(_ANSWER_S, self._unanswered, self.elaboration)

    def _unanswered(self, elaboration: Elaboration) -> None:
        """A worker with a bad header answers at once. Lean 4.35 loses a question that meets a worker's death."""
        if elaboration is self.elaboration and not elaboration.has(Sign.ANSWER):
            self.crashed()

    def crashed(self) -> None:
        """The server has lost the process that worked on this document; the next use opens it again."""
        self.lost = True
        self.elaboration.fail(
            LeanDied(f"The Lean process for {self.path.name} died.", "It is started again at the next request.")
        )

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
    start = _common_prefix(a, b)
    tail = _common_prefix(a[start:][::-1], b[start:][::-1])
    (first, left), (last, right) = old.utf16_position(start), old.utf16_position(len(a) - tail)
    return {
        "range": {"start": {"line": first, "character": left}, "end": {"line": last, "character": right}},
        "text": b[start : len(b) - tail],
    }


def header(text: str) -> str:
    """The leading lines that hold imports and comments. A change there makes Lean load the file anew."""
    end = at = depth = 0
    while at < len(text):
        stop = text.find("\n", at) + 1 or len(text)
        line = text[at:stop]
        if depth == 0 and not _HEADER_LINE.match(line):
            break
        depth = max(0, depth + line.count("/-") - line.count("-/"))
        at = stop
        if depth == 0 and "import" in line:
            end = at
    return text[:end].rstrip()


def stale_imports(diagnostics: tuple[Diagnostic, ...]) -> str | None:
    """What to do about Lean's notice that imported files are not built, or None without such a notice."""
    if any(_STALE_IMPORTS in d.message for d in diagnostics):
        return "Files that this one imports are not built: run `lake build`, then ask again."
    return None


def _common_prefix(a: str, b: str) -> int:
    """Length of the common prefix, by bisection over slices: comparing slices is done in C."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
