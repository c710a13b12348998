"""What automatic closers are told of besides functions: laws of structures and classes, how programs go on. Pure."""

from collections.abc import Iterator

from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.proposition import head_of
from ghostproof.syntax.quoting import last_part
from ghostproof.verify.definitions import Definition, Definitions, Law

# A simplifier knows how an `Option` goes on, and not how an `Except` does; `grind` gets nowhere with either's `bind`.
_PROGRAMS = {"Except": ("Bind.bind", "Except.bind", "Pure.pure", "Except.pure")}
# What a bit is worth, no closer knows unasked.
_OF_BITS = "Bool.toNat"


def laws_for(closer: str, view: GoalView, known: Definitions) -> tuple[str, ...]:
    """The laws that a closer can use: `grind` all of them, a simplifier those that rewrite, in their direction."""
    functions = known.functions.values()
    of_bits = (_OF_BITS,) if any(map(_takes_bits, functions)) else ()
    if closer.startswith("grind"):
        return (*(name for law in known.laws for name in _names(law, view)), *of_bits)
    rewriting = (
        f"← {name}" if law.direction == "←" else name
        for law in known.laws
        if law.direction
        for name in _names(law, view)
    )
    results = dict.fromkeys(head_of(one.result) for one in functions)
    return (*rewriting, *(name for head in results for name in _PROGRAMS.get(head, ())), *of_bits)


def _takes_bits(function: Definition) -> bool:
    plain = [kind for kind in function.arguments if "→" not in kind]
    return function.result in ("Nat", "Int") and any("Bool" in identifiers(kind) for kind in plain)


def _names(law: Law, view: GoalView) -> Iterator[str]:
    """How a law is written: of a predicate, for each proof of it that the goal has."""
    if not law.is_prop:
        yield law.name
        return
    for h in view.propositions:
        if h.inductive == law.structure:
            yield f"{h.name}.{last_part(law.name)}"
