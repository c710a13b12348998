"""`ghostproof repair`: proofs that Lean refuses, replaced by ones that it accepts and that keep what still works."""

import argparse
import asyncio
import dataclasses
from collections.abc import AsyncIterator
from pathlib import Path

from ghostproof import render
from ghostproof.app import App
from ghostproof.commands.exit_codes import FOUND
from ghostproof.commands.prove import BUDGET_S, Asked, code_of, put_in, with_lean, write_report
from ghostproof.commands.suggest import read_source
from ghostproof.config import Config
from ghostproof.report.reported import Reported
from ghostproof.search.draft import Draft
from ghostproof.search.proof import Outcome
from ghostproof.search.strategy import Failure
from ghostproof.syntax.written_proofs import WrittenProof, written_proofs
from ghostproof.text import SourceText


def run(arguments: argparse.Namespace) -> int:
    config = with_lean(Config.load(arguments.config), arguments)
    asked = Asked(arguments.budget or BUDGET_S, arguments.write, arguments.json, arguments.report)
    files = [(path.resolve(), read_source(path)) for path in map(Path, arguments.files)]
    return asyncio.run(repair_all(files, config, asked))


async def repair_all(files: list[tuple[Path, SourceText]], config: Config, asked: Asked) -> int:
    """Repair what is broken in each file, from the top, each in the text that has the earlier repairs."""
    app = App(config)
    proofs = sum(1 for _, source in files for _ in written_proofs(source.text))
    view = render.ProofsAsJson() if asked.as_json else render.Proofs(proofs)
    codes: list[int] = []
    reported: list[Reported] = []
    drafts = {path: Draft(source) for path, source in files}
    try:
        with view:
            for path, draft in drafts.items():
                async for proof, failure in _broken(app, path, draft, view):
                    position = draft.source.position(proof.start)
                    outcome = await app.repair(
                        path, draft.text, _moved(draft, proof), failure, asked.budget_s, view.tell
                    )
                    codes.append(code_of(outcome))
                    outcome = _taken(draft, outcome)
                    view.show(path, position, outcome)
                    reported.append(Reported(f"{path.name}:{position.line + 1}:{position.column + 1}", outcome))
                if asked.write and draft.proofs:
                    put_in(path, draft)
                    view.written(path, draft.proofs)
            if asked.report is not None:
                write_report(asked.report, reported)
    finally:
        await app.close()
    if not codes and not asked.as_json:
        render.note("Lean refuses none of the proofs.")
    return max(codes, default=FOUND)


async def _broken(
    app: App, path: Path, draft: Draft, view: render.ProofsAsJson | render.Proofs
) -> AsyncIterator[tuple[WrittenProof, Failure]]:
    """The proofs of the file as it was read that Lean refuses in the draft, with its words."""
    for proof in written_proofs(draft.source.text):
        view.begin(path, draft.source.position(proof.start))
        failure = await app.broken(path, draft.text, _moved(draft, proof))
        if failure is None:
            view.passed()
        else:
            yield proof, failure


def _moved(draft: Draft, proof: WrittenProof) -> WrittenProof:
    """The proof where it stands now, below the earlier repairs."""
    (spot,) = draft.spots([proof.spot])
    return dataclasses.replace(proof, spot=spot)


def _taken(draft: Draft, outcome: Outcome) -> Outcome:
    """Put a repair into the draft; told at its place in the file as it was read."""
    proof = outcome.proof
    if proof is None:
        return outcome
    original = draft.original(proof)
    draft.add(proof)
    return dataclasses.replace(outcome, proof=original)
