"""Statements that may hold of what a function does to parts of a value, or to values of several types at once. Pure.

Guesses in the same way as those of `conjectures`: what is found under a key, an element that passes a joint, a measure
that finds it again, a measure of what two values make, joints on both sides, and functions that go through one another.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from ghostproof.search.conjecture import Conjecture, for_all
from ghostproof.search.operations import Operation, Values, bracketed, element_of


def passages(
    one: Sequence[Operation], two: Sequence[Operation], joints: Sequence[Operation], values: Values
) -> Iterator[Conjecture]:
    """The guesses of all shapes.

    Args:
        one: operations in one argument.
        two: operations in two.
        joints: operations that make a value of two of its type.
    """
    yield from _beside_each_other(one, two, joints)
    yield from _measured(one, two)
    yield from _carried(one, two, joints)
    yield from _passed(one, joints, values)
    yield from _found_again(one, two, joints)
    yield from _natural(one)


def looked_up(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """What is put in under a key is found there, and what is found under others stays what it was."""
    for g, h in product(one, one):
        if not h.turns or g.takes != h.takes or len(g.fixed) != 1 or g.turns:
            continue
        ((asked, kind),), step = g.fixed, h.again
        for key in (name for name, of in step.fixed if of == kind):
            there = replace(g, form=g.form.replace(f" {asked}", f" {key}"), fixed=())
            for value in _values(g.gives, [pair for pair in step.fixed if pair[0] != key]):
                yield for_all([there, step], g.takes, there(step("x")), value)
                yield for_all([step, g], g.takes, g(step("x")), g("x"), (f"{asked} ≠ {key}",))
            if g.gives == "Nat":
                found = f"if {key} = {asked} then {g('x')} + 1 else {g('x')}"
                yield for_all([step, g], g.takes, g(step("x")), found)


def _values(kind: str, put: Sequence[tuple[str, str]]) -> Iterator[str]:
    """What is found of what was put in, or that it is there."""
    if kind == "Bool" and kind not in (of for _, of in put):
        yield "true"
    for name, of in put:
        if kind in (of, f"Option {bracketed(of)}"):
            yield name if kind == of else f"some {name}"


def _measured(one: Sequence[Operation], two: Sequence[Operation]) -> Iterator[Conjecture]:
    """The measure of what two values make is made of their measures; a number counts as its own."""
    plain = [g for g in one if not g.fixed]
    for f, h in product(two, two):
        if h.takes != (h.gives, h.gives) or h.fixed or f.takes == (f.gives, f.gives) or h.gives == "Bool":
            continue
        for g in plain:
            if g.takes != (f.gives,) or g.gives != h.gives:
                continue
            sides = [_measure(plain, g, kind, name) for kind, name in zip(f.takes, ("x", "y"), strict=True)]
            if None not in sides:
                a, b = (side or "" for side in sides)
                yield for_all([f, g, h], f.takes, g(f("x", "y")), h(a, b))
                yield for_all([f, g, h], f.takes, g(f("x", "y")), h(b, a))


def _carried(one: Sequence[Operation], two: Sequence[Operation], joints: Sequence[Operation]) -> Iterator[Conjecture]:
    """What is given besides counts in the measure of what two values make, by a measure of its own: a carry."""
    plain = [g for g in one if not g.fixed]
    for f, g, h in product(two, plain, joints):
        if not f.fixed or g.takes != (f.gives,) or h.takes != (g.gives, g.gives) or not (h.own or " + " in h.form):
            continue
        sides = [_measure(plain, g, kind, name) for kind, name in zip(f.takes, ("x", "y"), strict=True)]
        for name, m in ((name, m) for name, kind in f.fixed for m in plain if m.takes == (kind,)):
            if None not in sides and m.gives == g.gives:
                a, b = (side or "" for side in sides)
                yield for_all([f, g, h, m], f.takes, g(f("x", "y")), h(h(a, b), m(name)))


def _measure(plain: Sequence[Operation], like: Operation, kind: str, variable: str) -> str | None:
    """The measure of a variable by the same function at its type."""
    if kind == like.gives:
        return variable
    return next((g(variable) for g in plain if g.name == like.name and g.takes == (kind,)), None)


def _passed(one: Sequence[Operation], joints: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """Where in a joint an element stands makes no difference."""
    for g, op in product(one, joints):
        if g.takes != (op.gives,) or (g.gives == op.gives and g.fixed):
            continue
        element, put = element_of(op.gives), values.cons(op.gives)
        if put is not None:
            last, first = put("y", "z"), put("y", op("x", "z"))
            yield for_all([g, op], [op.gives, put.takes[0], op.gives], g(op("x", last)), g(first))
        elif element:
            yield for_all([g, op], [op.gives, element, op.gives], g(op("x", "(y :: z)")), g(f"(y :: {op('x', 'z')})"))


def settled_before(one: Sequence[Operation], joints: Sequence[Operation]) -> Iterator[Conjecture]:
    """What is done to the whole need not be done to its parts, as with remainders or bounds."""
    for g, op in product(one, joints):
        if g.turns and g.takes == (op.gives,) and g.name != op.name:
            whole = g(op("x", "y"))
            yield for_all([g, op], op.takes, g(op(bracketed(g("x")), "y")), whole)
            yield for_all([g, op], op.takes, g(op("x", bracketed(g("y")))), whole)


def _found_again(
    one: Sequence[Operation], two: Sequence[Operation], joints: Sequence[Operation]
) -> Iterator[Conjecture]:
    """A measure of the first part of a joint tells where the second one begins."""
    for f, g, op in product(two, one, joints):
        kind = op.gives
        if f.gives != kind or g.takes != (kind,) or g.fixed or g.gives == kind:
            continue
        if f.takes not in ((g.gives, kind), (kind, g.gives)):
            continue
        swapped = f.takes[0] == kind
        joined = op("x", "y")
        left = f(joined, g("x")) if swapped else f(g("x"), joined)
        for right in (op("y", "x"), "y", "x"):
            yield for_all([f, g, op], [kind, kind], left, right)


def _natural(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """What goes from one type to another passes a function that there is at both."""
    for g, h, there in product(one, one, one):
        if h.name != there.name or not h.turns or not there.turns or h.takes == there.takes or g.name == h.name:
            continue
        if g.takes == h.takes and g.gives == there.gives and h.fixed == there.fixed:
            yield for_all([g, h.again], g.takes, g(h.again("x")), there.again(g("x")))


def _beside_each_other(
    one: Sequence[Operation], two: Sequence[Operation], joints: Sequence[Operation]
) -> Iterator[Conjecture]:
    """What goes through two values at once passes joints of both whose first parts are equally long."""
    plain = [g for g in one if not g.fixed]
    for f in two:
        left, right = f.takes
        for a, b, c in product(joints, joints, joints):
            if (
                (a.gives, b.gives, c.gives) != (left, right, f.gives)
                or not a.form == b.form == c.form
                or f.form == a.form
            ):
                continue
            kinds = [left, left, right, right]
            for given in _equally_long(plain, left, right):
                yield for_all([f, a], kinds, f(a("x", "y"), b("z", "w")), c(f("x", "z"), f("y", "w")), (given,))


def _equally_long(plain: Sequence[Operation], left: str, right: str) -> Iterator[str]:
    """That `x` is as long as `z`; of the library's lists in its own words, as a goal's function is known to be them."""
    if element_of(left) and element_of(right):
        yield "x.length = z.length"
        return
    for m, n in product(plain, plain):
        if m.name == n.name and m.takes == (left,) and n.takes == (right,) and m.gives == n.gives:
            yield f"{m('x')} = {n('z')}"
