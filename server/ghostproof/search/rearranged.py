"""Which guesses say only what is known once arguments change places: of functions that commute, or group anew. Pure.

With `add x y = add y x` proved, `mul (add x y) z = add (mul y z) (mul x z)` is the distributive law once more; each
lemma that says nothing new is one more for every later proof to look at.
"""

import re
from collections.abc import Iterator
from itertools import permutations

from ghostproof.search.conjecture import Conjecture
from ghostproof.syntax import brackets
from ghostproof.syntax.application import application_at, arguments

# Where an application can begin: what stands before it.
_BEGINS = re.compile(r"(?:^|[^\w\s)\]}⟩'.»✝!?]) *$")
# Of more variables nobody tries all orders.
_MOST_VARIABLES = 4


class Rearranged:
    """What is known of the places of arguments, and what is said once they do not matter."""

    def __init__(self) -> None:
        self._commute: set[str] = set()
        self._grouped: set[str] = set()
        self._known: list[Conjecture] = []
        self._said: set[str] = set()

    def learn(self, law: Conjecture) -> None:
        """Take what is proved."""
        self._known.append(law)
        name = law.left.partition(" ")[0]
        if law.shape == _commuting(name):
            self._commute.add(name)
        elif law.shape in (_grouping(name), _passing(name)):
            self._grouped.add(name)
        else:
            self._said.add(self._form(law))
            return
        self._said = set(map(self._form, self._known))

    def says(self, guess: Conjecture) -> bool:
        """Whether it is known, or says no more than that arguments may change places.

        How three are grouped, and that one passes another, are worth lemmas: a simplifier sorts by them.
        """
        name = guess.left.partition(" ")[0]
        if not self._commute or guess.shape in (_grouping(name), _passing(name)):
            return False
        left, right = map(self._arranged, (guess.left, guess.right))
        return (guess.relation == "=" and left == right) or self._form(guess) in self._said

    def _form(self, guess: Conjecture) -> str:
        """The same text for all that say the same in other orders, and with other names."""
        return min(map(self._text, _named(guess)))

    def _text(self, guess: Conjecture) -> str:
        sides = [self._arranged(guess.left), self._arranged(guess.right)]
        said = f" {guess.relation} ".join(sorted(sides) if guess.relation == "=" else sides)
        kinds = (kind for _, kind in sorted(guess.variables))
        return " → ".join((*kinds, *map(self._arranged, guess.given), said))

    def _arranged(self, text: str) -> str:
        """The term with the arguments of functions that commute in the order of their texts."""
        parts: list[str] = []
        at = 0
        while at < len(text):
            last = brackets.closing(text, at) if text[at] in brackets.OPENERS else None
            if last is not None:
                parts.append(f"{text[at]}{self._arranged(text[at + 1 : last])}{text[last]}")
                at = last + 1
                continue
            # Behind another word it is an argument.
            call = application_at(text[at:]) if _BEGINS.search(text[:at]) else ""
            name, given = call.partition(" ")[0], arguments(call)
            if name in self._commute and len(given) == 2 and text.startswith(call, at):
                parts.append(self._joined(name, [self._arranged(one) for one in given]))
                at += len(call)
            else:
                parts.append(text[at])
                at += 1
        return "".join(parts)

    def _joined(self, name: str, given: list[str]) -> str:
        if name in self._grouped:
            given = [inner for one in given for inner in _operands(name, one)]
        *first, last = sorted(given)
        for one in reversed(first):
            last = f"{name} {one} ({last})" if " " in last and last[0] not in "([" else f"{name} {one} {last}"
        return last


def _operands(name: str, term: str) -> Iterator[str]:
    """What a function joins that may group anew, from the left."""
    inside = term[1:-1] if term.startswith(f"({name} ") and term.endswith(")") else ""
    if not inside or len(given := arguments(inside)) != 2:
        yield term
        return
    for one in given:
        yield from _operands(name, one)


def _named(guess: Conjecture) -> Iterator[Conjecture]:
    """The guess with numbers for its variables, in all orders."""
    names = [name for name, _ in guess.variables]
    orders = permutations(range(len(names))) if len(names) <= _MOST_VARIABLES else [tuple(range(len(names)))]
    for order in orders:
        yield guess.renamed({name: f"v{nth}" for name, nth in zip(names, order, strict=True)})


def _commuting(name: str) -> str:
    return f"{name} #0 #1 = {name} #1 #0"


def _grouping(name: str) -> str:
    return f"{name} ({name} #0 #1) #2 = {name} #0 ({name} #1 #2)"


def _passing(name: str) -> str:
    return f"{name} #0 ({name} #1 #2) = {name} #1 ({name} #0 #2)"
