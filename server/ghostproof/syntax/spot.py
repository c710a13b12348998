"""Where in a text a tactic can go, and how a tactic's text is laid out there.

Purely textual; Lean has the last word.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from enum import Enum

from ghostproof.syntax.blocks import Block, BlockKind, Item, Outline
from ghostproof.syntax.exact_term import exact_term, is_word
from ghostproof.syntax.extent import command_around
from ghostproof.syntax.given_up import SORRY
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.outline import outline
from ghostproof.syntax.scanner import edges
from ghostproof.text import SourceText


class SpotKind(Enum):
    """What stands at the spot."""

    AFTER_BY = "after by"  # right behind `by` (or `=>`, `from` of a tactic block) at the end of its line
    BLANK_LINE = "blank line"  # an indented blank line of a tactic block
    BULLET = "bullet"  # behind `·` with nothing after it
    SORRY = "sorry"  # the tactic `sorry`, or the `_` of a case, which is replaced
    TERM = "term"  # the term `sorry`, which is replaced by `by` and the tactic
    TACTIC = "tactic"  # an existing tactic, which is replaced
    BLOCK_END = "block end"  # a new line at the end of a block that leaves goals open


@dataclass(frozen=True)
class Spot:
    """A hole in a text: what is replaced, and the layout of what replaces it.

    Attributes:
        start, end: offsets (code points) of the text that is replaced; equal for a pure insertion.
        lead: text put before the tactic, such as `""`, `" "` or `"\\n  "`.
        column: column (code points) of the tactics of its block, at which the tactic's first character comes to stand
            unless others stand before it on its line; further lines are indented by it.
        tail: text put behind the tactic: the bracket that `lead` has opened, where `by` is one argument of several.
    """

    start: int
    end: int
    lead: str
    column: int
    kind: SpotKind
    tail: str = ""

    @property
    def tactic_start(self) -> int:
        """Offset of the tactic's first character in the filled text."""
        return self.start + len(self.lead)

    @property
    def is_placeholder(self) -> bool:
        """Whether it is a `sorry`, or a `_` that stands for one, that is replaced."""
        return self.kind in (SpotKind.SORRY, SpotKind.TERM)

    def shown(self, tactic: str) -> str:
        """The tactic as a person reads it in a list: the term that it gives, or with the `by` that comes with it."""
        if self.kind is not SpotKind.TERM:
            return tactic
        if term := self.term(tactic):
            return self._bracketed(term)
        before, newline, _ = self.lead.partition("\n")
        first, deeper = (f"{before}\n  ", "  ") if newline else (self.lead, " " * len(self.lead))
        return first + f"\n{deeper}".join(tactic.split("\n")) + self.tail

    def term(self, tactic: str) -> str:
        """The term of a tactic that gives one, `exact h`, where a term is asked for; else ""."""
        return exact_term(tactic) if self.kind is SpotKind.TERM else ""

    def place(self, tactic: str) -> str:
        """The text that comes to stand at this spot: the tactic laid out with its lead, or its term alone."""
        term = self.term(tactic)
        return self.laid_out(self._bracketed(term)) if term else self.lead + self.laid_out(tactic) + self.tail

    def _bracketed(self, term: str) -> str:
        """The term as it can stand here: in brackets where it is an argument and no single word."""
        return f"({term})" if self.tail and not is_word(term) else term

    def laid_out(self, tactic: str) -> str:
        """The tactic's lines, indented for this spot, without a lead."""
        indent = "\n" + " " * self.column
        return indent.join(tactic.split("\n")).replace(indent + "\n", "\n\n")

    def moved(self, by: int) -> "Spot":
        """The same spot of a text in which it stands further down."""
        return replace(self, start=self.start + by, end=self.end + by)

    def fill(self, text: str, tactic: str) -> str:
        """The whole text with the tactic in the hole."""
        return text[: self.start] + self.place(tactic) + text[self.end :]


@dataclass(frozen=True)
class Problem:
    """One of Lean's diagnostics, as far as finding a spot needs it: its offsets and its message."""

    start: int
    end: int
    message: str


def typed_prefix(spot: Spot, text: str) -> str:
    """What of the tactic at a spot of `text` is typed already; "" where the spot replaces a tactic or is empty."""
    replaces = spot.is_placeholder or spot.kind is SpotKind.TACTIC
    return "" if replaces else text[spot.start : spot.end]


