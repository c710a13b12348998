"""Lean's lexical surface: which characters are comments or literals, and the tokens of what remains."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Every branch starts with a literal character, so that the engine skips over plain text at once.
_EDGE = re.compile(r"--|/-|\"|'|«")
_BLOCK_EDGE = re.compile(r"/-|-/")
_STRING_REST = re.compile(r'(?:[^"\\]+|\\.)*(?P<close>")?', re.DOTALL)
# The longest escape in a character literal is `\\uHHHH`.
CHARACTER = re.compile(r"'(?:\\[^\n][^'\n]{0,8}|[^\\'\n])'")
# The beginning of a character literal at the end of a text: what is in it may be a bracket, or not.
OPEN_CHARACTER = re.compile(r"'(?:\\(?:[^\n][^'\n]{0,8})?|[^\\'\n])?\Z")
RAW_PREFIX = re.compile(r"(?<![\w.'])r(#*)$")
NAME_CHARACTER = re.compile(r"[\w'!?»✝]")
_QUOTED = re.compile(r"«[^»\n]*»?")
_INK = re.compile(r"[^\n]")
_LINE_REST = re.compile(r"[^\n]*")

TOKEN = re.compile(
    r"""
    (?P<word>(?:[^\W\d]|_)[\w'!?✝]*(?:\.(?:[^\W\d]|_)[\w'!?✝]*)*)
  | (?P<other><;>|<\|>|=>|:=|\|>\.?|<\||\|\||\.\.+|\d\w*|\#(?:[^\W\d]\w*)?|[^\s\w])
    """,
    re.VERBOSE,
)


@dataclass(frozen=True)
class Region:
    """A comment or a literal, as offsets.

    Attributes:
        closed: it has its own end; if not, what is typed behind it still belongs to it.
    """

    start: int
    end: int
    is_comment: bool
    closed: bool = True

    def contains(self, offset: int) -> bool:
        """Whether something typed at `offset` would become part of it."""
        return self.start < offset < self.end or (offset == self.end and not self.closed)


@dataclass(frozen=True)
class Token:
    """A token of masked text: `start` and `end` are offsets in the whole text."""

    text: str
    start: int
    end: int


def edges(text: str) -> int:
    """How many places there are, at most, at which a comment, a literal or a quoted name may begin."""
    return sum(map(text.count, ("--", "/-", '"', "'", "«")))


def regions(text: str) -> Iterator[Region]:
    """Comments, strings and character literals, from left to right. Quoted names («…») are not among them."""
    at = 0
    while edge := _EDGE.search(text, at):
        start, at = edge.span()
        match edge.group():
            case "--":
                at = _rest(_LINE_REST, text, at)
                yield Region(start, at, is_comment=True, closed=False)
            case "/-":
                at, closed = _comment_end(text, at)
                yield Region(start, at, is_comment=True, closed=closed)
            case '"':
                at, closed = _string_end(text, at)
                yield Region(start, at, is_comment=False, closed=closed)
            case "'":
                literal = CHARACTER.match(text, start)
                if literal and not (start and NAME_CHARACTER.match(text[start - 1])):
                    at = literal.end()
                    yield Region(start, at, is_comment=False)
            case _:
                at = _rest(_QUOTED, text, start)


def mask(text: str) -> tuple[str, list[Region]]:
    """The text with comments blanked and each literal or quoted name turned into one word; and where they are.

    Offsets and line ends stay what they were.
    """
    found = list(regions(text))
    pieces: list[str] = []
    at = 0
    for region in found:
        pieces.append(text[at : region.start])
        pieces.append(_INK.sub(" " if region.is_comment else "0", text[region.start : region.end]))
        at = region.end
    pieces.append(text[at:])
    masked = "".join(pieces)
    return _QUOTED.sub(lambda name: "x" * len(name.group()), masked), found


def tokens(masked: str, start: int, end: int) -> Iterator[Token]:
    """The tokens of masked text between two offsets."""
    for found in TOKEN.finditer(masked, start, end):
        yield Token(found.group(), found.start(), found.end())


def _rest(pattern: re.Pattern[str], text: str, at: int) -> int:
    found = pattern.match(text, at)
    return found.end() if found else at


def _comment_end(text: str, at: int) -> tuple[int, bool]:
    depth = 1
    while depth:
        edge = _BLOCK_EDGE.search(text, at)
        if edge is None:
            return len(text), False
        depth += 1 if edge.group() == "/-" else -1
        at = edge.end()
    return at, True


def _string_end(text: str, at: int) -> tuple[int, bool]:
    """End of the string whose first quote ends at `at`, and whether it is closed."""
    raw = RAW_PREFIX.search(text, max(0, at - 16), at - 1)
    if raw:
        quote = '"' + raw.group(1)
        end = text.find(quote, at)
        return (end + len(quote), True) if end >= 0 else (len(text), False)
    rest = _STRING_REST.match(text, at)
    return (rest.end(), rest["close"] is not None) if rest else (at, False)
