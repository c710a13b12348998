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
from ghostproof.commands.lean_options import with_lean
from ghostproof.commands.own_theorems import read_own
from ghostproof.commands.positions import PLACE, read_source
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
from ghostproof.errors import BadInput
from ghostproof.search.draft import Draft
from ghostproof.syntax.written_proofs import written_proofs
from ghostproof.text import SourceText


def run(arguments: argparse.Namespace) -> int:
    config = with_lean(Config.load(arguments.config), arguments)
    files = list(dict.fromkeys((path.resolve(), _source(path)) for path in map(Path, arguments.files)))
    asked = Asked.of(arguments)
    check_writable({path for path, _ in files}, asked)
    return asyncio.run(repair_all(files, config, asked))


def _source(path: Path) -> SourceText:
    found = None if path.exists() else PLACE.fullmatch(str(path))
    if found is not None and Path(found["file"]).is_file():
        raise BadInput(f"`repair` looks at all proofs of a file; {path} is a place.", f"Give {found['file']} alone.")
    return read_source(path)


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
    await read_own(app, item.path, draft.text)
    for proof in written_proofs(draft.source.text):
        refused = await app.proving.broken(item.path, draft.text, proof.moved(draft.moved))
        tell(render.Counted(len(refused) - 1))
        before, done = draft.moved, 0  # done: offset of the end of the last repair in this proof
        for each in refused:
            broken = each.moved(draft.moved - before)
            if broken.proof.spot.start < done:
                tell(render.Counted(-1))  # it went with what stood around it
                continue
            # What stands around may be replaced only as long as none of it has been repaired.
            broken = dataclasses.replace(broken, around=broken.around if not done else None)
            position = draft.source.position(each.proof.start - before)
            report = reports(item.path, position, tell)
            outcome = await app.proving.repair(item.path, draft.text, broken, asked.budget_s, report)
            searched = Searched(position, await told(app, item, asked, draft, outcome))
            if (found := outcome.proof) is not None:
                draft.add(found)
                done = found.spot.start + len(found.replacement)
            yield searched
