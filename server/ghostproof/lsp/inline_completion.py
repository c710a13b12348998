"""`textDocument/inlineCompletion`: ghost text where a tactic can go."""

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types as t

from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.session import Session
from ghostproof.lsp.shown import Ghost, Shown, offered
from ghostproof.syntax.spot import find_spot, typed_prefix, types_abbreviation
from ghostproof.verify.verdict import Proved

if TYPE_CHECKING:
    from ghostproof.suggest.job import Snapshot


async def inline_completion(session: Session, params: t.InlineCompletionParams) -> t.InlineCompletionList:
    """The suggestions at the cursor, best first; empty where there are none and once a newer request is there."""
    document = session.documents.get(params.text_document.uri)
    if document is None:
        return t.InlineCompletionList(items=[])
    # Some clients never cancel: the older request of a document is answered as soon as a newer one comes.
    turn = session.turns.begin(document.uri)
    automatic = params.context.trigger_kind == t.InlineCompletionTriggerKind.Automatic
    if document.why_not or (automatic and not session.config.lsp.automatic):
        if not automatic:
            session.client.inform(document.why_not)
        return t.InlineCompletionList(items=[])
    cursor = document.offset(params.position)
    held = partial(session.documents.holds, document, document.version)
    ghosts = _along(session, document, cursor)
    if not ghosts and (not automatic or await turn.rest(session.config.lsp.debounce_s)) and held():
        ghosts = await turn.run(_search(session, document, cursor, is_first_enough=automatic)) or []
    if not held():
        ghosts = []
    return t.InlineCompletionList(items=[_item(document, ghost) for ghost in ghosts])


def _along(session: Session, document: EditedDocument, cursor: int) -> list[Ghost]:
    """What was shown and goes on because the user types along it."""
    shown = session.shown.get(document.uri)
    text = document.source.text
    if shown is None or shown.text == text or types_abbreviation(document.source, cursor):
        return []
    return list(shown.ghosts(text, cursor))


async def _search(session: Session, document: EditedDocument, cursor: int, *, is_first_enough: bool) -> list[Ghost]:
    """What is found in the time: the first proof with what came before it, or, to cycle through, the whole list."""
    text = document.source.text
    before = session.shown.get(document.uri)
    spot = (before and before.next_spot(text, cursor)) or find_spot(document.source, cursor)
    if spot is None:
        return []
    typed = typed_prefix(spot, text)
    job = session.app.suggest(document.path, text, [spot])
    shown = Shown(text, spot, job)

    def enough(answer: "Snapshot") -> bool:
        # Editors ask no second time to cycle through what they were given when the user asked.
        return is_first_enough and any(
            isinstance(s.verdict, Proved) and s.text.startswith(typed) for s in answer.suggestions
        )

    answer = await job.wait(enough, session.config.lsp.ghost_budget_s)
    if answer.error is not None:
        session.report(answer.error)
    fitting = list(shown.fitting(text, cursor))
    session.shown[document.uri] = replace(shown, drawn=fitting[0][0] if fitting else None)
    ghosts = [ghost for _, ghost in fitting]
    if ghosts and document.source.text == text:
        session.saw(document, "ghost", answer, offered(answer.suggestions))
    return ghosts


def _item(document: EditedDocument, ghost: Ghost) -> t.InlineCompletionItem:
    return t.InlineCompletionItem(
        insert_text=document.outgoing(ghost.text),
        range=document.range(ghost.start, ghost.end),
        filter_text=ghost.filter_text,
    )
