"""A goal's functions, and those of the library that go with them, as operations that equations are made of. Pure."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from ghostproof.search.plainest import Plainest
from ghostproof.syntax import brackets
from ghostproof.syntax.application import arguments
from ghostproof.verify.checker import Function

# Functions with more arguments have no equations of the shapes that are guessed.
_MOST_ARGUMENTS = 4
_VARIABLE = re.compile(r"(?<![\w.'])[α-ω](?![\w.'])")
# A name in a type or a term.
WORD = re.compile(r"[^\W\d][\w.']*")
_TYPE_VARIABLE = re.compile(r"(?<![\w.'])[a-zα-ω][\w']*")
# How people name variables for types, as far as it is no name of a type itself.
_PLAIN_VARIABLE = re.compile(r"[a-zα-ω][₀-₉0-9']?")
_ATOMIC = frozenset({"[]", "0"})
# What joins two values of a type; all of `Bool`'s occur in laws of what is counted or compared.
_JOINED = {"Nat": ("+", "*"), "Int": ("+", "*"), "Bool": ("&&", "||", "==", "!=")}


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
        inside: functions that stand inside of it, with the types of their results.
    """

    form: str
    takes: tuple[str, ...]
    gives: str
    fixed: tuple[tuple[str, str], ...] = ()
    own: bool = True
    name: str = ""
    inside: frozenset[tuple[str, str]] = frozenset()

    @property
    def about(self) -> frozenset[tuple[str, str]]:
        """The file's functions in it, with the types of their results."""
        return self.inside | {(self.name, self.gives)} if self.name else self.inside

    @property
    def turns(self) -> bool:
        """It makes another value of a type out of one."""
        return self.takes == (self.gives,)

    @property
    def commutes(self) -> bool:
        """One of the library's whose arguments may change places: what is said once needs no saying the other way."""
        return not self.own and self.gives in _JOINED and self.takes == (self.gives, self.gives)

    @property
    def swapped(self) -> "Operation":
        """The same with its two arguments in the other order."""
        return replace(self, form=self.form.format("{1}", "{0}"), takes=self.takes[::-1])

    @property
    def again(self) -> "Operation":
        """The same with other variables for its further arguments."""
        form = re.sub(r"(?<= )p(?=\d)", "q", self.form)
        return replace(self, form=form, fixed=tuple((f"q{name[1:]}", kind) for name, kind in self.fixed))

    def __call__(self, *arguments: str) -> str:
        # Between the sides of an operator, an application needs no brackets.
        return self.form.format(*(bracketed(argument) if self.own else argument for argument in arguments))


def at_all_types(functions: Sequence[Function]) -> Iterator[Function]:
    """The functions, and those over one type variable at the others that occur, too."""
    variables = [set(_VARIABLE.findall(" ".join((*f.arguments, f.result)))) for f in functions]
    everywhere = sorted(set().union(*variables))
    yield from functions
    for function, own in zip(functions, variables, strict=True):
        for other in everywhere if len(own) == 1 else ():
            if other not in own:
                arguments = tuple(_VARIABLE.sub(other, kind) for kind in function.arguments)
                yield replace(function, arguments=arguments, result=_VARIABLE.sub(other, function.result))


def operations(function: Function) -> Iterator[Operation]:
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


def by_dots(function: Function) -> Iterator[Operation]:
    """A function of the library likewise, as people write it: `xs.length`, `xs.map f`."""
    owner, _, field = function.name.rpartition(".")
    subject = next((at for at, kind in enumerate(function.arguments) if kind.partition(" ")[0] == owner), None)
    for operation in operations(function):
        given = operation.form.split(" ")[1:]
        if subject is not None and given[subject].startswith("{"):
            others = (one for at, one in enumerate(given) if at != subject)
            yield replace(operation, form=" ".join((f"{given[subject]}.{field}", *others)))


