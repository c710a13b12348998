"""What is known of lemmas at one goal: guesses whose turn is to come, and what is proved, with its proof. Pure.

The moves that find this out stand here too: a guess with a proof that may be one, the goal with what is proved, and
what earlier searches have proved.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.mutual_blocks import Mutual
from ghostproof.search.rearranged import Rearranged
from ghostproof.search.remembered import Lemma
from ghostproof.search.strategy import Move
from ghostproof.search.theory import Theory

# Guesses of which small values are asked together, and that are tried beside each other.
_PART, _TURN = 16, 6
_PART_OF_TERM = re.compile(r"[^\s()]+")
# Ways of proving a guess that the next ones wait for.
_WAITED = 2


@dataclass(frozen=True)
class Guess(Move):
    """A conjecture with a proof that may be one.

    Attributes:
        lemma: its statement and proof; lemmas that it rests on stand above it.
        given: what was known when it was made.
        way: which of the ways to prove it this is.
        round: how often it was tried before, with fewer lemmas.
    """

    guessed: Conjecture | None = None
    lemma: str = ""
    given: tuple[Conjecture, ...] = ()
    way: int = 0
    round: int = 0

    @property
    def is_waited_for(self) -> bool:
        """Whether the next guesses' turn comes behind it: one that the likeliest ways do not prove may take long."""
        return self.way < _WAITED


@dataclass(frozen=True)
class Use(Move):
    """The goal proved from lemmas that stand as premises, so that their own proofs do not run again with each try.

    Attributes:
        given: the lemmas.
        closing: what proves the goal where they stand.
    """

    given: tuple[Conjecture, ...] = ()
    closing: str = ""


@dataclass(frozen=True)
class Recall(Move):
    """Lemmas that an earlier search has proved, with their proofs.

    Attributes:
        lemmas: they.
    """

    lemmas: Mapping[Conjecture, Lemma] = field(default_factory=dict, hash=False)


@dataclass
class Known:
    """What is known at one goal: the lemmas that are proved, each with its proof.

    Attributes:
        parts: guesses that are sifted together, and how many parts were given away for it.
        stronger: what is said by guesses that the goal is an instance of.
        in_way: functions, each with one that a step puts inside of it.
        later: what all that is tried here costs more than elsewhere.
        blocks: mutual and nested types.
        held: guesses that no small value refutes and whose turn comes later.
        released: how many had theirs.
        used, used_well: how many lemmas the goal was tried with, and how many when it was in all ways.
        tried: the texts of all guesses so far.
        waiting: guesses whose verdicts the next ones wait for.
        unanswered: guesses that are tried, whether others wait for them or not.
        searched: guesses that became goals of their own.
        step: the last text that puts lemmas above the goal.
        settled: functions of which the library knows all.
        replaced: those of them in whose place it is guessed of the library's.
        theory: the short terms that are compared when all likely guesses were tried.
        rearranged: what the proved ones say of the places of arguments.
    """

    parts: dict[tuple[str, ...], tuple[Conjecture, ...]]
    stronger: frozenset[str] = frozenset()
    in_way: frozenset[tuple[str, str]] = frozenset()
    later: float = 0.0
    blocks: tuple[Mutual, ...] = ()
    proved: dict[Conjecture, Lemma] = field(default_factory=dict)
    failed: list[Guess] = field(default_factory=list)
    settled: set[tuple[str, str]] = field(default_factory=set)
    replaced: set[tuple[str, str]] = field(default_factory=set)
    tried: set[str] = field(default_factory=set)
    held: list[Conjecture] = field(default_factory=list)
    sifted: int = 0
    released: int = 0
    used: int = 0
    used_well: int = 0
    waiting: int = 0
    unanswered: int = 0
    searched: set[Conjecture] = field(default_factory=set)
    step: str = ""
    theory: Theory | None = None
    rearranged: Rearranged = field(default_factory=Rearranged)

    def take_up(self, guesses: Iterable[Conjecture]) -> None:
        """Have guesses sifted in parts, behind those that there are."""
        all_of_them = iter(guesses)
        while part := tuple(islice(all_of_them, _PART)):
            self.parts[tuple(guess.statement for guess in part)] = part

    def guessed(self, guess: Conjecture) -> bool:
        """Whether it is among what there is to sift, or was."""
        return any(guess.said == one.said for part in self.parts.values() for one in part)

    def knows(self, guess: Conjecture) -> bool:
        """Whether it is proved, or follows from what says all about a function, or says once more what a term is."""
        in_other_words = guess.about & self.replaced or (guess.about and guess.about <= self.settled)
        known = any(one.said == guess.said for one in self.proved) or self._says(guess)
        return bool(in_other_words) or known or self.rearranged.says(guess)

    def _says(self, guess: Conjecture) -> bool:
        """Whether an equation with the same left side is proved: `f x = g x + h x` beside `f x = h x + g x`.

        What a function makes of a composed value, its own equation may say in another way.
        """
        same = (one for one in self.proved if one.subject == guess.subject and not (guess.given or one.given))
        words = Counter(_PART_OF_TERM.findall(guess.shape))
        alike = (one for one in same if "(" not in one.left or Counter(_PART_OF_TERM.findall(one.shape)) == words)
        return any(one.relation == guess.relation == "=" for one in alike)

    def use(self, *, last: bool = False) -> bool:
        """Take down that the goal is tried with all lemmas; whether in all ways: when there are twice as many.

        Args:
            last: no more guesses come.
        """
        self.used = len(self.proved)
        well = last or self.used >= 2 * self.used_well
        self.used_well = self.used if well else self.used_well
        return well

    def learn(self, guess: Guess, used: Sequence[bool]) -> None:
        """Take a guess that is proved; `used`: which of its premises its proof uses."""
        assert guess.guessed is not None
        self.take({guess.guessed: Lemma(guess.lemma, needed(guess.given, used))})

    def take(self, lemmas: Mapping[Conjecture, Lemma]) -> None:
        """Take what is proved."""
        for guess, lemma in lemmas.items():
            self.proved.setdefault(guess, lemma)
            self.rearranged.learn(guess)
            self.settled |= guess.settles
            self.replaced |= guess.settles if guess.stands_in else set()

    def below(self, wanted: Sequence[Conjecture]) -> list[str]:
        """The texts of lemmas and of all that these rest on, in the order in which they were proved."""
        met, waiting = set(wanted), list(wanted)
        for lemma in waiting:
            waiting += [one for one in self.proved[lemma].rests if one not in met]
            met.update(self.proved[lemma].rests)
        return [lemma.text for guess, lemma in self.proved.items() if guess in met]

    def next_turn(self) -> list[Conjecture]:
        """Guesses that are tried beside each other, before it is known what each of them helps."""
        waiting = iter(self.held)
        turn = list(islice((guess for guess in waiting if not self.knows(guess)), _TURN))
        self.held = list(waiting)
        return turn

    def order(self, guess: Guess) -> int:
        """Where a guess stands among all."""
        assert guess.guessed is not None
        everything = [one for part in self.parts.values() for one in part]
        return everything.index(guess.guessed)


def needed(given: Sequence[Conjecture], used: Sequence[bool]) -> tuple[Conjecture, ...]:
    """The premises that a proof uses; all where that is not known."""
    if len(used) < len(given):
        return tuple(given)
    return tuple(one for one, is_needed in zip(given, used, strict=False) if is_needed)
