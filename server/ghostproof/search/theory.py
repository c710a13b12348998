"""Short equations about functions, whatever their shape, found by comparing terms on small values. Pure.

As QuickSpec does it (Claessen, Smallbone, Hughes 2010; schemas as in Smallbone, Johansson, Claessen, Algehed 2017):
terms with one variable for each type are made in order of size and put into classes of equal values; only the first of
a class stands in larger terms. Each other one may be equal to the first also with a variable of its own in each place.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice, permutations, product, zip_longest

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.operations import Operation, Values, at_all_types, of_library
from ghostproof.verify.checker import Function
from ghostproof.verify.definitions import Definition
from ghostproof.verify.small_values import Valued

# Names in the largest terms, and terms of one size that are looked at.
LARGEST, _MOST_TERMS = 7, 160
_MOST_ARGUMENTS = 3
# Ways in which the variables of one pair may be those of each other, and equations of one exploration.
_MOST_WAYS, MOST_EQUATIONS = 6, 96
_CONSTANTS = {"Bool": ("true", "false")}
_NAMES = "xyzwuvst"


@dataclass(frozen=True)
class Term:
    """A term; a variable has no operation and no text of its own.

    Attributes:
        size: functions, constants and variables in it.
        text: of a constant.
        made: its outermost function is a constructor, or it is a constant.
    """

    kind: str
    size: int = 1
    operation: Operation | None = None
    parts: tuple["Term", ...] = ()
    text: str = ""
    made: bool = False

    @property
    def places(self) -> tuple[str, ...]:
        """The types of its variables, in order, as often as they occur."""
        if self.operation is None:
            return () if self.text else (self.kind,)
        return tuple(kind for part in self.parts for kind in part.places)

    @property
    def about(self) -> frozenset[tuple[str, str]]:
        """The file's functions in it, with the types of their results."""
        own = self.operation.about if self.operation else frozenset[tuple[str, str]]()
        return own.union(*(part.about for part in self.parts))

    @property
    def calls(self) -> frozenset["Term"]:
        """Calls of the file's functions, those inside of others not counted."""
        if _is_own(self):
            return frozenset({self})
        return frozenset().union(*(part.calls for part in self.parts))

    def covers(self, other: "Term") -> bool:
        """Whether the other one is this with terms in place of its variables."""
        if self.operation is None:
            return self.kind == other.kind and self.text in ("", other.text)
        same = self.operation == other.operation
        return same and all(mine.covers(its) for mine, its in zip(self.parts, other.parts, strict=True))

    def written(self, names: Iterator[str]) -> str:
        """The term with these names for its variables, in order."""
        if self.operation is None:
            return self.text or next(names)
        written = [part.written(names) for part in self.parts]
        if self.operation.own:
            return self.operation(*written)
        joined = (part.operation is not None and not part.operation.own for part in self.parts)
        return self.operation(*(f"({text})" if so else text for text, so in zip(written, joined, strict=True)))


def _is_own(term: Term) -> bool:
    return term.operation is not None and bool(term.operation.name)


@dataclass(frozen=True)
class Vocabulary:
    """What terms are made of.

    Attributes:
        own: the file's functions, applied to all their arguments.
        library: what the library joins two values with.
        constructors: what puts one thing to another, such as `::`, or makes the next one.
        constants: the plainest values.
        first: which argument each of the file's functions looks at first.
    """

    own: tuple[Operation, ...]
    library: tuple[Operation, ...]
    constructors: tuple[Operation, ...]
    constants: tuple[Term, ...]
    first: Mapping[str, int]

    @property
    def kinds(self) -> tuple[str, ...]:
        """The types of everything that functions are applied to."""
        return tuple(dict.fromkeys(kind for operation in (*self.own, *self.library) for kind in operation.takes))


