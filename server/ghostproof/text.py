"""Positions in Lean source text: lines, columns in code points, and UTF-16 at the edge.

Inside Ghostproof a text has `\\n` line ends only and an offset counts code points.
Lean treats CRLF and LF alike, so line numbers and columns survive the normalisation.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate


@dataclass(frozen=True, order=True)
class Position:
    """A place in a text: 0-based line, 0-based column in code points."""

    line: int
    column: int


def normalise_eol(text: str) -> str:
    """The text with every CRLF turned into LF."""
    return text.replace("\r\n", "\n")


def common_prefix(a: str, b: str) -> int:
    """Length of the common prefix, by bisection over slices: comparing slices is done in C."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def utf16_length(text: str) -> int:
    """Number of UTF-16 code units of `text`."""
    return len(_in_units(text)) // 2


def from_utf16(line: str, units: int) -> int:
    """Code-point column of the UTF-16 column `units` in `line`; past the end it is the line's length.

    A column between the two halves of a character counts as the one behind it.
    """
    if line.isascii():
        return min(units, len(line))
    head = _in_units(line)[: 2 * units]
    return len(head.decode("utf-16-le", "surrogatepass"))


def to_utf16(line: str, column: int) -> int:
    """UTF-16 column of the code-point column `column` in `line`."""
    return column if line.isascii() else utf16_length(line[:column])


def split_utf16(line: str, units: int) -> tuple[str, str]:
    """The line before and behind the UTF-16 column `units`, also where that halves a character."""
    if line.isascii():
        return line[:units], line[units:]
    encoded = _in_units(line)
    return _of_units(encoded[: 2 * units]), _of_units(encoded[2 * units :])


def joined_halves(text: str) -> str:
    """The text with halves of characters that stand beside each other made one."""
    return _of_units(_in_units(text)) if _HALF.search(text) else text


def has_halves(text: str) -> bool:
    """Whether the text has half a character, which no file and no Lean can hold."""
    return _HALF.search(text) is not None


_HALF = re.compile("[\ud800-\udfff]")


def _in_units(text: str) -> bytes:
    return text.encode("utf-16-le", "surrogatepass")


def _of_units(units: bytes) -> str:
    return units.decode("utf-16-le", "surrogatepass")


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
        lengths = map(len, self.text.split("\n"))
        return [0, *(end + number for number, end in enumerate(accumulate(lengths), 1))][:-1]

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
