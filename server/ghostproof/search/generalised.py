"""Statements from which a goal follows, with what it keeps fixed set free: the right side is made up. Pure.

`run (compileTo e []) [] = [eval e]` has no proof by induction, as the accumulators are others in the recursive calls.
Their values become variables, and the right side is built of what stood there and of these, each once; small values
leave few of the guesses.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, product

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.moved_on import moved_on
from ghostproof.search.operations import Operation, Values, bracketed, element_of, of_library, operations
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.application import arguments, calls
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.proposition import sides_of
from ghostproof.syntax.quoting import first_part
from ghostproof.verify.checker import Function
from ghostproof.verify.definitions import Definition

# Right sides that are made up for one left side, and accumulators that are set free in it.
_MOST_SIDES, _MOST_FREED = 48, 2
# Functions of two own lists of which one may append them.
_MOST_APPENDING = 2

# What an accumulator may do with the rest of a result.
_BEHIND = {
    "List": ("List.reverse {0} ++ {1}", "{0} ++ {1}", "{1} ++ {0}"),
    "Nat": ("{0} + {1}",),
    "Int": ("{0} + {1}",),
}
_OF_LIBRARY = Values({})
_SIGN = re.compile(r" [^\w\s()\[\]⟨⟩«»'.]+ ")

Variables = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class _Term:
    text: str
    kind: str


def generalised(
    view: GoalView,
    known: Mapping[str, Definition],
    of_classes: Sequence[Function] = (),
    joining: Sequence[Function] = (),
    values: Values = _OF_LIBRARY,
) -> Iterator[Conjecture]:
    """Guesses for an equation, and for each call in it that has a value for an accumulator.

    Args:
        of_classes: operations of the goal's classes.
        joining: functions of which some may add up the file's own numbers, or append its own lists.
        values: the plainest values of types.
    """
    yield from moved_on(view, known)
    left, _, right = sides_of(view.target)
    called = {call: function for function in (*view.functions, *view.library) for call in function.applications}
    for application, function in called.items():
        freed, new = _freed(application, called, view, known)
        if new:
            was = right if application == left and view.head == "Eq" else application
            yield from _equations(view, freed, new, _Term(was, function.result), known, of_classes)
            if application == left:
                yield from _images(view, freed, new, right, joining, values)
            elif view.head != "Eq":
                yield from _claims(view, freed, new, application, function)
        if application == left:
            yield from _continued(view, application, called, right, known, joining, values)
    if view.head == "Eq" and left not in called and right in called:
        # Something is made of the result: `(collect xs #[]).toList`. As people write it, that stands on the left.
        freed, new = _freed(left, called, view, known)
        if new:
            yield from _equations(view, freed, new, _Term(right, called[right].result), known, of_classes)


def _claims(view: GoalView, freed: str, new: Variables, application: str, function: Function) -> Iterator[Conjecture]:
    """What the goal claims of a call, with its accumulators set free; a number that is summed up gets no smaller."""
    words = {first_part(word) for word in identifiers(view.target)}
    variables = _variables(view, words, freed)
    about = frozenset({(function.name, function.result)})
    if function.result == "Nat" and [kind for _, kind in new] == ["Nat"]:
        used = {first_part(word) for word in identifiers(freed)}
        mine = tuple(variable for variable in variables if variable[0] in used)
        yield Conjecture((*mine, *new), new[0][0], freed, about=about, relation="≤")
    claimed = _replaced(view.target, application, freed)
    given = tuple(h.type for h in view.propositions)
    yield Conjecture((*variables, *new), claimed, "", about=about, given=given, relation="")


def _images(
    view: GoalView, freed: str, new: Variables, right: str, joining: Sequence[Function], values: Values
) -> Iterator[Conjecture]:
    """Where the other side is a function of a number, accumulators may be its values further on."""
    name, _, variable = right.partition(" ")
    number = {h.name: h.type for h in view.hypotheses}.get(variable, "")
    made = {f.name: f.result for f in view.functions if f.arguments == (number,)}
    further = fresh(["k"], view.taken)[0]
    more = values.successor(number, further)
    if more is None or any(kind != made.get(name) for _, kind in new):
        return
    starts = [f"({name} {further})", f"({name} {more})"]
    own = [f"({f.name} {variable} {further})" for f in joining if (*f.arguments, f.result) == (number,) * 3]
    sums = [f"({variable} + {further})"] if number == "Nat" else own
    for order in dict.fromkeys((tuple(starts[: len(new)]), tuple(reversed(starts[: len(new)])))):
        left = freed
        for (accumulator, _), value in zip(new, order, strict=True):
            left = _replaced(left, accumulator, value)
        about = frozenset({(name, made[name])})
        for whole in sums:
            yield Conjecture(((variable, number), (further, number)), left, f"{name} {whole}", about=about)


def _continued(
    view: GoalView,
    call: str,
    called: Mapping[str, Function],
    right: str,
    known: Mapping[str, Definition],
    joining: Sequence[Function],
    values: Values,
) -> Iterator[Conjecture]:
    """What runs a list that another function makes goes on with whatever stands behind that list.

    `exec (code e) [] = some [eval e]` follows from `exec (code e ++ rest) s = exec rest (eval e :: s)`.
    """
    function, given = called[call], arguments(call)
    recursion = known.get(function.name)
    if recursion is None or len(given) != len(function.arguments):
        return
    variables = {h.name: h.type for h in view.hypotheses if h.accessible and not h.is_prop}
    own = [one for one in called if one in right and not any(one in more for more in called if one != more)]
    for at in recursion.matched:
        # What it is run on may be taken apart too: a stack.
        changing = {*recursion.varying, *recursion.matched} - {at}
        behind, state = fresh(["rest", "acc"], view.taken)
        wholes = list(_with_behind(given[at], behind, function.arguments[at], joining, values))
        if len(changing) != 1 or given[at] in variables or not wholes:
            continue
        (kept,) = changing
        state = given[kept] if given[kept] in variables else state
        new = ((behind, function.arguments[at]), (state, function.arguments[kept]))
        used = {first_part(word) for word in identifiers(f"{given[at]} {right}")} - {state}
        mine = tuple((name, kind) for name, kind in variables.items() if name in used)
        leaves = (*(_Term(one, called[one].result) for one in own), _Term(*new[1]))
        put = values.cons(new[1][1])
        using = [*([put] if put is not None else []), *_operations(view, leaves)]
        for whole, side in product(wholes, islice(_sides(leaves, using, function.arguments[kept]), _MOST_SIDES)):
            left = _applied(function, given, {at: whole, kept: state})
            further = _applied(function, given, {at: behind, kept: bracketed(side)})
            about = frozenset((f.name, f.result) for f in view.functions if f.name in identifiers(f"{left} {further}"))
            yield Conjecture((*mine, *new), left, further, about=about)


def _with_behind(term: str, behind: str, kind: str, joining: Sequence[Function], values: Values) -> Iterator[str]:
    """A list with another one behind it, in brackets; by the file's functions where it is a list of its own."""
    alone = _only_element(term)
    made = term[1:-1] if term.startswith("(") else term
    if element_of(kind):
        yield f"({alone} :: {behind})" if alone else f"({made} ++ {behind})"
    elif values.cons(kind) is not None:
        heads = [(f.name, *(one.partition(" ")[0] for one in (*f.arguments, f.result))) for f in joining]
        names = dict.fromkeys(name for name, *types in heads if types == [kind.partition(" ")[0]] * 3)
        yield from (f"({name} {term} {behind})" for name in islice(names, _MOST_APPENDING))


