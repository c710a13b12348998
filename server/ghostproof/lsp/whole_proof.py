"""Answers requests with a whole proof that a search found: an edit for the document as it is when the search ends.

`ghostproof/proof` asks for the same edit again, for the text as it has become meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lsprotocol import types as t

from ghostproof.errors import GhostproofError
from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.found import Found, Target
from ghostproof.lsp.progress import ProgressReports
from ghostproof.lsp.protocol import ProofFound, ProofMissing, ProofParams, ProveParams, SearchedSoFar
from ghostproof.lsp.session import Session
from ghostproof.search.unfinished import Unfinished
from ghostproof.visible import visible, visible_lines
from ghostproof.wording import counted

if TYPE_CHECKING:
    from ghostproof.search.proof import Outcome, Proof
    from ghostproof.search.task import ReportOutcome

TICK_S = 0.1
MOST_TRIED = 200
NOT_APPLIED = "A proof was found, but the editor did not put it in."
GONE = "This proof is not known any more; prove again."

# Nothing at all where the user pressed the button.
Answer = ProofFound | ProofMissing | dict[str, Any]


@dataclass(frozen=True)
class Sought:
    """A proof that somebody wants of a document.

    Attributes:
        at: offset in the declaration that it is for.
        search: finds it, telling what is known meanwhile; cancelling it ends all work in Lean.
        places: offsets of all that is missing in the declaration, where nobody has pointed at one of them.
    """

    at: int
    search: "Callable[[ReportOutcome], Awaitable[Outcome]]"
    places: Sequence[int] = ()


@dataclass(frozen=True)
class ProgressTokens:
    """What the client wants to hear of a search by, while it goes on."""

    work_done: t.ProgressToken | None = None
    partial_result: t.ProgressToken | None = None


# What is sought at an offset of a document, or why there is nothing to do.
Seek = Callable[[Session, EditedDocument, int], Sought | str]


async def answer(session: Session, params: ProveParams, asked: Seek) -> Answer:
    """A proof with its place in the document as it is when the search ends, or why there is none.

    Cancelling the request ends the search, down to Lean; a cancel button pressed gives an empty answer.
    """
    at = t.Position(params.position.line, params.position.character)
    tokens = ProgressTokens(getattr(params, "workDoneToken", None), getattr(params, "partialResultToken", None))
    return await _answer_at(session, params.textDocument.uri, at, asked, tokens)


async def _answer_at(session: Session, uri: str, at: t.Position, asked: Seek, tokens: ProgressTokens) -> Answer:
    document = session.documents.get(uri)
    if document is None or document.why_not:
        return _missing((document.why_not if document else "") or "This is no Lean file.")
    sought = asked(session, document, document.offset(at))
    if isinstance(sought, str):
        return _missing(sought)
    target = Target.of(document, sought.at)
    try:
        return await _found(session, target, sought, tokens)
    finally:
        kept = session.found.get(uri)
        if kept is None or kept.target is not target:
            target.drop()


async def proof(session: Session, params: ProofParams) -> ProofFound | ProofMissing:
    """Where a proof that was found stands now; the newest of each document is known."""
    found = next((found for found in session.found.values() if found.name == params.name), None)
    return _missing(GONE) if found is None else await _placed(session, found)


async def insert(session: Session, params: t.TextDocumentPositionParams, asked: Seek, label: str) -> None:
    """The same as a command, for clients that know nothing of the requests: the server has the edit applied."""
    uri = params.text_document.uri
    answer: Any = await _answer_at(session, uri, params.position, asked, ProgressTokens())
    if "edit" not in answer:
        if answer:
            session.client.say(answer["message"])
        return
    edits = [t.TextEdit(_range(change["range"]), change["newText"]) for change in answer["edit"]["changes"][uri]]
    name = t.OptionalVersionedTextDocumentIdentifier(uri=uri, version=answer["version"])
    edit = t.WorkspaceEdit(document_changes=[t.TextDocumentEdit(name, edits)])
    if not session.client.abilities.document_changes:
        edit = t.WorkspaceEdit(changes={uri: edits})
    asked_for = t.ApplyWorkspaceEditParams(edit, label=label)
    if not (await session.client.server.workspace_apply_edit_async(asked_for)).applied:
        session.client.say(NOT_APPLIED)


async def _found(session: Session, target: Target, sought: Sought, tokens: ProgressTokens) -> Answer:
    tried: dict[str, None] = {}
    outcome = await _searched(session, sought, tokens, tried)
    if outcome is None:
        return {}
    if outcome.proof is None:
        left = [visible_lines(goal) for goal in outcome.left]
        missing: ProofMissing = {"message": visible_lines(outcome.why_none), "tried": [*tried], "left": left}
        if outcome.unfinished is not None:
            _keep(session, part := Found(target, outcome.unfinished, verified=""))
            missing["unfinished"] = part.name
        return missing
    more = any(place > outcome.proof.spot.start for place in sought.places)
    _keep(session, found := Found(target, outcome.proof, target.text, more))
    return await _placed(session, found)


async def _searched(
    session: Session, sought: Sought, tokens: ProgressTokens, tried: dict[str, None]
) -> "Outcome | None":
    """What the search found; None where the user pressed the button. `tried` gets what the reports tell."""
    latest: list[Outcome] = []

    def hear(outcome: "Outcome") -> None:
        latest[:] = [outcome]
        for move in outcome.trying:
            if len(tried) < MOST_TRIED:
                tried.setdefault(visible(move))

    work = asyncio.ensure_future(sought.search(hear))
    progress = ProgressReports(session.client, tokens.work_done)
    try:
        while not work.done():
            if latest:
                so_far = latest.pop()
                if tokens.partial_result is not None:
                    session.client.server.progress(t.ProgressParams(tokens.partial_result, _so_far(so_far)))
                await progress.report(_doing(so_far))
            if progress.cancelled:
                return None
            await asyncio.wait([work], timeout=TICK_S)
        return work.result()
    finally:
        progress.end()
        work.cancel()
        await asyncio.wait([work])


def _keep(session: Session, found: Found) -> None:
    """Remember a proof in place of the document's last one."""
    uri = found.target.document.uri
    if (before := session.found.get(uri)) is not None:
        before.target.drop()
    session.found[uri] = found


