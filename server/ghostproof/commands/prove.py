"""`ghostproof prove`: whole proofs for what is missing in Lean files, and on request put into them."""

import argparse
import asyncio
from collections.abc import AsyncGenerator, Sequence
from functools import partial
from itertools import groupby

from ghostproof import render
from ghostproof.app import App
from ghostproof.commands.exit_codes import FOUND, NOTHING
from ghostproof.commands.lean_options import with_lean
from ghostproof.commands.own_theorems import read_own
from ghostproof.commands.positions import AskedPosition
from ghostproof.commands.proof_places import wanted
from ghostproof.commands.whole_proofs import (
    Asked,
    FileWork,
    FileWorker,
    Hear,
    Searched,
    check_writable,
    reports,
    search_all,
    told,
)
from ghostproof.config import Config
from ghostproof.search.draft import Draft


def run(arguments: argparse.Namespace) -> int:
    config = with_lean(Config.load(arguments.config), arguments)
    if arguments.lemmas:
        config = config.updated({"suggest": {"lemmas": arguments.lemmas}})
    asked = Asked.of(arguments)
    found = wanted(arguments.places, every=arguments.all)
    for said in found.left_out:
        render.note(said)
    check_writable({place.path for place in found.places}, asked)
    return asyncio.run(prove_all(found.places, config, asked))


async def prove_all(places: Sequence[AskedPosition], config: Config, asked: Asked) -> int:
    """Prove what is missing at the places, file by file, from the top of each."""
    view = render.ProofsAsJson() if asked.as_json else render.Proofs(len(places))
    codes = await search_all(_files(places), partial(FileWorker, _searches, config, asked), asked, view)
    return FOUND if codes and all(code == FOUND for code in codes) else max(codes, default=NOTHING)


def _files(places: Sequence[AskedPosition]) -> list[FileWork]:
    return [
        FileWork(path, own[0].source, tuple((place.position, place.spots) for place in own))
        for path, found in groupby(places, key=lambda place: place.path)
        if (own := list(found))
    ]


async def _searches(app: App, item: FileWork, asked: Asked, draft: Draft, tell: Hear) -> AsyncGenerator[Searched, None]:
    await read_own(app, item.path, draft.text)
    for position, named in item.places:
        # What a proof above has taken in is no place any more.
        spots = [spot for spot in named if spot.start >= draft.done]
        if not spots:
            tell(render.Counted(-1))
            continue
        report = reports(item.path, position, tell)
        outcome = await app.proving.prove(item.path, draft.text, draft.spots(spots), asked.budget_s, report)
        found = await told(app, item, asked, draft, outcome)
        if outcome.proof is not None and asked.write:
            draft.add(outcome.proof)
        yield Searched(position, found)
