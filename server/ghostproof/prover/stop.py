"""Where one tactic ends in the text that a model writes. Purely textual, so that engine and client cut alike.

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

from ghostproof.blocks import COMMANDS
from ghostproof.lexical import Token, mask, tokens
from ghostproof.prover.protocol import Stop, StopRule

FENCE = "```"

_OPENERS, _CLOSERS = frozenset("([{⟨⟦‹"), frozenset(")]}⟩⟧›")


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


# At the end of a line these want more.
_OPEN_AT_LINE_END = _words(
    "by := => ↦ do then else with from at using in fun λ only generalizing calc first | , ; : . · ▸ $ <| |> <;> <|> "
    "+ - * / % ^ = ≠ ≤ ≥ < > ∧ ∨ ¬ → ← ↔ ∣ ∪ ∩ ⊆ ⊂ ∈ ∉ × ∘ • ≡ ≈ ≃ && || ++ :: ∀ ∃ ∑ ∏ ∃! "
    "exact refine refine' apply rw rewrite have haveI let letI show suffices obtain rcases rintro convert use exists "
    "change set replace specialize case next on_goal conv try repeat all_goals any_goals focus iterate induction cases"
)
# A tactic with one of these, outside brackets, may have further lines, which are indented deeper.
_MAY_GO_ON = _words(
    "by := => ↦ do then else with from using fun λ calc match if first : · ▸ $ <| |> conv aesop "
    "exact refine refine' apply have haveI let letI show suffices obtain convert use exists existsi change set replace "
    "specialize case next"
)
# A line at the tactic's own column that begins with one of these belongs to it: none of them begins a tactic.
_GOES_ON_SYMBOLS = _words("<;> <|>")
_GOES_ON_WORDS = _words("at with using else then generalizing")
# Behind one of these at the end of a line, a tactic may follow at the same column.
_TAKES_NEXT_LINE = _words("in <;>")
_HAS_ALTERNATIVES = _words("induction cases match fun_induction fun_cases first fun λ with rcases obtain rintro intro")
_TAKES_COMMAS = _words("use exists existsi match induction cases")
_BINDERS = _words("∀ ∃ ∑ ∏ ∫ ⋃ ⋂ ⨆ ⨅ Σ Π ∃!")
# `open … in` and `set_option … in` are tactics, too.
_DOC_COMMENT = "\0"
_COMMAND = (COMMANDS - _words("open set_option")) | {_DOC_COMMENT}
# Symbols that say so, or otherwise, only as a whole.
_DECISIVE_SYMBOLS = _GOES_ON_SYMBOLS | {FENCE, "--", "/-", "@[", "#eval"}
# The beginning of a character literal at the end of a text: what is in it may be a bracket, or not.
_OPEN_CHARACTER = re.compile(r"(?<![\w'!?»✝])'(?:\\[^'\n]*|[^\\'\n]?)$")


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
    if not final and not any(mark in text for mark in ("\n", FENCE, *_CLOSERS)):
        return None
    code = _code(text)
    limit = len(code)
    unread = None if final else _OPEN_CHARACTER.search(code)
    if unread:
        limit = unread.start()
    fence = code.find(FENCE, 0, limit)
    if fence >= 0:
        limit, final = fence, True
    end = _Reader(code, limit, final, column).end()
    return None if end is None else len(text[:end].rstrip())


class Extent(NamedTuple):
    """A tactic in a text: offsets of its first character and behind its last, and its column in code points."""

    start: int
    end: int
    column: int


def tactic_extent(text: str, column: int = 0) -> Extent:
    """The tactic that a finished text begins with; empty where there is none. Arguments as for `tactic_end`."""
    code = _code(text)
    fence = code.find(FENCE)
    reader = _Reader(code, fence if fence >= 0 else len(code), True, column)
    end = len(text[: reader.end()].rstrip())
    return Extent(min(reader.start, end), end, reader.column)


def candidate_end(text: str, stop: Stop, *, final: bool = False) -> int | None:
    """Offset at which a candidate is complete by `stop`: its strings and its rule; None while it may still go on.

    With `final` an end is always found: that of the text where nothing else ends it.
    """
    ends = [at for string in stop.strings if string and (at := text.find(string)) >= 0]
    if stop.rule is StopRule.TACTIC:
        before = len(stop.before)
        shown = text[: min(ends)] if ends else text
        end = tactic_end(stop.before + shown, stop.column, final=final or bool(ends))
        return None if end is None else max(0, end - before)
    return min(ends) if ends else len(text) if final else None


def _code(text: str) -> str:
    """The text without comments, each literal as one token without line ends, and doc comments as a mark."""
    masked, regions = mask(text)
    pieces: list[str] = []
    at = 0
    for region in regions:
        pieces.append(masked[at : region.start])
        inside = masked[region.start : region.end]
        if not region.is_comment:
            inside = inside.replace("\n", "0")
        elif text.startswith(("/--", "/-!"), region.start):
            line = masked[masked.rfind("\n", 0, region.start) + 1 : region.start]
            inside = inside if line.strip() else _DOC_COMMENT + inside[1:]
        pieces.append(inside)
        at = region.end
    return "".join((*pieces, masked[at:]))


class _Line(Enum):
    """What the first token of a line says about the tactic above it."""

    BELONGS = "belongs"
    ENDS = "ends"
    UNKNOWN = "unknown"


@dataclass
class _Reader:
    """Reads the tokens of one tactic.

    Attributes:
        code: the text as `_code` gives it, read up to `limit`.
        final: nothing follows what is there.
        column: that of the tactic, once it has begun; so is `start`, its offset.
        separator: end of the part before the first comma outside brackets, which ends a tactic that is inside some.
    """

    code: str
    limit: int
    final: bool
    column: int
    start: int = 0
    last: Token | None = None
    line_start: int = 0
    depth: int = 0
    binders: int = 0
    separator: int | None = None
    seen: set[str] = field(default_factory=set)

    def end(self) -> int | None:
        for token in tokens(self.code, 0, self.limit):
            fresh = self._advance(token.start)
            if fresh and self._complete():
                return self._so_far()
            if fresh or self.last is None:
                match self._first(token):
                    case _Line.ENDS:
                        return self._so_far()
                    case _Line.UNKNOWN:
                        return None
            if token.text in _CLOSERS and self.depth == 0:
                return self._so_far() if self.separator is None else self.separator
            self._read(token)
        ended = self.final or (self._advance(self.limit) and self._complete())
        return self._so_far() if ended else None

    def _so_far(self) -> int:
        return self.last.end if self.last else 0

    def _advance(self, to: int) -> bool:
        """Move on; whether a line ended on the way."""
        at = self.code.rfind("\n", self._so_far(), to)
        if at < 0:
            return False
        self.line_start = at + 1
        return True

    def _complete(self) -> bool:
        """Whether the tactic is over at the end of its line, whatever follows."""
        if self.last is None or self.depth or (self.seen & _MAY_GO_ON):
            return False
        starred = self.last.text == "*" and "at" in self.seen
        return starred or self.last.text not in _OPEN_AT_LINE_END

    def _first(self, token: Token) -> _Line:
        """What the first token of a line, or of the whole text, says."""
        column = token.start - self.line_start
        if not self.final and self._undecided(token, column):
            return _Line.UNKNOWN
        command = token.text in _COMMAND or self._marks_command(token)
        if self.last is None:
            self.start = token.start
            return self._begin(column, command)
        if self.depth:
            return _Line.ENDS if command and column == 0 else _Line.BELONGS
        if column != self.column:
            return _Line.BELONGS if column > self.column and token.text != _DOC_COMMENT else _Line.ENDS
        goes_on = self.last.text in _TAKES_NEXT_LINE or self._goes_on(token.text)
        return _Line.BELONGS if goes_on else _Line.ENDS

    def _begin(self, column: int, command: bool) -> _Line:
        if self.line_start == 0:
            self.column += column if column > 1 else 0
        elif column < self.column:
            return _Line.ENDS
        else:
            self.column = column
        return _Line.ENDS if command else _Line.BELONGS

    def _marks_command(self, token: Token) -> bool:
        if token.text == "@":
            return self.code.startswith("[", token.end)
        return token.text[0] == "#" and len(token.text) > 1

    def _undecided(self, token: Token, column: int) -> bool:
        """Whether the text ends with the token, and what follows could make another one of it that says otherwise."""
        rest = self.code[token.start : self.limit]
        if any(symbol.startswith(rest) and symbol != rest for symbol in _DECISIVE_SYMBOLS):
            return True
        if self.last is None or self.depth:
            return any(word.startswith(rest) for word in _COMMAND)
        return column == self.column and (rest == "_" or any(word.startswith(rest) for word in _GOES_ON_WORDS))

    def _goes_on(self, text: str) -> bool:
        if text == "|":
            return bool(self.seen & _HAS_ALTERNATIVES)
        if text == "_":
            return "calc" in self.seen
        return text in _GOES_ON_SYMBOLS or text in _GOES_ON_WORDS

    def _read(self, token: Token) -> None:
        text = token.text
        if text in _OPENERS:
            self.depth += 1
        elif text in _CLOSERS:
            self.depth -= 1
        elif not self.depth:
            if text == ",":
                self._comma()
            elif text in _BINDERS:
                self.binders += 1
            bullet = self.last is None and text == "." and not self.code[token.end : token.end + 1].strip()
            self.seen.add("·" if bullet else text)
        self.last = token

    def _comma(self) -> None:
        if self.binders:
            self.binders -= 1
        elif self.separator is None and not (self.seen & _TAKES_COMMAS):
            self.separator = self._so_far()
