"""Operators that the file says the meaning of, said to be that before anything else is tried.

`instance : Add N := ⟨N.add⟩` makes a goal speak of `a + b`, where its equations, and all that is found out about it,
speak of `N.add a b`. What says so stays as a hypothesis, as the equations of other functions may use the operator too.
"""

import re
from collections.abc import Iterable, Iterator

from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.declarations import scan
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.notations import Notation, notations
from ghostproof.syntax.proposition import head_of
from ghostproof.syntax.quoting import last_part
from ghostproof.verify.checker import Function
from ghostproof.verify.verdict import Checked

_COST, _ONWARD = 0.6, 0.1


class Notations:
    """See `Strategy`."""

    name = "notation"

    def moves(self, goal: Goal) -> Iterator[Move]:
        view, laws = goal.view, list(laws_of(goal))
        names = fresh([f"{notation.kind.lower()}_def" for notation, _ in laws], view.taken)
        stated = [f"have {name} : {law} := fun _ _ => rfl" for name, (_, law) in zip(names, laws, strict=True)]
        met = [name for name, (notation, _) in zip(names, laws, strict=True) if _stands(notation, view.target)]
        if stated:
            rewritten = [f"simp only [{', '.join(met)}]"] if met else []
            yield Move("\n".join((*stated, *rewritten)), self.name, _COST, _ONWARD)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def laws_of(goal: Goal) -> Iterator[tuple[Notation, str]]:
    """What the operators are that a theorem speaks of, or what its functions are made of; at each type that occurs."""
    view, above = goal.view, goal.above
    if goal.depth:
        return
    declared, own = notations(above), scan(above).functions
    met = (own.get(last_part(one.function)) for one in declared if _stands(one, view.target))
    spoken = (*(f.name for f in view.functions), *(function.name for function in met if function is not None))
    rest = {last_part(name) for name in goal.known.made_of(spoken)}
    variables = [h for h in view.hypotheses if re.fullmatch(r"Type\b.*", h.type) and h.accessible]
    for one in declared:
        if one.body and _stands(one, view.target):
            yield from ((one, _said(one, kind)) for kind in _at_types(one, view))
        function = own.get(last_part(one.function))
        if function is None or not (_stands(one, view.target) or last_part(one.function) in rest):
            continue
        for kind in _at_types(one, view):
            # For all types, as lemmas are about all of them.
            types = "".join(f"{{{h.name} : {h.type}}} " for h in variables if h.name in identifiers(kind))
            left, right = fresh(["a", "b"], {h.name for h in variables})
            yield (
                one,
                f"∀ {types}({left} {right} : {kind}), ({left} {one.sign} {right}) = {function.name} {left} {right}",
            )


def _said(one: Notation, kind: str) -> str:
    return f"∀ ({' '.join(one.names)} : {kind}), ({f' {one.sign} '.join(one.names)}) = {one.body}"


def _stands(notation: Notation, text: str) -> bool:
    return f" {notation.sign} " in text


def _at_types(notation: Notation, view: GoalView) -> Iterator[str]:
    """Types of the goal's values at which the operator is one: `Seq α` for `instance : Append (Seq β)`."""
    told = (kind for f in view.functions for kind in _kinds(f))
    kinds = dict.fromkeys((*(h.type for h in view.hypotheses if not h.is_prop), *told))
    yield from (kind for kind in kinds if last_part(head_of(kind)) == last_part(head_of(notation.type)))


def _kinds(function: Function) -> tuple[str, ...]:
    return (*function.arguments, function.result)