async def _placed(session: Session, found: Found) -> ProofFound | ProofMissing:
    try:
        placed = await found.place(session.documents, partial(_holds, session))
    except GhostproofError as problem:
        return _missing(problem.message)
    if isinstance(placed, str):
        return _missing(placed)
    document, declaration = found.target.document, found.target.declaration
    told: ProofFound = {
        "name": found.name,
        "version": document.version,
        "declaration": visible(declaration.full_name or declaration.keyword),
        "proof": visible_lines(placed.text),
        "edit": _edit(document, placed),
    }
    if found.more:
        told["more"] = True
    if isinstance(placed, Unfinished):
        told["left"] = [visible_lines(goal) for goal in placed.left]
    elif placed.above is not None:
        told["above"] = visible_lines(placed.above.text.strip())
    return told


async def _holds(session: Session, path: Path, text: str, proof: "Proof | Unfinished") -> bool:
    proving = session.app.proving
    if isinstance(proof, Unfinished):
        return await proving.holds(path, text, proof)
    return await proving.recheck(path, text, proof) is not None


def _missing(message: str) -> ProofMissing:
    return {"message": message, "tried": [], "left": []}


def _doing(outcome: "Outcome") -> str:
    return visible(f"{counted(outcome.tried, 'step')}, {counted(outcome.goals, 'goal')}: {outcome.now}")


def _so_far(outcome: "Outcome") -> SearchedSoFar:
    return {
        "goal": visible_lines(outcome.goal),
        "trying": [visible(move) for move in outcome.trying],
        "tried": outcome.tried,
        "goals": outcome.goals,
    }


def _range(wire: dict[str, Any]) -> t.Range:
    return t.Range(t.Position(**wire["start"]), t.Position(**wire["end"]))


def _edit(document: EditedDocument, placed: "Proof | Unfinished") -> dict[str, Any]:
    changes = [
        {"range": document.wire_range(edit.start, edit.end), "newText": document.outgoing(edit.text)}
        for edit in placed.edits
    ]
    return {"changes": {document.uri: changes}}
