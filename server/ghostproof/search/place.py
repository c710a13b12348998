"""Where a goal of a search stands: the file's text with the proof so far in it, and the hole of the goal."""

from dataclasses import replace

from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.advance import Place

_MARK = "\ue000"  # stands in no Lean text: a character of private use


def block_spot(text: str, spot: Spot) -> Spot:
    """The spot for a proof of several lines: where a term is replaced, the proof goes below its `by`."""
    if spot.kind is not SpotKind.TERM:
        return spot
    line = text[text.rfind("\n", 0, spot.start) + 1 : spot.start]
    column = len(line) - len(line.lstrip()) + 2
    return replace(spot, lead=("(" if spot.tail else "") + "by\n" + " " * column, column=column)


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
