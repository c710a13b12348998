"""Statements that may hold of what sorts numbers: of all pairs what a check says of neighbours, and what is in a list.
Pure.

Of pairs and elements the library knows what appending does, which a check that looks at two neighbours does not tell.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ghostproof.search.conjecture import Conjecture, for_all
from ghostproof.search.operations import Operation, element_of

# What closes the cases of what is said of all pairs.
OF_PAIRS = "simp_all [{fs}, List.pairwise_append] <;> grind"
_PAIRS = "List.Pairwise"
_NUMBERS, _TRUTHS = ("Nat", "Int"), ("Bool", "Prop")
_SIGNS = ("≤", "<", "≥", ">")


def says_of_all_pairs(guess: Conjecture) -> bool:
    """Whether it is one of `in_order`."""
    return _PAIRS in guess.right


def in_order(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """A check of a list is that all elements stand in one order: `sorted xs = decide (List.Pairwise (· ≤ ·) xs)`."""
    for p in _checks(one):
        for sign in _SIGNS:
            pairs = f"{_PAIRS} (· {sign} ·) x"
            said = for_all([p], p.takes, p("x"), f"decide ({pairs})" if p.gives == "Bool" else pairs)
            yield replace(said, relation="=" if p.gives == "Bool" else "↔")


def members(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """Which elements a list has that a function makes, or that is read from what it makes, where lists are checked.

    `y ∈ insert x xs ↔ y = x ∨ y ∈ xs`, `y ∈ read (plant x t) ↔ y = x ∨ y ∈ read t`, `y ∈ below p xs ↔ y ∈ xs ∧ y < p`.
    """
    for element in dict.fromkeys(element_of(p.takes[0]) for p in _checks(one)):
        of_it = f"List {element}"
        readers = {f.takes[0]: f for f in one if f.gives == of_it and not f.fixed and f.takes[0] != of_it}
        for g in one:
            reader = readers.get(g.gives)
            if (g.gives != of_it and reader is None) or readers.get(g.takes[0]) == g:
                continue
            used = [g, *([reader] if reader else [])]
            lists, others = [], []
            for name, kind in (("x", g.takes[0]), *g.fixed):
                if kind == of_it:
                    lists.append(f"y ∈ {name}")
                elif kind in readers:
                    used.append(readers[kind])
                    lists.append(f"y ∈ {readers[kind](name)}")
                elif kind == element:
                    others.append(name)
            made = reader(g("x")) if reader else g("x")
            said = replace(for_all(used, [g.takes[0], element], f"y ∈ {made}", ""), relation="↔")
            for right in _made_of(lists, others):
                yield replace(said, right=right)


def bounded(one: Sequence[Operation]) -> Iterator[Conjecture]:
    """What a check beside a number says of each element: `below b t = true → y ∈ read t → y < b`."""
    for p in one:
        if p.gives not in _TRUTHS or [kind for _, kind in p.fixed] not in ([kind] for kind in _NUMBERS):
            continue
        ((bound, kind),) = p.fixed
        holds = f"{p('x')} = true" if p.gives == "Bool" else p("x")
        readers = [g for g in one if g.takes == p.takes and g.gives == f"List {kind}" and not g.fixed]
        lists = [(g("x"), [p, g]) for g in readers]
        if element_of(p.takes[0]) == kind:
            lists.append(("x", [p]))
        for read, used in lists:
            for sign in _SIGNS:
                given = (holds, f"y ∈ {read}")
                yield replace(for_all(used, [*p.takes, kind], f"y {sign} {bound}", "", given), relation="")


def _made_of(lists: Sequence[str], others: Sequence[str]) -> Iterator[str]:
    """What an element of a list may be: one of some lists, or another argument, or what stands in an order to that."""
    if not lists:
        return
    yield " ∨ ".join((*(f"y = {name}" for name in others), *lists))
    if others:
        yield " ∨ ".join(lists)
    if len(lists) == len(others) == 1:
        yield from (f"{lists[0]} ∧ y {sign} {others[0]}" for sign in _SIGNS)


def _checks(one: Sequence[Operation]) -> Iterator[Operation]:
    """What tells whether something is true of a list of numbers."""
    for p in one:
        if p.gives in _TRUTHS and not p.fixed and element_of(p.takes[0]) in _NUMBERS:
            yield p
