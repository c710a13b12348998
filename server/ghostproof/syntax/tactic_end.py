"""Where the tactic ends that a text begins with, also while the text still comes, as a model writes it.

When is a tactic over?

- At the end of its line, if no bracket is open, the line does not end in something that wants more (`by`, `:=`, an
  operator), and nothing in it can go on below (`exact`, `have`, `induction … with`, `·`, `calc`). That is known as soon
  as the line end is there, and most tactics are such lines: `simp`, `omega`, `rw [h] at h'`, `constructor`. That a
  `<;>` on the next line is lost is the price; what is left is a tactic all the same.
- Otherwise before the first line that Lean's layout does not let belong to it, so that the first token of that line
  must be there: one left of the tactic's column, or one at its column that begins a new tactic. What goes on at the
  tactic's own column is a `|` of its alternatives, a `_` of its `calc`, `<;>`, `else`, `at`, and the like.
- Before a closing bracket that it did not open, a code fence, or the first word of a command.
"""

import re
from dataclasses import dataclass, field
from enum import Enum
from typing import NamedTuple

from ghostproof.syntax.brackets import CLOSERS, OPENERS
from ghostproof.syntax.lexical import DOC_COMMENT, TOKEN, Masking, Token
from ghostproof.syntax.words import COMMANDS, words

FENCE = "```"


# At the end of a line these want more.
_OPEN_AT_LINE_END = words(
    "by := => ↦ do then else with from at using in fun λ only generalizing calc first | , ; : . · ▸ $ <| |> <;> <|> "
    "+ - * / % ^ = ≠ ≤ ≥ < > ∧ ∨ ¬ → ← ↔ ∣ ∪ ∩ ⊆ ⊂ ∈ ∉ × ∘ • ≡ ≈ ≃ && || ++ :: ∀ ∃ ∑ ∏ ∃! "
    "exact refine refine' apply rw rewrite have haveI let letI show suffices obtain rcases rintro convert use exists "
    "change set replace specialize case next on_goal conv try repeat all_goals any_goals focus iterate induction cases"
)
# A tactic with one of these, outside brackets, may have further lines, which are indented deeper.
_MAY_GO_ON = words(
    "by := => ↦ do then else with from using fun λ calc match if first : · ▸ $ <| |> conv aesop "
    "exact refine refine' apply have haveI let letI show suffices obtain convert use exists existsi change set replace "
    "specialize case next"
)
# A line at the tactic's own column that begins with one of these belongs to it: none of them begins a tactic.
_GOES_ON_SYMBOLS = words("<;> <|>")
_GOES_ON_WORDS = words("at with using else then generalizing")
# Behind one of these at the end of a line, a tactic may follow at the same column.
_TAKES_NEXT_LINE = words("in <;>")
_HAS_ALTERNATIVES = words("induction cases match fun_induction fun_cases first fun λ with rcases obtain rintro intro")
_TAKES_COMMAS = words("use exists existsi match induction cases")
_BINDERS = words("∀ ∃ ∑ ∏ ∫ ⋃ ⋂ ⨆ ⨅ Σ Π ∃!")
# `open … in` and `set_option … in` are tactics, too.
_COMMAND = (COMMANDS - words("open set_option")) | {DOC_COMMENT}
# Symbols that say so, or otherwise, only as a whole.
_DECISIVE_SYMBOLS = _GOES_ON_SYMBOLS | {FENCE, "--", "/-", "@[", "#eval"}
_LONGEST_WORD = max(map(len, _COMMAND | _DECISIVE_SYMBOLS)) + 1
_BLANKS = re.compile(r"\s*")
_WORD = re.compile(r"[\w'!?✝.]*")


def tactic_end(text: str, column: int = 0, *, final: bool = False) -> int | None:
    """Offset behind the last character of the tactic that `text` begins with; None while it may still go on.

    Once there is an end, more text does not change it. Comments behind the tactic do not belong to it. 0 where there is
    no tactic: a fence or a command begins the text.

    Args:
        text: what the model has written so far, from the tactic's first character. Blanks may stand before it: one
            separates it from the word before, more are its indentation; line ends show that it begins below.
        column: column (code points) at which that character stands; a line indented no deeper ends the tactic.
        final: the model will write no more, so that an end is always found.
    """
    tactic = TacticEnd(column)
    end = tactic.push(text)
    return tactic.finish() if end is None and final else end


