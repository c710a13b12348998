"""Guesses that a goal's function is one that the library has too, of which Lean knows much. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import permutations

from ghostproof.search.conjecture import Conjecture, for_all, settled
from ghostproof.search.instances import pattern
from ghostproof.search.operations import Operation, bracketed, element_of, of_library


@dataclass(frozen=True)
class _Form:
    """A function of the library.

    Attributes:
        takes, gives: its types; `a` and `b` are those of elements.
        term: with `{0}`, `{1}` for its arguments.
        known: what Lean has about it is more than what is guessed.
    """

    takes: tuple[str, ...]
    gives: str
    term: str
    known: bool = True


_FORMS = (
    _Form(("List a",), "List a", "{0}.reverse"),
    _Form(("List a",), "Nat", "{0}.length"),
    _Form(("List Nat",), "Nat", "{0}.sum"),
    _Form(("List (List a)",), "List a", "{0}.flatten"),
    _Form(("List a", "Nat"), "List a", "{0}.take {1}"),
    _Form(("List a", "Nat"), "List a", "{0}.drop {1}"),
    _Form(("List a", "a → Bool"), "List a", "{0}.filter {1}"),
    _Form(("List a", "a → b"), "List b", "{0}.map {1}"),
    _Form(("List a", "a → Bool"), "Bool", "{0}.all {1}"),
    _Form(("List a", "a → Bool"), "Bool", "{0}.any {1}"),
    _Form(("List a", "a → Bool"), "Nat", "{0}.countP {1}"),
    _Form(("List a", "a"), "Nat", "{0}.count {1}"),
    _Form(("Nat", "a"), "List a", "List.replicate {0} {1}"),
    _Form(("List a", "List b"), "List (a × b)", "{0}.zip {1}", known=False),
    _Form(("Nat", "Nat"), "Nat", "{0} - {1}"),
    _Form(("Nat", "Nat"), "Nat", "max {0} {1}"),
    _Form(("Nat", "Nat"), "Nat", "min {0} {1}"),
    _Form(("Nat", "Nat"), "Nat", "{0} ^ {1}", known=False),
    _Form(("Nat",), "Nat", "2 * {0}"),
    _Form(("Nat",), "Nat", "{0} / 2"),
    _Form(("Nat",), "Nat", "{0} % 2"),
    _Form(("Nat",), "Bool", "decide ({0} % 2 = 0)"),
    _Form(("Nat",), "Bool", "decide ({0} % 2 = 1)"),
)


def familiar(one: Sequence[Operation], two: Sequence[Operation]) -> Iterator[Conjecture]:
    """An equation for each function and each of the library's with the same types, those that join two values first.

    Args:
        one: operations in one argument, whatever else they take.
        two: operations in two.
    """
    for f in two:
        if f.takes == (f.gives, f.gives):
            for op in of_library(f.gives):
                same = for_all([f], f.takes, f("x", "y"), op("x", "y"))
                yield replace(settled(f, same), stands_in=True)
        if f.takes == (f.gives, f.gives) and [kind for _, kind in f.fixed] == [element_of(f.gives)]:
            # Both sides with an element between them.
            yield settled(f, for_all([f], f.takes, f("x", "y"), f"x ++ {f.fixed[0][0]} :: y"))
    for f in (*one, *two):
        for form in _FORMS if not f.fixed else ():
            yield from _said(f, form)


def _said(f: Operation, form: _Form) -> Iterator[Conjecture]:
    names = "xy"[: len(f.takes)]
    for order in permutations(range(len(form.takes))):
        takes = tuple(form.takes[at] for at in order)
        if len(takes) != len(f.takes) or not _fits((*takes, form.gives), (*f.takes, f.gives)):
            continue
        term = form.term.format(*(names[order.index(at)] for at in range(len(order))))
        guess = for_all([f], f.takes, f(*names), term)
        # An induction goes over what the library's own recursion does.
        guess = replace(guess, variables=tuple(guess.variables[order.index(at)] for at in range(len(order))))
        yield settled(f, guess) if form.known else guess


def _fits(forms: Sequence[str], kinds: Sequence[str]) -> bool:
    mine, its = (" , ".join(map(bracketed, each)) for each in (forms, kinds))
    return re.fullmatch(pattern(mine, ["a", "b"]), its) is not None
