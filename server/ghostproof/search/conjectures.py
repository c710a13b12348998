"""Equations that may hold of a goal's own functions. Pure.

Identity, association, distribution, involution, accumulators: guesses, so that whoever uses one has to prove it.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, groupby, product

from ghostproof.verify.checker import Function

# Functions with more arguments have no equations of these shapes.
_MOST_ARGUMENTS = 4
_SIGNS = {"Nat": ("+", "*"), "Int": ("+", "*"), "Bool": ("&&", "||")}
_VARIABLE = re.compile(r"(?<![\w.'])[α-ω](?![\w.'])")
_ATOMIC = frozenset("[]0")


@dataclass(frozen=True)
class Conjecture:
    """An equation between two terms for all values of some variables.

    Attributes:
        variables: each with its type; an induction goes over the first, for all values of the others.
        settles: a function of which the library knows the other side, so that this says all about it; with its result.
        about: the functions that it speaks of, with the types of their results.
    """

    variables: tuple[tuple[str, str], ...]
    left: str
    right: str
    settles: tuple[str, str] | None = None
    about: frozenset[tuple[str, str]] = frozenset()

    @property
    def statement(self) -> str:
        groups = groupby(self.variables, key=lambda variable: variable[1])
        binders = (f"({' '.join(name for name, _ in group)} : {kind})" for kind, group in groups)
        return f"∀ {' '.join(binders)}, {self.left} = {self.right}"


@dataclass(frozen=True)
class Operation:
    """Something that is applied to one or two arguments; further ones of it stay the same variables.

    Attributes:
        form: the term, with `{0}` and `{1}` for the arguments.
        takes: the types of the arguments.
        gives: the type of the result.
        fixed: the variables for the further arguments, with their types.
        own: it is one of the goal's functions.
        name: that function's, "" for one of the library.
    """

    form: str
    takes: tuple[str, ...]
    gives: str
    fixed: tuple[tuple[str, str], ...] = ()
    own: bool = True
    name: str = ""

    def __call__(self, *arguments: str) -> str:
        # Between the sides of an operator, an application needs no brackets.
        return self.form.format(*(_bracketed(argument) if self.own else argument for argument in arguments))


def conjectures(functions: Sequence[Function]) -> Iterator[Conjecture]:
    """Equations about functions, those that proofs need most often first; each once."""
    own = [operation for function in _at_all_types(functions) for operation in _operations(function)]
    types = dict.fromkeys(kind for operation in own for kind in (*operation.takes, operation.gives))
    library = [operation for kind in types for operation in _of_library(kind)]
    one = [operation for operation in own if len(operation.takes) == 1]
    two = [operation for operation in own if len(operation.takes) == 2]
    inner = [f for f in (*two, *library) if f.takes == (f.gives, f.gives)]
    seen: set[str] = set()
    shapes = chain(
        *(_known(one, two), _neutral(two), _associative(two), _twins(one, two, inner), _spread(one, inner)),
        *(_pulled(two, inner), _lastly(one, inner), _turned(two, inner), _twice(one), _pairs(one)),
    )
    for found in shapes:
        if found.left != found.right and found.statement not in seen:
            seen.add(found.statement)
            yield found


def _at_all_types(functions: Sequence[Function]) -> Iterator[Function]:
    """The functions, and those over one type variable at the others that occur, too."""
    variables = [set(_VARIABLE.findall(" ".join((*f.arguments, f.result)))) for f in functions]
    everywhere = sorted(set().union(*variables))
    yield from functions
    for function, own in zip(functions, variables, strict=True):
        for other in everywhere if len(own) == 1 else ():
            if other not in own:
                arguments = tuple(_VARIABLE.sub(other, kind) for kind in function.arguments)
                yield replace(function, arguments=arguments, result=_VARIABLE.sub(other, function.result))


def _operations(function: Function) -> Iterator[Operation]:
    """A function as an operation in each one and two of its arguments."""
    types = function.arguments
    if not 0 < len(types) <= _MOST_ARGUMENTS:
        return
    places = range(len(types))
    for active in [(at,) for at in places] + [(a, b) for a in places for b in places if a < b]:
        fixed = tuple((f"p{at}", types[at]) for at in places if at not in active)
        written = (f"{{{active.index(at)}}}" if at in active else f"p{at}" for at in places)
        takes = tuple(types[at] for at in active)
        yield Operation(f"{function.name} {' '.join(written)}", takes, function.result, fixed, name=function.name)


def _of_library(kind: str) -> Iterator[Operation]:
    signs = {"Nat": "+", "Int": "+", "Bool": "&&"}
    sign = "++" if kind.startswith("List ") else signs.get(kind)
    if sign is not None:
        yield Operation(f"{{0}} {sign} {{1}}", (kind, kind), kind, own=False)


def _zero(kind: str) -> str | None:
    """The plainest value of a type of the library."""
    return "[]" if kind.startswith("List ") else {"Nat": "0", "Int": "0"}.get(kind)


def _for_all(used: Sequence[Operation], kinds: Sequence[str], left: str, right: str) -> Conjecture:
    variables = tuple(zip(("x", "y", "z"), kinds, strict=False))
    fixed = dict.fromkeys(pair for operation in used for pair in operation.fixed)
    about = frozenset((operation.name, operation.gives) for operation in used if operation.name)
    return Conjecture((*variables, *fixed), left, right, None, about)


def _known(one: Sequence[Operation], two: Sequence[Operation]) -> Iterator[Conjecture]:
    """A function that the library has too, about which Lean knows much."""
    for f in two:
        if f.takes == (f.gives, f.gives):
            for sign in ("++",) if f.gives.startswith("List ") else _SIGNS.get(f.gives, ()):
                yield _settled(f, _for_all([f], f.takes, f("x", "y"), f"x {sign} y"))
    for g in one:
        if g.takes[0].startswith("List "):
            theirs = {g.takes[0]: "x.reverse", "Nat": "x.length"}.get(g.gives)
            if theirs is not None:
                yield _settled(g, _for_all([g], g.takes, g("x"), theirs))


def _settled(operation: Operation, conjecture: Conjecture) -> Conjecture:
    return replace(conjecture, settles=(operation.name, operation.gives))


def _neutral(two: Sequence[Operation]) -> Iterator[Conjecture]:
    for f in two:
        left, right = f.takes
        if left == f.gives and (zero := _zero(right)):
            yield _for_all([f], [left], f("x", zero), "x")


def _twins(one: Sequence[Operation], two: Sequence[Operation], inner: Sequence[Operation]) -> Iterator[Conjecture]:
    """A function with an accumulator beside one without."""
    for f, g, op in product(two, one, inner):
        kind, kept = f.takes
        if kept == f.gives == op.gives and g.takes == (kind,) and g.gives == kept and g.fixed == f.fixed:
            yield _for_all([f, g], [kind, kept], f("x", "y"), op(g("x"), "y"))
            yield _for_all([f, g], [kind, kept], f("x", "y"), op("y", g("x")))


def _pulled(two: Sequence[Operation], inner: Sequence[Operation]) -> Iterator[Conjecture]:
    """What is added to an accumulator can as well be added to the result."""
    for f, op in product(two, inner):
        kind, kept = f.takes
        if kept == f.gives == op.gives and f != op:
            yield _for_all([f, op], [kind, kept, kept], f("x", op("y", "z")), op(f("x", "y"), "z"))
            yield _for_all([f, op], [kind, kept, kept], f("x", op("y", "z")), op("y", f("x", "z")))


def _spread(one: Sequence[Operation], inner: Sequence[Operation]) -> Iterator[Conjecture]:
    for g, op, into in product(one, inner, inner):
        if g.takes == (op.gives,) and g.gives == into.gives:
            yield _for_all([g, op, into], [op.gives] * 2, g(op("x", "y")), into(g("x"), g("y")))
            yield _for_all([g, op, into], [op.gives] * 2, g(op("x", "y")), into(g("y"), g("x")))


def _lastly(one: Sequence[Operation], inner: Sequence[Operation]) -> Iterator[Conjecture]:
    """What stands at the end of a list comes first."""
    for g, op in product(one, inner):
        kind = op.gives
        if g.takes == (kind,) and g.gives == kind and kind.startswith("List "):
            element = kind.removeprefix("List ").removeprefix("(").removesuffix(")")
            found = _for_all([g, op], [kind, element], g(op("x", "[y]")), f"y :: {g('x')}")
            yield found


def _associative(two: Sequence[Operation]) -> Iterator[Conjecture]:
    for f in two:
        if f.takes == (f.gives, f.gives):
            yield _for_all([f], [f.gives] * 3, f(f("x", "y"), "z"), f("x", f("y", "z")))
            yield _for_all([f], [f.gives] * 2, f("x", "y"), f("y", "x"))


def _turned(two: Sequence[Operation], inner: Sequence[Operation]) -> Iterator[Conjecture]:
    """A function with an accumulator, applied to what it has made."""
    for f in two:
        kind = f.gives
        if f.takes != (kind, kind):
            continue
        if (zero := _zero(kind)) is not None:
            yield _for_all([f], [kind] * 2, f(f("x", "y"), zero), f("y", "x"))
        for op in inner:
            if op.gives == kind and op != f:
                yield _for_all([f, op], [kind] * 3, f(f("x", "y"), "z"), f("y", op("x", "z")))


def _twice(one: Sequence[Operation]) -> Iterator[Conjecture]:
    for g in one:
        if g.takes == (g.gives,):
            yield _for_all([g], [g.gives], g(g("x")), "x")
            yield _for_all([g], [g.gives], g(g("x")), g("x"))


def _pairs(one: Sequence[Operation]) -> Iterator[Conjecture]:
    for g, h in product(one, one):
        if g != h and g.takes == h.takes == (h.gives,):
            yield _for_all([g, h], [h.gives], g(h("x")), g("x"))
            if g.gives == h.gives:
                yield _for_all([g, h], [h.gives], g(h("x")), h(g("x")))


def _bracketed(term: str) -> str:
    is_one = " " not in term or (term[0] in "([" and term[-1] in ")]" and term.count(term[0]) == 1)
    return term if is_one or term in _ATOMIC else f"({term})"
