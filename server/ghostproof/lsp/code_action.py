"""`textDocument/codeAction`: one action per suggestion, whose title says what it does, and one that proves it all."""

import asyncio
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from lsprotocol import types as t

from ghostproof.errors import NoGoal
from ghostproof.lsp.client import Abilities
from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.progress import ProgressReports
from ghostproof.lsp.protocol import PROVE_HERE
from ghostproof.lsp.session import Session
from ghostproof.lsp.shown import offered
from ghostproof.syntax.extent import declaration_at
from ghostproof.syntax.missing import find_proof_spots
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
# A kind below that of quick fixes: a key can be bound to it, and whoever asks for quick fixes gets it too.
PROVE_KIND = f"{t.CodeActionKind.QuickFix.value}.ghostproof.prove"
LEMMAS = frozenset({"theorem", "lemma"})


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
    problems = [_problem(document, diagnostic) for diagnostic in params.context.diagnostics]
    at = document.offset(params.range.start)
    proving = _prove_actions(document, at, problems, params.context.diagnostics)
    spots = find_action_spots(source, at, problems) if _wanted(only, t.CodeActionKind.QuickFix.value) else []
    if not spots:
        return proving
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
        return proving
    causes = [d for d in params.context.diagnostics if _causes(d, spot)]
    above = answer.state.error_above if answer.state else None
    warning = f" · line {above.line + 1} above has an error" if above else ""
    abilities = session.client.abilities
    suggested = [_action(document, spot, s, causes, abilities, warning) for s in offered(answer.suggestions)]
    return [*suggested, *proving]


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


def _prove_actions(
    document: EditedDocument, at: int, problems: Sequence[Problem], diagnostics: Sequence[t.Diagnostic]
) -> list[t.CodeAction]:
    """The action that has all proved that is missing in the declaration; none where its text misses nothing."""
    spots = find_proof_spots(document.source, at, problems)
    if not spots:
        return []
    keyword = declaration_at(document.source.text, spots[0].start).keyword
    place = {"textDocument": {"uri": document.uri}, "position": _wire(document, spots[0].start)}
    name = f"Prove this {'lemma' if keyword in LEMMAS or not keyword else keyword}"
    return [
        t.CodeAction(
            title=name,
            kind=PROVE_KIND,
            diagnostics=[d for d in diagnostics if _causes(d, spots[0])] or None,
            command=t.Command(name, PROVE_HERE, arguments=[place]),
        )
    ]


def _wire(document: EditedDocument, at: int) -> dict[str, int]:
    position = document.range(at, at).start
    return {"line": position.line, "character": position.character}


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
