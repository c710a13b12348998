"""What the variables of a guess are called: by their types, as the file calls such; nothing else is called so. Pure."""

import re
from collections.abc import Collection, Iterator, Mapping

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.operations import WORD, element_of, is_variable
from ghostproof.suggest.sources.names import fresh
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.names import PART
from ghostproof.syntax.quoting import blank_separated, last_part

# `(xs ys : List α)`: a pair of brackets may stand in the type.
_BINDER = re.compile(rf"[({{]({PART}(?:\s+{PART})*)\s*:((?:[^(){{}}:=]|\([^()]*\))+)[)}}]")
# Letters that people use beside each other.
_SERIES = ("abcd", "fgh", "ijk", "nmkij", "pqr", "stu", "xyzwuv")
_FIRST = {"Nat": "n", "Int": "i"}


class VariableNames:
    """Names for the variables of guesses.

    Args:
        above: the text of the file up to the hole.
        taken: what is called something there: variables, hypotheses, functions.
    """

    def __init__(self, above: str, taken: Collection[str]) -> None:
        self._usual, self._taken = _usual(above), taken

    def given_to(self, guess: Conjecture) -> Conjecture:
        """The guess with its variables named so that a person could have written it."""
        variables = {name for name, _ in guess.variables}
        spoken = {part for word in WORD.findall(guess.body) for part in word.split(".")}
        taken = {*self._taken, *guess.types, *(spoken - variables)}
        names: dict[str, str] = {}
        for name, kind in guess.variables:
            wishes = [*self._usual.get(kind, ()), *_letters(kind)]
            (names[name],) = fresh([next((wish for wish in wishes if wish not in taken), wishes[0])], taken)
            taken.add(names[name])
        return guess.renamed(names)


def _usual(above: str) -> Mapping[str, Collection[str]]:
    """How the file names variables, by their types as they are written."""
    found: dict[str, dict[str, None]] = {}
    for binder in _BINDER.finditer(mask(above)[0]):
        kind = " ".join(binder[2].split())
        found.setdefault(kind, {}).update(dict.fromkeys(blank_separated(binder[1])))
    return {kind: [name for name in names if not name.startswith("_")] for kind, names in found.items()}


def _letters(kind: str) -> Iterator[str]:
    """Names for values of a type: `n` of `Nat`, `p` of `α → Bool`, `xss` of `List (List α)`, `t` of `Tree α`."""
    initial = last_part(kind.split()[0])[0].lower()
    first, end = _FIRST.get(kind, initial), ""
    if " → " in kind:
        first = "p" if kind.endswith((" Bool", " Prop")) else "f"
    elif is_variable(kind) or not initial.isascii() or not initial.isalpha():
        first = "a"
    while element := element_of(kind):
        first, end, kind = "x", f"{end}s", element
    series = next((letters for letters in _SERIES if first in letters), first)
    at = series.index(first)
    yield from (letter + end for letter in series[at:] + series[:at])
