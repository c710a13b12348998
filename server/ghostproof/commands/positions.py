"""What `FILE[:LINE[:COL]]` names in a Lean file: its text, and the places that something is asked about."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ghostproof.errors import BadInput, NoGoal
from ghostproof.syntax.given_up import SORRY
from ghostproof.syntax.spot import Spot, find_action_spots
from ghostproof.text import Position, SourceText

PLACE = re.compile(r"(?P<file>.+?):(?P<line>\d+)(?::(?P<column>\d+))?", re.DOTALL)
# What can be asked about at an offset, the likeliest first.
SpotsAt = Callable[[SourceText, int], Sequence[Spot]]


@dataclass(frozen=True)
class AskedPosition:
    """A position of a file that suggestions are wanted for."""

    path: Path
    source: SourceText
    position: Position
    spots: tuple[Spot, ...]


def read_source(path: Path) -> SourceText:
    """The text of a Lean file.

    Raises:
        BadInput: it is missing, unreadable, or not UTF-8.
    """
    try:
        return SourceText(path.read_bytes().decode("utf-8"))
    except FileNotFoundError:
        raise BadInput(f"There is no file {path}.", "Give a Lean file as FILE:LINE or FILE:LINE:COL.") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder.", "Give a Lean file as FILE:LINE or FILE:LINE:COL.") from None
    except UnicodeDecodeError as problem:
        raise BadInput(f"{path} is not UTF-8: {problem.reason} at byte {problem.start}.") from None
    except OSError as problem:
        raise BadInput(f"Cannot read {path}: {problem.strerror}.") from None


def places(text: str, spots_at: SpotsAt = find_action_spots) -> list[AskedPosition]:
    """What `FILE[:LINE[:COL]]` names; a line alone means each `sorry` of it, or else its beginning.

    Raises:
        BadInput: no such file, or the position is outside it.
        NoGoal: no tactic can go there.
    """
    found = None if Path(text).is_file() else PLACE.fullmatch(text)
    path = Path(found["file"] if found else text)
    source = read_source(path)
    path = path.resolve()
    if found is None:
        return every_sorry(path, source)
    line = int(found["line"]) - 1
    _check_inside(path, source, Position(line, 0))
    columns = [int(found["column"]) - 1] if found["column"] else _columns(source.line(line))
    asked = []
    for position in (Position(line, column) for column in columns):
        _check_inside(path, source, position)
        if spots := spots_at(source, source.offset(position)):
            asked.append(AskedPosition(path, source, position, tuple(spots)))
    if not asked:
        raise NoGoal(
            f"No tactic can go at line {line + 1}, column {columns[0] + 1} of {path.name}.",
            "Point behind `by`, at a blank line of a tactic block, at a tactic, or at `sorry`.",
        )
    return list({place.spots[0]: place for place in reversed(asked)}.values())[::-1]


def _columns(line: str) -> list[int]:
    """Where the `sorry`s of a line stand, or else where it begins."""
    return [found.start() for found in SORRY.finditer(line)] or [len(line) - len(line.lstrip())]


def _check_inside(path: Path, source: SourceText, position: Position) -> None:
    if position.line < 0 or position.line >= source.line_count:
        raise BadInput(f"{path.name} has {source.line_count} lines; there is no line {position.line + 1}.")
    width = len(source.line(position.line))
    if position.column < 0 or position.column > width:
        raise BadInput(
            f"Line {position.line + 1} of {path.name} has {width} characters, so no column {position.column + 1}.",
            "Lines and columns count from 1; columns count characters.",
        )


def every_sorry(path: Path, source: SourceText) -> list[AskedPosition]:
    """Each `sorry` of a file that a proof could replace, from the top.

    Raises:
        NoGoal: there is none.
    """
    found = []
    for match in SORRY.finditer(source.text):
        spots = [s for s in find_action_spots(source, match.start()) if s.is_placeholder]
        if spots and spots[0].start == match.start():
            found.append(AskedPosition(path, source, source.position(match.start()), tuple(spots)))
    if not found:
        raise NoGoal(
            f"{path.name} has no `sorry` that a proof could replace.", "Give a place as FILE:LINE or FILE:LINE:COL."
        )
    return found
