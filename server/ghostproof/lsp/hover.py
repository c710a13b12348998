"""`textDocument/hover`: what is on offer at a place, with the goals that it leaves. Nothing is searched for."""

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from lsprotocol import types as t

from ghostproof.lsp.documents import EditedDocument
from ghostproof.lsp.session import Session
from ghostproof.lsp.shown import offered
from ghostproof.syntax.spot import Spot, typed_prefix
from ghostproof.verify.verdict import Suggestion
from ghostproof.visible import visible, visible_lines

if TYPE_CHECKING:
    from ghostproof.suggest.job import Snapshot

# The first ones with their goals; a menu and the panel have all of them. Where there are many ways to close the goal,
# how else to go on is worth more than a third of them.
MOST, MOST_CLOSING = 4, 2
_FENCE = re.compile("`{3,}")


def hover(session: Session, params: t.HoverParams) -> t.Hover | None:
    """The best suggestions that are known at this place of this very text; None where there are none."""
    document = session.documents.get(params.text_document.uri)
    if document is None or document.why_not:
        return None
    at = document.offset(params.position)
    for known in session.app.known(document.path, document.source.text):
        if known.spot is not None and _is_at(document, known.spot, at):
            found = _first(_fitting(document, known.spot, _listed(session, document, known)))
            if found:
                parts = _parts(known, known.spot, found, markdown=session.client.abilities.markdown)
                kind = t.MarkupKind.Markdown if session.client.abilities.markdown else t.MarkupKind.PlainText
                return t.Hover(
                    t.MarkupContent(kind, "\n\n".join(parts)), document.range(known.spot.start, known.spot.end)
                )
    return None


def _is_at(document: EditedDocument, spot: Spot, at: int) -> bool:
    """Whether a place is at a spot. Out of Insert mode, the cursor stands on the blank before it."""
    if spot.start <= at <= spot.end:
        return True
    between = document.source.text[at : spot.start]
    return at < spot.start and "\n" not in between and not between.strip()


def _listed(session: Session, document: EditedDocument, known: "Snapshot") -> Iterable[Suggestion]:
    """What is known at a place, and what is drawn there."""
    shown = session.shown.get(document.uri)
    if shown is None or known.spot is None:
        return known.suggestions
    return shown.with_drawn(document.source.text, known.spot, known.suggestions)


def _fitting(document: EditedDocument, spot: Spot, listed: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """What goes on with what is typed already, as ghost text does."""
    typed = typed_prefix(spot, document.source.text)
    return (each for each in offered(listed) if each.text.startswith(typed))


def _first(found: Iterable[Suggestion]) -> list[Suggestion]:
    """The first ones, not all of which close the goal if there is one that does not."""
    each = list(found)
    closing = [one for one in each if not one.goals]
    steps = [one for one in each if one.goals]
    shown = closing[: max(MOST_CLOSING, MOST - len(steps))] + steps
    return sorted(shown, key=each.index)[:MOST]


def _parts(known: "Snapshot", spot: Spot, found: list[Suggestion], *, markdown: bool) -> list[str]:
    return [*(_entry(spot, each, markdown=markdown) for each in found), *_above(known, markdown=markdown)]


def _above(known: "Snapshot", *, markdown: bool) -> list[str]:
    """The first error of the file above, behind the suggestions. What Lean printed is not read as Markdown."""
    error = known.state.error_above if known.state else None
    if error is None:
        return []
    return [f"Line {error.line + 1} above has an error:", _code(error.message)] if markdown else [error.told]


def _entry(spot: Spot, suggestion: Suggestion, *, markdown: bool) -> str:
    # Most of Lean's automation is named by its own first words.
    source = "" if suggestion.text.startswith(suggestion.source) else f" · {visible(suggestion.source)}"
    says = f"{suggestion.outcome}{source} · {suggestion.ms:.0f} ms"
    text, goals = visible_lines(spot.shown(suggestion.text)), [visible_lines(goal) for goal in suggestion.goals]
    if not markdown:
        return "\n\n".join([text, says, *goals])
    return "\n\n".join([_code(text), says, *([_code("\n\n".join(goals))] if goals else [])])


def _code(text: str) -> str:
    """A block of code that nothing in the text can end."""
    longest = max((len(found) for found in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return f"{fence}lean\n{text}\n{fence}"
