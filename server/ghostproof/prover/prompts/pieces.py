"""A Lean file above a spot, taken apart into commands. A reading of the margin, not a parser."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from functools import cached_property

from ghostproof.prover.prompts.family import neutral
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.quoting import last_part
from ghostproof.syntax.scanner import Region
from ghostproof.syntax.words import MODIFIERS, command_starts, one_of


class Kind(Enum):
    """What a piece is to a prompt."""

    HEADER = "header"  # imports, and what stands among them before everything else
    FRAME = "frame"  # scopes and what holds in them: `namespace`, `variable`, `open`, `end`
    DECLARATION = "declaration"
    COMMENT = "comment"


@dataclass(frozen=True)
class Piece:
    """One command with the comments right above it, or comments alone; the pieces of a text, joined, are the text.

    Attributes:
        word: the command's keyword, "" for comments.
        name: what it declares or opens, "" where it has no name.
    """

    text: str
    kind: Kind
    word: str = ""
    name: str = ""

    @cached_property
    def shown(self) -> str:
        """The text as a prompt may hold it."""
        return neutral(self.text)

    @cached_property
    def identifiers(self) -> frozenset[str]:
        return identifiers(self.text)

    @property
    def last_name(self) -> str:
        return last_part(self.name)

    @property
    def title(self) -> str:
        """What people recognise it by."""
        return self.name or " ".join(self.text.split())[:40]


_HEADER = frozenset({"import", "module", "prelude", "open", "set_option", "universe"})
_SCOPES = frozenset({"namespace", "section"})
_FRAME = _SCOPES | {"end", "variable", "universe", "open", "set_option", "omit", "include"}
_UNNAMED = frozenset({"", "mutual", "example", "end", "variable", "universe", "open", "set_option", "import", "module"})

_WORD = re.compile(r"[^\W\d][\w'!?]*")
_COMMAND = re.compile(
    rf"\s*(?:@\[[^\]]*\]\s*|(?:open|set_option|variable|omit|include)\b[^\n]*?\bin\s+|{one_of(MODIFIERS)}\s+)*"
    r"(?P<word>[#\w]*)[ \t]*(?P<name>(?:[\w.'!?₀-₉]|«[^»\n]*»)*)"
)
# What takes the next command in: attributes on a line of their own, `open … in`.
_UNFINISHED = re.compile(r"(?:^|\n)@\[[^\n]*\]$|(?:^|\s)in$")


def identifiers(text: str) -> frozenset[str]:
    """The components of the names that occur in a text, and the words of its comments."""
    return frozenset(_WORD.findall(text))


def split(text: str, known: Sequence[Piece] = ()) -> tuple[Piece, ...]:
    """The pieces of a text, of which `known` are those of an earlier one: what both begin with is not read again."""
    same: list[Piece] = []
    at = 0
    for piece in known:
        if not text.startswith(piece.text, at):
            break
        same.append(piece)
        at += len(piece.text)
    # Where a command ends shows only in what follows it, and whose the comments before that are.
    unsure = 2
    while same and unsure:
        last = same.pop()
        at -= len(last.text)
        unsure -= last.kind is not Kind.COMMENT
    in_header = all(piece.kind in (Kind.HEADER, Kind.COMMENT) for piece in same)
    return (*same, *_classified(_whole_mutuals(_commands(text[at:])), in_header))


def scopes(pieces: Sequence[Piece]) -> Iterator[tuple[int, int | None]]:
    """For each `namespace` and `section` the indices of its piece and of its `end`; None for one that is still open."""
    opened: list[int] = []
    for index, piece in enumerate(pieces):
        if piece.word in _SCOPES:
            opened.append(index)
        elif piece.word == "end" and opened:
            yield opened.pop(), index
    yield from ((index, None) for index in opened)


def _commands(text: str) -> Iterator[tuple[str, str]]:
    """Commands, and comments that belong to none, as (text, the same with comments and literals masked)."""
    masked, regions = mask(text)
    begun = 0
    for start in command_starts(masked):
        if _UNFINISHED.search(masked[begun:start].rstrip()):
            continue
        loose, attached = _comments_above(text, masked, regions, start)
        for at in (loose, attached):
            if masked[begun:at].strip() or text[begun:at].strip():
                yield text[begun:at], masked[begun:at]
                begun = at
    if begun < len(text):
        yield text[begun:], masked[begun:]


def _comments_above(text: str, masked: str, regions: Sequence[Region], start: int) -> tuple[int, int]:
    """Where the comments above a command begin: those that are about something else, and those that belong to it."""
    code_end = len(masked[:start].rstrip())
    above = [r for r in regions if code_end <= r.start < start and text[r.start - 1 : r.start] in ("", "\n")]
    attached = start
    for region in reversed(above):
        if text.count("\n", region.end, attached) > 1 or text.startswith("/-!", region.start):
            break
        attached = region.start
    return min((region.start for region in above), default=attached), attached


def _whole_mutuals(commands: Iterator[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    """The commands, each `mutual` with all up to its `end` as one."""
    parts: list[tuple[str, str]] = []
    for text, masked in commands:
        word = _word(masked)
        if not parts and word != "mutual":
            yield text, masked
            continue
        parts.append((text, masked))
        if word == "end":
            yield "".join(text for text, _ in parts), "".join(masked for _, masked in parts)
            parts.clear()
    if parts:
        yield "".join(text for text, _ in parts), "".join(masked for _, masked in parts)


def _word(masked: str) -> str:
    found = _COMMAND.match(masked)
    return found["word"] if found else ""


def _classified(commands: Iterator[tuple[str, str]], in_header: bool) -> Iterator[Piece]:
    for text, masked in commands:
        found = _COMMAND.match(masked)
        word = found["word"] if found else ""
        name = found["name"] if found and word not in _UNNAMED else ""
        if not masked.strip():
            kind = Kind.COMMENT
        elif in_header and word in _HEADER:
            kind = Kind.HEADER
        else:
            kind = Kind.FRAME if word in _FRAME else Kind.DECLARATION
        in_header = in_header and kind in (Kind.HEADER, Kind.COMMENT)
        yield Piece(text, kind, word, name)
