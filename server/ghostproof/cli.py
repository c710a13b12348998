"""The command line: `ghostproof suggest | serve | doctor | toolchain`."""

import argparse
import asyncio
import dataclasses
import json
import logging
import re
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from ghostproof import doctor, render
from ghostproof.app import App
from ghostproof.config import Config
from ghostproof.errors import BadInput, GhostproofError, LeanDied, LeanTimeout, NoGoal, NoToolchain, ToolchainBroken
from ghostproof.lean.embedded import install as embedded
from ghostproof.spot import Spot, SpotKind, find_action_spots
from ghostproof.suggest.job import Snapshot
from ghostproof.text import Position, SourceText

FOUND, NOTHING, BAD_INPUT, NO_LEAN, LEAN_FAILED, INTERRUPTED = 0, 1, 2, 3, 4, 130

EPILOG = """\
exit codes of `suggest`:
  0  suggestions were found            3  no usable Lean
  1  none was found                    4  Lean died or gave no answer in time
  2  bad input                         130  interrupted
"""

PLACE = re.compile(r"(?P<file>.+):(?P<line>\d+):(?P<column>\d+)", re.DOTALL)


def run(argv: Sequence[str]) -> int:
    """Run one command line and return its exit code. Never raises for what a person may do wrong."""
    arguments = parser().parse_args(argv)
    logging.basicConfig(
        level=logging.DEBUG if arguments.verbose else logging.WARNING,
        stream=sys.stderr,
        format="%(levelname)s %(name)s: %(message)s",
    )
    try:
        code: int = arguments.run(arguments)
    except GhostproofError as problem:
        if "json" in arguments and arguments.json:
            print(json.dumps({"error": {"message": problem.message, "hint": problem.hint}}, ensure_ascii=False))
        else:
            render.error(problem)
        return exit_code(problem)
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:  # the reader of `ghostproof suggest … | head` has seen enough
        sys.stderr.close()
        return FOUND
    return code


def exit_code(problem: GhostproofError) -> int:
    match problem:
        case NoToolchain() | ToolchainBroken():
            return NO_LEAN
        case LeanDied() | LeanTimeout():
            return LEAN_FAILED
        case NoGoal():
            return NOTHING
    return BAD_INPUT


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(
        prog="ghostproof",
        description="Suggestions for Lean 4 that Lean has already accepted at that very place.",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"ghostproof {version('ghostproof')}")
    top.add_argument("-v", "--verbose", action="store_true", help="log what happens to stderr")
    top.add_argument("--config", type=Path, metavar="FILE", help="settings file (TOML) instead of the user's own")
    commands = top.add_subparsers(required=True, metavar="COMMAND")

    suggest = commands.add_parser("suggest", help="verified suggestions at a place of a file")
    suggest.add_argument(
        "place",
        metavar="FILE[:LINE:COL]",
        help="1-based line and column (code points); without them: at every `sorry` of the file",
    )
    suggest.add_argument("--json", action="store_true", help="one JSON object per place")
    suggest.add_argument("--budget", type=positive, metavar="SECONDS", help="longest search per place")
    suggest.add_argument("--checker", choices=("auto", "probe", "scratch"), help="how candidates are checked")
    suggest.add_argument("--toolchain", choices=("auto", "project", "embedded"), help="which Lean checks")
    suggest.set_defaults(run=run_suggest)

    serve = commands.add_parser("serve", help="the language server, on stdio")
    serve.add_argument("--stdio", action="store_true", help="accepted for editors that add it; stdio is the only way")
    serve.set_defaults(run=run_serve)

    check = commands.add_parser("doctor", help="which Lean, which project, which checker, what is missing")
    check.add_argument("path", nargs="?", type=Path, default=Path(), help="a file or folder of the project")
    check.add_argument("--json", action="store_true")
    check.set_defaults(run=run_doctor)

    toolchain = commands.add_parser("toolchain", help="the embedded Lean: install, path, remove")
    toolchain.add_argument("action", choices=("install", "path", "remove"))
    toolchain.add_argument("--force", action="store_true", help="install again over what is there")
    toolchain.set_defaults(run=run_toolchain)
    return top


def positive(text: str) -> float:
    value = float(text)
    if value <= 0:
        raise argparse.ArgumentTypeError("must be more than 0")
    return value


def load_config(arguments: argparse.Namespace) -> Config:
    return Config.load(arguments.config)


# ---------------------------------------------------------------------------------------------------------- suggest


