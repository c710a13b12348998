"""The tokens of Lean text, found in its mask: the text without what is in comments, literals and quoted names."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from ghostproof.syntax.names import NUMBER, PLAIN_PART
from ghostproof.syntax.scanner import Region, Scanner, Stretch, StretchKind, regions_of

DOC_COMMENT = "\0"
LONG = 4096  # characters of a text whose mask is worth keeping

TOKEN = re.compile(
    rf"""
    (?P<word>{PLAIN_PART}(?:\.{PLAIN_PART})*)
  | (?P<other><;>|<\|>|=>|:=|\|>\.?|<\||\|\||\.\.+|{NUMBER}|\#(?:{PLAIN_PART})?|\S)
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Token:
    """A token of masked text: `start` and `end` are offsets in the whole text."""

    text: str
    start: int
    end: int


def tokens(masked: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of masked text between two offsets."""
    for found in TOKEN.finditer(masked, start, end):
        yield Token(found.group(), found.start(), found.end())


def mask(text: str) -> tuple[str, Sequence[Region]]:
    """The text with comments blanked and each literal or quoted name turned into one word; and where they are.

    Offsets and line ends stay what they were. Several readers ask for the mask of one file in a row.
    """
    return _mask(text) if len(text) < LONG else _kept_mask(text)


def _mask(text: str) -> tuple[str, Sequence[Region]]:
    stretches = Scanner().push(text, final=True)
    return "".join(map(_masked, stretches)), tuple(regions_of(stretches))


_kept_mask = lru_cache(maxsize=4)(_mask)


def _masked(stretch: Stretch) -> str:
    match stretch.kind:
        case StretchKind.CODE:
            return stretch.text
        case StretchKind.LITERAL:
            return _blotted(stretch.text, "0")
        case StretchKind.QUOTED:
            return "x" * len(stretch.text)
        case _:
            return _blotted(stretch.text, " ")


def _blotted(text: str, ink: str) -> str:
    """So many of these characters, and the line ends."""
    return ink * len(text) if "\n" not in text else "\n".join(ink * len(line) for line in text.split("\n"))


class Masking:
    """The mask of a text that comes in pieces, for a reader of one tactic.

    As `mask`, but that a literal has no line ends, and a doc comment that begins its line a mark. What is not certain
    yet is held back: a few characters.
    """

    def __init__(self) -> None:
        self._scanner = Scanner()
        self._blank = True  # the line has nothing but blanks and comments so far

    def push(self, piece: str, *, final: bool = False) -> str:
        """The code that is certain by now, and was not before. With `final`, all that is left."""
        return "".join(map(self._code, self._scanner.push(piece, final=final)))

    def _code(self, stretch: Stretch) -> str:
        comment = stretch.kind in (StretchKind.COMMENT, StretchKind.DOC)
        code = "0" * len(stretch.text) if stretch.kind is StretchKind.LITERAL else _masked(stretch)
        if stretch.kind is StretchKind.DOC and stretch.begins and self._blank:
            code = DOC_COMMENT + code[1:]
        *lines, line = code.split("\n")
        self._blank = (self._blank or bool(lines)) and (comment or not line.strip())
        return code
