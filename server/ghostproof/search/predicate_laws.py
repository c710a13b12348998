"""Statements that may hold of a goal's own inductive predicates: as relations, and of what the library joins. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import product

from ghostproof.search.conjecture import Conjecture, for_all
from ghostproof.search.operations import Operation, Values, element_of
from ghostproof.verify.definitions import Constructor

# In a field that says something of others, and is no value; `→` is in types of functions, too.
CONDITION = re.compile("[=≠≤<≥>∈∉¬∧∨↔∃∀⊆∣~]")
# Of what is built of more parts, nothing is guessed at the further ones.
_MOST_FIELDS = 4


def relation_laws(rules: Sequence[Operation]) -> Iterator[Conjecture]:
    """What relations have in common, the plainest first.

    Args:
        rules: the predicates as operations in one and two of their arguments.
    """
    relations = _relations(rules)
    yield from (_claim([r], r("x", "x")) for r in relations)
    for r in relations:
        yield _claim([r], r("x", "z"), r("x", "y"), r("y", "z"))
        yield _claim([r], r("y", "x"), r("x", "y"))
    for path, step in ((r, step) for r in relations for step in _steps(r, relations)):
        yield _claim([path, step], path("x", "y"), step("x", "y"))
        yield _claim([path, step], path("x", "z"), path("x", "y"), step("y", "z"))
        yield _claim([path, step], path("x", "z"), step("x", "y"), path("y", "z"))


def carried_in(rules: Sequence[Operation], built: Mapping[str, Sequence[Constructor]]) -> Iterator[Conjecture]:
    """What relates two values relates what is built of them in the same way, at the same place.

    `Star a a' → Star (add a b) (add a' b)`, and behind a part that has no parts itself: `add (num m) b`.

    Args:
        built: the constructors of the types that are spoken of; of those with parameters nothing is guessed.
    """
    for r in _relations(rules):
        kind = r.takes[0]
        for of, place in product(built.get(kind, ()), range(_MOST_FIELDS)):
            if place >= len(of.fields) or of.fields[place] != kind or any(map(CONDITION.search, of.fields)):
                continue
            others = {at: (f"z{at}", field) for at, field in enumerate(of.fields) if at != place}
            yield _placed(r, _built(of, {at: name for at, (name, _) in others.items()}, place), others.values())
            for first in (at for at in others if at < place and of.fields[at] == kind):
                for leaf in (one for one in built[kind] if one.fields and kind not in one.fields):
                    inside = tuple((f"w{at}", field) for at, field in enumerate(leaf.fields))
                    term = f"({' '.join((leaf.name, *(name for name, _ in inside)))})"
                    rest = [other for at, other in others.items() if at != first]
                    filled = {at: term if at == first else name for at, (name, _) in others.items()}
                    yield _placed(r, _built(of, filled, place), (*inside, *rest))


def excluded(rules: Sequence[Operation]) -> Iterator[Conjecture]:
    """What a predicate says of a value may keep it from any step: `Value t → Step t u → False`."""
    for p, r in product((rule for rule in rules if len(rule.takes) == 1), _relations(rules)):
        if p.takes == r.takes[:1] and not p.fixed:
            of = for_all([p, r], r.takes, "False", "", (p("x"), r("x", "y")))
            yield replace(of, relation="")


def _built(of: Constructor, others: Mapping[int, str], place: int) -> str:
    """What a constructor makes, with `{0}` at a place."""
    return " ".join((of.name, *(others.get(at, "{0}") for at in range(len(of.fields)))))


def _placed(r: Operation, form: str, others: Iterable[tuple[str, str]]) -> Conjecture:
    of = for_all([r], r.takes, r(form.format("x"), form.format("y")), "", (r("x", "y"),))
    return replace(of, variables=(*of.variables, *others), relation="")


def laws_of_put(rules: Sequence[Operation], two: Sequence[Operation], values: Values) -> Iterator[Conjecture]:
    """What puts something into a value makes what relates to the value with it in front.

    Args:
        two: functions as operations in two of their arguments.
    """
    relations = _relations(rules)
    last = [_last(kind) for kind in dict.fromkeys(r.takes[0] for r in relations) if element_of(kind)]
    for r, f in product(relations, (*two, *last)):
        kind = r.takes[0]
        put = values.put(kind)
        if put is None or f.takes != put.takes or f.gives != kind:
            continue
        for claimed in (r(f("x", "y"), put("x", "y")), r(put("x", "y"), f("x", "y"))):
            of = for_all([r, f], f.takes, claimed, "")
            # An induction goes over the whole.
            yield replace(of, variables=(of.variables[1], of.variables[0], *of.variables[2:]), relation="")


def laws_of_joined(rules: Sequence[Operation], library: Sequence[Operation]) -> Iterator[Conjecture]:
    """What predicates say of values that the library joins.

    Args:
        library: what the library joins two values of a type with.
    """
    for p in rules:
        for join in library if len(p.takes) == 1 else ():
            if join.takes == (p.takes[0], p.takes[0]):
                yield from _joined(p, join)
    for r in _relations(rules):
        for join in library:
            if join.takes == r.takes and join.gives == r.takes[0]:
                yield from _kept(r, join)


def measures(rules: Sequence[Operation], one: Sequence[Operation]) -> Iterator[Conjecture]:
    """What a relation says of the sizes of what it relates.

    Args:
        one: functions as operations in one of their arguments.
    """
    length = Operation("List.length {0}", ("",), "Nat", own=True)
    for r in _relations(rules):
        of_lists = [length] if element_of(r.takes[0]) else []
        for size in (*of_lists, *(f for f in one if f.gives == "Nat" and f.takes == r.takes[:1] and not f.fixed)):
            for sign in ("≤", "="):
                yield replace(_claim([r], size("x"), r("x", "y")), left=size("x"), relation=sign, right=size("y"))


def untouched(one: Sequence[Operation], two: Sequence[Operation]) -> Iterator[Conjecture]:
    """What does not look at a part of a state gives the same when that part is another one.

    `uses x e = false → eval (set s x v) e = eval s e`, or `¬ x ∈ vars e → …`.

    Args:
        one, two: functions as operations in one and in two of their arguments.
    """
    plain = [p for p in two if p.gives == "Bool" and not p.fixed]
    listed = [g for g in one if not g.fixed]
    for f, step in product((*two, *(f.swapped for f in two)), one):
        state, term = f.takes
        if state == term or not step.turns or step.takes != (state,) or not step.fixed:
            continue
        changed = step.again
        for name, kind in changed.fixed:
            unlike = [
                *(f"{p(name, 'y')} = false" for p in plain if p.takes == (kind, term)),
                *(f"{p('y', name)} = false" for p in plain if p.takes == (term, kind)),
                *(f"¬ {name} ∈ {g('y')}" for g in listed if g.takes == (term,) and g.gives == f"List {kind}"),
            ]
            for given in unlike:
                said = for_all([f, changed], f.takes, f(changed("x"), "y"), f("x", "y"), (given,))
                state_first, term_next, *rest = said.variables
                yield replace(said, variables=(term_next, state_first, *rest))


def _last(kind: str) -> Operation:
    """What puts an element at the end of one of the library's lists."""
    return Operation("{1} ++ [{0}]", (element_of(kind), kind), kind, own=False)


