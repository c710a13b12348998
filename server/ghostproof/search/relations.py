"""Statements that may hold of a goal's own comparisons, and of what chooses among values or undoes another. Pure.

Guesses in the same way as those of `conjectures`: of each function that tells of two values of a type whether they are
in order, or the same, and of functions of two values beside these.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from ghostproof.search.conjecture import Conjecture, for_all, settled
from ghostproof.search.operations import WORD, Operation, Values

# What the library calls a comparison of numbers, of which Lean knows everything.
_LIBRARY = ("decide (x = y)", "decide (x ≤ y)", "decide (x < y)")


def relations(one: Sequence[Operation], two: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """Laws of comparisons and of functions beside them.

    Args:
        one: operations in one argument.
        two: operations in two, all of a type alike among them.
        values: the plainest values of types.
    """
    compared = [r for r in two if r.gives == "Bool" and r.takes[0] == r.takes[1] and not r.fixed]
    for r in compared:
        yield from _laws(r)
    for r, q in product(compared, compared):
        if r.takes == q.takes and r != q:
            yield from _between(r, q)
    for r in compared:
        more = values.successor(r.takes[0], "x")
        yield from _of_measures(r, one, values) if more else ()
    for f in two:
        yield from _in_front(f, two, values)
    inner = [f for f in two if f.takes == (f.gives, f.gives) and not f.fixed and f.gives != "Bool"]
    for f in inner:
        yield from _alone(f, values)
        for r in compared:
            if r.takes == f.takes:
                yield from _chosen(r, f)
    for f, op in product(inner, inner):
        if f.gives == op.gives and f != op:
            yield from _undone(f, op, values)


def _is(r: Operation, a: str, b: str, value: str = "true") -> str:
    return f"{r(a, b)} = {value}"


def _claim(r: Operation, claim: tuple[str, str, str], *given: str, of: Sequence[Operation] = ()) -> Conjecture:
    """For all values of a comparison's type that the claim or what it is given speaks of."""
    left, right, value = claim
    spoken = WORD.findall(" ".join((r(left, right), *given)))
    names = [name for name in ("x", "y", "z") if name in spoken]
    return for_all([r, *of], [r.takes[0]] * len(names), r(left, right), value, given)


def _laws(r: Operation) -> Iterator[Conjecture]:
    """What orders and equalities have in common, the strongest first."""
    kinds = list(r.takes)
    if kinds[0] == "Nat":
        for theirs in _LIBRARY:
            yield settled(r, for_all([r], kinds, r("x", "y"), theirs))
    yield _claim(r, ("x", "x", "true"))
    yield _claim(r, ("x", "x", "false"))
    yield settled(r, replace(for_all([r], kinds, _is(r, "x", "y"), "x = y"), relation="↔"))
    yield for_all([r], kinds, r("x", "y"), r("y", "x"))
    yield _claim(r, ("y", "x", "true"), _is(r, "x", "y", "false"))
    yield _claim(r, ("y", "x", "false"), _is(r, "x", "y"))
    yield _claim(r, ("x", "z", "true"), _is(r, "x", "y"), _is(r, "y", "z"))
    for value in ("true", "false"):
        yield for_all([r], kinds, "x", "y", (_is(r, "x", "y", value), _is(r, "y", "x", value)))


def _between(r: Operation, q: Operation) -> Iterator[Conjecture]:
    """What one comparison says of another one."""
    kinds = list(r.takes)
    if r.name < q.name:
        yield for_all([r, q], kinds, q("x", "y"), f"!{r('y', 'x')}")
        yield for_all([r, q], kinds, q("x", "y"), f"!{r('x', 'y')}")
    yield _claim(r, ("x", "y", "true"), _is(q, "x", "y"), of=[q])
    yield _claim(r, ("x", "y", "true"), _is(q, "x", "y", "false"), _is(q, "y", "x", "false"), of=[q])