def types_abbreviation(source: SourceText, offset: int) -> bool:
    """Whether a `\\abbreviation` is being typed at the cursor, which the editor is about to turn into a symbol."""
    at = source.position(offset)
    typed = source.line(at.line)[: at.column]
    # Set difference, `A \\ B`, has a blank behind its backslash.
    return not typed[-1:].isspace() and "\\" in "".join(typed.rsplit(maxsplit=1)[-1:])


def find_spot(source: SourceText, offset: int) -> Spot | None:
    """Where ghost text may stand at a cursor: a place where a tactic is due, is being typed, or is `sorry`.

    A `\\abbreviation` that is being typed, a comment, a string and the middle of a term are no such places.
    """
    site = None if types_abbreviation(source, offset) else Site.at(source, offset)
    if site is None:
        return None
    found = site.sorry() or site.term_sorry() or site.hole() or site.blank_line()
    return found or site.after_opener() or site.tactic_being_typed()


def find_action_spots(source: SourceText, offset: int, problems: Sequence[Problem] = ()) -> list[Spot]:
    """Where a command about the cursor may put a tactic, the likeliest place first.

    `problems` are Lean's diagnostics at the cursor: one about unsolved goals asks for more tactics at the end of the
    block that it is about, and one about the use of `sorry` leads to the declaration's first.
    """
    site = Site.at(source, offset)
    if site is None:
        return []
    unsolved = [spot for p in problems if "unsolved goals" in p.message and (spot := site.block_end(p.start))]
    found = [site.sorry(), site.term_sorry(), site.hole(), site.blank_line(), site.after_opener(), *unsolved]
    found += [site.tactic(), site.block_start(), site.empty_line(), site.sorry_on_line()]
    if any("declaration uses" in p.message for p in problems):
        found.append(site.first_sorry())
    return list(dict.fromkeys(spot for spot in found if spot is not None))


# Beyond this a text is not read: nobody writes it, Lean would take minutes, and the editor would have to wait.
LARGEST_TEXT, MOST_EDGES, MOST_LINES = 2 << 20, 100_000, 20_000
# What a whole term may stand behind, so that `by` may: not an application.
_BEFORE_TERM = re.compile(r"(?::=|=>|↦|<\||[(\[{⟨,$▸;]|(?<![\w.])(?:from|exact|then|else))$")
# What may stand behind a whole term, where that is `by`: no operator, and nothing that it is applied to.
_BEHIND_TERM = re.compile(r"[)\]⟩},;]|\|(?![|>])|else\b|:(?!=)|\Z")
# The function, or an argument that stands before this one: no word that says what a term is for.
_BEFORE_ARGUMENT = re.compile(
    r"(?:[)\]⟩}»]|(?<![\w.'])(?!(?:by|do|fun|have|show|suffices|let|at|with|in|where|from|exact|then|else|if|match|return)\b)"
    r"(?:\.?(?:[^\W\d]|«)[\w.'!?«»]*|\d+))$"
)
# The word in masked text, and no part of a name.
# What these take is a term: half of one says nothing about the tactic that is wanted.
_TERM_TACTIC = re.compile(r"(exact|refine'?|apply|haveI?|letI?|show|suffices|obtain|calc|from|convert)\s")


