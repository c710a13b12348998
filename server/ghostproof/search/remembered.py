"""What searches in a file have found out about its functions: lemmas that are proved, guesses that values refute. Pure.

Nothing is believed for being remembered: a lemma stands with its proof in whatever uses it, and Lean reads that.
"""

from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ghostproof.search.conjecture import Conjecture
from ghostproof.verify.definitions import Definitions

# Files, and of one file; for one goal: with more premises, automatic closers are slower.
MOST_FILES, MOST_KEPT, MOST_RECALLED = 32, 2_000, 12

K = TypeVar("K")
V = TypeVar("V")


@dataclass(frozen=True)
class Lemma:
    """What is proved.

    Attributes:
        text: its statement and proof.
        rests: the lemmas that the proof uses.
    """

    text: str
    rests: tuple[Conjecture, ...] = ()


class Remembered:
    """What is known of one file. It counts as long as the functions in question are defined as they were."""

    def __init__(self) -> None:
        self._proved: dict[tuple[str, Conjecture], Lemma] = {}
        self._refuted: dict[tuple[str, str], None] = {}

    def prove(self, known: Definitions, guess: Conjecture, lemma: Lemma, context: Collection[str]) -> None:
        """Keep a lemma, unless it speaks of something that only its goal has.

        Args:
            known: how the functions in question are defined.
            context: the names of the goal's variables and hypotheses.
        """
        if not guess.speaks_of(context):
            _keep(self._proved, (_ground(known, guess), guess), lemma, MOST_KEPT)

    def refute(self, known: Definitions, guess: Conjecture, context: Collection[str]) -> None:
        """Keep that a guess is false, likewise."""
        if not guess.speaks_of(context):
            _keep(self._refuted, (_ground(known, guess), guess.said), None, MOST_KEPT)

    def is_refuted(self, known: Definitions, guess: Conjecture) -> bool:
        """Whether it was found to be false."""
        return (_ground(known, guess), guess.said) in self._refuted

    def recall(self, known: Definitions, names: Collection[str]) -> dict[Conjecture, Lemma]:
        """The lemmas about some functions, none without those that it rests on.

        Args:
            names: the functions, as they can be written at the goal.
        """
        found: dict[Conjecture, Lemma] = {}
        for (ground, guess), lemma in self._proved.items():
            spoken = {name for name, _ in guess.about}
            here = ground == _ground(known, guess) and spoken <= set(names) and all(one in found for one in lemma.rests)
            if here and len(found) < MOST_RECALLED:
                found[guess] = lemma
        return found


class FilesRemembered:
    """What is known of the files in which was searched last."""

    def __init__(self) -> None:
        self._files: dict[Path, Remembered] = {}

    def of(self, path: Path) -> Remembered:
        """What is known of a file: nothing where it is a new one."""
        found = self._files.get(path, Remembered())
        _keep(self._files, path, found, MOST_FILES)
        return found


def _keep(table: dict[K, V], key: K, value: V, most: int) -> None:
    """Put something in as the latest; the earliest goes where there are too many."""
    table.pop(key, None)
    table[key] = value
    if len(table) > most:
        del table[next(iter(table))]


def _ground(known: Definitions, guess: Conjecture) -> str:
    """How functions and predicates, and all that they are made of, are defined; what nobody told has no print."""
    prints = {name: one.print for name, one in known.functions.items()}
    prints |= {name: one.print for name, one in known.families.items()}
    return " ".join(f"{name}:{prints.get(name, '')}" for name in sorted({name for name, _ in guess.about}))
