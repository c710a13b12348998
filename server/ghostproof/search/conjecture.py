"""What a conjecture is: a relation between two terms for all values of some variables, and how it reads. Pure."""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import groupby

from ghostproof.search.instances import pattern
from ghostproof.search.operations import WORD, Operation, bracketed
from ghostproof.syntax.application import arguments, calls

# A name, with what is behind its dots; what is in «» is no variable.
_NAME = re.compile(rf"«[^«»\n]*»|{WORD.pattern}")


@dataclass(frozen=True)
class Conjecture:
    """A relation between two terms for all values of some variables.

    Attributes:
        variables: each with its type; an induction goes over the first, for all values of the others.
        settles: functions of which the library knows the other side, so that this says all about them; with their
            results.
        about: the functions that it speaks of, with the types of their results.
        given: what must hold of the variables.
        relation: what stands between the sides.
        types: type variables for which it is said, so that it can be used at other types than the goal's.
        stands_in: what is guessed of the functions that it settles is guessed of the library's as well.
    """

    variables: tuple[tuple[str, str], ...]
    left: str
    right: str
    settles: frozenset[tuple[str, str]] = frozenset()
    about: frozenset[tuple[str, str]] = frozenset()
    given: tuple[str, ...] = ()
    relation: str = "="
    types: tuple[str, ...] = ()
    stands_in: bool = False

    def for_all_types(self, known: Sequence[str]) -> "Conjecture":
        """The same for all values of the type variables in it.

        Args:
            known: the names of all that are of type `Type`.
        """
        variables = {name for name, _ in self.variables}
        texts = (self.body, *(kind for _, kind in self.variables))
        spoken = {word for text in texts for word in WORD.findall(text)} - variables
        return replace(self, types=tuple(name for name in known if name in spoken))

    def renamed(self, names: Mapping[str, str]) -> "Conjecture":
        """The same with other names for its variables."""

        variables = tuple((names.get(name, name), kind) for name, kind in self.variables)
        left, right, *given = (_renamed(text, names) for text in (self.left, self.right, *self.given))
        return replace(self, variables=variables, left=left, right=right, given=tuple(given))

    @cached_property
    def said(self) -> str:
        """What is said of which types, whatever the variables are called and whichever side of `=` comes first."""
        ways = [(self.left, self.right), (self.right, self.left)] if self.relation == "=" else [(self.left, self.right)]
        return min(self._numbered(f"{a} {self.relation} {b}".strip(), *self.given) for a, b in ways)

    @property
    def subject(self) -> str:
        """The left side with the types of its variables, whatever these are called."""
        return self._numbered(self.left)

    def covers(self, other: "Conjecture") -> bool:
        """Whether the other one says the same of types that are among those of this one."""
        if not self.types or self.shape != other.shape:
            return False
        mine, its = (" , ".join(bracketed(kind) for _, kind in one.variables) for one in (self, other))
        return re.fullmatch(pattern(mine, self.types), its) is not None

    @cached_property
    def shape(self) -> str:
        """What is said, with a number for each variable."""
        numbers = {name: f"#{nth}" for nth, (name, _) in enumerate(self.variables)}
        return _renamed(self.body, numbers)

    def _numbered(self, *parts: str) -> str:
        """The parts with a number for each variable, its type beside it where it is new; type variables likewise."""
        numbers: dict[str, str] = {}
        kinds = dict(self.variables)

        def number(word: re.Match[str]) -> str:
            name, *behind = word[0].split(".")
            if name in numbers or not (name in kinds or name in self.types):
                return ".".join((numbers.get(name, name), *behind))
            numbers[name] = f"#{len(numbers)}"
            kind = (f":{_NAME.sub(number, kinds[name])}",) if name in kinds else ()
            return ".".join(("".join((numbers[name], *kind)), *behind))

        return _NAME.sub(number, " | ".join(parts))

    @cached_property
    def is_endless(self) -> bool:
        """Whether a simplifier that uses it from left to right can use it on what that makes: `f x y = f x 0 + y`."""
        head, given, names = self.left.partition(" ")[0], arguments(self.left), {name for name, _ in self.variables}
        if self.relation != "=" or self.left in names:
            return False
        if (same := _stands_in(self.left, self.right)) or not given:
            return same
        inside = map(arguments, calls(head, self.right))
        again = [call for call in inside if all(a in names or a == b for a, b in zip(given, call, strict=False))]
        # The same in another order a simplifier takes for what it is.
        return any(sorted(call) != sorted(given) for call in again)

    @cached_property
    def has_middle(self) -> bool:
        """Whether a condition speaks of a value that the claim does not: a simplifier goes on guessing what it is."""
        claimed = {word.partition(".")[0] for word in WORD.findall(f"{self.left} {self.right}")}
        conditions = {word.partition(".")[0] for given in self.given for word in WORD.findall(given)}
        return any(name in conditions - claimed for name, _ in self.variables)

    @property
    def is_anywhere(self) -> bool:
        """Whether it concludes that a variable is something else, so that a simplifier can try it on every term."""
        return self.relation == "=" and any(self.left == name for name, _ in self.variables)

    @property
    def is_of_truths(self) -> bool:
        """Whether it speaks of comparisons and predicates alone."""
        return bool(self.about) and all(result in ("Bool", "Prop") for _, result in self.about)

    def speaks_of(self, names: Collection[str]) -> bool:
        """Whether one of some names is in it and is no variable of its own."""
        bound = {*self.types, *(name for name, _ in self.variables)}
        return not (set(WORD.findall(self.statement)) - bound).isdisjoint(names)

    @property
    def body(self) -> str:
        """What is said, without the variables."""
        return " → ".join((*self.given, f"{self.left} {self.relation} {self.right}".strip()))

    @property
    def statement(self) -> str:
        groups = groupby(self.variables, key=lambda variable: variable[1])
        binders = (f"({' '.join(name for name, _ in group)} : {kind})" for kind, group in groups)
        types = [f"{{{' '.join(self.types)} : Type}}"] if self.types else []
        bound = " ".join((*types, *binders))
        return f"∀ {bound}, {self.body}" if bound else self.body


