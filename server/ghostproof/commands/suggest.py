"""`ghostproof suggest`: verified suggestions at a place, or at every `sorry`, of a file."""

import argparse
import asyncio
import dataclasses

from ghostproof import render
from ghostproof.app import App
from ghostproof.commands.exit_codes import FOUND, NOTHING, exit_code
from ghostproof.commands.lean_options import with_lean
from ghostproof.commands.own_theorems import read_own
from ghostproof.commands.positions import AskedPosition, places
from ghostproof.config import Config
from ghostproof.suggest.job import Snapshot

# How long a model may take to start and load its weights before the search does without it.
MODEL_S = 300.0


def run(arguments: argparse.Namespace) -> int:
    config = with_lean(Config.load(arguments.config), arguments)
    if arguments.model is not None:
        config = dataclasses.replace(config, prover=dataclasses.replace(config.prover, model=arguments.model, url=""))
    return asyncio.run(suggest_all(places(arguments.place), config, arguments.budget, as_json=arguments.json))


async def suggest_all(wanted: list[AskedPosition], config: Config, budget: float | None, *, as_json: bool) -> int:
    """Show the suggestions at places of one file, one after the other; the exit code.

    Args:
        budget: seconds for each place; None: as the settings say.
    """
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


async def suggest_at(app: App, place: AskedPosition, budget: float | None) -> Snapshot:
    """The whole list of one place; `error` says so where Lean did not finish in time."""
    job = app.suggest(place.path, place.source.text, place.spots, budget)
    longest = (budget or app.config.suggest.budget_s) + app.config.lean.document_s
    snapshot = await job.wait(lambda snapshot: snapshot.done, longest)
    problem = snapshot.unfinished(longest)
    return snapshot if problem is None else dataclasses.replace(snapshot, error=problem)
