"""A tactic's lines, broken where they would be too wide for the column at which they come to stand.

Lean breaks its advice for column 0, and whoever proposes a tactic does not know the spot at all. Lean's layout is kept:
what stands behind an inline `by` is moved to a line of its own before anything inside of it is broken, as a block's
column is that of its first tactic, and all that belongs to the block has to stand right of it.
Purely textual; Lean has the last word.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from ghostproof.syntax.brackets import CLOSERS, OPENERS, step
from ghostproof.syntax.lexical import mask, tokens
from ghostproof.syntax.spot import Spot

WIDTH = 100
_INDENT = 2
# At the end of a line these begin a block on the lines below, which is none with the line above.
_BEGINS_BLOCK = re.compile(r"(?:\b(?:by|do|with|then|else|calc)|=>|↦|·)$")
# A line that begins like this is no continuation of the one above, however deep it stands.
_OWN_LINE = ("|", "·", "_ ", "calc", "else", "where")
_ALTERNATIVE = re.compile(r"\s*(?:\||case\b|next\b)")
_BULLET = re.compile(r"\s*(?:·|\.)\s+")
_BREAK_BEHIND = frozenset({",", "<;>", ";", ":=", "=>", "↦", "<|>", "<|", "|>", "∧", "∨", "→", "↔", "=", "$", "▸"})
_OR_BEHIND = frozenset({"+", "*", "++", "-", "&&", "||"})
_NOT_BEFORE = frozenset({",", ";", ":=", "=>", "<;>", "|>.", "|"})


def fitted(tactic: str, text: str, spot: Spot) -> str:
    """The tactic with no line that is too wide at a spot of `text` and could be broken.

    A tactic with a comment, or a literal over several lines, is left as it is.
    """
    if fits(tactic, text, spot):
        return tactic
    _, regions = mask(tactic)
    if any(region.is_comment or "\n" in tactic[region.start : region.end] for region in regions):
        return tactic
    broken: list[str] = []
    for line in _rejoined(tactic.split("\n")):
        column = spot.column if broken else _first_column(text, spot)
        broken += _broken(line, WIDTH - column, WIDTH - spot.column)
    return "\n".join(broken)


def fits(tactic: str, text: str, spot: Spot) -> bool:
    """Whether no line of the tactic is too wide at a spot of `text`."""
    first, *others = tactic.split("\n")
    return _first_column(text, spot) + len(first) <= WIDTH and all(spot.column + len(line) <= WIDTH for line in others)


def _first_column(text: str, spot: Spot) -> int:
    before = text[text.rfind("\n", 0, spot.start) + 1 : spot.start] + spot.lead
    return len(before) - (before.rfind("\n") + 1)


def _rejoined(lines: Sequence[str]) -> Iterator[str]:
    """The lines as they were before somebody broke them for another column."""
    whole = lines[0]
    for line in lines[1:]:
        if _depth(line) > _depth(whole) and not _BEGINS_BLOCK.search(whole) and not line.lstrip().startswith(_OWN_LINE):
            whole = f"{whole} {line.lstrip()}" if whole[-1:] not in OPENERS else whole + line.lstrip()
        else:
            yield whole
            whole = line
    yield whole


def _broken(line: str, room: int, rest: int) -> list[str]:
    """A line in pieces of `room` characters, and `rest` for all but the first; longer where nothing can be done."""
    pieces: list[str] = []
    bullet = _BULLET.match(line)
    deeper = (bullet.end() if bullet else _depth(line)) + _INDENT
    while len(line) > room and (cut := _cut(line, room)) is not None:
        tail = " " * deeper + line[cut.at :].lstrip()
        if len(tail) >= len(line):
            break
        pieces.append(line[: cut.at].rstrip())
        line, room = tail, rest
        deeper += _INDENT if cut.begins_block else 0
    return [*pieces, line]


@dataclass(frozen=True)
class _Cut:
    """Where a line is broken; what follows may be a block of tactics."""

    at: int
    begins_block: bool


def _cut(line: str, room: int) -> _Cut | None:
    """The best place to break a line of which `room` characters fit."""
    gaps: list[tuple[int, int, int]] = []  # depth, how bad it looks, offset
    walk = _Walk(line)
    start, previous = _depth(line), ""
    for token in tokens(walk.masked, 0, len(line)):
        gap = line[token.start - 1 : token.start].isspace() and token.start > start
        stays = token.text in _NOT_BEFORE or (previous == ":=" and token.text == "by")
        if gap and token.start <= room + 1 and not walk.blocks and not stays:
            gaps.append((walk.depth, _badness(previous), token.start))
        if token.end > room:
            break
        walk.take(token.text, token.start, token.end)
        previous = token.text
    if walk.blocks:
        return _Cut(walk.blocks[0], begins_block=True)
    late = [gap for gap in gaps if 3 * gap[2] >= start + room]
    if not gaps:
        return None
    return _Cut(min(late or gaps, key=lambda gap: (gap[0], gap[1], -gap[2]))[2], begins_block=False)


def _badness(word: str) -> int:
    """How it looks where a line ends with a word."""
    return 0 if word in _BREAK_BEHIND else 1 if word in _OR_BEHIND else 2


class _Walk:
    """A line up to some token: which brackets are open, and which blocks of tactics begin on it and go on."""

    def __init__(self, line: str) -> None:
        self.masked = mask(line)[0]
        self._start = _depth(line)
        self._open: list[int] = []  # for each open bracket, how many blocks there were before it
        self.blocks: list[int] = []  # where the first tactic of each open block may be put on a line of its own
        self._alternative = _ALTERNATIVE.match(self.masked) is not None

    @property
    def depth(self) -> int:
        return len(self._open)

    def take(self, word: str, start: int, end: int) -> None:
        """Go on behind a token."""
        if word in OPENERS:
            self._open.append(len(self.blocks))
            # At the beginning of a line there is nothing to gain by it: further lines stand right of it anyway.
            if word == "(" and start > self._start and self._has_steps(start):
                self.blocks.append(end)
        elif word in CLOSERS:
            if self._open:
                del self.blocks[self._open.pop() :]
        elif word == ",":
            del self.blocks[self._open[-1] if self._open else 0 :]
        elif (word == "by" and end < len(self.masked)) or (word == "=>" and self._alternative and not self._open):
            self._alternative = False
            self.blocks.append(end)

    def _has_steps(self, start: int) -> bool:
        """Whether the bracket that opens there is one around several tactics."""
        depth = 0
        for token in tokens(self.masked, start, len(self.masked)):
            depth += step(token.text)
            if depth == 0:
                return False
            if depth == 1 and token.text == ";":
                return True
        return False


def _depth(line: str) -> int:
    return len(line) - len(line.lstrip(" "))
