"""Which characters of a Lean text are code, comments, literals and quoted names: for whole texts and such as come in
pieces. Each character is looked at once, whatever the pieces are.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from typing import NamedTuple

from ghostproof.syntax.names import LONGEST, ends_in_name, last_token, run_start

# Every branch starts with a literal character, so that the engine skips over plain text at once.
_EDGE = re.compile(r"--|/-|\"|'|«")
_BLOCK_EDGE = re.compile(r"/-|-/")
_STRING_REST = re.compile(r'(?:[^"\\]+|\\.)*', re.DOTALL)
_QUOTED_REST = re.compile(r"[^»\n]*")
_CHARACTER = re.compile(r"'(?:\\(?:x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|[^\n])|[^\\'\n])'")
# The beginning of a character literal at the end of a text: what is in it may be a bracket, or not.
_OPEN_CHARACTER = re.compile(r"'(?:\\(?:x[0-9a-fA-F]{0,2}|u[0-9a-fA-F]{0,4}|[^\n])?|[^\\'\n])?\Z")
_RAW_PREFIX = re.compile(r"r#*\Z")
_MOST_MARKS = 255  # `#`s of a raw string that are counted
_KEPT = 2048  # characters that were read are forgotten in such portions


class StretchKind(Enum):
    """What a stretch of text is."""

    CODE = "code"
    COMMENT = "comment"
    DOC = "doc comment"
    LITERAL = "literal"  # strings of all kinds, and characters
    QUOTED = "quoted name"  # one part of a name, «…»


class Stretch(NamedTuple):
    """The next characters of a text, all of one kind.

    Attributes:
        begins: they are the first of their comment, literal or name; its rest may come in further stretches.
        closed: they are the last, and end what they belong to: nothing typed behind them becomes part of it.
    """

    text: str
    kind: StretchKind
    begins: bool = True
    closed: bool = True


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


def edges(text: str) -> int:
    """How many places there are, at most, at which a comment, a literal or a quoted name may begin."""
    return sum(map(text.count, ("--", "/-", '"', "'", "«")))


def regions(text: str) -> list[Region]:
    """Comments, strings and character literals, from left to right. Quoted names («…») are not among them."""
    return regions_of(Scanner().push(text, final=True))


def regions_of(stretches: Iterable[Stretch]) -> list[Region]:
    """The comments and literals of a text that consists of these."""
    found: list[Region] = []
    at = 0
    for stretch in stretches:
        end = at + len(stretch.text)
        if stretch.kind not in (StretchKind.CODE, StretchKind.QUOTED):
            start = at if stretch.begins else found.pop().start
            found.append(Region(start, end, stretch.kind is not StretchKind.LITERAL, stretch.closed))
        at = end
    return found


class Scanner:
    """One text. What is not certain yet, such as a `-` that may become a comment, is held back: a few characters."""

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._out: list[Stretch] = []
        self._final = False
        self._inside: Callable[[], bool] = self._code
        self._kind = StretchKind.CODE  # of what it is inside
        self._depth = 0  # of block comments
        self._quote = ""  # that closes a raw string
        # Up to here the text is read as names and other tokens, and whether a name goes on there.
        self._floor, self._named = 0, False

    def push(self, piece: str, *, final: bool = False) -> list[Stretch]:
        """The stretches that are certain by now, and were not before. With `final`, all that is left."""
        if self._at > _KEPT:
            behind = self._at - LONGEST - _MOST_MARKS
            self._text = self._text[behind:]
            self._at -= behind
            self._floor = max(0, self._floor - behind)
        self._text += piece
        self._final = final
        self._out = []
        while self._at < len(self._text) and self._inside():
            pass
        return self._out

    # Each of these reads on from `_at`, and is false where it has to wait for more.

    def _code(self) -> bool:
        at = self._at
        while edge := _EDGE.search(self._text, at):
            start, at = edge.span()
            match edge.group():
                case "--":
                    self._emit(start, StretchKind.CODE)
                    return self._begin(2, StretchKind.COMMENT, self._line_comment)
                case "/-":
                    return self._comment_begins(start)
                case '"':
                    return self._string_begins(start)
                case "«":
                    self._emit(start, StretchKind.CODE)
                    return self._begin(1, StretchKind.QUOTED, self._quoted)
            named = self._text[start - 1 : start] != "»" and self._name_ends(start)
            literal = None if named else _CHARACTER.match(self._text, start)
            if literal:
                self._emit(start, StretchKind.CODE)
                self._emit(at := literal.end(), StretchKind.LITERAL)
            elif not (named or self._final) and _OPEN_CHARACTER.match(self._text, start):
                self._emit(start, StretchKind.CODE)
                return False
            self._floor, self._named = at, named
        self._emit(self._certain(), StretchKind.CODE)
        return False

    def _comment_begins(self, start: int) -> bool:
        third = self._text[start + 2 : start + 3]
        self._emit(start, StretchKind.CODE)
        if not third and not self._final:
            return False
        self._depth = 1
        kind = StretchKind.DOC if third in ("-", "!") and third else StretchKind.COMMENT
        return self._begin(2, kind, self._block_comment)

    def _string_begins(self, quote: int) -> bool:
        start = self._raw_start(quote)
        self._quote = '"' + "#" * (quote - start - 1)
        self._emit(start, StretchKind.CODE)
        inside = self._raw_string if start < quote else self._string
        return self._begin(quote + 1 - start, StretchKind.LITERAL, inside)

    def _raw_start(self, end: int) -> int:
        """Where the `r##` begins that ends at `end`; `end` where what stands there is none."""
        if end == 0 or self._text[end - 1] not in "r#":
            return end
        prefix = _RAW_PREFIX.search(self._text, max(self._at, end - _MOST_MARKS), end)
        if prefix is None:
            return end
        start = prefix.start()
        run = run_start(self._text, start, self._floor)
        if (run == self._floor and self._named) or last_token(self._text[run : start + 1]) != "r":
            return end  # its last letter is that of a name or a number
        before = self._text[start - 1 : start]
        return end if before == "`" or (before == "." and self._name_ends(start - 1)) else start

    def _name_ends(self, end: int) -> bool:
        """Whether a name, or a part of one, ends there."""
        start = run_start(self._text, end, self._floor)
        if start == self._floor and self._named:
            return True
        return self._text[end - 1 : end] == "»" or ends_in_name(self._text[start:end])

    def _line_comment(self) -> bool:
        end = self._text.find("\n", self._at)
        self._go_on(end if end >= 0 else len(self._text), closed=False)
        return self._leave() if end >= 0 else False

    def _block_comment(self) -> bool:
        at = self._at
        while edge := _BLOCK_EDGE.search(self._text, at):
            at = edge.end()
            self._depth += 1 if edge.group() == "/-" else -1
            if not self._depth:
                self._go_on(at, closed=True)
                return self._leave()
        held = int(not self._final and at < len(self._text) and self._text[-1] in "-/")
        self._go_on(len(self._text) - held, closed=False)
        return False

    def _string(self) -> bool:
        rest = _STRING_REST.match(self._text, self._at)
        end = rest.end() if rest else self._at
        closed = self._text.startswith('"', end)
        if closed or (self._final and end < len(self._text)):  # a lone backslash at the end of all
            end += 1
        self._go_on(end, closed=closed)
        return self._leave() if closed else False

    def _raw_string(self) -> bool:
        found = self._text.find(self._quote, self._at)
        if found >= 0:
            self._go_on(found + len(self._quote), closed=True)
            return self._leave()
        held = 0 if self._final else len(self._quote) - 1
        self._go_on(max(self._at, len(self._text) - held), closed=False)
        return False

    def _quoted(self) -> bool:
        rest = _QUOTED_REST.match(self._text, self._at)
        end = rest.end() if rest else self._at
        if end == len(self._text):
            self._go_on(end, closed=False)
            return False
        closed = self._text[end] == "»"
        self._go_on(end + closed, closed=closed)
        return self._leave()

    def _certain(self) -> int:
        """Up to where code is certain, when no edge follows: a comment or a raw string may begin behind that."""
        end = len(self._text)
        if self._final:
            return end
        return end - 1 if self._text[-1] in "-/" else self._raw_start(end)

    def _begin(self, length: int, kind: StretchKind, inside: Callable[[], bool]) -> bool:
        self._emit(self._at + length, kind, closed=False)
        self._kind, self._inside = kind, inside
        return True

    def _leave(self) -> bool:
        self._inside = self._code
        self._floor, self._named = self._at, False
        return True

    def _go_on(self, end: int, *, closed: bool) -> None:
        """Give out more of what has begun, also where nothing is left of it but that it is over."""
        before = self._out.pop() if self._out else None
        if before is not None and before.kind is self._kind and not before.closed:
            text = before.text + self._text[self._at : end]
            self._out.append(Stretch(text, self._kind, before.begins, closed))
        else:
            if before is not None:
                self._out.append(before)
            if end > self._at:
                self._out.append(Stretch(self._text[self._at : end], self._kind, begins=False, closed=closed))
        self._at = end

    def _emit(self, end: int, kind: StretchKind, *, closed: bool = True) -> None:
        """Give out the next characters up to `end`."""
        if end > self._at:
            self._out.append(Stretch(self._text[self._at : end], kind, closed=closed))
            self._at = end
