"""`ghostproof/panel`: all that is known at a place, with the goals that each suggestion leaves, for a list beside the
editor that follows the cursor."""

from typing import TYPE_CHECKING, Any

from lsprotocol import types as t

from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.protocol import ErrorAboveNote, PanelParams
from ghostproof.lsp.session import Session
from ghostproof.lsp.shown import offered
from ghostproof.syntax.spot import Spot, find_action_spots
from ghostproof.verify.error_above import ErrorAbove
from ghostproof.verify.verdict import Suggestion
from ghostproof.visible import visible, visible_lines

if TYPE_CHECKING:
    from ghostproof.suggest.job import Snapshot

# The client asks again with what it knows; this long an answer waits for news.
NEWS_S = 5.0
NOTHING_HERE = "No tactic can go at the cursor."


async def panel(session: Session, params: PanelParams) -> dict[str, Any]:
    """What is known at the cursor once that differs from what the client says it knows, or `done`."""
    document = session.documents.get(params.textDocument.uri)
    if document is None:
        return _nothing(None, "This is no Lean file.")
    if document.why_not:
        return _nothing(document.version, document.why_not)
    version, source = document.version, document.source
    where = t.Position(params.position.line, params.position.character)
    spots = find_action_spots(source, document.offset(where))
    if not spots:
        return _nothing(version, NOTHING_HERE)
    known = getattr(params, "known", None)
    job = session.app.suggest(document.path, source.text, spots)
    answer = await job.wait(lambda now: _digest(now) != known, NEWS_S)
    if not session.documents.holds(document, version):
        return _nothing(document.version, "")
    return _answer(document, answer)


def _answer(document: EditedDocument, answer: "Snapshot") -> dict[str, Any]:
    spot, state, problem = answer.spot, answer.state, answer.error
    return {
        "version": document.version,
        "done": answer.done,
        "known": _digest(answer),
        "message": visible_lines(str(problem) if problem else answer.why_none if answer.done else ""),
        "errorAbove": _above(state.error_above if state else None),
        "goals": [visible_lines(goal) for goal in state.goals] if state else [],
        "checked": answer.checked,
        "suggestions": [_entry(document, spot, s) for s in offered(answer.suggestions)] if spot else [],
    }


def _above(error: ErrorAbove | None) -> ErrorAboveNote | None:
    return None if error is None else {"line": error.line, "message": error.message, "told": error.told}


def _entry(document: EditedDocument, spot: Spot, suggestion: Suggestion) -> dict[str, Any]:
    return {
        "text": spot.shown(suggestion.text),
        "outcome": suggestion.outcome,
        "verdict": suggestion.kind,
        "goals": [visible_lines(goal) for goal in suggestion.goals],
        "source": visible(suggestion.source),
        "ms": round(suggestion.ms, 1),
        "range": document.wire_range(spot.start, spot.end),
        "newText": document.outgoing(spot.place(suggestion.text)),
    }


def _digest(answer: "Snapshot") -> str:
    """Names what an answer shows; the count of checked candidates is no news by itself."""
    shown = "\n".join(f"{s.outcome} {s.text}" for s in answer.suggestions)
    return f"{answer.done} {answer.state is not None} {hash(shown)}"


def _nothing(version: int | None, message: str) -> dict[str, Any]:
    return {
        "version": version,
        "done": True,
        "known": "",
        "message": message,
        "errorAbove": None,
        "goals": [],
        "checked": 0,
        "suggestions": [],
    }
