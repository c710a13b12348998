"""Short proofs that a guess may have: one induction, or recursion along a call, and an automatic closer. Pure."""

import re
from collections.abc import Iterator, Mapping

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.operations import WORD
from ghostproof.search.strategies.induction import PRODUCTS
from ghostproof.syntax.names import PLAIN_PART
from ghostproof.syntax.quoting import last_part
from ghostproof.syntax.recursion import Recursion

CLOSERS = ("simp_all [{fs}]", "grind [{fs}]")
# The library's choices between two numbers, of which arithmetic knows more than `simp`.
CHOICES = ("max", "min")
_ARITHMETIC = "simp_all [{fs}] <;> omega"
# More variables than these are not split together: every one doubles the cases at least.
_MOST_SPLIT = 2

_PLAIN = re.compile(PLAIN_PART)


def short_proofs(guessed: Conjecture, functions: str, known: Mapping[str, Recursion]) -> Iterator[str]:
    """Tactics that may prove a guess, the likeliest first.

    Args:
        functions: names of what the guess speaks of, as `simp` takes them.
        known: how the file's functions recurse, by the last components of their names.
    """
    first, *others = (name for name, _ in guessed.variables)
    types = " ".join((*guessed.types, first))
    chooses = not set(WORD.findall(guessed.body)).isdisjoint(CHOICES)
    closers = (*CLOSERS, *([PRODUCTS] if " * " in guessed.statement else []), *([_ARITHMETIC] if chooses else []))
    for closer in closers:
        yield f"intro {types}\n  induction {first} <;> {closer.format(fs=functions)}"
    split = [name for name in others if name in _taken_apart(guessed, known)][:_MOST_SPLIT]
    if split:
        # What is matched together with the first one has a case of its own in each of its cases.
        cases = " <;> ".join((f"intro {' '.join(others)}", *(f"cases {name}" for name in split)))
        for closer in CLOSERS:
            yield f"intro {types}\n  induction {first} <;> {cases} <;> {closer.format(fs=functions)}"
    call = _call(guessed, known)
    if call is not None:
        for closer in CLOSERS:
            yield f"intro {' '.join((types, *others))}\n  fun_induction {call} <;> {closer.format(fs=functions)}"


def _taken_apart(guessed: Conjecture, known: Mapping[str, Recursion]) -> set[str]:
    """The variables on which some function matches together with another argument."""
    found: set[str] = set()
    for name, recursion in known.items():
        if len(recursion.matched) > 1:
            for call in _calls(name, guessed.body):
                found.update(call[at] for at in recursion.matched if at < len(call))
    return found


def _call(guessed: Conjecture, known: Mapping[str, Recursion]) -> str | None:
    """A call of a function that takes several of the guess's variables apart, or one further than induction does."""
    names = {name for name, _ in guessed.variables}
    for name, recursion in known.items():
        if len(recursion.matched) < 2 and not recursion.deep:
            continue
        for call in _calls(name, guessed.body):
            if call and set(call) <= names and len(call) > max(recursion.matched):
                return " ".join((name, *call))
    return None


def _calls(name: str, text: str) -> Iterator[tuple[str, ...]]:
    """What a function is applied to wherever it stands, as far as these are plain names."""
    for at, word in enumerate(words := text.replace("(", " ( ").replace(")", " ) ").split()):
        if last_part(word) == name:
            end = next((end for end in range(at + 1, len(words)) if not _PLAIN.fullmatch(words[end])), len(words))
            yield tuple(words[at + 1 : end])