class Extent(NamedTuple):
    """A tactic in a text: offsets of its first character and behind its last, and its column in code points."""

    start: int
    end: int
    column: int


def tactic_extent(text: str, column: int = 0) -> Extent:
    """The tactic that a finished text begins with; empty where there is none. Arguments as for `tactic_end`."""
    tactic = TacticEnd(column)
    end = tactic.push(text)
    end = tactic.finish() if end is None else end
    return Extent(min(tactic.reader.start, end), end, tactic.reader.column)


class TacticEnd:
    """The end of the tactic that a text begins with, found while the text comes."""

    def __init__(self, column: int) -> None:
        self.reader = _TacticReader(column)
        self._masking = Masking()
        self._pieces: list[str] = []
        self._end: int | None = None

    def push(self, piece: str) -> int | None:
        if self._end is None and piece:
            self._pieces.append(piece)
            self._end = self._found(self.reader.push(self._masking.push(piece)))
        return self._end

    def finish(self, limit: int | None = None) -> int:
        """The end where nothing more comes, and nothing behind `limit` counts."""
        if self._end is None:
            end = self.reader.push(self._masking.push("", final=True), final=True) or 0
            self._end = self._found(end if limit is None else min(end, limit))
        return self._end or 0

    def _found(self, end: int | None) -> int | None:
        # A literal that is not closed may end with blanks, which its code does not show.
        return None if end is None else len("".join(self._pieces)[:end].rstrip())


class _LineStart(Enum):
    """What the first token of a line says about the tactic above it."""

    BELONGS = "belongs"
    ENDS = "ends"
    UNKNOWN = "unknown"


