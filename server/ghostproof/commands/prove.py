"""`ghostproof prove`: whole proofs for what is missing in Lean files, and on request put into them."""

import argparse
import asyncio
import dataclasses
from collections.abc import AsyncGenerator, Iterator
from functools import partial
from itertools import groupby
from pathlib import Path

from ghostproof import render
from ghostproof.app import App
from ghostproof.commands.exit_codes import FOUND, NOTHING
from ghostproof.commands.suggest import AskedPosition, every_sorry, places, read_own, read_source
from ghostproof.commands.whole_proofs import Asked, FileWork, FileWorker, Hear, Searched, reports, search_all, with_lean
from ghostproof.config import Config
from ghostproof.search.draft import Draft
from ghostproof.syntax.missing import find_places


def run(arguments: argparse.Namespace) -> int:
    config = with_lean(Config.load(arguments.config), arguments)
    wanted = list(_wanted(arguments.places, every=arguments.all))
    return asyncio.run(prove_all(wanted, config, Asked.of(arguments)))


def _wanted(named: list[str], *, every: bool) -> Iterator[AskedPosition]:
    """What is to be proved: the places that are named, or every `sorry` of the files."""
    for name in named:
        if every:
            path = Path(name)
            yield from every_sorry(path.resolve(), read_source(path))
        else:
            yield from places(name, find_places)


async def prove_all(wanted: list[AskedPosition], config: Config, asked: Asked) -> int:
    """Prove what is missing at the places, file by file, from the top of each."""
    view = render.ProofsAsJson() if asked.as_json else render.Proofs(len(wanted))
    codes = await search_all(_files(wanted), partial(FileWorker, _searches, config, asked), asked, view)
    return FOUND if codes and all(code == FOUND for code in codes) else max(codes, default=NOTHING)


def _files(wanted: list[AskedPosition]) -> list[FileWork]:
    ordered = sorted(wanted, key=lambda place: (str(place.path), place.spots[0].start))
    return [
        FileWork(path, own[0].source, tuple((place.position, place.spots) for place in own))
        for path, found in groupby(ordered, key=lambda place: place.path)
        if (own := list(found))
    ]


async def _searches(app: App, item: FileWork, asked: Asked, draft: Draft, tell: Hear) -> AsyncGenerator[Searched, None]:
    await read_own(app, item.path, draft.text)
    for position, spots in item.places:
        report = reports(item.path, position, tell)
        outcome = await app.proving.prove(item.path, draft.text, draft.spots(spots), asked.budget_s, report)
        if (proof := outcome.proof) is not None:
            outcome = dataclasses.replace(outcome, proof=draft.original(proof))
            if asked.write:
                draft.add(proof)
        yield Searched(position, outcome)
