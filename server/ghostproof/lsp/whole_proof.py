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

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, NoGoal
from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.found import Found, Target
from ghostproof.lsp.left import MOST_TRIED, NOT_SEARCHED, Left, told
from ghostproof.lsp.progress import ProgressReports
from ghostproof.lsp.protocol import ProofFound, ProofMissing, ProofParams, ProveParams, SearchedSoFar
from ghostproof.lsp.session import Session
from ghostproof.search.unfinished import Unfinished
from ghostproof.text import SourceText
from ghostproof.visible import visible, visible_lines
from ghostproof.wording import counted

if TYPE_CHECKING:
    from ghostproof.search.proof import Outcome, Proof
    from ghostproof.search.task import ReportOutcome

TICK_S = 0.1
NOT_APPLIED = "A proof was found, but the editor did not put it in."
GONE = "This proof is not known any more; prove again."
CHANGED = "The declaration has changed meanwhile; what is missing further down was not searched for."

# Nothing at all where the user pressed the button.
Answer = ProofFound | ProofMissing | dict[str, Any]


@dataclass(frozen=True)
class PlaceSearch:
    """The search for one proof.

    Attributes:
        at: offset of the place that it is for.
        run: finds it, telling what is known meanwhile; cancelling it ends all work in Lean.
    """

    at: int
    run: "Callable[[ReportOutcome], Awaitable[Outcome]]"


@dataclass(frozen=True)
class Sought:
    """Proofs that somebody wants of a document.

    Attributes:
        at: offset in the declaration that they are for.
        searches: from the top; more than one where all of the declaration was asked for.
    """

    at: int
    searches: Sequence[PlaceSearch]


@dataclass(frozen=True)
class ProgressTokens:
    """What the client wants to hear of a search by, while it goes on."""

    work_done: t.ProgressToken | None = None
    partial_result: t.ProgressToken | None = None


@dataclass(frozen=True)
class Job:
    """What can be asked for.

    Attributes:
        label: names the edit.
        here: what is sought at an offset of a document, or why there is nothing to do.
        behind: what is sought further on in the declaration at an offset, once a proof was put in that ends at another.
    """

    label: str
    here: Callable[[Session, EditedDocument, int], Sought | str]
    behind: Callable[[Session, EditedDocument, int, int], Sought] | None = None


async def answer(session: Session, params: ProveParams, job: Job) -> Answer:
    """A proof with its place in the document as it is when the search ends, or why there is none.

    Cancelling the request ends the search, down to Lean; a cancel button pressed gives an empty answer.
    """
    tokens = ProgressTokens(getattr(params, "workDoneToken", None), getattr(params, "partialResultToken", None))
    if (after := getattr(params, "after", None)) is not None:
        return await _answer_after(session, after, job, tokens)
    at = t.Position(params.position.line, params.position.character)
    return await _answer_at(session, params.textDocument.uri, at, job, tokens)


async def _answer_at(session: Session, uri: str, at: t.Position, job: Job, tokens: ProgressTokens) -> Answer:
    document = session.documents.get(uri)
    if document is None or document.why_not:
        return _missing((document.why_not if document else "") or "This is no Lean file.")
    sought = job.here(session, document, document.offset(at))
    if isinstance(sought, str):
        return _missing(sought)
    return await _targeted(session, document, sought, tokens, () if len(sought.searches) > 1 else None)


async def _answer_after(session: Session, after: object, job: Job, tokens: ProgressTokens) -> Answer:
    """The next proof of a declaration that has the one called `after` in it, or in the end what is left of it."""
    found = _known(session, after)
    if found is None or not found.more or job.behind is None:
        return _missing(GONE)
    document, where = found.target.document, found.put_in
    if where is None or document.why_not:
        return _missing(CHANGED)
    return await _targeted(session, document, job.behind(session, document, *where), tokens, found.left)


async def _targeted(
    session: Session, document: EditedDocument, sought: Sought, tokens: ProgressTokens, left: tuple[Left, ...] | None
) -> Answer:
    """What comes of the searches.

    Args:
        left: for what no proof was found so far; None where nobody has asked for all that is missing.
    """
    target = Target.of(document, sought.at)
    hearing = _Hearing(session, tokens)
    try:
        if left is None:
            return await _only(session, target, sought.searches[0], hearing)
        return await _next(session, target, sought.searches, hearing, left)
    finally:
        hearing.end()
        kept = session.found.get(document.uri)
        if kept is None or kept.target is not target:
            target.drop()


async def proof(session: Session, params: ProofParams) -> ProofFound | ProofMissing:
    """Where a proof that was found stands now; the newest of each document is known."""
    found = _known(session, params.name)
    return _missing(GONE) if found is None else await _placed(session, found)