def vocabulary(
    functions: Sequence[Function], values: Values, signs: Collection[str], known: Mapping[str, Definition]
) -> Vocabulary:
    """The vocabulary of some functions.

    Args:
        signs: operators of the library that are worth a try.
        known: the functions that recurse.
    """
    own = [_whole(function) for function in at_all_types(functions) if 0 < len(function.arguments) <= _MOST_ARGUMENTS]
    kinds = dict.fromkeys(kind for operation in own for kind in (*operation.takes, operation.gives))
    library = [one for kind in kinds for one in of_library(kind) if _sign(one) in signs]
    made = [one for kind in kinds for one in _constructors(kind, values)]
    plain = [(kind, text) for kind in kinds for text in _constants(kind, values)]
    constants = [Term(kind, text=text, made=True) for kind, text in plain]
    first = {name: of.matched[0] for name, of in known.items() if of.matched}
    return Vocabulary(tuple(dict.fromkeys(own)), tuple(library), tuple(made), tuple(constants), first)


def _whole(function: Function) -> Operation:
    places = " ".join(f"{{{at}}}" for at in range(len(function.arguments)))
    return Operation(f"{function.name} {places}", function.arguments, function.result, name=function.name)


def _sign(operation: Operation) -> str:
    return operation.form.strip("()").split()[1]


def _constructors(kind: str, values: Values) -> Iterator[Operation]:
    if (more := values.successor(kind, "{0}")) is not None:
        yield Operation(more[1:-1], (kind,), kind, own=not more.startswith("({0} "))
    if (put := values.put(kind)) is not None:
        yield put


def _constants(kind: str, values: Values) -> Iterator[str]:
    yield from _CONSTANTS.get(kind, ())
    if (zero := values.zero(kind, ())) is not None:
        yield zero


@dataclass
class Theory:
    """The terms of a vocabulary, and which of them may be equal: asked for by size, then told what they are.

    Attributes:
        size: of the terms that were given away last.
    """

    words: Vocabulary
    size: int = 0
    _given: list[Term] = field(default_factory=list)
    _classes: dict[tuple[str, str], list[Term]] = field(default_factory=dict)
    _firsts: dict[tuple[str, int], list[Term]] = field(default_factory=dict)

    def next_terms(self) -> tuple[str, ...]:
        """The terms of the next size as functions of their variables; none if there are no larger ones."""
        self._given = []
        while not self._given and self.size < LARGEST:
            self.size += 1
            self._given = list(islice(self._of_size(self.size), _MOST_TERMS))
        return tuple(map(self._asked, self._given))

    def take(self, values: Sequence[Valued]) -> None:
        """Hear what the terms are that were given away last."""
        for term, value in zip(self._given, values, strict=True):
            alike = self._classes.setdefault((term.kind, value.print), []) if value.print else []
            # A variable for functions has no value of its own.
            if not alike and (value.print or term.size == 1):
                self._firsts.setdefault((term.kind, term.size), []).append(term)
            alike.append(term)

    def equations(self) -> Iterator[Conjecture]:
        """What may hold of the functions, the shortest first."""
        pairs = [_towards(term, alike[0]) for alike in self._classes.values() for term in alike[1:]]
        pairs.sort(key=lambda pair: pair[0].size + pair[1].size)
        yield from islice((one for left, right in _unlike(pairs) for one in _between(left, right)), MOST_EQUATIONS)

    def _asked(self, term: Term) -> str:
        names = {kind: f"v{nth}" for nth, kind in enumerate(self.words.kinds)}
        places = dict.fromkeys(term.places)
        binders = " ".join(f"({names[kind]} : {kind})" for kind in places)
        text = term.written(names[kind] for kind in term.places)
        return f"fun {binders} => {text}" if binders else text

    def _of_size(self, size: int) -> Iterator[Term]:
        if size == 1:
            yield from (Term(kind) for kind in self.words.kinds)
            yield from self.words.constants
            return
        words = self.words
        # In turns, so that none of them uses up what there is room for.
        ways = [self._of_operation(one, size) for one in (*words.own, *words.library, *words.constructors)]
        for turn in zip_longest(*ways):
            yield from (term for term in turn if term is not None)

    def _of_operation(self, operation: Operation, size: int) -> Iterator[Term]:
        made = operation in self.words.constructors
        for sizes in _shares(size - 1, len(operation.takes)):
            chosen = (self._firsts.get(each, ()) for each in zip(operation.takes, sizes, strict=True))
            for parts in product(*chosen):
                is_number = made and len(parts) == 1 and parts[0].made  # 0 + 1, x + 1 + 1
                again = operation.commutes and parts[0].size > parts[1].size
                if not (is_number or again or self._computes(operation, parts)):
                    yield Term(operation.gives, size, operation, parts, made=made)

    def _computes(self, operation: Operation, parts: Sequence[Term]) -> bool:
        """Whether the function's own equations say what it is."""
        at = self.words.first.get(operation.name) if operation.name else None
        return at is not None and at < len(parts) and parts[at].made


