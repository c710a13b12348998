"""Operations of the goal's classes, or that it is given as such, and guesses about what functions make of them. Pure.

Where `prod : List M → M` is defined by the operations of a class, lemmas about it speak of these:
`prod (xs ++ ys) = Mon.mul (prod xs) (prod ys)`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.conjectures import conjectures
from ghostproof.search.operations import element_of
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.application import arguments
from ghostproof.verify.checker import Function
from ghostproof.verify.definitions import Definition, Definitions

_MOST = 12
_TWO_TO_ONE = re.compile(r"(\w[^→(){}]*) → (\w[^→(){}]*) → (\w[^→(){}]*)")


def class_operations(view: GoalView, known: Definitions) -> tuple[Function, ...]:
    """The operations of classes, at the types that the goal has instances for."""
    given = dict.fromkeys(arguments(h.type) for h in view.hypotheses if h.name.startswith("inst✝"))
    return tuple(dict.fromkeys(one for operation in known.operations for one in _at(operation, tuple(given))))[:_MOST]


def local_operations(view: GoalView) -> tuple[Function, ...]:
    """The goal's variables that make one value of two: `f : β → α → β`."""
    found = ((h.name, _TWO_TO_ONE.fullmatch(h.type)) for h in view.hypotheses if h.accessible and not h.is_prop)
    kinds = ((name, *kind.groups()) for name, kind in found if kind is not None and kind[3] != "Prop")
    return tuple(Function(name, False, (), (first, second), result) for name, first, second, result in kinds)


def pulled_through(functions: Sequence[Function], local: Sequence[Function]) -> Iterator[Conjecture]:
    """Guesses about functions that are given such a variable: what they do to it can be done before, or after.

    `crunch f (f b x) xs = f (crunch f b xs) x`, where hypotheses say of `f` what makes that true.
    """
    for operation, f in product(local, functions):
        first, *kinds = f.arguments or ("",)
        if first.count("→") != 2 or _kind(operation) != first:
            continue
        partly = Function(f"{f.name} {operation.name}", f.recursive, (), tuple(kinds), f.result)
        for one in conjectures((partly, operation)):
            if {name for name, _ in one.about} == {partly.name, operation.name}:
                yield replace(one, about=frozenset({(f.name, f.result)}))


def _kind(operation: Function) -> str:
    return " → ".join((*operation.arguments, operation.result))


def _at(operation: Definition, given: Sequence[tuple[str, ...]]) -> Iterator[Function]:
    if not operation.arguments or not all((*operation.arguments, operation.result)):
        return
    for types in given:
        # Who extends a class has its operations as well, so that the class's own name need not be there.
        if len(types) == len(operation.variables):
            at = dict(zip(operation.variables, types, strict=True))
            kinds = tuple(_put(kind, at) for kind in (*operation.arguments, operation.result))
            yield Function(operation.name, False, (), kinds[:-1], kinds[-1])


def _put(kind: str, at: dict[str, str]) -> str:
    return " ".join(at.get(word, word) for word in kind.split(" "))


def carried_over(functions: Sequence[Function], operations: Sequence[Function]) -> Iterator[Conjecture]:
    """Guesses that functions make an operation of a class out of what joins two values."""
    for f in functions:
        if len(f.arguments) != 1:
            continue
        (kind,) = f.arguments
        same = (kind, kind)
        joins = [f"({g.name} x y)" for g in functions if (g.arguments, g.result) == (same, kind)]
        joins += ["(x ++ y)"] if element_of(kind) else []
        for join in joins:
            for operation in operations:
                if operation.arguments == (f.result, f.result) and operation.result == f.result:
                    about = frozenset({(f.name, f.result)})
                    right = f"{operation.name} ({f.name} x) ({f.name} y)"
                    yield Conjecture((("x", kind), ("y", kind)), f"{f.name} {join}", right, about=about)
