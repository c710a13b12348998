"""`ghostproof suggest`: verified suggestions at a place, or at every `sorry`, of a file."""

import argparse
import asyncio
import dataclasses
import logging
import re
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ghostproof import render
from ghostproof.app import App
from ghostproof.commands.exit_codes import FOUND, NOTHING, exit_code
from ghostproof.config import Config
from ghostproof.errors import BadInput, GhostproofError, NoGoal
from ghostproof.suggest.job import Snapshot
from ghostproof.syntax.given_up import SORRY
from ghostproof.syntax.header import read_imports
from ghostproof.syntax.spot import Spot, find_action_spots
from ghostproof.text import Position, SourceText
from ghostproof.verify.allowed import LIBRARIES

log = logging.getLogger(__name__)

# How long a model may take to start and load its weights before the search does without it.
MODEL_S = 300.0
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
    check_inside(path, source, Position(line, 0))
    columns = [int(found["column"]) - 1] if found["column"] else _columns(source.line(line))
    asked = []
    for position in (Position(line, column) for column in columns):
        check_inside(path, source, position)
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


def check_inside(path: Path, source: SourceText, position: Position) -> None:
    if position.line < 0 or position.line >= source.line_count:
        raise BadInput(f"{path.name} has {source.line_count} lines; there is no line {position.line + 1}.")
    width = len(source.line(position.line))
    if position.column < 0 or position.column > width:
        raise BadInput(
            f"Line {position.line + 1} of {path.name} has {width} characters, so no column {position.column + 1}.",
            "Lines and columns count from 1; columns count characters.",
        )


def every_sorry(path: Path, source: SourceText) -> list[AskedPosition]:
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


def run(arguments: argparse.Namespace) -> int:
    config = Config.load(arguments.config)
    lean = {k: v for k in ("checker", "toolchain") if (v := vars(arguments)[k]) is not None}
    config = dataclasses.replace(config, lean=dataclasses.replace(config.lean, **lean))
    if arguments.model is not None:
        config = dataclasses.replace(config, prover=dataclasses.replace(config.prover, model=arguments.model, url=""))
    return asyncio.run(suggest_all(places(arguments.place), config, arguments.budget, as_json=arguments.json))


async def suggest_all(wanted: list[AskedPosition], config: Config, budget: float | None, *, as_json: bool) -> int:
    app = App(config)
    codes: list[int] = []
    noticed: set[str] = set()
    try:
        view = render.JsonReport() if as_json else render.TextReport()
        model = await app.ready(MODEL_S)
        if model.state not in ("off", "ready"):
            render.note(f"The model is not asked: {model.message or 'it takes too long to start.'}")
        for first in wanted[:1]:  # all of them are of one file
            with view.working(first.path, first.position):
                await read_own(app, first.path, first.source.text)
        for place in wanted:
            with view.working(place.path, place.position):
                snapshot = await suggest_at(app, place, budget)
            workspace = app.workspace(place.path)
            if workspace.notice and workspace.notice not in noticed:
                noticed.add(workspace.notice)
                render.note(workspace.notice)
            if snapshot.error is not None and not snapshot.suggestions:
                if len(wanted) == 1:
                    raise snapshot.error
                view.failed(place.path, place.position, snapshot.error)
                codes.append(exit_code(snapshot.error))
                continue
            project = workspace.project
            view.show(place.path, place.source, place.position, snapshot, project.toolchain if project else None)
            codes.append(FOUND if snapshot.suggestions else NOTHING)
        view.total()
    finally:
        await app.close()
    # What was found counts; where nothing was, the gravest reason does.
    return FOUND if FOUND in codes else max(codes)


async def read_own(app: App, path: Path, text: str) -> None:
    """Have the theorems of the project's own imported files at hand: no editor has had them read meanwhile.

    Whatever Lean has against it shows, with more to say, where Lean is asked next.
    """
    if any(one.module.partition(".")[0] not in LIBRARIES for one in read_imports(text).imports):
        try:
            async with asyncio.timeout(app.config.lean.document_s):
                await app.learning.read_library(path, text, own=True)
        except (GhostproofError, TimeoutError, sqlite3.Error) as problem:
            log.info("the theorems that %s imports are not all known: %s", path.name, problem)


async def suggest_at(app: App, place: AskedPosition, budget: float | None) -> Snapshot:
    job = app.suggest(place.path, place.source.text, place.spots, budget)
    longest = (budget or app.config.suggest.budget_s) + app.config.lean.document_s
    snapshot = await job.wait(lambda snapshot: snapshot.done, longest)
    problem = snapshot.unfinished(longest)
    return snapshot if problem is None else dataclasses.replace(snapshot, error=problem)
