"""A script of tactics taken apart: its steps, and the blocks and proofs in each. A reading of layout, not a parser."""

import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass

from ghostproof.syntax import brackets
from ghostproof.syntax.blocks import Block, BlockKind, Item
from ghostproof.syntax.given_up import has_sorry
from ghostproof.syntax.lexical import mask, tokens
from ghostproof.syntax.outline import outline

HOLE = "?_"
BULLETS = frozenset({"·", ".", "case", "case'", "next"})
# What these state is proved by a term, where there is no block.
_STATING = frozenset({"have", "calc"})
_HEAD = "example : True := by\n"
_INDENT = 2


@dataclass(frozen=True)
class Inner:
    """A block of tactics in a step, or a term that proves what the step states.

    Attributes:
        start, end: what a hole replaces of the step's text, as offsets: with its `by`, or what stands behind `=>`.
        script: the block's own lines, laid out at column 0.
    """

    start: int
    end: int
    script: str


@dataclass(frozen=True)
class ScriptStep:
    """One tactic of a script.

    Attributes:
        text: lines relative to column 0.
        head: its first word.
        inner: the blocks and terms in it that are in no other of it.
    """

    text: str
    head: str
    inner: tuple[Inner, ...] = ()

    @property
    def is_bullet(self) -> bool:
        """It is about one of the goals that a step above leaves."""
        return self.head in BULLETS

    @property
    def unfinished(self) -> tuple[int, ...]:
        """Which of its blocks have a `sorry` in them."""
        return tuple(nth for nth, block in enumerate(self.inner) if has_sorry(block.script))

    def hollow(self, which: Collection[int]) -> str:
        """The text with holes in place of some of its blocks."""
        text = self.text
        for nth in sorted(which, reverse=True):
            block = self.inner[nth]
            text = text[: block.start] + HOLE + text[block.end :]
        # `exact` takes no holes.
        return re.sub(r"^exact\b", "refine", text) if which else text


def script_steps(script: str) -> tuple[ScriptStep, ...]:
    """The steps of a script that is laid out at column 0; none where it can't be read."""
    text = _HEAD + "".join(f"{' ' * _INDENT}{line}\n" for line in script.split("\n"))
    masked, _ = mask(text)
    blocks = outline(masked, 0, len(masked), len(masked)).blocks
    if not blocks or blocks[0].opener.text != "by":
        return ()
    inner = [block for block in blocks[1:] if block.kind is BlockKind.TACTICS and block.items]
    return tuple(_step(text, item, inner) for item in blocks[0].items)


def _step(text: str, item: Item, blocks: list[Block]) -> ScriptStep:
    found: list[Inner] = []
    end = item.start
    for block in blocks:
        if end <= block.opener.start < item.end:
            first, last = block.items[0], block.items[-1]
            start = block.opener.start if block.opener.text == "by" else first.start
            script = "\n".join(_laid_out(text, part) for part in block.items)
            found.append(Inner(_offset(text, item, start), _offset(text, item, last.end), script))
            end = last.end
    laid_out = _laid_out(text, item)
    terms = [term for term in _terms(laid_out, item.head) if all(not _overlap(term, block) for block in found)]
    return ScriptStep(laid_out, item.head, tuple(sorted([*found, *terms], key=lambda inner: inner.start)))


def _terms(step: str, head: str) -> Iterator[Inner]:
    """The terms behind `:=` that prove what stands before it: of `have h : p := e`, and of the steps of a `calc`."""
    if head not in _STATING:
        return
    masked, _ = mask(step)
    depth, stated, start = 0, head == "calc", -1
    for token in tokens(masked, 0, len(masked)):
        depth += brackets.step(token.text)
        if depth:
            continue
        if token.text == ":":
            stated = True
        elif token.text == ":=" and start < 0:
            if not stated:
                return
            start = token.end
        elif (
            token.text == "_" and head == "calc" and start >= 0 and not step[: token.start].rpartition("\n")[2].strip()
        ):
            yield from _term(step, start, token.start)
            start = -1
    if start >= 0:
        yield from _term(step, start, len(step))


def _term(step: str, start: int, end: int) -> Iterator[Inner]:
    value = step[start:end].strip()
    first = start + len(step[start:end]) - len(step[start:end].lstrip())
    if value and not re.match(r"by\b", value):
        yield Inner(first, first + len(value), f"exact {value}")


def _overlap(one: Inner, other: Inner) -> bool:
    return one.start < other.end and other.start < one.end


def _laid_out(text: str, item: Item) -> str:
    first, *rest = text[item.start : item.end].split("\n")
    return "\n".join([first, *(line[min(item.column, len(line) - len(line.lstrip())) :] for line in rest)])


def _offset(text: str, item: Item, at: int) -> int:
    """An offset in the text as one in the item's own, laid out."""
    return len(_laid_out(text, Item(item.start, at, item.column, item.line, item.head, item.fresh)))
