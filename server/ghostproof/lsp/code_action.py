"""`textDocument/codeAction`: one action per suggestion, whose title says what it does."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as t

from ghostproof.lsp.client import Abilities
from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.progress import ProgressReports
from ghostproof.lsp.session import Session
from ghostproof.lsp.shown import offered
from ghostproof.syntax.spot import Problem, Spot, find_action_spots
from ghostproof.verify.verdict import Suggestion
from ghostproof.visible import visible, visible_lines

if TYPE_CHECKING:
    from ghostproof.suggest.job import Snapshot, SuggestJob

# The light bulb is asked for at every move of the cursor and must not make the editor wait.
LIGHT_BULB_S = 0.05
TICK_S = 0.25
TITLE_WIDTH = 80
MODEL = "model"


async def code_actions(session: Session, params: t.CodeActionParams) -> list[t.CodeAction]:
    """The suggestions at the beginning of the range, best first.

    An automatic request gets what is known at once; the search it starts goes on.
    """
    document = session.documents.get(params.text_document.uri)
    if document is None or not _wanted(params.context.only):
        return []
    automatic = params.context.trigger_kind == t.CodeActionTriggerKind.Automatic
    if document.why_not:
        if not automatic:
            session.client.inform(document.why_not)
        return []
    version, source = document.version, document.source
    problems = [_problem(document, diagnostic) for diagnostic in params.context.diagnostics]
    spots = find_action_spots(source, document.offset(params.range.start), problems)
    if not spots:
        return []
    job = session.app.suggest(document.path, source.text, spots)
    if automatic:
        answer = await job.wait(lambda known: known.done, LIGHT_BULB_S)
    else:
        answer = await _patiently(session, job, params.work_done_token)
    if answer.error is not None:
        session.report(answer.error)
    elif answer.done and answer.why_none and not automatic:
        session.client.inform(visible_lines(answer.why_none))
    spot = answer.spot
    if spot is None or not session.documents.holds(document, version):
        return []
    causes = [d for d in params.context.diagnostics if _causes(d, spot)]
    above = answer.state.error_above if answer.state else None
    warning = f" · line {above.line + 1} above has an error" if above else ""
    return [_action(document, spot, s, causes, session.client.abilities, warning) for s in offered(answer.suggestions)]


async def _patiently(session: Session, job: "SuggestJob", token: t.ProgressToken | None) -> "Snapshot":
    """Wait for the whole list, up to the budget, with progress."""
    clock = asyncio.get_running_loop().time
    end = clock() + session.config.lsp.action_budget_s
    progress = ProgressReports(session.client, token)
    try:
        while not job.snapshot.done and clock() < end and not progress.cancelled:
            await progress.report(count(job.snapshot.suggestions))
            await job.wait(lambda known: known.done, min(TICK_S, max(0.0, end - clock())))
    finally:
        progress.end()
    return job.snapshot


def count(suggestions: Sequence[Suggestion]) -> str:
    """How many suggestions there are, in words."""
    closing = sum(suggestion.kind == "proved" for suggestion in suggestions)
    found = f"{len(suggestions)} suggestion{'' if len(suggestions) == 1 else 's'}"
    return f"{found}, {closing} of them closing the goal" if closing else f"{found} so far"


def title(suggestion: Suggestion, spot: Spot) -> str:
    """`omega  ✓ closes the goal`, `induction n  → 2 goals`, and who had the idea where it was no tactic of Lean's."""
    lines = (line.strip() for line in spot.shown(suggestion.text).split("\n"))
    text = visible(" ⏎ ".join(line for line in lines if line))
    if len(text) > TITLE_WIDTH:
        text = text[: TITLE_WIDTH - 1] + "…"
    origin = f" · {visible(suggestion.source)}" if suggestion.source == MODEL else ""
    return f"{text}  {suggestion.outcome}{origin}"


def _action(
    document: EditedDocument,
    spot: Spot,
    suggestion: Suggestion,
    causes: list[t.Diagnostic],
    abilities: Abilities,
    warning: str,
) -> t.CodeAction:
    edit = t.TextEdit(document.range(spot.start, spot.end), document.outgoing(spot.place(suggestion.text)))
    return t.CodeAction(
        title=title(suggestion, spot) + warning,
        kind=t.CodeActionKind.QuickFix,
        diagnostics=causes or None,
        edit=_workspace_edit(document, edit, abilities),
    )


def _workspace_edit(document: EditedDocument, edit: t.TextEdit, abilities: Abilities) -> t.WorkspaceEdit:
    if not abilities.document_changes:
        return t.WorkspaceEdit(changes={document.uri: [edit]})
    name = t.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
    return t.WorkspaceEdit(document_changes=[t.TextDocumentEdit(name, [edit])])


def _wanted(only: Iterable[str] | None) -> bool:
    """Whether quick fixes are asked for: kinds are hierarchical, and the empty one is the root of all."""
    return only is None or any(kind in (t.CodeActionKind.Empty, t.CodeActionKind.QuickFix) for kind in only)


def _problem(document: EditedDocument, diagnostic: t.Diagnostic) -> Problem:
    message = diagnostic.message if isinstance(diagnostic.message, str) else diagnostic.message.value
    where = diagnostic.range
    return Problem(document.offset(where.start), document.offset(where.end), message)


def _causes(diagnostic: t.Diagnostic, spot: Spot) -> bool:
    """Whether a diagnostic is what the suggestions at a spot put right."""
    message = diagnostic.message if isinstance(diagnostic.message, str) else diagnostic.message.value
    if spot.is_placeholder:
        return "declaration uses" in message
    return "unsolved goals" in message
