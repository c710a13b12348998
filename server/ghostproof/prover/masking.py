"""Lean text as it is written, turned into code that a reader of tokens can take: for texts that come in pieces.

The code is as long as the text. Comments are blank in it, a literal or a quoted name is one word without line ends, and
a doc comment that begins its line has a mark. Each character is looked at once, whatever the pieces are.
"""

import re
from collections.abc import Callable

from ghostproof.syntax.lexical import CHARACTER, NAME_CHARACTER, OPEN_CHARACTER, RAW_PREFIX

DOC_COMMENT = "\0"

_EDGE = re.compile(r"--|/-|\"|'|«")
_BLOCK_EDGE = re.compile(r"/-|-/")
_STRING_REST = re.compile(r'(?:[^"\\]+|\\.)*', re.DOTALL)
_QUOTED_REST = re.compile(r"[^»\n]*")
_INK = re.compile(r"[^\n]")
# What may have to be known of the text before a place: `r`, its `#`s, and the character before them.
_BEHIND = 20


class Masking:
    """One text. What is not certain yet, such as a `-` that may become a comment, is held back: a few characters."""

    def __init__(self) -> None:
        self._text = ""
        self._at = 0
        self._out: list[str] = []
        self._final = False
        self._inside: Callable[[], bool] = self._plain
        self._depth = 0  # of block comments
        self._quote = ""  # that closes a raw string
        self._blank = True  # the line has nothing but blanks and comments so far

    def push(self, piece: str, *, final: bool = False) -> str:
        """The code that is certain by now, and was not before. With `final`, all that is left."""
        behind = max(0, self._at - _BEHIND)
        self._text = self._text[behind:] + piece
        self._at -= behind
        self._final = final
        self._out = []
        while self._at < len(self._text) and self._inside():
            pass
        return "".join(self._out)

    # Each of these reads on from `_at`, and is false where it has to wait for more.

    def _plain(self) -> bool:
        edge = _EDGE.search(self._text, self._at)
        if edge is None:
            self._emit(self._text[self._at : len(self._text) - self._held("-/")])
            return False
        start = edge.start()
        self._emit(self._text[self._at : start])
        match edge.group():
            case "--":
                self._inside = self._line_comment
            case "/-":
                return self._comment_begins(start)
            case '"':
                raw = RAW_PREFIX.search(self._text, max(0, start - 15), start)
                self._quote = '"' + raw.group(1) if raw else ""
                self._inside = self._raw_string if raw else self._string
                self._emit("0")
            case "'":
                return self._character(start)
            case _:
                self._inside = self._quoted
                self._emit("x")
        return True

    def _comment_begins(self, start: int) -> bool:
        third = self._text[start + 2 : start + 3]
        if not third and not self._final:
            return False
        self._emit(DOC_COMMENT + " " if third in ("-", "!") and third and self._blank else "  ", blank=True)
        self._depth = 1
        self._inside = self._block_comment
        return True

    def _character(self, start: int) -> bool:
        named = start > 0 and NAME_CHARACTER.match(self._text[start - 1])
        literal = None if named else CHARACTER.match(self._text, start)
        if literal:
            self._emit("0" * len(literal.group()))
        elif named or self._final or not OPEN_CHARACTER.match(self._text, start):
            self._emit("'")
        else:
            return False
        return True

    def _line_comment(self) -> bool:
        end = self._text.find("\n", self._at)
        if end >= 0:
            self._inside = self._plain
        self._emit(" " * ((end if end >= 0 else len(self._text)) - self._at), blank=True)
        return end >= 0

    def _block_comment(self) -> bool:
        edge = _BLOCK_EDGE.search(self._text, self._at)
        end = edge.end() if edge else len(self._text) - self._held("-/")
        self._emit(_INK.sub(" ", self._text[self._at : end]), blank=True)
        if edge is None:
            return False
        self._depth += 1 if edge.group() == "/-" else -1
        if not self._depth:
            self._inside = self._plain
        return True

    def _string(self) -> bool:
        rest = _STRING_REST.match(self._text, self._at)
        end = rest.end() if rest else self._at
        closed = self._text.startswith('"', end)
        if closed or (self._final and end < len(self._text)):  # a lone backslash at the end of all
            end += 1
        if closed:
            self._inside = self._plain
        self._emit("0" * (end - self._at))
        return closed

    def _raw_string(self) -> bool:
        found = self._text.find(self._quote, self._at)
        if found >= 0:
            self._inside = self._plain
        held = 0 if self._final else len(self._quote) - 1
        end = found + len(self._quote) if found >= 0 else max(self._at, len(self._text) - held)
        self._emit("0" * (end - self._at))
        return found >= 0

    def _quoted(self) -> bool:
        rest = _QUOTED_REST.match(self._text, self._at)
        end = rest.end() if rest else self._at
        over = end < len(self._text)
        if over:
            end += self._text[end] == "»"
            self._inside = self._plain
        self._emit("x" * (end - self._at))
        return over

    def _held(self, characters: str) -> int:
        """1 where the text ends, for now, with one of the characters."""
        return int(not self._final and self._text[-1] in characters)

    def _emit(self, code: str, *, blank: bool = False) -> None:
        """Give out the code of the next characters."""
        self._at += len(code)
        self._out.append(code)
        *lines, line = code.split("\n")
        self._blank = (self._blank or bool(lines)) and (blank or not line.strip())