def _relations(rules: Sequence[Operation]) -> list[Operation]:
    return [rule for rule in rules if len(rule.takes) == 2 and rule.takes[0] == rule.takes[1]]


def _steps(r: Operation, relations: Sequence[Operation]) -> Iterator[Operation]:
    """What a relation may be paths of: another one on the same values, or one that it is given.

    Its rules put a step at one end of a path, and a proof may have one at the other end.
    """
    yield from (other for other in relations if other.name != r.name and other.takes == r.takes)
    for name, kind in r.fixed:
        if kind == f"{r.takes[0]} → {r.takes[0]} → Prop":
            yield Operation(f"{name} {{0}} {{1}}", r.takes, "Prop")


def _claim(rules: Sequence[Operation], claimed: str, *given: str) -> Conjecture:
    """For all values of what the predicates are said of, as far as they are spoken of."""
    spoken = " ".join((claimed, *given)).replace("(", " ").replace(")", " ").split()
    names = [name for name in ("x", "y", "z") if name in spoken]
    return replace(for_all(rules, [rules[0].takes[0]] * len(names), claimed, "", given), relation="")


def _joined(p: Operation, join: Operation) -> Iterator[Conjecture]:
    """What holds of one part, or of both, may hold of the whole."""
    whole = p(f"({join('x', 'y')})")
    yield _claim([p], whole, p("x"))
    if not join.commutes:
        yield _claim([p], whole, p("y"))
    yield _claim([p], whole, p("x"), p("y"))


def _kept(r: Operation, join: Operation) -> Iterator[Conjecture]:
    """What holds of two values may hold of what is made of both in the same way."""
    yield _claim([r], r(f"({join('x', 'z')})", f"({join('y', 'z')})"), r("x", "y"))
    if not join.commutes:
        yield _claim([r], r(f"({join('z', 'x')})", f"({join('z', 'y')})"), r("x", "y"))
        yield _claim([r], r(f"({join('x', 'y')})", f"({join('y', 'x')})"))