def _of_measures(r: Operation, one: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """How a number that is made of a value compares with that of another one."""
    kind = r.takes[0]
    more, beyond = values.successor(kind, "x"), values.successor(kind, "y")
    if more is not None and beyond is not None:
        yield _claim(r, ("x", more[1:-1], "true"))
        yield _claim(r, ("x", beyond[1:-1], "true"), _is(r, "x", "y"))
    for g, h in product(one, one):
        if g.gives != kind or g == h or g.takes != h.takes:
            continue
        if h.turns and g.takes != (kind,):
            step = h.again
            yield for_all([r, g, step], g.takes, r(g(step("x")), g("x")), "true")
            above = values.successor(kind, g("x"))
            if above is not None:
                yield for_all([r, g, step], g.takes, r(g(step("x")), above[1:-1]), "true")
        elif h.gives == kind and g.takes != (kind,) and not (g.fixed or h.fixed):
            yield for_all([r, g, h], g.takes, r(g("x"), h("x")), "true")


def _in_front(f: Operation, two: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """When what puts an element into a value puts it in front, and when it leaves the value as it was."""
    put = values.put(f.gives)
    if put is None or f.fixed or f.takes != put.takes:
        return
    for p in two:
        told = [p("x", "y")] if p.takes == f.takes else [p("y", "x")] if p.takes == f.takes[::-1] else []
        for given in (f"{said} = {value}" for said in told for value in ("true", "false")):
            for right in (put("x", "y"), "y") if p.gives == "Bool" and not p.fixed else ():
                # An induction goes over the value.
                of = for_all([f, p], f.takes, f("x", "y"), right, (given,))
                yield replace(of, variables=of.variables[::-1])


def _alone(f: Operation, values: Values) -> Iterator[Conjecture]:
    """What a function of two values makes of one value twice."""
    yield for_all([f], [f.gives], f("x", "x"), "x")
    zero = values.zero(f.gives)
    if zero is not None:
        yield for_all([f], [f.gives], f("x", "x"), zero)
    yield for_all([f], [f.gives] * 3, f(f("x", "y"), "z"), f(f("x", "z"), "y"))
    x, y, z = (values.successor(f.gives, name) for name in "xyz")
    if x is not None and y is not None and z is not None:
        yield for_all([f], [f.gives] * 2, f(x, "y"), f("x", y))
        yield for_all([f], [f.gives] * 3, f(f("x", "y"), z), f(f("x", y), "z"))


def _chosen(r: Operation, f: Operation) -> Iterator[Conjecture]:
    """Where what a function makes stands in an order, and which of two values it is."""
    kinds = [f.gives] * 2
    for mine, whole in (("x", f("x", "y")), ("y", f("x", "y"))):
        yield for_all([r, f], kinds, r(mine, whole), "true")
        yield for_all([r, f], kinds, r(whole, mine), "true")
    for given, chosen in product((_is(r, "x", "y"), _is(r, "x", "y", "false"), _is(r, "y", "x")), ("x", "y")):
        yield for_all([r, f], kinds, f("x", "y"), chosen, (given,))
    three = [f.gives] * 3
    yield for_all([r, f], three, r(f("x", "y"), f("x", "z")), r("y", "z"))
    yield for_all([r, f], three, r(f("x", "z"), f("y", "z")), r("x", "y"))


def _undone(f: Operation, op: Operation, values: Values) -> Iterator[Conjecture]:
    """What one function puts to a value and another one takes off it again, and what stays of the value beside it."""
    two, three = [f.gives] * 2, [f.gives] * 3
    yield for_all([f, op], two, f(op("x", "y"), "y"), "x")
    yield for_all([f, op], two, f(op("x", "y"), "x"), "y")
    yield for_all([f, op], two, f("x", op("x", "y")), "x")
    zero = values.zero(f.gives)
    if zero is not None:
        yield for_all([f, op], two, f("x", op("x", "y")), zero)
        yield for_all([f, op], two, f("x", op("y", "x")), zero)
    yield for_all([f, op], three, f(f("x", "y"), "z"), f("x", op("y", "z")))
    yield for_all([f, op], three, f(op("x", "z"), op("y", "z")), f("x", "y"))
    yield for_all([f, op], three, f(op("x", "y"), op("x", "z")), f("y", "z"))
