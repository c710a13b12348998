"""Statements that may hold of a goal's own functions. Pure.

Identity, association, distribution, involution, accumulators, what a step changes, what is kept: guesses, so that
whoever uses one has to prove it.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from dataclasses import replace
from itertools import chain, product
from types import MappingProxyType

from ghostproof.search.closed_forms import closed_forms
from ghostproof.search.composed import composed
from ghostproof.search.conjecture import Conjecture, for_all, variables_of
from ghostproof.search.familiar import familiar
from ghostproof.search.number_laws import alternating, bounds, counted, grown, monotone, stepwise, summed
from ghostproof.search.operations import (
    Operation,
    Values,
    argument_of,
    at_all_types,
    by_dots,
    element_of,
    of_library,
    operations,
)
from ghostproof.search.pair_laws import pair_laws, sides_of
from ghostproof.search.passages import looked_up, passages, settled_before
from ghostproof.search.plainest import Plainest
from ghostproof.search.predicate_laws import (
    carried_in,
    excluded,
    laws_of_joined,
    laws_of_put,
    measures,
    relation_laws,
    untouched,
)
from ghostproof.search.relations import relations
from ghostproof.search.sorted_lists import bounded, in_order, members
from ghostproof.verify.checker import Function
from ghostproof.verify.definitions import Constructor


def conjectures(
    functions: Sequence[Function],
    known: Mapping[str, Plainest] = MappingProxyType({}),
    predicates: Sequence[Function] = (),
    beside: Sequence[Function] = (),
    nested: Collection[tuple[str, str]] = (),
    built: Mapping[str, Sequence[Constructor]] = MappingProxyType({}),
) -> Iterator[Conjecture]:
    """Statements about functions, those that proofs need most often first; each once.

    Args:
        known: constructors of the user's types.
        predicates: inductive ones, of which is guessed what keeps them.
        beside: functions of the library, of which is guessed what they have to do with the others.
        nested: functions, each with one that it is applied to: of both together something may hold.
        built: the constructors of the types that predicates speak of.
    """
    values = Values(known)
    own = [operation for function in at_all_types(functions) for operation in operations(function)]
    lent = [operation for function in beside for operation in by_dots(function) if len(operation.takes) == 1]
    types = dict.fromkeys(kind for operation in (*own, *lent) for kind in (*operation.takes, operation.gives))
    library = [operation for kind in types for operation in of_library(kind)]
    plain = [operation for operation in own if len(operation.takes) == 1]
    # What gives a pair is two operations.
    one = [*plain, *(side for operation in plain for side in sides_of(operation))]
    two = [operation for operation in own if len(operation.takes) == 2]
    both = list(composed(one, nested))
    rules = [operation for predicate in predicates for operation in operations(predicate)]
    spoken = dict.fromkeys(kind for rule in rules for kind in rule.takes)
    joins = [operation for kind in spoken for operation in of_library(kind)]
    held = [*one, *(operation for operation in rules if len(operation.takes) == 1)]
    inner = [f for f in (*two, *library) if f.takes == (f.gives, f.gives)]
    # An accumulator may come first, as in `foldl`.
    onto = [*two, *(f.swapped for f in two if f.takes[0] == f.gives != f.takes[1])]
    # A function may recurse on its second argument.
    other_way = [f.swapped for f in two]
    seen: set[str] = set()
    shapes = chain(
        *(
            familiar(plain, two),
            in_order(plain),
            closed_forms(plain, two, values),
            members(plain),
            bounded(plain),
            relation_laws(rules),
            excluded(rules),
            carried_in(rules, built),
            laws_of_put(rules, two, values),
            _neutral(two, values),
            _absorbed(one, values),
            untouched(one, two),
            _always(held),
            stepwise(two, values),
        ),
        looked_up(one),
        _vanishing(one, values),
        _associative(two),
        pair_laws(plain, two, inner),
        settled_before(one, inner),
        relations(one, two, values),
        *(_neutral(other_way, values), stepwise(other_way, values)),
        *(_steps(one), _twins(one, onto, inner), _alone(onto, inner, values), _acted(onto, inner), _spread(one, inner)),
        *(
            _pulled(onto, one, inner),
            _lastly(one, inner, values),
            grown(one, two, values),
            _kept_in_front(one),
            counted(one, values),
            _turned(two, inner, values),
            alternating(one, values),
            _twice(one),
            _doubled(one, inner),
        ),
        passages(one, two, inner, values),
        summed(two),
        measures(rules, one),
        laws_of_joined(rules, joins),
        _beside([*one, *lent], two, inner, values, frozenset(f.name for f in beside)),
        _beside([*one, *both], two, inner, values, frozenset(name for f in both for name, _ in f.inside)),
        *(_pairs(one), _kept(held), _monotone(held), _of_parts(held, values), bounds(one), monotone(one)),
    )
    for found in shapes:
        # What two functions are given besides may be of two types under one name.
        named = len({name for name, _ in found.variables}) == len(found.variables)
        if named and found.left != found.right and found.statement not in seen:
            seen.add(found.statement)
            yield found


def _beside(
    one: Sequence[Operation],
    two: Sequence[Operation],
    inner: Sequence[Operation],
    values: Values,
    library: Set[str],
) -> Iterator[Conjecture]:
    """What functions of the library, or such as stand inside of another one, have to do with the rest."""
    if not library:
        return
    shapes = (
        looked_up(one),
        counted(one, values),
        _spread(one, inner),
        _pairs(one),
        passages(one, two, inner, values),
        bounds(one),
    )
    for found in chain(*shapes):
        spoken = {name for name, _ in found.about}
        if spoken & library and spoken - library:
            yield found


def _neutral(two: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    for f in two:
        left, right = f.takes
        if left == f.gives and (zero := values.zero(right, (("x", left), *f.fixed))):
            yield for_all([f], [left], f("x", zero), "x")


def _twins(one: Sequence[Operation], two: Sequence[Operation], inner: Sequence[Operation]) -> Iterator[Conjecture]:
    """A function with an accumulator beside one without."""
    for f, g, op in product(two, one, inner):
        kind, kept = f.takes
        if kept == f.gives == op.gives and g.takes == (kind,) and g.gives == kept and g.fixed == f.fixed:
            yield for_all([f, g], [kind, kept], f("x", "y"), op(g("x"), "y"))
            if not op.commutes:
                yield for_all([f, g], [kind, kept], f("x", "y"), op("y", g("x")))


def _alone(two: Sequence[Operation], inner: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """A function with an accumulator beside itself without one."""
    for f, op in product(two, inner):
        kind, kept = f.takes
        if kept == f.gives == op.gives and f != op and (zero := values.zero(kept)):
            yield for_all([f], [kind, kept], f("x", "y"), op(f("x", zero), "y"))


def _pulled(two: Sequence[Operation], one: Sequence[Operation], inner: Sequence[Operation]) -> Iterator[Conjecture]:
    """What is added to an accumulator can as well be added to the result."""
    for f, h in product(two, one):
        kind, kept = f.takes
        if kept == f.gives and h.turns and h.takes == (kept,) and h.name != f.name:
            yield for_all([f, h.again], [kind, kept], f("x", h.again("y")), h.again(f("x", "y")))
    for f, op in product(two, inner):
        kind, kept = f.takes
        if kept == f.gives == op.gives and f != op:
            yield for_all([f, op], [kind, kept, kept], f("x", op("y", "z")), op(f("x", "y"), "z"))
            yield for_all([f, op], [kind, kept, kept], f("x", op("y", "z")), op("y", f("x", "z")))


def _acted(two: Sequence[Operation], inner: Sequence[Operation]) -> Iterator[Conjecture]:
    """What does one thing after the other does what both do one after the other."""
    for f, op in product(two, inner):
        kind, kept = f.takes
        if kept == f.gives and op.own and op.gives == kind and f != op:
            yield for_all([f, op], [kind, kind, kept], f(op("x", "y"), "z"), f("y", f("x", "z")))
            yield for_all([f, op], [kind, kind, kept], f(op("x", "y"), "z"), f("x", f("y", "z")))
    for f in two:
        kind, kept = f.takes
        if kept == f.gives and element_of(kind):
            yield for_all([f], [kind, kind, kept], f("(x ++ y)", "z"), f("y", f("x", "z")))
            yield for_all([f], [kind, kind, kept], f("(x ++ y)", "z"), f("x", f("y", "z")))


def _spread(one: Sequence[Operation], inner: Sequence[Operation]) -> Iterator[Conjecture]:
    for g, op, into in product(one, inner, inner):
        if g.takes == (op.gives,) and g.gives == into.gives:
            yield for_all([g, op, into], [op.gives] * 2, g(op("x", "y")), into(g("x"), g("y")))
            if not into.commutes:
                yield for_all([g, op, into], [op.gives] * 2, g(op("x", "y")), into(g("y"), g("x")))


def _lastly(one: Sequence[Operation], inner: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """What stands at the end of a list comes first."""
    for g, op in product(one, inner):
        kind = op.gives
        zero, put = values.zero(kind), values.cons(kind)
        if put is not None and zero is not None and g.takes == (kind,) and g.gives == kind:
            yield for_all([g, op], [kind, put.takes[0]], g(op("x", put("y", zero))), put("y", g("x")))
        if g.takes == (kind,) and g.gives == kind and element_of(kind):
            yield for_all([g, op], [kind, element_of(kind)], g(op("x", "[y]")), f"y :: {g('x')}")
            yield for_all([g, op], [kind, element_of(kind)], g(op("x", "[y]")), "y :: x")
    for g, h in product(one, one):
        # The last element is put where the first one would be.
        if h.turns and h.takes == (g.gives,) and len(h.fixed) == 1 and g.takes == (f"List {h.fixed[0][1]}",):
            put = h.again
            yield for_all([g, put], g.takes, g(f"(x ++ [{put.fixed[0][0]}])"), put(g("x")))


def _absorbed(one: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """What is made of the plainest value, whatever the other arguments are."""
    for g in one:
        zero, made = values.zero(g.takes[0], g.fixed), values.zero(g.gives)
        if g.fixed and zero and made:
            yield replace(for_all([g], [], g(zero), made), variables=g.fixed)


def _associative(two: Sequence[Operation]) -> Iterator[Conjecture]:
    for f in two:
        if f.takes == (f.gives, f.gives):
            yield for_all([f], [f.gives] * 3, f(f("x", "y"), "z"), f("x", f("y", "z")))
            yield for_all([f], [f.gives] * 2, f("x", "y"), f("y", "x"))
            yield for_all([f], [f.gives] * 3, f("x", f("y", "z")), f("y", f("x", "z")))


def _turned(two: Sequence[Operation], inner: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """A function with an accumulator, applied to what it has made."""
    for f in two:
        kind = f.gives
        if f.takes != (kind, kind):
            continue
        if (zero := values.zero(kind)) is not None:
            yield for_all([f], [kind] * 2, f(f("x", "y"), zero), f("y", "x"))
        for op in inner:
            if op.gives == kind and op != f:
                yield for_all([f, op], [kind] * 3, f(f("x", "y"), "z"), f("y", op("x", "z")))


def _steps(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """Two steps with values of their own can be done in either order."""
    steps = [f for f in one if f.turns and f.fixed and all(kind != f.gives for _, kind in f.fixed)]
    pairs = [(f, f) for f in steps] + [(f, g) for f, g in product(steps, steps) if f.name < g.name]
    for f, g in pairs:
        if f.gives == g.gives:
            yield for_all([f, g.again], f.takes, f(g.again("x")), g.again(f("x")))


def _kept_in_front(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """The first element stays the first one."""
    for g in one:
        if g.turns and (element := element_of(g.gives)):
            whole = g("(y :: x)")
            yield for_all([g], [g.gives, element], whole, f"y :: ({whole}).tail")


def _vanishing(one: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """What is the plainest value just where something holds, or does not."""
    for p, g in product(one, one):
        if p.gives != "Bool" or g.gives in ("Bool", "Prop") or (p.takes, p.fixed) != (g.takes, g.fixed):
            continue
        zero = "none" if argument_of("Option", g.gives) else values.zero(g.gives)
        for value in ("false", "true") if zero else ():
            of = for_all([p, g], p.takes, g("x"), zero or "", (f"{p('x')} = {value}",))
            yield of
            yield replace(of, left=p("x"), right=value, given=(f"{g('x')} = {zero}",))


def _twice(one: Sequence[Operation]) -> Iterator[Conjecture]:
    for g in one:
        if g.takes == (g.gives,):
            yield for_all([g], [g.gives], g(g("x")), "x")
            yield for_all([g], [g.gives], g(g("x")), g("x"))


def _doubled(one: Sequence[Operation], inner: Sequence[Operation]) -> Iterator[Conjecture]:
    """What joins a value with itself."""
    for g, op in product(one, inner):
        if g.turns and not g.fixed and g.gives == op.gives and g.name != op.name:
            yield for_all([g, op], g.takes, g("x"), op("x", "x"))


def _pairs(one: Sequence[Operation]) -> Iterator[Conjecture]:
    for g, inside in product(one, one):
        h = inside.again if g.fixed else inside
        if g != inside and g.takes == h.takes == (h.gives,):
            yield for_all([g, h], [h.gives], g(h("x")), g("x"))
            if g.gives == h.gives:
                yield for_all([g, h], [h.gives], g(h("x")), h(g("x")))
    for g, h in product(one, one):
        if g.name < h.name and g.gives == h.gives == "Bool" and g.takes == h.takes:
            yield for_all([g, h], g.takes, h("x"), f"!{g('x')}")


def _claimed(p: Operation, g: Operation) -> tuple[Operation, str, Conjecture]:
    """A property with its own variables, what makes a proposition of it, and the claim for all that `g` makes."""
    holds = p.again if {name for name, _ in p.fixed} & {name for name, _ in g.fixed} else p
    suffix = " = true" if p.gives == "Bool" else ""
    variables = variables_of([holds, g], g.takes)
    said = for_all([holds, g], g.takes, f"{holds(g('x'))}{suffix}", "")
    return holds, suffix, replace(said, variables=variables, relation="")


def _properties(one: Sequence[Operation]) -> Iterator[tuple[Operation, Operation]]:
    """Properties, each with what makes another value that may have it."""
    for p, g in product(one, one):
        if p.gives in ("Bool", "Prop") and p != g and g.turns and p.takes == g.takes:
            yield p, g


def _always(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """What holds of all that a function makes."""
    yield from (_claimed(p, g)[2] for p, g in _properties(one) if not g.fixed)


def _kept(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """What a function's steps keep, and what it leaves alone."""
    for p, g in _properties(one):
        holds, suffix, of = _claimed(p, g)
        said = f"{holds('x')}{suffix}"
        if not g.fixed:
            yield replace(of, left=g("x"), relation="=", right="x", given=(said,))
        yield replace(of, given=(said,))
        for name, kind in holds.fixed:
            # What holds of all elements does so with one more of which it holds.
            given = (f"{name} {its}" for its, of_it in g.fixed if kind == f"{of_it} → Prop")
            yield from (replace(of, given=(one, said)) for one in given)
        if [kind for _, kind in p.fixed] == [kind for _, kind in g.fixed] == ["Nat"]:
            other, step = p, g.again
            (mine, _), (its, _) = other.fixed[0], step.fixed[0]
            kept = for_all([other, step], g.takes, f"{other(step('x'))}{suffix}", "")
            for order in (f"{a} {sign} {b}" for sign in ("≤", "<") for a, b in ((mine, its), (its, mine))):
                yield replace(kept, relation="", given=(order, f"{other('x')}{suffix}"))


def _monotone(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """What holds of a number holds of a smaller one, or of a larger one."""
    for p in one:
        if p.gives in ("Bool", "Prop") and [kind for _, kind in p.fixed] == ["Nat"]:
            other, suffix = p.again, " = true" if p.gives == "Bool" else ""
            (mine, _), (its, _) = p.fixed[0], other.fixed[0]
            for order in (f"{its} ≤ {mine}", f"{mine} ≤ {its}"):
                of = for_all([p, other], p.takes, f"{other('x')}{suffix}", "")
                yield replace(of, relation="", given=(order, f"{p('x')}{suffix}"))


def _of_parts(one: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """What holds of a value holds with one more element in front, or with one less."""
    for p in one:
        (kind,) = p.takes
        put = values.put(kind) if p.gives in ("Bool", "Prop") else None
        if put is None:
            continue
        suffix = " = true" if p.gives == "Bool" else ""
        less, more = f"{p('x')}{suffix}", f"{p(put('y', 'x'))}{suffix}"
        for given, claimed in ((more, less), (less, more)):
            yield replace(for_all([p], [kind, put.takes[0]], claimed, "", (given,)), relation="")
