"""`ghostproof/prove`: a whole proof of what is missing at the cursor, as an edit that the client puts in."""

import asyncio
from typing import TYPE_CHECKING, Any

from lsprotocol import types as t

from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.progress import ProgressReports
from ghostproof.lsp.protocol import ProveParams
from ghostproof.lsp.session import Session
from ghostproof.syntax.spot import find_action_spots
from ghostproof.visible import visible, visible_lines

if TYPE_CHECKING:
    from ghostproof.search.proof import Outcome, Proof

BUDGET_S = 60.0
TICK_S = 0.2
NOTHING_HERE = "There is nothing to prove at the cursor."
CHANGED = "A proof was found, but the file has changed meanwhile. Nothing was changed."


async def prove(session: Session, params: ProveParams) -> dict[str, Any]:
    """`edit`, a workspace edit, where a proof was found and the document is still the one that was asked about; else
    `message`, which says why there is none. Cancelling the request ends the search, down to Lean."""
    document = session.documents.get(params.textDocument.uri)
    if document is None or document.path is None or document.why_not:
        return {"message": (document.why_not if document else "") or "This is no Lean file."}
    version, source = document.version, document.source
    where = t.Position(params.position.line, params.position.character)
    spots = find_action_spots(source, document.offset(where))
    if not spots:
        return {"message": NOTHING_HERE}
    latest: list[Outcome] = []
    work = asyncio.ensure_future(session.app.prove(document.path, source.text, spots, BUDGET_S, latest.append))
    progress = ProgressReports(session.client, getattr(params, "workDoneToken", None))
    try:
        while not work.done():
            if latest:
                await progress.report(_doing(latest[-1]))
                latest.clear()
            if progress.cancelled:
                return {}
            await asyncio.wait([work], timeout=TICK_S)
        outcome = work.result()
    finally:
        progress.end()
        work.cancel()
        await asyncio.wait([work])
    if outcome.proof is None:
        return {"message": visible_lines(outcome.why_none)}
    if not session.documents.holds(document, version):
        return {"message": CHANGED}
    return {"edit": _edit(document, outcome.proof)}


def _doing(outcome: "Outcome") -> str:
    return visible(f"{outcome.tried} steps, {outcome.goals} goals: {outcome.now}")


def _edit(document: EditedDocument, proof: "Proof") -> dict[str, Any]:
    where = document.range(proof.spot.start, proof.spot.end)
    start, end = where.start, where.end
    change = {
        "range": {
            "start": {"line": start.line, "character": start.character},
            "end": {"line": end.line, "character": end.character},
        },
        "newText": document.outgoing(proof.replacement),
    }
    return {"changes": {document.uri: [change]}}