@dataclass(frozen=True)
class Place:
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
        raise BadInput(f"There is no file {path}.", "Give a Lean file as FILE:LINE:COL.") from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder.", "Give a Lean file as FILE:LINE:COL.") from None
    except UnicodeDecodeError as problem:
        raise BadInput(f"{path} is not UTF-8: {problem.reason} at byte {problem.start}.") from None
    except OSError as problem:
        raise BadInput(f"Cannot read {path}: {problem.strerror}.") from None


def places(text: str) -> list[Place]:
    """What `FILE[:LINE:COL]` names.

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
    position = Position(int(found["line"]) - 1, int(found["column"]) - 1)
    check_inside(path, source, position)
    spots = find_action_spots(source, source.offset(position))
    if not spots:
        raise NoGoal(
            f"No tactic can go at line {position.line + 1}, column {position.column + 1} of {path.name}.",
            "Point behind `by`, at a blank line of a tactic block, at a tactic, or at `sorry`.",
        )
    return [Place(path, source, position, tuple(spots))]


def check_inside(path: Path, source: SourceText, position: Position) -> None:
    if position.line < 0 or position.line >= source.line_count:
        raise BadInput(f"{path.name} has {source.line_count} lines; there is no line {position.line + 1}.")
    width = len(source.line(position.line))
    if position.column < 0 or position.column > width:
        raise BadInput(
            f"Line {position.line + 1} of {path.name} has {width} characters, so no column {position.column + 1}.",
            "Lines and columns count from 1; columns count characters.",
        )


def every_sorry(path: Path, source: SourceText) -> list[Place]:
    found = []
    for match in re.finditer(r"\bsorry\b", source.text):
        spots = [s for s in find_action_spots(source, match.start()) if s.kind is SpotKind.SORRY]
        if spots and spots[0].start == match.start():
            found.append(Place(path, source, source.position(match.start()), tuple(spots)))
    if not found:
        raise NoGoal(f"{path.name} has no `sorry` in a tactic block.", "Give a place as FILE:LINE:COL.")
    return found


def run_suggest(arguments: argparse.Namespace) -> int:
    config = load_config(arguments)
    lean = {k: v for k in ("checker", "toolchain") if (v := vars(arguments)[k]) is not None}
    config = dataclasses.replace(config, lean=dataclasses.replace(config.lean, **lean))
    return asyncio.run(suggest_all(places(arguments.place), config, arguments.budget, as_json=arguments.json))


async def suggest_all(wanted: list[Place], config: Config, budget: float | None, *, as_json: bool) -> int:
    app = App(config)
    found = 0
    try:
        view = render.Json() if as_json else render.Text()
        for place in wanted:
            with view.working(place.path, place.position):
                snapshot = await suggest_at(app, place, budget)
            project = app.workspace(place.path).project
            if snapshot.error is not None and not snapshot.suggestions:
                if len(wanted) == 1:
                    raise snapshot.error
                view.failed(place.path, place.position, snapshot.error)
                continue
            view.show(place.path, place.source, place.position, snapshot, project.toolchain if project else None)
            found += bool(snapshot.suggestions)
        view.total()
    finally:
        await app.close()
    return FOUND if found else NOTHING


async def suggest_at(app: App, place: Place, budget: float | None) -> Snapshot:
    job = app.suggest(place.path, place.source.text, place.spots, budget)
    longest = (budget or app.config.suggest.budget_s) + app.config.lean.document_s
    return await job.wait(lambda snapshot: snapshot.done, longest)


# ------------------------------------------------------------------------------------------------------------ others


def run_serve(arguments: argparse.Namespace) -> int:
    from ghostproof.lsp.server import serve  # pygls costs 0.2 s of import, which no other command needs

    return serve(load_config(arguments))


def run_doctor(arguments: argparse.Namespace) -> int:
    if not arguments.path.exists():
        raise BadInput(f"There is no {arguments.path}.", "Give a file or folder of your project.")
    findings = asyncio.run(doctor.examine(arguments.path.resolve(), load_config(arguments)))
    render.doctor(findings, as_json=arguments.json)
    return FOUND if all(finding.ok for finding in findings) else NOTHING


def run_toolchain(arguments: argparse.Namespace) -> int:
    if arguments.action == "remove":
        print("removed" if embedded.uninstall() else "nothing to remove")
        return FOUND
    if arguments.action == "install":
        with render.installing() as progress:
            print(embedded.install(progress, force=arguments.force))
        return FOUND
    path = embedded.installed()
    if path is None:
        raise NoToolchain("The embedded Lean is not installed.", "ghostproof toolchain install")
    print(path)
    return FOUND