def _shares(whole: int, number: int) -> Iterator[tuple[int, ...]]:
    """The ways to share a number out among so many, each of which gets some."""
    if number == 1:
        yield (whole,)
        return
    for first in range(1, whole - number + 2):
        yield from ((first, *rest) for rest in _shares(whole - first, number - 1))


def _towards(left: Term, right: Term) -> tuple[Term, Term]:
    """The pair, turned where only the left one is made by a constructor: a simplifier is to make the right one."""
    turned = left.made and not right.made and Counter(left.places) == Counter(right.places)
    return (right, left) if turned else (left, right)


def _unlike(pairs: Sequence[tuple[Term, Term]]) -> Iterator[tuple[Term, Term]]:
    """Pairs about the file's functions but those that an earlier one, said of all values, is likely to say too.

    Where both sides make the same of the same calls in other words, the library alone is spoken of.
    """
    laws: list[Term] = []
    for left, right in pairs:
        if not any(law.covers(left) for law in laws):
            if left.calls != right.calls or _is_own(left) or _is_own(right):
                yield left, right
            # What only changes places says nothing of what a place may be taken by.
            again = bool(left.parts) and left.parts[0].operation == left.operation
            simpler = left.size > right.size or again or (right.made and not left.made)
            if simpler and Counter(left.places) == Counter(right.places):
                laws.append(left)


def _between(left: Term, right: Term) -> Iterator[Conjecture]:
    """Equations of two terms, a variable in each place of the left one, and at last the same one in all of a type."""
    mine = list(zip(_NAMES, left.places, strict=False))
    if len(mine) < len(left.places):
        return
    text, about = left.written(name for name, _ in mine), left.about | right.about
    for names in islice(_ways(mine, right.places), _MOST_WAYS):
        yield Conjecture(tuple(mine), text, right.written(iter(names)), about=about)
    same = dict.fromkeys(left.places)
    one = {kind: name for name, kind in zip(_NAMES, same, strict=False)}
    if len(same) < len(left.places) and set(right.places) <= set(same) and len(right.places) < len(left.places):
        variables = tuple((name, kind) for kind, name in one.items())
        sides = [term.written(one[kind] for kind in term.places) for term in (left, right)]
        yield Conjecture(variables, sides[0], sides[1], about=about)


def _ways(variables: Sequence[tuple[str, str]], places: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Names for the places of the other side: each variable once, or if there are more places, at least once."""
    of = {kind: [name for name, its in variables if its == kind] for kind in dict.fromkeys(places)}
    if len(places) <= len(variables):
        ways = [permutations(names, list(places).count(kind)) for kind, names in of.items()]
        for chosen in product(*ways):
            each = {kind: iter(names) for kind, names in zip(of, chosen, strict=True)}
            yield tuple(next(each[kind]) for kind in places)
        return
    for names in product(*(of[kind] for kind in places)):
        if set(names) == {name for name, _ in variables}:
            yield names
