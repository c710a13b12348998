"""The parts of a term in which `by` may stand instead: arms, bodies, components, arguments in brackets, values.

A reading of tokens and columns, not a parser. Where it is wrong, Lean sees no goal in such a part, or accepts nothing.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise

from ghostproof.syntax.brackets import CLOSER_OF, OPENERS
from ghostproof.syntax.lexical import Token

# Nobody writes terms that are deeper.
DEEPEST = 32
_FUNCTIONS = frozenset({"fun", "λ"})
_ARROWS = frozenset({"=>", "↦"})
_LOCAL = frozenset({"have", "let", "haveI", "letI", "suffices", "show"})
_REST = frozenset({"<|", "$"})
_BINDERS = _FUNCTIONS | _LOCAL | frozenset({"∀", "∃", "Σ", "Π", "match", "if", "by"})
_NAMED = frozenset({"{", ",", "with"})


@dataclass(frozen=True)
class TermPart:
    """A stretch of a term that is a term itself, and its parts.

    Attributes:
        start, end: offsets.
        is_block: it is `by` with its tactics.
    """

    start: int
    end: int
    parts: tuple["TermPart", ...] = ()
    is_block: bool = False


class TermReader:
    """Reads terms among the tokens of one declaration.

    Args:
        found: the tokens, in their order.
        masked: the text that they are of.
        blocks: where the tactics of each `by` end, by the offset of the `by`.
    """

    def __init__(self, found: list[Token], masked: str, blocks: Mapping[int, int]) -> None:
        self.tokens = found
        self._blocks = blocks
        self._column: list[int] = []
        self._fresh: list[bool] = []
        self._close = _pairs(found)
        line = masked.rfind("\n", 0, found[0].start) + 1 if found else 0
        for nth, token in enumerate(found):
            start = masked.rfind("\n", line, token.start) + 1 or line
            self._fresh.append(start != line or nth == 0)
            line = start
            self._column.append(token.start - line)

    def term(self, first: int, end: int, depth: int = 0) -> TermPart | None:
        """The term that the tokens from `first` up to `end` are; None if there are none, and for a literal."""
        if first >= end or (first + 1 == end and self.tokens[first].text[0].isdigit()):
            return None
        start = self.tokens[first].start
        if self.tokens[first].text == "by" and self._behind(first, end) >= end:
            return TermPart(start, self._blocks.get(start, self.tokens[end - 1].end), is_block=True)
        parts = tuple(self._parts(first, end, depth + 1)) if depth < DEEPEST else ()
        return TermPart(start, self.tokens[end - 1].end, parts)

    def arms(self, bar: int, end: int, depth: int = 0) -> Iterator[TermPart]:
        """The right-hand sides of the alternatives that begin with the bar at `bar`."""
        bars = [*self._own_bars(bar, end), end]
        for here, behind in pairwise(bars):
            arrow = self.find(_ARROWS, here + 1, behind)
            if arrow is not None:
                yield from self._some(self.term(arrow + 1, behind, depth))

    def find(self, wanted: frozenset[str], first: int, end: int) -> int | None:
        """The first of these tokens outside of brackets and blocks."""
        return next((at for at in self.outside(first, end) if self.tokens[at].text in wanted), None)

    def outside(self, first: int, end: int) -> Iterator[int]:
        """The tokens outside of brackets and of blocks; of these only what begins them."""
        at = first
        while at < end:
            yield at
            at = self._behind(at, end)

    def is_fresh(self, at: int) -> bool:
        """Whether a token is the first of its line."""
        return self._fresh[at]

    # --------------------------------------------------------------------------------------------------------- parts

    def _parts(self, first: int, end: int, depth: int) -> Iterator[TermPart]:
        at = first
        while at < end:
            text, behind = self.tokens[at].text, self._behind(at, end)
            if text in OPENERS:
                yield from self._bracket(at, behind - 1, depth)
            elif text == "by":
                yield from self._some(self.term(at, behind, depth))
            elif text in _FUNCTIONS:
                yield from self._function(at, end, depth)
                return
            elif text in _REST:
                yield from self._some(self.term(at + 1, end, depth))
                return
            elif text == "match":
                head = self.find(frozenset({"with"}), at + 1, end)
                bar = self.find(frozenset({"|"}), head, end) if head is not None else None
                yield from self.arms(bar, end, depth) if bar is not None else ()
                return
            elif text in _LOCAL:
                yield from self._local(at, end, depth)
                return
            elif text == "if":
                yield from self._branches(at, end, depth)
                return
            elif text == "calc":
                yield from self._steps(at, end, depth)
                return
            at = behind

    def _function(self, at: int, end: int, depth: int) -> Iterator[TermPart]:
        if at + 1 < end and self.tokens[at + 1].text == "|":
            yield from self.arms(at + 1, end, depth)
        elif (arrow := self.find(_ARROWS, at + 1, end)) is not None:
            yield from self._some(self.term(arrow + 1, end, depth))

    def _local(self, at: int, end: int, depth: int) -> Iterator[TermPart]:
        """The value of `have h : t := value`, or of `show t from value`, and what stands below it."""
        below = next((nth for nth in self.outside(at + 1, end) if self._begins_body(nth, at)), end)
        assigned = self.find(frozenset({":=", "from"}), at + 1, below)
        value = assigned + 1 if assigned is not None else self.find(frozenset({"by"}), at + 1, below)
        if value is not None:
            yield from self._some(self.term(value, below, depth))
        body = below + 1 if below < end and self.tokens[below].text == ";" else below
        yield from self._some(self.term(body, end, depth))

    def _begins_body(self, nth: int, head: int) -> bool:
        return self.tokens[nth].text == ";" or (self._fresh[nth] and self._column[nth] <= self._column[head])

    def _branches(self, at: int, end: int, depth: int) -> Iterator[TermPart]:
        then = self.find(frozenset({"then"}), at + 1, end)
        open_, other = 0, None
        for nth in self.outside(then + 1, end) if then is not None else ():
            text = self.tokens[nth].text
            if text == "else" and open_ == 0:
                other = nth
                break
            open_ += (text == "if") - (text == "else")
        if then is not None and other is not None:
            yield from self._some(self.term(then + 1, other, depth))
            yield from self._some(self.term(other + 1, end, depth))

    def _steps(self, at: int, end: int, depth: int) -> Iterator[TermPart]:
        steps = [at + 1]
        steps += [
            nth
            for nth in self.outside(at + 2, end)
            if self._fresh[nth] and (self.tokens[nth].text == "_" or self._column[nth] == self._column[at + 1])
        ]
        for here, behind in zip(steps, [*steps[1:], end], strict=True):
            assigned = self.find(frozenset({":="}), here, behind)
            if assigned is not None:
                yield from self._some(self.term(assigned + 1, behind, depth))

    # ------------------------------------------------------------------------------------------------------ brackets

    def _bracket(self, at: int, close: int, depth: int) -> Iterator[TermPart]:
        text = self.tokens[at].text
        if text == "{":
            yield from self._fields(at, close, depth)
        elif text in ("(", "⟨", "["):
            commas = [nth for nth in self.outside(at + 1, close) if self.tokens[nth].text == ","]
            for here, behind in zip([at, *commas], [*commas, close], strict=True):
                first, last = here + 1, behind
                if text == "(" and first + 1 < last and self.tokens[first + 1].text == ":=":
                    first += 2
                elif text == "(":
                    last = self._before_type(first, last)
                yield from self._some(self.term(first, last, depth))

    def _before_type(self, first: int, end: int) -> int:
        """Where the `: t` of a term begins."""
        for nth in self.outside(first, end):
            if self.tokens[nth].text == ":":
                return nth
            if self.tokens[nth].text in _BINDERS:
                break
        return end

    def _fields(self, at: int, close: int, depth: int) -> Iterator[TermPart]:
        """The values of a structure in braces."""
        names = [
            nth
            for nth in self.outside(at + 1, close - 1)
            if self.tokens[nth + 1].text == ":=" and (self._fresh[nth] or self.tokens[nth - 1].text in _NAMED)
        ]
        for name, behind in zip(names, [*names[1:], close], strict=True):
            comma = self.find(frozenset({","}), name + 2, behind)
            yield from self._some(self.term(name + 2, behind if comma is None else comma, depth))

    # --------------------------------------------------------------------------------------------------------- edges

    def _behind(self, at: int, end: int) -> int:
        """The token behind one, or behind all that it opens."""
        text, start = self.tokens[at].text, self.tokens[at].start
        if text in OPENERS:
            return min(self._close.get(at, end - 1) + 1, end)
        if text == "by":
            stop = self._blocks.get(start, start)
            return next((nth for nth in range(at + 1, end) if self.tokens[nth].start >= stop), end)
        return at + 1

    def _own_bars(self, bar: int, end: int) -> Iterator[int]:
        """The bars of one list of alternatives: those of a `match` in one of them stand further right."""
        inner: list[int] = []
        opening, arrow = False, True
        for nth in self.outside(bar, end):
            text = self.tokens[nth].text
            if text in _ARROWS:
                arrow = True
            elif text == "match" or (text in _FUNCTIONS and nth + 1 < end and self.tokens[nth + 1].text == "|"):
                opening = True
            elif text == "|" and opening:
                inner.append(self._column[nth])
                opening = False
            elif text == "|":
                while inner and self._column[nth] < inner[-1]:
                    inner.pop()
                if not inner and arrow:
                    arrow = False
                    yield nth

    @staticmethod
    def _some(found: TermPart | None) -> Iterator[TermPart]:
        if found is not None:
            yield found


def _pairs(found: list[Token]) -> dict[int, int]:
    """Which token closes which."""
    pairs: dict[int, int] = {}
    open_: list[int] = []
    for nth, token in enumerate(found):
        if token.text in OPENERS:
            open_.append(nth)
        elif open_ and token.text == CLOSER_OF[found[open_[-1]].text]:
            pairs[open_.pop()] = nth
    return pairs
