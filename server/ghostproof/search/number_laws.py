"""Statements that may hold of functions that take numbers or give them, the file's own numbers too. Pure.

Guesses in the same way as those of `conjectures`: what one more changes, how many there are, which of two is larger.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import product

from ghostproof.search.conjecture import Conjecture, for_all
from ghostproof.search.operations import Operation, Values, bracketed


def stepwise(two: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """What one more in the second argument changes, as a function that recurses on the first does not say it."""
    for f in two:
        more, result = values.successor(f.takes[1], "y"), values.successor(f.gives, f("x", "y"))
        if more is None:
            continue
        if result is not None:
            yield for_all([f], f.takes, f("x", more), result[1:-1])
        for g in two:
            if g.takes == (f.gives, f.gives) == (g.gives, g.gives) and f.takes[0] == f.gives and g != f:
                yield for_all([f, g], f.takes, f("x", more), g("x", f("x", "y")))


def counted(one: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """What a step changes of a number, of a list, of a flag."""
    for g, h in product(one, one):
        if g == h or not h.turns or g.takes != h.takes:
            continue
        step, put = h.again, values.cons(h.gives)
        elements = [name for name, kind in step.fixed if h.gives == f"List {kind}"]
        if (more := values.successor(g.gives, g("x"))) is not None:
            yield for_all([g, step], g.takes, g(step("x")), more[1:-1])
        for name, kind in step.fixed if g.gives == "Nat" else ():
            if kind == "Nat":
                yield for_all([g, step], g.takes, g(step("x")), f"{name} + {g('x')}")
        if elements:
            yield for_all([g, step], g.takes, g(step("x")), g(f"({elements[0]} :: x)"))
        for name, kind in step.fixed if put is not None else ():
            if put is not None and kind == put.takes[0]:
                yield for_all([g, step], g.takes, g(step("x")), g(put(name, "x")))


def summed(two: Sequence[Operation]) -> Iterator[Conjecture]:
    """What adds up the values of a function adds up each part of them."""
    for f in (*two, *(f.swapped for f in two)):
        kind, kept = f.takes
        if f.gives not in ("Nat", "Int") or not kind.endswith(f"→ {f.gives}") or kind.count("→") > 1:
            continue
        summed = for_all([f], [kind, kind, kept], f("fun i => x i + y i", "z"), f"{f('x', 'z')} + {f('y', 'z')}")
        x, y, z, *fixed = summed.variables
        yield replace(summed, variables=(z, x, y, *fixed))
        none = replace(summed, left=f("fun _ => 0", "z"), right="0")
        yield replace(none, variables=(z, *fixed))
        times = replace(summed, left=f("fun i => y * x i", "z"), right=f"y * {f('x', 'z')}")
        yield replace(times, variables=(z, x, ("y", f.gives), *fixed))


def alternating(one: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """What is true of every other value, which a function that takes two steps at once does not say."""
    for g in one:
        (kind,) = g.takes
        more, put = values.successor(kind, "x"), values.put(kind)
        if g.gives == "Bool" and more is not None:
            yield for_all([g], [kind], g(more[1:-1]), f"!{g('x')}")
        elif g.gives == "Bool" and put is not None:
            yield for_all([g], [kind, put.takes[0]], g(put("y", "x")), f"!{g('x')}")


def bounds(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """Which of two numbers is the larger."""
    for g, h in product(one, one):
        if g.gives == "Nat" and h.turns and g.takes == h.takes and g != h:
            step = h.again
            yield replace(for_all([g, step], g.takes, g(step("x")), g("x")), relation="≤")
        if g.gives == h.gives == "Nat" and g.takes == h.takes and g != h and not (g.fixed or h.fixed):
            yield replace(for_all([g, h], g.takes, g("x"), h("x")), relation="≤")


def monotone(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """Numbers that are never 0, that get no smaller where what they are made of does not, and that are larger than it.

    An induction goes over the larger one.
    """
    for g in one:
        if g.gives != "Nat":
            continue
        yield replace(for_all([g], g.takes, "1", g("x")), relation="≤")
        if g.turns:
            of = for_all([g], [*g.takes, *g.takes], g("y"), g("x"), ("y ≤ x",))
            yield replace(of, relation="≤")
            yield replace(for_all([g], g.takes, "x", g("x")), relation="≤")


def grown(one: Sequence[Operation], two: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """What one more adds at that end of a list at which the function that makes the list does not add it."""
    for g in one:
        (kind,) = g.takes
        more = values.successor(kind, "x")
        if more is not None and g.gives == f"List {kind}":
            yield for_all([g], g.takes, g(more), f"{g('x')} ++ [x]")
            yield for_all([g], g.takes, g(more), f"x :: {g('x')}")
    for f in two:
        for g in (f, f.swapped):
            start, kind = g.takes
            begun, more = values.successor(start, "x"), values.successor(kind, "y")
            if more is None or g.gives != f"List {bracketed(start)}":
                continue
            # Numbers from `x` on, and the same element again and again.
            ends = [f"{g('x', 'y')} ++ [{last}]" for last in (*(("x + y",) if start == kind == "Nat" else ()), "x")]
            fronts = [f"x :: {g(following, 'y')}" for following in (begun, "x") if following]
            for right in (*ends, *fronts):
                of = for_all([g], g.takes, g("x", more), right)
                x, y, *fixed = of.variables
                yield replace(of, variables=(y, x, *fixed))
