"""Statements that may hold of functions of one number: what each is in one formula, over the library's numbers or the
file's own. Pure.
"""

from collections.abc import Iterator, Sequence
from itertools import product

from ghostproof.search.conjecture import Conjecture, for_all, settled
from ghostproof.search.operations import Operation, Values

# `{0}` is the function's value: what is half, a quarter or a sixth of a product is said without division.
_FORMS = (
    ("{0}", "2 * x + 1"),
    ("{0}", "x * x"),
    ("{0}", "x * (x + 1)"),
    ("2 * {0}", "x * (x + 1)"),
    ("{0} + 1", "2 ^ x"),
    ("{0} + 1", "2 ^ (x + 1)"),
    ("6 * {0}", "x * (x + 1) * (2 * x + 1)"),
    ("4 * {0}", "x * x * (x + 1) * (x + 1)"),
)


def closed_forms(one: Sequence[Operation], two: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """Odd numbers, squares, sums of the first numbers, squares, cubes and powers of two."""
    for f in one:
        (kind,) = f.takes
        if f.turns and not f.fixed:
            if kind == "Nat":
                yield from _in_numbers(f)
            elif (more := values.successor(kind, "x")) is not None:
                joins = [op for op in two if op.takes == (kind, kind) == (op.gives, op.gives) and not op.fixed]
                yield from _in_own_numbers(f, more, joins, values)


def _in_numbers(f: Operation) -> Iterator[Conjecture]:
    for left, right in _FORMS:
        said = for_all([f], f.takes, left.format(f("x")), right)
        yield settled(f, said) if left == "{0}" else said


def _in_own_numbers(f: Operation, more: str, joins: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    for op in joins:
        odd = values.successor(f.gives, op("x", "x"))
        if odd is not None:
            yield for_all([f, op], f.takes, f("x"), odd[1:-1])
    for plus, times in product(joins, joins):
        if plus.name != times.name:
            yield for_all([f, plus, times], f.takes, plus(f("x"), f("x")), times("x", more))
