"""How lemmas stand in a proof: as premises of a statement, or as steps above what they are needed for. Pure."""

from collections.abc import Iterator, Sequence

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.strategy import Goal
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView


def from_premises(view: GoalView, given: Sequence[Conjecture], statement: str, proof: str) -> str:
    """A statement with its proof, what is known as premises: so that it is not proved again with each try."""
    return premised(list(zip(keys(view, len(given)), (one.statement for one in given), strict=True)), statement, proof)


def premised(facts: Sequence[tuple[str, str]], statement: str, proof: str, variable: str = "", kind: str = "") -> str:
    """A statement with its proof, facts as premises, each with the name that the proof has for it.

    Args:
        proof: its lines but for the first stand two columns further in.
        variable, kind: what all of it is said for, if anything.
    """
    said = " → ".join((*(f"({fact})" for _, fact in facts), f"({statement})"))
    names = " ".join(filter(None, (variable, *(name for name, _ in facts))))
    intro = f"  intro {names}\n" if names else ""
    for_all = f"∀ {variable} : {kind}, " if variable else ""
    return f"have : {for_all}{said} := by\n{intro}  {proof}"


def endings(goal: Goal, closing: str) -> Iterator[str]:
    """The same in words that come nearer and nearer to how Lean has accepted it; `grind` does not see them as one."""
    target = goal.main.target
    yield closing
    yield f"show {target}\n{closing}"
    yield f"have : {target} := by\n  {closing}\nexact this"


def keys(view: GoalView, count: int) -> list[str]:
    """Names for so many lemmas."""
    return list(fresh((f"key{nth or ''}" for nth in range(count)), view.taken))


def written(goal: Goal, lemmas: Sequence[str]) -> str:
    """Lemmas one below the other, each with a name of its own."""
    names = keys(goal.view, len(lemmas))
    return "\n".join(f"have {name} : {lemma}" for name, lemma in zip(names, lemmas, strict=True))
