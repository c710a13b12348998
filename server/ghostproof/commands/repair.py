"""`ghostproof repair`: proofs that Lean refuses, replaced by ones that it accepts and that keep what still works."""

import argparse
import asyncio
import dataclasses
from collections.abc import AsyncGenerator
from functools import partial
from pathlib import Path

from ghostproof import render
from ghostproof.app import App
from ghostproof.commands.exit_codes import FOUND
from ghostproof.commands.suggest import read_source
from ghostproof.commands.whole_proofs import Asked, FileWork, FileWorker, Hear, Searched, reports, search_all, with_lean
from ghostproof.config import Config
from ghostproof.search.draft import Draft
from ghostproof.syntax.written_proofs import WrittenProof, written_proofs
from ghostproof.text import SourceText


def run(arguments: argparse.Namespace) -> int:
    config = with_lean(Config.load(arguments.config), arguments)
    files = list(dict.fromkeys((path.resolve(), read_source(path)) for path in map(Path, arguments.files)))
    return asyncio.run(repair_all(files, config, Asked.of(arguments)))


async def repair_all(files: list[tuple[Path, SourceText]], config: Config, asked: Asked) -> int:
    """Repair what is broken in each file, from the top, each in the text that has the earlier repairs."""
    proofs = sum(1 for _, source in files for _ in written_proofs(source.text))
    view = render.ProofsAsJson() if asked.as_json else render.Proofs(proofs)
    items = [FileWork(path, source) for path, source in sorted(files, key=lambda file: str(file[0]))]
    codes = await search_all(items, partial(FileWorker, _searches, config, asked), asked, view)
    if not codes and not asked.as_json:
        render.note("Lean refuses none of the proofs.")
    return max(codes, default=FOUND)


async def _searches(app: App, item: FileWork, asked: Asked, draft: Draft, tell: Hear) -> AsyncGenerator[Searched, None]:
    """Repairs of the proofs of the file as it was read that Lean refuses in the draft."""
    for proof in written_proofs(draft.source.text):
        position = draft.source.position(proof.start)
        report = reports(item.path, position, tell)
        failure = await app.broken(item.path, draft.text, _moved(draft, proof))
        if failure is None:
            tell(render.PlaceDone(nothing_to_do=True))
            continue
        outcome = await app.repair(item.path, draft.text, _moved(draft, proof), failure, asked.budget_s, report)
        if (found := outcome.proof) is not None:
            outcome = dataclasses.replace(outcome, proof=draft.original(found))
            draft.add(found)
        yield Searched(position, outcome)


def _moved(draft: Draft, proof: WrittenProof) -> WrittenProof:
    """The proof where it stands now, below the earlier repairs."""
    (spot,) = draft.spots([proof.spot])
    return dataclasses.replace(proof, spot=spot)