@dataclass(frozen=True)
class Site:
    """A cursor in a text with the tactic blocks around it."""

    source: SourceText
    masked: str
    cursor: int
    line_start: int
    line_end: int
    outline: Outline

    @staticmethod
    def at(source: SourceText, offset: int) -> "Site | None":
        """The cursor's surroundings; None in a comment or literal, or on a line that is indented by tabs.

        None as well where the text is far larger than any that a person has written.
        """
        if len(source.text) > LARGEST_TEXT or edges(source.text) > MOST_EDGES:
            return None
        masked, hidden = mask(source.text)
        position = source.position(offset)
        line = source.line(position.line)
        if any(region.contains(offset) for region in hidden) or "\t" in line[: len(line) - len(line.lstrip())]:
            return None
        window = command_around(source, masked, position.line, MOST_LINES)
        if window is None:
            return None
        start, end = window
        line_start = source.line_start(position.line)
        around = outline(masked, start, end, offset)
        return Site(source, masked, offset, line_start, line_start + len(line), around)

    @property
    def typed(self) -> str:
        """The cursor's line up to the cursor."""
        return self.source.text[self.line_start : self.cursor]

    @property
    def rest(self) -> str:
        """What follows on the cursor's line, comments left out."""
        return self.masked[self.cursor : self.line_end].strip()

    @property
    def column(self) -> int:
        return self.cursor - self.line_start

    # --------------------------------------------------------------------------------------------- holes

    def sorry(self) -> Spot | None:
        """The tactic `sorry` under the cursor."""
        return next((spot for spot in self._sorries() if spot.start <= self.cursor <= spot.end), None)

    def term_sorry(self) -> Spot | None:
        """The `sorry` under the cursor that is a term: a proof can stand there behind `by`."""
        match = next((m for m in SORRY.finditer(self.masked, self.line_start, self.line_end) if self._touches(m)), None)
        items = [item for block in self.outline.blocks for item in block.items]
        if match is None or any(item.start == match.start() for item in items):
            return None
        # A tactic that is nothing but `exact sorry` is replaced as a whole.
        if any(self.masked[item.start : match.end()].split() == ["exact", "sorry"] for item in items):
            return None
        before = self.masked[max(0, match.start() - 80) : match.start()].rstrip()
        rest = self.masked[match.end() : self.line_end].strip()
        if not self.outline.open:
            return None
        is_whole = _BEFORE_TERM.search(before) and _BEHIND_TERM.match(rest)
        if not is_whole and not _BEFORE_ARGUMENT.search(before):
            return None
        lead, tail = ("by ", "") if is_whole else ("(by ", ")")
        column = match.start() - self.line_start + len(lead)
        return Spot(match.start(), match.end(), lead, column, SpotKind.TERM, tail)

    def _touches(self, found: re.Match[str]) -> bool:
        return found.start() <= self.cursor <= found.end()

    def hole(self) -> Spot | None:
        """The `_` or `?_` under the cursor that stands for all that is to be done in one case of a split."""
        for block in self.outline.blocks:
            if not block.is_tactics or block.opener.text != "=>" or len(block.items) != 1:
                continue
            (item,) = block.items
            if item.start <= self.cursor <= item.end and self.source.text[item.start : item.end] in ("_", "?_"):
                return Spot(item.start, item.end, "", item.column, SpotKind.SORRY)
        return None

    def blank_line(self) -> Spot | None:
        """An indented blank line of a block, or the line right under the `by` that it is to follow."""
        if self.source.text[self.line_start : self.line_end].strip() or not self.outline.open:
            return None
        top = self.outline.open[-1]
        if self.outline.awaits and not self._has_items(top, self.cursor):
            return self._first_line(top)
        return self._aligned() if self.column else None

    def empty_line(self) -> Spot | None:
        """A blank line without indentation inside a block that goes on below it."""
        if self.source.text[self.line_start : self.line_end].strip() or self.column:
            return None
        return self._aligned()

    def after_opener(self) -> Spot | None:
        """Right behind `by`, `=>`, `·` or `;`."""
        top, before = self._top(), self.outline.before
        if top is None or before is None or not self.outline.awaits or before.start < self.line_start:
            return None
        if self.cursor < before.end or (self.rest and self.rest[0] not in ")]}⟩,;"):
            return None
        if before.text != ";" and self._has_items(top, before.end):
            return None
        bullet = before.text in ("·", ".")
        kind = SpotKind.BULLET if bullet else SpotKind.AFTER_BY
        lead = "" if self.cursor > before.end else " "
        if before.text == ";" and top.column is not None:
            return Spot(self.cursor, self.cursor, lead, top.column, kind)
        if not lead or self.rest or bullet:
            return Spot(self.cursor, self.cursor, lead, self.column + len(lead), kind)
        return Spot(self.cursor, self.cursor, "\n" + " " * top.style, top.style, kind)

    def tactic_being_typed(self) -> Spot | None:
        """The beginning of a tactic that ends at the cursor, on one line and with nothing behind it."""
        block = self._innermost_tactics()
        item = next((i for i in reversed(block.items) if i.start < self.cursor), None) if block else None
        if block is None or item is None or item.start < self.line_start or item.end > max(self.cursor, item.start):
            return None
        words = self.source.text[item.start : self.cursor]
        if self.rest and self.rest[0] not in ")]}⟩,":
            return None
        if "<;>" in words or _TERM_TACTIC.match(words):
            return None
        first_of_bullet = block.opener.text in ("·", ".") and block.items[0] is item
        kind = SpotKind.BULLET if first_of_bullet else SpotKind.BLANK_LINE if item.fresh else SpotKind.AFTER_BY
        return Spot(item.start, self.cursor, "", item.column, kind)

    # ------------------------------------------------------------------------------------ for commands only

    def tactic(self) -> Spot | None:
        """The tactic at the cursor, innermost first, or else the first one that starts on its line."""
        items = [item for block in self.outline.blocks if block.is_tactics for item in block.items]
        holding = [item for item in items if item.start <= self.cursor <= item.end]
        starting = [item for item in items if self.line_start <= item.start < self.line_end]
        item = max(holding, key=lambda i: i.start, default=None) or next(iter(starting), None)
        if item is None or self._in_conv(item):
            return None
        kind = SpotKind.SORRY if item.head == "sorry" and item.end == item.start + 5 else SpotKind.TACTIC
        return Spot(item.start, item.end, "", item.column, kind)

    def block_end(self, opener_start: int) -> Spot | None:
        """A new line at the end of the block whose first word stands at `opener_start`."""
        found = (b for b in self.outline.blocks if b.is_tactics and b.opener.start >= opener_start)
        block = next(found, None)
        if block is None or block.column is None:
            return None
        end = block.items[-1].end
        return Spot(end, end, "\n" + " " * block.column, block.column, SpotKind.BLOCK_END)

    def block_start(self) -> Spot | None:
        """Before the first tactic of a block that is opened at the cursor: that tactic, if it is a lone `sorry`."""
        top, before = self._top(), self.outline.before
        if top is None or before is None or top.column is None or not self.outline.awaits or before.text == ";":
            return None
        if before.start < self.line_start:
            return None
        first = top.items[0]
        if first.head == "sorry" and len(top.items) == 1:
            return Spot(first.start, first.end, "", first.column, SpotKind.SORRY)
        if self.masked.count("\n", before.end, first.start) == 0:
            return None
        return Spot(before.end, before.end, "\n" + " " * top.column, top.column, SpotKind.AFTER_BY)

    def sorry_on_line(self) -> Spot | None:
        """The only tactic `sorry` of the cursor's line, wherever on the line the cursor is."""
        here = [spot for spot in self._sorries() if self.line_start <= spot.start < self.line_end]
        return here[0] if len(here) == 1 else None

    def first_sorry(self) -> Spot | None:
        """The first tactic `sorry` of the declaration."""
        return min(self._sorries(), key=lambda spot: spot.start, default=None)

    # --------------------------------------------------------------------------------------------- parts

    def _sorries(self) -> Iterator[Spot]:
        for block in self.outline.blocks:
            for item in block.items:
                if block.is_tactics and item.head == "sorry":
                    yield Spot(item.start, item.start + len("sorry"), "", item.column, SpotKind.SORRY)

    def _top(self) -> Block | None:
        """The innermost open block, if it is one of tactics."""
        top = self.outline.open[-1] if self.outline.open else None
        return top if top is not None and top.is_tactics else None

    def _innermost_tactics(self) -> Block | None:
        """The innermost open block with a layout, if it is one of tactics; brackets are looked through."""
        laid_out = (block for block in reversed(self.outline.open) if block.is_layout)
        block = next(laid_out, None)
        return block if block is not None and block.is_tactics else None

    def _in_conv(self, item: Item) -> bool:
        """Whether the cursor is in a `conv` block of the tactic, where tactics have no place."""
        blocks = (b for b in self.outline.blocks if b.kind is BlockKind.CONV and b.opener.start >= item.start)
        return any(block.opener.end <= self.cursor <= block.end for block in blocks)

    @staticmethod
    def _has_items(block: Block, offset: int) -> bool:
        return any(item.start >= offset for item in block.items)

    def _first_line(self, block: Block) -> Spot | None:
        """The line on which a block that has just been opened gets its first tactic."""
        before = self.outline.before
        if not block.is_tactics or before is None:
            return None
        directly_below = self.masked.count("\n", before.end, self.cursor) == 1
        if not self.column and not directly_below:
            return None
        column = self.column if self.column >= block.style else block.style
        return Spot(self.cursor, self.cursor, " " * (column - self.column), column, SpotKind.BLANK_LINE)

    def _aligned(self) -> Spot | None:
        """The block whose column the cursor is at, or is about to reach; none when it is right of all of them."""
        found: Block | None = None
        for block in reversed(self.outline.open):
            if block.kind is BlockKind.BRACKET:
                break
            if not block.is_layout or block.column is None or block.column < self.column:
                break
            if block.column == self.column or block.items[0].fresh:
                found = block
        if found is None or found.column is None or not found.is_tactics:
            return None
        lead = " " * (found.column - self.column)
        return Spot(self.cursor, self.cursor, lead, found.column, SpotKind.BLANK_LINE)
