"""The open documents, as the client last told them. Recording a change is one splice of a list of lines."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from lsprotocol import types as t

from ghostproof.lsp.anchor import Anchor
from ghostproof.text import SourceText, has_halves, joined_halves, split_utf16

LANGUAGES = frozenset({"lean4", "lean"})
UNREADABLE = (
    "Ghostproof gives no suggestions here: the document has a carriage return without a line feed, or half a "
    "character, which no Lean file may have."
)
_LINE_START = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
_LONE_RETURN = re.compile(r"\r(?!\n)")


class EditedDocument:
    """One open Lean document. Positions of the protocol count UTF-16 units.

    Args:
        path: what stands for it in everything that is asked of Lean; no file need be there.

    Attributes:
        anchors: stretches of `source` that follow every change.
    """

    def __init__(self, item: t.TextDocumentItem, path: Path) -> None:
        self.uri = item.uri
        self.version = item.version
        self.path = path
        self.anchors: set[Anchor] = set()
        self._lines = _split(item.text)
        self._source: SourceText | None = None

    @property
    def text(self) -> str:
        """The text as the client has it."""
        return "".join(self._lines)

    @property
    def source(self) -> SourceText:
        """The text, with `\\n` line ends; made when it is first asked for after a change."""
        if self._source is None:
            self._source = SourceText(_LONE_RETURN.sub("\n", self.text))
        return self._source

    @property
    def eol(self) -> str:
        return "\r\n" if any(line.endswith("\r\n") for line in self._lines) else "\n"

    @property
    def why_not(self) -> str:
        """Why Lean cannot be asked about the document, "" where it can."""
        text = self.text
        return UNREADABLE if has_halves(text) or _LONE_RETURN.search(text) else ""

    def change(self, version: int, changes: Sequence[t.TextDocumentContentChangeEvent]) -> None:
        """Record what the client changed, in its order."""
        for change in changes:
            before = self.source.text if self.anchors else ""
            if isinstance(change, t.TextDocumentContentChangePartial):
                self._splice(change.range, change.text)
            else:
                self._lines = _split(change.text)
            self._source = None
            for anchor in self.anchors:
                anchor.follow(before, self.source.text)
        self.version = version

    def _splice(self, where: t.Range, text: str) -> None:
        start, end = sorted((where.start, where.end), key=lambda at: (at.line, at.character))
        first, head, _ = self._at(start)
        last, _, tail = self._at(end)
        if first and self._lines[first - 1].endswith("\r"):  # what is put behind it may begin with its line feed
            first -= 1
            head = self._lines[first] + head
        changed = head + text + tail
        if changed.endswith("\r") and last + 1 < len(self._lines):
            last += 1
            changed += self._lines[last]
        lines = _split(changed)
        if last + 1 < len(self._lines):
            lines.pop()  # what follows the last line end is the next line, which is there
        self._lines[first : last + 1] = lines

    def _at(self, position: t.Position) -> tuple[int, str, str]:
        """The line of a position, within the text, with what stands before and behind it there."""
        if position.line >= len(self._lines):
            return len(self._lines) - 1, self._lines[-1], ""
        line = self._lines[position.line]
        content = line.rstrip("\r\n")
        head, tail = split_utf16(content, position.character)
        return position.line, head, tail + line[len(content) :]

    def offset(self, position: t.Position) -> int:
        """Offset in `source` of a position of the protocol."""
        return self.source.offset_from_utf16(position.line, position.character)

    def range(self, start: int, end: int) -> t.Range:
        """Range of the protocol between two offsets in `source`."""
        return t.Range(
            t.Position(*self.source.utf16_position(start)),
            t.Position(*self.source.utf16_position(end)),
        )

    def wire_range(self, start: int, end: int) -> dict[str, dict[str, int]]:
        """The same as an object of the protocol, for messages that pygls does not know."""
        where = self.range(start, end)
        return {
            "start": {"line": where.start.line, "character": where.start.character},
            "end": {"line": where.end.line, "character": where.end.character},
        }

    def outgoing(self, text: str) -> str:
        """A text with the document's own line ends."""
        return text if self.eol == "\n" else text.replace("\n", self.eol)


def _split(text: str) -> list[str]:
    """The lines with their ends, the last of them without one; characters that came in halves are whole."""
    return _LINE_START.split(joined_halves(text))


class Documents:
    """The open documents by URI; those that are not Lean are not kept.

    Args:
        place: the path for a URI.
    """

    def __init__(self, place: Callable[[str], Path]) -> None:
        self._place = place
        self._open: dict[str, EditedDocument] = {}

    def __iter__(self) -> Iterator[EditedDocument]:
        return iter(self._open.values())

    def get(self, uri: str) -> EditedDocument | None:
        return self._open.get(uri)

    def opened(self, item: t.TextDocumentItem) -> EditedDocument | None:
        self._open.pop(item.uri, None)
        if item.language_id not in LANGUAGES:
            return None
        document = self._open[item.uri] = EditedDocument(item, self._place(item.uri))
        return document

    def changed(self, params: t.DidChangeTextDocumentParams) -> None:
        if document := self._open.get(params.text_document.uri):
            document.change(params.text_document.version, params.content_changes)

    def holds(self, document: EditedDocument, version: int) -> bool:
        """Whether this is still what the client has open, and has not changed since that version."""
        return self._open.get(document.uri) is document and document.version == version

    def closed(self, uri: str) -> EditedDocument | None:
        return self._open.pop(uri, None)
