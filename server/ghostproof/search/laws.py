"""The laws of a goal's structures and classes, as automatic closers take them. Pure."""

from collections.abc import Iterator

from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.quoting import last_part
from ghostproof.verify.definitions import Definitions, Law


def laws_for(closer: str, view: GoalView, known: Definitions) -> tuple[str, ...]:
    """The laws that a closer can use: `grind` all of them, a simplifier those that rewrite, in their direction."""
    if closer.startswith("grind"):
        return tuple(name for law in known.laws for name in _names(law, view))
    return tuple(
        f"← {name}" if law.direction == "←" else name
        for law in known.laws
        if law.direction
        for name in _names(law, view)
    )


def _names(law: Law, view: GoalView) -> Iterator[str]:
    """How a law is written: of a predicate, for each proof of it that the goal has."""
    if not law.is_prop:
        yield law.name
        return
    for h in view.propositions:
        if h.inductive == law.structure:
            yield f"{h.name}.{last_part(law.name)}"
