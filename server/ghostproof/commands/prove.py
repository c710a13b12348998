"""`ghostproof prove`: whole proofs for what is missing in Lean files, and on request put into them."""

import argparse
import asyncio
import dataclasses
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ghostproof import render
from ghostproof.app import App
from ghostproof.commands.exit_codes import FOUND, NOTHING, exit_code
from ghostproof.commands.suggest import AskedPosition, every_sorry, places, read_source
from ghostproof.config import Config
from ghostproof.errors import BadInput, NoGoal
from ghostproof.report.reported import Reported
from ghostproof.search.draft import Draft
from ghostproof.search.proof import Outcome

BUDGET_S = 60.0


@dataclass(frozen=True)
class Asked:
    """What a person wants of the proofs.

    Attributes:
        budget_s: longest search for one of them.
        write: put them into the files.
        report: where a page about the searches goes.
    """

    budget_s: float = BUDGET_S
    write: bool = False
    as_json: bool = False
    report: Path | None = None


def run(arguments: argparse.Namespace) -> int:
    config = with_lean(Config.load(arguments.config), arguments)
    wanted = list(_wanted(arguments.places, every=arguments.all))
    asked = Asked(arguments.budget or BUDGET_S, arguments.write, arguments.json, arguments.report)
    return asyncio.run(prove_all(wanted, config, asked))


def with_lean(config: Config, arguments: argparse.Namespace) -> Config:
    """The settings with what the command line says about Lean."""
    lean = {k: v for k in ("checker", "toolchain") if (v := vars(arguments)[k]) is not None}
    return dataclasses.replace(config, lean=dataclasses.replace(config.lean, **lean))


def _wanted(named: list[str], *, every: bool) -> Iterator[AskedPosition]:
    """What is to be proved: the places that are named, or every `sorry` of the files."""
    for name in named:
        if every:
            path = Path(name)
            yield from every_sorry(path.resolve(), read_source(path))
        else:
            yield from places(name)


async def prove_all(wanted: list[AskedPosition], config: Config, asked: Asked) -> int:
    app = App(config)
    view = render.ProofsAsJson() if asked.as_json else render.Proofs(len(wanted))
    codes: list[int] = []
    reported: list[Reported] = []
    drafts: dict[Path, Draft] = {}
    try:
        with view:
            for place in sorted(wanted, key=lambda place: (str(place.path), place.spots[0].start)):
                view.begin(place.path, place.position)
                draft = drafts.setdefault(place.path, Draft(place.source))
                outcome = await app.prove(place.path, draft.text, draft.spots(place.spots), asked.budget_s, view.tell)
                codes.append(code_of(outcome))
                if (proof := outcome.proof) is not None:
                    outcome = dataclasses.replace(outcome, proof=draft.original(proof))
                    if asked.write:
                        draft.add(proof)
                view.show(place.path, place.position, outcome)
                position = place.position
                reported.append(Reported(f"{place.path.name}:{position.line + 1}:{position.column + 1}", outcome))
            for path, draft in drafts.items():
                if draft.proofs:
                    put_in(path, draft)
                    view.written(path, draft.proofs)
            if asked.report is not None:
                write_report(asked.report, reported)
    finally:
        await app.close()
    return FOUND if codes and all(code == FOUND for code in codes) else max(codes, default=NOTHING)


def code_of(outcome: Outcome) -> int:
    """The exit code that one search asks for."""
    if outcome.proof is not None:
        return FOUND
    if outcome.error is None or isinstance(outcome.error, NoGoal):
        return NOTHING
    return exit_code(outcome.error)


def write_report(path: Path, reported: list[Reported]) -> None:
    """Write the page about the searches.

    Raises:
        BadInput: it cannot be written.
    """
    from ghostproof.report.page import page  # whoever wants no report does not wait for the import

    try:
        path.write_text(page(reported), "utf-8")
    except OSError as problem:
        raise BadInput(f"The report cannot be written to {path}: {problem.strerror}.") from None


def put_in(path: Path, draft: Draft) -> None:
    """Write a draft's proofs into the file that they were found in, all or none.

    Raises:
        BadInput: the file is no longer the one that was read, or cannot be written; it is left as it is.
    """
    path = path.resolve()
    try:
        text = draft.put_into(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError):
        raise BadInput(f"{path} has changed since it was read; nothing was written.", "Prove again.") from None
    beside = path.with_name(f".{path.name}.ghostproof")
    try:
        beside.write_bytes(text.encode("utf-8"))
        shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as problem:
        raise BadInput(f"{path} cannot be written: {problem.strerror}. It is as it was.") from None
    finally:
        beside.unlink(missing_ok=True)
