"""Where a goal of a search stands: the file's text with the proof so far in it, and the hole of the goal."""

import re
from dataclasses import replace
from functools import lru_cache

from ghostproof.syntax.brackets import step
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.syntax.words import KEPT_READINGS, command_starts
from ghostproof.verify.advance import Place

_INDENT = 2
_BY = re.compile(r":=\s+by[ \t]+$")
# What begins a block before the proof does, and what says what something is; in brackets it says nothing of the proof.
_BEFORE = re.compile(r"(?<![\w.'])(?P<block>by|where|do|calc)(?![\w'])|(?P<is>:=)|(?P<bracket>[()\[\]{}⟨⟩⦃⦄])")
_MARK = "\ue000"  # stands in no Lean text: a character of private use


@lru_cache(maxsize=KEPT_READINGS)
def block_spot(text: str, spot: Spot) -> Spot:
    """The spot for a proof of several lines: below the `by` that comes with a term, or that a declaration ends with."""
    line = text[text.rfind("\n", 0, spot.start) + 1 : spot.start]
    if spot.kind is SpotKind.SORRY and _is_all_of_a_proof(text, spot, line):
        blanks = len(line) - len(line.rstrip())
        return replace(spot, start=spot.start - blanks, lead="\n" + " " * _INDENT, column=_INDENT)
    if spot.kind is not SpotKind.TERM:
        return spot
    column = len(line) - len(line.lstrip()) + _INDENT
    return replace(spot, lead=("(" if spot.tail else "") + "by\n" + " " * column, column=column)


def _is_all_of_a_proof(text: str, spot: Spot, line: str) -> bool:
    """Whether a command at the margin ends with `:= by` and this placeholder on one line, and it has no other block."""
    if not _BY.search(line) or text[spot.end :].partition("\n")[0].strip():
        return False
    masked = mask(text)[0]
    starts = list(command_starts(masked, 0, spot.start))
    if not starts:
        return False
    depth, outside = 0, []
    for found in _BEFORE.finditer(masked, starts[-1], spot.start):
        if found["bracket"]:
            depth += step(found[0])
        elif not depth:
            outside.append(found[0])
    return outside == [":=", "by"]


def inner(text: str, spot: Spot, script: str, mark: str = _MARK) -> Place:
    """The place of the goal at `mark` in a script that stands at `spot` of `text`."""
    filled = spot.fill(text, script)
    start = filled.index(mark)
    line = filled.rfind("\n", 0, start) + 1
    whole = filled.replace(mark, "sorry")
    return Place(whole, Spot(start, start + len("sorry"), "", start - line, SpotKind.SORRY))


def script_mark() -> str:
    """What stands for the hole of a goal in a script until its place is known."""
    return _MARK