@dataclass
class _TacticReader:
    """Reads the tokens of one tactic.

    Attributes:
        column: that of the tactic, once it has begun; so is `start`, its offset.
        separator: end of the part before the first comma outside brackets, which ends a tactic that is inside some.
        fresh: the next token is the first of its line; `decided`: what it says is known, though not yet all of it.
    """

    column: int
    start: int = 0
    last: Token | None = None
    line_start: int = 0
    depth: int = 0
    binders: int = 0
    separator: int | None = None
    seen: set[str] = field(default_factory=set)
    fresh: bool = False
    decided: bool = False
    final: bool = False
    _code: str = ""  # what is not read yet, from `_offset` on
    _offset: int = 0
    _in_word: bool = False  # all of that is one word, of which nothing has to be known before it is whole
    _run: list[str] = field(default_factory=list)  # what belongs to that word, too

    def push(self, code: str, *, final: bool = False) -> int | None:
        """Read on; the tactic's end, where it is found. `code` is the next of what `Masking` makes of the text."""
        if self._in_word and not final and _WORD.fullmatch(code):
            self._run.append(code)
            return None
        self._code = "".join((self._code, *self._run, code))
        self._run.clear()
        fence = self._code.find(FENCE)
        if fence >= 0:
            self._code, final = self._code[:fence], True
        self.final = final
        at, end = self._read_all()
        self._code, self._offset = self._code[at:], self._offset + at
        told = self.decided or not (self.fresh or self.last is None)
        self._in_word = told and self._code != "" and _WORD.fullmatch(self._code) is not None
        return self._so_far() if end is None and final else end

    def _read_all(self) -> tuple[int, int | None]:
        """Read what can be told by now; how far that was, and the end, if one was found."""
        at = 0
        while True:
            at = self._skip(at)
            if self.fresh and self._complete():
                return at, self._so_far()
            token = TOKEN.match(self._code, at)
            if token is None:
                return at, None
            if (self.fresh or self.last is None) and not self.decided:
                match self._first(token.group(), at):
                    case _LineStart.ENDS:
                        return at, self._so_far()
                    case _LineStart.UNKNOWN:
                        return at, None
                self.decided = True
            if not self._is_whole(token.group(), token.end()):
                return at, None
            if token.group() in CLOSERS and self.depth == 0:
                return at, self._so_far() if self.separator is None else self.separator
            self._read(Token(token.group(), self._offset + at, self._offset + token.end()), token.end())
            at = token.end()

    def _skip(self, at: int) -> int:
        """Move over blanks to the next token."""
        blanks = _BLANKS.match(self._code, at)
        end = blanks.end() if blanks else at
        newline = self._code.rfind("\n", at, end)
        if newline >= 0:
            self.line_start = self._offset + newline + 1
            self.fresh = True
        return end

    def _is_whole(self, token: str, end: int) -> bool:
        """Whether what comes next cannot make another token of it."""
        following = self._code[end : end + 2]
        return (
            self.final
            or token in CLOSERS
            or len(following) == 2
            or (following != "" and (following.isspace() or following in CLOSERS))
        )

    def _so_far(self) -> int:
        return self.last.end if self.last else 0

    def _complete(self) -> bool:
        """Whether the tactic is over at the end of its line, whatever follows."""
        if self.last is None or self.depth or (self.seen & _MAY_GO_ON):
            return False
        starred = self.last.text == "*" and "at" in self.seen
        return starred or self.last.text not in _OPEN_AT_LINE_END

    def _first(self, token: str, at: int) -> _LineStart:
        """What the first token of a line, or of the whole text, says."""
        start = self._offset + at
        column = start - self.line_start
        if not self.final and self._undecided(self._code[at : at + _LONGEST_WORD], column):
            return _LineStart.UNKNOWN
        command = token in _COMMAND or self._marks_command(token, at)
        if self.last is None:
            self.start = start
            return self._begin(column, command)
        if self.depth:
            return _LineStart.ENDS if command and column == 0 else _LineStart.BELONGS
        if column != self.column:
            return _LineStart.BELONGS if column > self.column and token != DOC_COMMENT else _LineStart.ENDS
        goes_on = self.last.text in _TAKES_NEXT_LINE or self._goes_on(token)
        return _LineStart.BELONGS if goes_on else _LineStart.ENDS

    def _begin(self, column: int, command: bool) -> _LineStart:
        if self.line_start == 0:
            self.column += column if column > 1 else 0
        elif column < self.column:
            return _LineStart.ENDS
        else:
            self.column = column
        return _LineStart.ENDS if command else _LineStart.BELONGS

    def _marks_command(self, token: str, at: int) -> bool:
        if token == "@":
            return self._code.startswith("[", at + 1)
        return token[0] == "#" and len(token) > 1

    def _undecided(self, rest: str, column: int) -> bool:
        """Whether what follows the text could make another first token of `rest` that says otherwise."""
        if any(symbol.startswith(rest) and symbol != rest for symbol in _DECISIVE_SYMBOLS):
            return True
        if self.last is None or self.depth:
            return any(word.startswith(rest) for word in _COMMAND)
        return column == self.column and (rest in ("_", "|") or any(word.startswith(rest) for word in _GOES_ON_WORDS))

    def _goes_on(self, text: str) -> bool:
        if text == "|":
            return bool(self.seen & _HAS_ALTERNATIVES)
        if text == "_":
            return "calc" in self.seen
        return text in _GOES_ON_SYMBOLS or text in _GOES_ON_WORDS

    def _read(self, token: Token, at: int) -> None:
        """Take a token that ends at `at` of the code at hand."""
        text = token.text
        if text in OPENERS:
            self.depth += 1
        elif text in CLOSERS:
            self.depth -= 1
        elif not self.depth:
            if text == ",":
                self._comma()
            elif text in _BINDERS:
                self.binders += 1
            bullet = self.last is None and text == "." and not self._code[at : at + 1].strip()
            self.seen.add("·" if bullet else text)
        self.last = token
        self.fresh = self.decided = False

    def _comma(self) -> None:
        if self.binders:
            self.binders -= 1
        elif self.separator is None and not (self.seen & _TAKES_COMMAS):
            self.separator = self._so_far()
