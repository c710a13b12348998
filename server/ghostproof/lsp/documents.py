"""The open documents, as the client last told them. Recording a change is one splice of a list of lines."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from lsprotocol import types as t

from ghostproof.host.uris import path_of
from ghostproof.text import SourceText, has_halves, joined_halves, split_utf16

LANGUAGES = frozenset({"lean4", "lean"})
UNSAVED = "Ghostproof asks Lean about files on disk: save this document to get suggestions."
UNREADABLE = (
    "Ghostproof gives no suggestions here: the document has a carriage return without a line feed, or half a "
    "character, which no Lean file may have."
)
_LINE_END = re.compile(r"\r\n|\n|\r")
_LONE_RETURN = re.compile(r"\r(?!\n)")


class Document:
    """One open Lean file. Positions of the protocol count UTF-16 units."""

    def __init__(self, item: t.TextDocumentItem) -> None:
        self.uri = item.uri
        self.version = item.version
        self.eol = "\r\n" if "\r\n" in item.text else "\n"
        path = path_of(item.uri)
        self.path = Path(path) if path else None
        self._lines: list[str] = []
        self._lone_return = False
        self._source: SourceText | None = None
        self._replace(item.text)

    @property
    def source(self) -> SourceText:
        """The text, with `\\n` line ends; made when it is first asked for after a change."""
        if self._source is None:
            self._source = SourceText("\n".join(self._lines))
        return self._source

    @property
    def why_not(self) -> str:
        """Why Lean cannot be asked about the document, "" where it can."""
        if self.path is None:
            return UNSAVED
        return UNREADABLE if self._lone_return or has_halves(self.source.text) else ""

    def change(self, version: int, changes: Sequence[t.TextDocumentContentChangeEvent]) -> None:
        """Record what the client changed, in its order."""
        for change in changes:
            if isinstance(change, t.TextDocumentContentChangePartial):
                self._splice(change.range, change.text)
            else:
                self._replace(change.text)
        self.version = version
        self._source = None

    def _replace(self, text: str) -> None:
        self._lone_return = _LONE_RETURN.search(text) is not None
        self._lines = [joined_halves(line) for line in _LINE_END.split(text)]

    def _splice(self, where: t.Range, text: str) -> None:
        start, end = sorted((where.start, where.end), key=lambda at: (at.line, at.character))
        first, head, _ = self._split(start)
        last, _, tail = self._split(end)
        lines = _LINE_END.split(text)
        lines[0] = head + lines[0]
        lines[-1] += tail
        self._lines[first : last + 1] = map(joined_halves, lines)
        self._lone_return = self._lone_return or _LONE_RETURN.search(text) is not None

    def _split(self, position: t.Position) -> tuple[int, str, str]:
        """The line of a position, within the text, with what stands before and behind it there."""
        if position.line >= len(self._lines):
            return len(self._lines) - 1, self._lines[-1], ""
        return (position.line, *split_utf16(self._lines[position.line], position.character))

    def offset(self, position: t.Position) -> int:
        """Offset in `source` of a position of the protocol."""
        return self.source.offset_from_utf16(position.line, position.character)

    def range(self, start: int, end: int) -> t.Range:
        """Range of the protocol between two offsets in `source`."""
        return t.Range(
            t.Position(*self.source.utf16_position(start)),
            t.Position(*self.source.utf16_position(end)),
        )

    def outgoing(self, text: str) -> str:
        """A text with the document's own line ends."""
        return text if self.eol == "\n" else text.replace("\n", self.eol)


class Documents:
    """The open documents by URI; those that are not Lean are not kept."""

    def __init__(self) -> None:
        self._open: dict[str, Document] = {}

    def __iter__(self) -> Iterator[Document]:
        return iter(self._open.values())

    def get(self, uri: str) -> Document | None:
        return self._open.get(uri)

    def opened(self, item: t.TextDocumentItem) -> Document | None:
        if item.language_id not in LANGUAGES:
            return None
        document = self._open[item.uri] = Document(item)
        return document

    def changed(self, params: t.DidChangeTextDocumentParams) -> None:
        if document := self._open.get(params.text_document.uri):
            document.change(params.text_document.version, params.content_changes)

    def holds(self, document: Document, version: int) -> bool:
        """Whether this is still what the client has open, and has not changed since that version."""
        return self._open.get(document.uri) is document and document.version == version

    def closed(self, uri: str) -> Document | None:
        return self._open.pop(uri, None)
