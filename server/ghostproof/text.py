"""Positions in Lean source text: lines, columns in code points, and UTF-16 at the edge.

Inside Ghostproof a text has `\\n` line ends only and an offset counts code points.
Lean treats CRLF and LF alike, so line numbers and columns survive the normalisation.
"""

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property


@dataclass(frozen=True, order=True)
class Position:
    """A place in a text: 0-based line, 0-based column in code points."""

    line: int
    column: int


def normalise_eol(text: str) -> str:
    """The text with every CRLF turned into LF."""
    return text.replace("\r\n", "\n")


def utf16_length(text: str) -> int:
    """Number of UTF-16 code units of `text`."""
    return len(text) + sum(ch > "\uffff" for ch in text)


def from_utf16(line: str, units: int) -> int:
    """Code-point column of the UTF-16 column `units` in `line`; past the end it is the line's length."""
    if line.isascii():
        return min(units, len(line))
    seen = 0
    for column, ch in enumerate(line):
        if seen >= units:
            return column
        seen += 2 if ch > "\uffff" else 1
    return len(line)


def to_utf16(line: str, column: int) -> int:
    """UTF-16 column of the code-point column `column` in `line`."""
    return column if line.isascii() else utf16_length(line[:column])


class SourceText:
    """An immutable text with its line table. Offsets are code points."""

    def __init__(self, text: str) -> None:
        self.text = normalise_eol(text)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, SourceText) and self.text == other.text

    def __hash__(self) -> int:
        return hash(self.text)

    @cached_property
    def _starts(self) -> list[int]:
        starts = [0]
        at = self.text.find("\n")
        while at >= 0:
            starts.append(at + 1)
            at = self.text.find("\n", at + 1)
        return starts

    @property
    def line_count(self) -> int:
        return len(self._starts)

    def line(self, number: int) -> str:
        """Text of a 0-based line without its line end; empty past the last line."""
        if number < 0 or number >= len(self._starts):
            return ""
        end = self._starts[number + 1] - 1 if number + 1 < len(self._starts) else len(self.text)
        return self.text[self._starts[number] : end]

    def line_start(self, number: int) -> int:
        """Offset of the first character of a 0-based line; the text's length past the last line."""
        return self._starts[number] if number < len(self._starts) else len(self.text)

    def offset(self, position: Position) -> int:
        """Offset of a position; a column past the line's end is the line's end."""
        if position.line >= len(self._starts):
            return len(self.text)
        return self._starts[position.line] + min(position.column, len(self.line(position.line)))

    def position(self, offset: int) -> Position:
        """Position of an offset; past the end it is the end of the text."""
        offset = max(0, min(offset, len(self.text)))
        line = bisect_right(self._starts, offset) - 1
        return Position(line, offset - self._starts[line])

    def offset_from_utf16(self, line: int, units: int) -> int:
        """Offset of an LSP position whose character counts UTF-16 code units."""
        if line >= len(self._starts):
            return len(self.text)
        return self._starts[line] + from_utf16(self.line(line), units)

    def utf16_position(self, offset: int) -> tuple[int, int]:
        """(line, UTF-16 character) of an offset, as LSP wants it."""
        at = self.position(offset)
        return at.line, to_utf16(self.line(at.line), at.column)
