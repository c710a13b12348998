"""Diagnostics as a client hands them over: what Lean has said about a document, and what puts it right."""

from lsprotocol import types as t

from ghostproof.lsp.documents import EditedDocument
from ghostproof.syntax.spot import Problem, Spot


def problem(document: EditedDocument, diagnostic: t.Diagnostic) -> Problem:
    """The diagnostic with offsets of the document."""
    where = diagnostic.range
    return Problem(document.offset(where.start), document.offset(where.end), _message(diagnostic))


def causes(diagnostic: t.Diagnostic, spot: Spot) -> bool:
    """Whether a diagnostic is what the suggestions at a spot put right."""
    if spot.is_placeholder:
        return "declaration uses" in _message(diagnostic)
    return "unsolved goals" in _message(diagnostic)


def is_refusal(diagnostic: t.Diagnostic) -> bool:
    """Whether it is an error of Lean's. Who says nothing of where it comes from is believed to speak for Lean."""
    is_error = diagnostic.severity is None or diagnostic.severity == t.DiagnosticSeverity.Error
    return is_error and (diagnostic.source is None or diagnostic.source.lower().startswith("lean"))


def _message(diagnostic: t.Diagnostic) -> str:
    return diagnostic.message if isinstance(diagnostic.message, str) else diagnostic.message.value