def of_library(kind: str) -> Iterator[Operation]:
    """What the library joins two values of a type with."""
    for sign in ("++",) if element_of(kind) else _JOINED.get(kind, ()):
        # Lean reads `a = b && c` as `(a = b) && c`.
        form = f"({{0}} {sign} {{1}})" if kind == "Bool" else f"{{0}} {sign} {{1}}"
        yield Operation(form, (kind, kind), kind, own=False)


def is_variable(kind: str) -> bool:
    """Whether a type is a variable, of whose values nothing is known: `α`."""
    return _PLAIN_VARIABLE.fullmatch(kind) is not None


def element_of(kind: str) -> str:
    """The type of the elements of one of the library's lists; "" where it is none."""
    return argument_of("List", kind)


def argument_of(head: str, kind: str) -> str:
    """The one type that another one is applied to; "" where it is not applied: `List α × List β` is a pair."""
    inner = kind.removeprefix(f"{head} ") if kind.startswith(f"{head} ") else ""
    if inner.startswith("(") and brackets.closing(inner, 0) == len(inner) - 1:
        return inner[1:-1]
    return "" if any(brackets.outside(inner, " ")) else inner


class Values:
    """The plainest values of types, those of the library and of the file.

    Args:
        known: constructors of the user's types.
    """

    def __init__(self, known: Mapping[str, Plainest]) -> None:
        self._known = known

    def zero(self, kind: str, beside: Sequence[tuple[str, str]] | None = None) -> str | None:
        """What a recursion ends with.

        Args:
            beside: variables that stand beside it, where nothing else may tell its type: then its type is written.
        """
        found = self._zero(kind)
        if found is None or beside is None:
            return found
        told = " ".join(of for _, of in beside)
        return f"({found} : {kind})" if set(_TYPE_VARIABLE.findall(kind)).difference(WORD.findall(told)) else found

    def _zero(self, kind: str) -> str | None:
        if element_of(kind):
            return "[]"
        own = self._own(kind)
        return {"Nat": "0", "Int": "0"}.get(kind) or (own.zero if own and own.zero else None)

    def successor(self, kind: str, term: str) -> str | None:
        """The next value, in brackets."""
        if kind == "Nat":
            return f"({term} + 1)"
        own = self._own(kind)
        return f"({own.successor} {bracketed(term)})" if own and own.successor else None

    def cons(self, kind: str) -> Operation | None:
        """What puts an element to a value of one of the file's own types."""
        own = self._own(kind)
        given = _arguments(kind)
        if own is None or not own.cons or len(given) != len(own.parameters):
            return None
        at = dict(zip(own.parameters, given, strict=True))
        fields = tuple(WORD.sub(lambda word: at.get(word[0], word[0]), field) for field in own.fields)
        nth = next((nth for nth, field in enumerate(fields) if field != kind), None)
        if nth is None or kind not in fields:
            return None
        places = ("{0} {1}", "{1} {0}")[nth]
        return Operation(f"{own.cons} {places}", (fields[nth], kind), kind)

    def put(self, kind: str) -> Operation | None:
        """What puts an element to a value of a type that is made of elements, of the library's lists too."""
        element = element_of(kind)
        return Operation("{0} :: {1}", (element, kind), kind, own=False) if element else self.cons(kind)

    def _own(self, kind: str) -> Plainest | None:
        joined = any(position for sign in "→×⊕" for position in brackets.outside(kind, sign))
        return self._known.get(kind.split()[0]) if kind.split() and not joined else None


def _arguments(kind: str) -> tuple[str, ...]:
    """What a type is applied to."""
    return arguments(kind) if " " in kind else ()


def bracketed(term: str) -> str:
    """The term as it stands as an argument."""
    is_one = " " not in term or (term[0] in "([" and term[-1] in ")]" and term.count(term[0]) == 1)
    return term if is_one or term in _ATOMIC or _is_field(term) else f"({term})"


def _is_field(term: str) -> bool:
    """Whether it is something of a bracketed term: `(f x).2`."""
    last = brackets.closing(term, 0) if term.startswith("(") else None
    return last is not None and re.fullmatch(r"\.\w+", term[last + 1 :]) is not None
