"""Statements that may hold of functions that give pairs, such as what splits a list: of their sides, and of both. Pure.

Guesses in the same way as those of `conjectures`: a side is an operation like others; what was split can be joined
again, and measures of both sides add up to that of the whole.
"""

from collections.abc import Iterator, Sequence
from itertools import product

from ghostproof.search.conjecture import Conjecture, for_all
from ghostproof.search.operations import Operation, element_of, of_library
from ghostproof.syntax import brackets


def sides_of(function: Operation) -> tuple[Operation, ...]:
    """Both sides of what a function gives, as operations; none where it gives no pair."""
    kinds = _kinds_of(function.gives)
    forms = (f"({function.form}).{side}" for side in (1, 2))
    return tuple(
        Operation(form, function.takes, kind, function.fixed, name=function.name)
        for form, kind in zip(forms, kinds, strict=False)
    )


def pair_laws(one: Sequence[Operation], two: Sequence[Operation], joints: Sequence[Operation]) -> Iterator[Conjecture]:
    """Laws of both sides.

    Args:
        one: operations in one argument.
        two: operations in two.
        joints: operations that make a value of two of its type.
    """
    measures = [g for g in one if not g.turns]
    added = [op for op in dict.fromkeys((*joints, *of_library("Nat"))) if " * " not in op.form]
    for f in (*one, *two):
        if sides := sides_of(f):
            left, right = sides
            yield from _joined(left, right, joints)
            yield from _measured(left, right, measures, added)


def _joined(left: Operation, right: Operation, joints: Sequence[Operation]) -> Iterator[Conjecture]:
    """The sides together are the whole."""
    for op in joints:
        if left.takes == (left.gives,) == (right.gives,) == (op.gives,):
            again = op.again if left.fixed else op
            yield for_all([left, again], left.takes, again(left("x"), right("x")), "x")
            yield for_all([left, again], left.takes, again(right("x"), left("x")), "x")


def _measured(
    left: Operation, right: Operation, measures: Sequence[Operation], joints: Sequence[Operation]
) -> Iterator[Conjecture]:
    """The measures of the sides make that of the whole; a value of the measure's type counts as its own."""
    names = ("x", "y")[: len(left.takes)]
    lists = dict.fromkeys(kind for kind in (*left.takes, right.gives) if element_of(kind))
    lengths = [Operation("{0}.length", (kind,), "Nat", own=False) for kind in lists]
    for measure, op in product((*measures, *lengths), joints):
        g = measure.again if left.fixed else measure
        if op.gives != g.gives or op.fixed:
            continue
        whole = [_measure(g, kind, name) for kind, name in zip(left.takes, names, strict=True)]
        parts = [_measure(g, side.gives, side(*names)) for side in (left, right)]
        said, made = (op(*known) if len(known) > 1 else "".join(known) for known in (_known(whole), _known(parts)))
        if said and made and len(_known(parts)) > 1:
            yield for_all([left, g, op], left.takes, made, said)
    for g in lengths:
        if g.takes == (right.gives,) and right.gives in right.takes:
            same = g(names[right.takes.index(right.gives)])
            yield for_all([right], right.takes, g(right(*names)), same)


def _known(measured: Sequence[str | None]) -> list[str]:
    return [one for one in measured if one is not None]


def _measure(g: Operation, kind: str, term: str) -> str | None:
    """The measure of a term; None where it has none."""
    if kind == g.gives:
        return term
    return g(term) if g.takes == (kind,) else None


def _kinds_of(kind: str) -> tuple[str, ...]:
    """The types of a pair's sides; none where it is no pair."""
    other = any(position for sign in "→⊕" for position in brackets.outside(kind, sign))
    at = next(brackets.outside(kind, "×"), None)
    if other or at is None:
        return ()
    return tuple(_unbracketed(side.strip()) for side in (kind[:at], kind[at + 1 :]))


def _unbracketed(kind: str) -> str:
    return kind[1:-1] if kind.startswith("(") and brackets.closing(kind, 0) == len(kind) - 1 else kind
