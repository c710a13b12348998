"""`textDocument/codeAction`: one action per suggestion, whose title says what it does, and those for whole proofs."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as t

from ghostproof.errors import NoGoal
from ghostproof.lsp.client import Abilities
from ghostproof.lsp.diagnostics import causes, problem
from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.progress import ProgressReports
from ghostproof.lsp.proof_actions import PROVE_KIND, prove_actions, repair_actions
from ghostproof.lsp.session import Session
from ghostproof.lsp.shown import offered
from ghostproof.syntax.spot import Spot, find_action_spots
from ghostproof.verify.verdict import Suggestion
from ghostproof.visible import visible, visible_lines
from ghostproof.wording import counted

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
    only = params.context.only
    if document is None or not _wanted(only, PROVE_KIND):
        return []
    automatic = params.context.trigger_kind == t.CodeActionTriggerKind.Automatic
    if document.why_not:
        if not automatic:
            session.client.inform(document.why_not)
        return []
    version, source = document.version, document.source
    told, fixes = params.context.diagnostics, _wanted(only, t.CodeActionKind.QuickFix.value)
    problems = [problem(document, diagnostic) for diagnostic in told]
    at = document.offset(params.range.start)
    proving = prove_actions(document, at, problems, told)
    repairing = repair_actions(document, at, told) if fixes else []
    spots = find_action_spots(source, at, problems) if fixes else []
    if not spots:
        return [*proving, *repairing]
    job = session.app.suggest(document.path, source.text, spots)
    if automatic:
        answer = await job.wait(lambda known: known.done, LIGHT_BULB_S)
    else:
        answer = await _patiently(session, job, params.work_done_token)
    if answer.error is not None:
        session.report(answer.error)
    elif answer.done and answer.why_none and not automatic:
        session.client.inform(visible_lines(answer.why_none))
    if not session.documents.holds(document, version):
        return []
    spot = answer.spot
    if isinstance(answer.error, NoGoal):
        proving = []
    if spot is None:
        return [*proving, *repairing]
    if not automatic:
        session.saw(document, "action", answer, offered(answer.suggestions))
    caused = [d for d in told if causes(d, spot)]
    above = answer.state.error_above if answer.state else None
    warning = f" · line {above.line + 1} above has an error" if above else ""
    abilities = session.client.abilities
    drawn, known = session.shown.get(document.uri), offered(answer.suggestions)
    listed = drawn.with_drawn(source.text, spot, known) if drawn else known
    suggested = [_action(document, spot, s, caused, abilities, warning) for s in listed]
    return [*suggested, *proving, *repairing]


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
    found = counted(len(suggestions), "suggestion")
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
    caused: list[t.Diagnostic],
    abilities: Abilities,
    warning: str,
) -> t.CodeAction:
    edit = t.TextEdit(document.range(spot.start, spot.end), document.outgoing(spot.place(suggestion.text)))
    return t.CodeAction(
        title=title(suggestion, spot) + warning,
        kind=t.CodeActionKind.QuickFix,
        diagnostics=caused or None,
        edit=_workspace_edit(document, edit, abilities),
    )


def _workspace_edit(document: EditedDocument, edit: t.TextEdit, abilities: Abilities) -> t.WorkspaceEdit:
    if not abilities.document_changes:
        return t.WorkspaceEdit(changes={document.uri: [edit]})
    name = t.OptionalVersionedTextDocumentIdentifier(uri=document.uri, version=document.version)
    return t.WorkspaceEdit(document_changes=[t.TextDocumentEdit(name, [edit])])


def _wanted(only: Iterable[str] | None, kind: str) -> bool:
    """Whether actions of a kind are asked for: kinds are hierarchical, and the empty one is the root of all."""
    if only is None:
        return True
    names = (asked.value if isinstance(asked, t.CodeActionKind) else asked for asked in only)
    return any(not name or f"{kind}.".startswith(f"{name}.") for name in names)