async def insert(session: Session, params: t.TextDocumentPositionParams, job: Job) -> None:
    """The same as a command, for clients that know nothing of the requests: the server has the edits applied."""
    uri, nobody = params.text_document.uri, ProgressTokens()
    answer: Any = await _answer_at(session, uri, params.position, job, nobody)
    while "edit" in answer:
        edits = [t.TextEdit(_range(change["range"]), change["newText"]) for change in answer["edit"]["changes"][uri]]
        name = t.OptionalVersionedTextDocumentIdentifier(uri=uri, version=answer["version"])
        edit = t.WorkspaceEdit(document_changes=[t.TextDocumentEdit(name, edits)])
        if not session.client.abilities.document_changes:
            edit = t.WorkspaceEdit(changes={uri: edits})
        asked_for = t.ApplyWorkspaceEditParams(edit, label=job.label)
        if not (await session.client.server.workspace_apply_edit_async(asked_for)).applied:
            session.client.say(NOT_APPLIED)
            return
        found = _known(session, answer["name"])
        # A client that tells its change later than its answer has the user ask again.
        if not answer.get("more") or found is None or found.put_in is None:
            return
        answer = await _answer_after(session, found.name, job, nobody)
    if answer:
        session.client.say(answer["message"])


async def _only(session: Session, target: Target, search: PlaceSearch, hearing: "_Hearing") -> Answer:
    """The proof at one place."""
    outcome, tried = await hearing.outcome(search)
    if outcome is None:
        return {}
    if outcome.proof is not None:
        _keep(session, found := Found(target, outcome.proof, target.text))
        return await _placed(session, found)
    left = [visible_lines(goal) for goal in outcome.left]
    missing: ProofMissing = {"message": visible_lines(outcome.why_none), "tried": [*tried], "left": left}
    if outcome.unfinished is not None:
        _keep(session, part := Found(target, outcome.unfinished, verified=""))
        missing["unfinished"] = part.name
    return missing


async def _next(
    session: Session, target: Target, searches: Sequence[PlaceSearch], hearing: "_Hearing", left: tuple[Left, ...]
) -> Answer:
    """The first proof that is found of all that are missing in a declaration; in the end, what is left of it."""
    source, start = SourceText(target.text), target.declaration.start
    stop = ""
    for nth, search in enumerate(searches):
        if stop or target.moved is None:
            left = (*left, Left(search.at - start, stop or NOT_SEARCHED))
            continue
        outcome, tried = await hearing.outcome(search, f"line {source.position(search.at).line + 1}: ")
        if outcome is None:
            return {}
        if outcome.proof is not None:
            more = nth + 1 < len(searches) or bool(left)
            _keep(session, found := Found(target, outcome.proof, target.text, more, left))
            return await _placed(session, found)
        part = outcome.unfinished and outcome.unfinished.moved(-start)
        left = (*left, Left(search.at - start, outcome.why, outcome.left, tried, part))
        # What is wrong with Lean itself is so further down, too.
        stop = "" if isinstance(outcome.error, NoGoal | LeanDied | LeanTimeout | None) else outcome.why
    return _left(session, target, left) if left else {}


def _left(session: Session, target: Target, left: tuple[Left, ...]) -> ProofMissing:
    start, moved = target.declaration.start, target.moved
    if moved is None:
        return told(left, SourceText(target.text), start)
    missing = told(left, target.document.source, start + moved)
    part = next((each.part for each in left if each.part is not None), None)
    if part is not None:
        _keep(session, kept := Found(target, part.moved(start), verified=""))
        missing["unfinished"] = kept.name
    return missing


class _Hearing:
    """Tells the client how the searches of one request go on, in the way that it has asked for."""

    def __init__(self, session: Session, tokens: ProgressTokens) -> None:
        self._server, self._partial_result = session.client.server, tokens.partial_result
        self._progress = ProgressReports(session.client, tokens.work_done)

    async def outcome(self, search: PlaceSearch, where: str = "") -> "tuple[Outcome | None, tuple[str, ...]]":
        """What a search found, and what was tried by its reports; None where the user pressed the button.

        Args:
            where: names the place that the search is for.
        """
        latest: list[Outcome] = []
        tried: dict[str, None] = {}

        def hear(outcome: "Outcome") -> None:
            latest[:] = [outcome]
            for move in outcome.trying:
                if len(tried) < MOST_TRIED:
                    tried.setdefault(visible(move))

        work = asyncio.ensure_future(search.run(hear))
        try:
            while not work.done():
                if latest:
                    await self._tell(latest.pop(), where)
                if self._progress.cancelled:
                    return None, ()
                await asyncio.wait([work], timeout=TICK_S)
            return work.result(), tuple(tried)
        finally:
            work.cancel()
            await asyncio.wait([work])

    def end(self) -> None:
        """Close the report."""
        self._progress.end()

    async def _tell(self, so_far: "Outcome", where: str) -> None:
        if self._partial_result is not None:
            self._server.progress(t.ProgressParams(self._partial_result, _so_far(so_far)))
        await self._progress.report(where + _doing(so_far))


def _known(session: Session, name: object) -> Found | None:
    return next((found for found in session.found.values() if found.name == name), None)


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
    answer: ProofFound = {
        "name": found.name,
        "version": document.version,
        "declaration": visible(declaration.full_name or declaration.keyword),
        "proof": visible_lines(placed.text),
        "edit": _edit(document, placed),
    }
    if found.more:
        answer["more"] = True
    if isinstance(placed, Unfinished):
        answer["left"] = [visible_lines(goal) for goal in placed.left]
    elif placed.above is not None:
        answer["above"] = visible_lines(placed.above.text.strip())
    return answer


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