def _only_element(term: str) -> str:
    """The element of a list that is written with one, "" where it is another term."""
    inside = term[1:-1] if term.startswith("[") and term.endswith("]") else ""
    return "" if sides_of(inside, ", ")[1] else bracketed(inside)


def _applied(function: Function, given: Sequence[str], changed: Mapping[int, str]) -> str:
    return " ".join((function.name, *(changed.get(at, one) for at, one in enumerate(given))))


def _freed(
    term: str, called: dict[str, Function], view: GoalView, known: Mapping[str, Definition]
) -> tuple[str, Variables]:
    """A term with variables where calls in it have values that stay fixed in none of their own calls."""
    names = fresh(("acc",) * _MOST_FREED, view.taken)
    variables = {h.name for h in view.hypotheses}
    new: list[tuple[str, str]] = []
    inner = sorted((call for call in called if call in term), key=len)
    for nth, call in enumerate(inner):
        recursion, function = known.get(called[call].name), called[call]
        given = list(arguments(call))
        for at in _starting_points(recursion) if recursion else ():
            if at < min(len(given), len(function.arguments)) and len(new) < _MOST_FREED:
                if variables & {first_part(word) for word in identifiers(given[at])}:
                    continue
                given[at] = names[len(new)]
                new.append((given[at], function.arguments[at]))
        changed = " ".join((function.name, *given))
        if changed != call:
            term = _replaced(term, call, changed)
            behind = {other: _replaced(other, call, changed) for other in inner[nth + 1 :]}
            inner[nth + 1 :] = behind.values()
            called = {**called, **{after: called[before] for before, after in behind.items()}}
    return term, tuple(new)