def _stands_in(term: str, text: str) -> bool:
    """Whether a term is a part of a text, and not of a longer name there."""
    return re.search(rf"(?<![\w.]){re.escape(term)}(?![\w'])", text) is not None


def _renamed(text: str, names: Mapping[str, str]) -> str:
    def other(word: re.Match[str]) -> str:
        name, *behind = word[0].split(".")
        return ".".join((names.get(name, name), *behind))

    return _NAME.sub(other, text)


def variables_of(used: Sequence[Operation], kinds: Sequence[str]) -> tuple[tuple[str, str], ...]:
    """Variables of the kinds, and those for what operations keep fixed."""
    fixed = dict.fromkeys(pair for operation in used for pair in operation.fixed)
    return (*zip(("x", "y", "z", "w"), kinds, strict=False), *fixed)


def for_all(
    used: Sequence[Operation], kinds: Sequence[str], left: str, right: str, given: tuple[str, ...] = ()
) -> Conjecture:
    """An equation of operations for all values of its variables."""
    about = frozenset[tuple[str, str]]().union(*(operation.about for operation in used))
    return Conjecture(variables_of(used, kinds), left, right, about=about, given=given)


def most_general(guessed: Iterable[Conjecture]) -> list[Conjecture]:
    """Each once, and one that another says of more types as that other one, where the first of them stood."""
    said: dict[str, Conjecture] = {}
    for one in guessed:
        said.setdefault(one.said, one)
    alike: dict[str, list[Conjecture]] = {}
    for one in said.values():
        alike.setdefault(one.shape, []).append(one)
    found: dict[Conjecture, frozenset[tuple[str, str]]] = {}
    for one in said.values():
        general = next((more for more in alike[one.shape] if more.covers(one) and not one.covers(more)), one)
        found[general] = found.get(general, frozenset()) | one.settles
    return [replace(one, settles=settles) for one, settles in found.items()]


def settled(operation: Operation, conjecture: Conjecture) -> Conjecture:
    """The conjecture, which says all about one of its operations."""
    return replace(conjecture, settles=frozenset({(operation.name, operation.gives)}))
