"""How the functions of a file recurse, read from their equations: what they match on, and what changes in their calls.

A function is read that is written by equations (`| pattern, pattern => body`), or by `match` on its arguments. Another
one is not listed: nothing is said rather than something wrong.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache

from ghostproof.syntax import brackets
from ghostproof.syntax.definitions import definitions
from ghostproof.syntax.signature import Signature
from ghostproof.syntax.words import KEPT_READINGS

_EQUATION = re.compile(r"^[ \t]*\|(?P<patterns>(?:(?!=>).)*)=>(?P<body>(?:.|\n(?![ \t]*\|))*)", re.MULTILINE)
_MATCH = re.compile(r"(?<![\w.'])match\s+(?P<on>(?:(?!\bwith\b)[^\n])*)\bwith\b")
_EXPLICIT = re.compile(r"\(([^():]+):[^()]*\)")
_VARIABLE = re.compile(r"[^\W\d][\w']*|_|«[^«»\n]*»")
# A constructor inside of another one: `x :: y :: xs`, `[x]`, `.s (.s n)`, `n + 2`.
_DEEP = re.compile(r"::.*(?:::|\[)|\[[^\]]+\]|\(\s*[.\w]*\.\w|[^\W\d][\w']*\s*\+\s*[2-9]")
_WORD = re.compile(r"(?:«[^«»\n]*»|[\w.'✝!?])+")


@dataclass(frozen=True)
class Recursion:
    """One recursive function; arguments are counted from 0, explicit ones only.

    Attributes:
        matched: arguments that some equation takes apart.
        varying: arguments that stay whole and are others in a recursive call: accumulators.
        deep: some equation looks further than at the outermost constructor of an argument.
        signature: its types, where its head tells them.
        uses: names in the bodies of its equations, its own not among them.
    """

    matched: tuple[int, ...]
    varying: tuple[int, ...]
    signature: Signature | None = None
    uses: frozenset[str] = frozenset()
    deep: bool = False


@lru_cache(maxsize=KEPT_READINGS)
def recursions(text: str) -> dict[str, Recursion]:
    """The recursive functions of `text` by the last component of their names."""
    found: dict[str, Recursion] = {}
    # Whoever takes the first function that fits takes one by equations.
    for name, written in sorted(definitions(text).items(), key=lambda each: each[1].body.startswith(":=")):
        # Arguments left of the colon are the same in all calls of equations, and are not written in their patterns.
        groups = _EXPLICIT.finditer(brackets.before(written.head, ":"))
        names = [argument for group in groups for argument in group[1].split()]
        if written.body.startswith(":="):
            recursion = _of_matches(name, names, written.body)
        else:
            recursion = _of_equations(name, len(names), written.body)
        if recursion is not None:
            found[name] = replace(recursion, signature=written.signature, uses=written.uses - {name})
    return found


def arguments(application: str) -> tuple[str, ...]:
    """What a function is applied to in a printed application, `f x (g y)`: `x` and `(g y)`."""
    return tuple(_words(application))[1:]


def _of_equations(name: str, fixed: int, equations: str) -> Recursion | None:
    matched: set[int] = set()
    varying: set[int] = set()
    calls, deep = 0, False
    for equation in _EQUATION.finditer(equations):
        patterns = [part.strip() for part in brackets.split_outside(equation["patterns"], ",")]
        inside = _looked_at(equation["body"])
        deep |= any(_DEEP.search(pattern) for pattern in patterns) or _has_parts(inside, patterns)
        matched |= {at for at, pattern in enumerate(patterns) if not _VARIABLE.fullmatch(pattern) or pattern in inside}
        for called in _calls(name, equation["body"]):
            calls += 1
            given = called[fixed : fixed + len(patterns)]
            varying |= {at for at, (p, a) in enumerate(zip(patterns, given, strict=False)) if p != a}
    if not calls:
        return None
    apart, changed = (tuple(sorted(fixed + at for at in found)) for found in (matched, varying - matched))
    return Recursion(apart, changed, deep=deep)


def _of_matches(name: str, names: list[str], body: str) -> Recursion | None:
    """Of a function whose body looks at its arguments, which have names in its head."""
    calls = [called for called in _calls(name, body) if len(called) >= len(names)]
    if not calls or not names:
        return None
    inside = _looked_at(body)
    matched = {at for at, argument in enumerate(names) if argument in inside}
    varying = {
        at for called in calls for at, (own, given) in enumerate(zip(names, called, strict=False)) if own != given
    }
    deep = _has_parts(inside, names)
    return Recursion(tuple(sorted(matched)), tuple(sorted(varying - matched)), deep=deep)


def _has_parts(looked_at: set[str], arguments: list[str]) -> bool:
    """Whether some match looks at what an argument was taken apart into."""
    return any(_VARIABLE.fullmatch(word) for word in looked_at.difference(arguments))


def _looked_at(body: str) -> set[str]:
    """What the matches in a body look at."""
    return {part.strip() for match in _MATCH.finditer(body) for part in brackets.split_outside(match["on"], ",")}


def _calls(name: str, body: str) -> Iterator[tuple[str, ...]]:
    """The arguments of each call of a function; they end where the bracket around the call does."""
    for call in re.finditer(rf"(?<![\w.']){re.escape(name)}(?![\w'])", body):
        yield tuple(_words(body[call.end() :]))


def _words(text: str) -> Iterator[str]:
    """Names, literals and bracketed terms from the start of a text, as far as they are arguments."""
    at = 0
    while at < len(text):
        if text[at] in " \n":
            at += 1
        elif text[at] in brackets.OPENERS:
            last = brackets.closing(text, at)
            end = len(text) if last is None else last + 1
            yield text[at:end]
            at = end
        elif word := _WORD.match(text, at):
            yield word[0]
            at = word.end()
        else:
            return