def _starting_points(recursion: Definition) -> tuple[int, ...]:
    """Arguments that may be others in the function's own calls; one that is looked at is so only beside another one."""
    return (*recursion.varying, *(recursion.matched if len(recursion.matched) > 1 else ()))


def _replaced(term: str, part: str, by: str) -> str:
    return re.sub(rf"(?<![\w.'])({re.escape(part)})(?![\w.'])", lambda _: by, term)


def _equations(
    view: GoalView,
    left: str,
    new: Variables,
    was: _Term,
    known: Mapping[str, Definition],
    of_classes: Sequence[Function],
) -> Iterator[Conjecture]:
    words = set(identifiers(f"{left} {was.text}"))
    used = {first_part(word) for word in words}
    mine = list(_variables(view, used, left))
    first = set(_taken_apart((*view.functions, *view.library), known))
    mine.sort(key=lambda variable: variable[0] not in first)
    if not mine:
        return
    about = frozenset((f.name, f.result) for f in (*view.functions, *view.library) if f.name in words)
    leaves = (was, *(_Term(name, kind) for name, kind in new))
    using = [*(one for function in of_classes for one in operations(function)), *_operations(view, leaves)]
    plain = islice(_sides(leaves, using, was.kind), _MOST_SIDES)
    applied = islice(_applied_to(leaves, using, was.kind), _MOST_SIDES)
    for right in (*_pairs(was, new), *_through(view, left, was, new), *applied, *plain):
        if right != left:
            yield Conjecture((*mine, *new), left, right, about=about)


def _applied_to(leaves: Sequence[_Term], using: Sequence[Operation], kind: str) -> Iterator[str]:
    """An accumulator that is a function is applied to what the others make, as a list that is built of differences."""
    for leaf in leaves:
        takes, arrow, gives = leaf.kind.partition(" → ")
        if arrow and gives == kind and leaf != leaves[0]:
            others = [one for one in leaves if one != leaf]
            yield from (f"{leaf.text} {bracketed(side)}" for side in _sides(others, using, takes))


def _through(view: GoalView, left: str, was: _Term, new: Variables) -> Iterator[str]:
    """What is done to the result of a call is done to what it began with, too: `look k (load xs t)` has `look k t`."""
    if len(new) != 1:
        return
    ((start, kind),) = new
    for function in (*view.functions, *view.library):
        for call in calls(function.name, left) if function.result == kind else ():
            if call != left and start in arguments(call):
                before = _Term(left.replace(f"({call})", start), was.kind)
                for join in of_library(was.kind):
                    yield _joined(join, was, before)
                    if not join.commutes:
                        yield _joined(join, before, was)


def _pairs(was: _Term, new: Variables) -> Iterator[str]:
    """Where two accumulators make a pair, each of them with one side of it, either way round."""
    inside = was.text[1:-1] if was.text.startswith("(") and was.text.endswith(")") else ""
    first, comma, second = sides_of(inside, ", ")
    kinds = was.kind.split(" × ")
    for one, other in (new, new[::-1]) if comma and len(kinds) == len(new) == 2 else ():
        if [one[1], other[1]] == kinds:
            parts = product(_behind(*one, first), _behind(*other, second))
            yield from (f"({left}, {right})" for left, right in parts)


def _behind(accumulator: str, kind: str, term: str) -> tuple[str, ...]:
    forms = _BEHIND.get(kind.partition(" ")[0], ())
    return tuple(form.format(accumulator, f"({term})" if _has_sign(term) else term) for form in forms)


def _variables(view: GoalView, used: Collection[str], term: str) -> Variables:
    """The goal's variables among some words, for which something is said that has a term in it."""
    found = ((h.name, h.type) for h in view.hypotheses if h.name in used and h.accessible and not h.is_prop)
    # A function below a `fun` stays the goal's own: of a variable there nothing finds out which one is meant.
    return tuple((name, kind) for name, kind in found if not ("fun " in term and "→" in kind))


def _taken_apart(functions: Sequence[Function], known: Mapping[str, Definition]) -> Iterator[str]:
    """Arguments on which functions match."""
    for function in functions:
        recursion = known.get(function.name)
        for application in function.applications if recursion else ():
            given = arguments(application)
            yield from (given[at] for at in recursion.matched if at < len(given)) if recursion else ()


def _operations(view: GoalView, leaves: Sequence[_Term]) -> list[Operation]:
    own = [one for function in view.functions for one in operations(function) if not one.fixed]
    kinds = dict.fromkeys((*(leaf.kind for leaf in leaves), *(one.gives for one in own)))
    joined = [one for kind in kinds for one in of_library(kind)]
    lists = [kind for kind in kinds if element_of(kind)]
    put = [Operation("{0} :: {1}", (element_of(kind), kind), kind, own=False) for kind in lists]
    turned = [Operation("List.reverse {0}", (kind,), kind) for kind in lists]
    return [*joined, *put, *own, *turned]


def _sides(leaves: Sequence[_Term], using: Sequence[Operation], kind: str) -> Iterator[str]:
    """Terms in which each leaf occurs once, those with few functions first."""
    plain = list(_combined(leaves, using, kind, reached=False))
    yield from dict.fromkeys((*plain, *_combined(leaves, using, kind, reached=True)))


def _combined(leaves: Sequence[_Term], using: Sequence[Operation], kind: str, *, reached: bool) -> Iterator[str]:
    """The terms of a kind.

    Args:
        reached: functions of one argument may be applied to the leaves.
    """
    one = [operation for operation in using if len(operation.takes) == 1 and reached]
    two = [operation for operation in using if len(operation.takes) == 2]
    whole = (1 << len(leaves)) - 1
    made: dict[int, list[_Term]] = {}
    for nth, leaf in enumerate(leaves):
        made[1 << nth] = [leaf, *(_Term(f(leaf.text), f.gives) for f in one if f.takes == (leaf.kind,) and nth)]
    for mask in range(1, whole + 1):
        for part in range(1, mask):
            if part & mask == part and part in made and mask ^ part in made:
                twice = not part & mask & -mask  # the same two parts come the other way round as well
                using_both = (f for f in two if not (twice and f.commutes))
                pairs = product(using_both, made[part], made[mask ^ part])
                terms = [_Term(_joined(f, a, b), f.gives) for f, a, b in pairs if f.takes == (a.kind, b.kind)]
                made[mask] = made.get(mask, []) + terms
    yield from (term.text for term in made.get(whole, ()) if term.kind == kind)


def _joined(operation: Operation, a: _Term, b: _Term) -> str:
    # An application brackets what it needs to; between the sides of an operator, only operators do.
    sides = (f"({text})" if not operation.own and _has_sign(text) else text for text in (a.text, b.text))
    return operation(*sides)


def _has_sign(term: str) -> bool:
    """Whether an operator stands in a term outside of brackets."""
    applied = " ".join((term.partition(" ")[0], *arguments(term)))
    return applied != term and _SIGN.search(term) is not None
