"""Own natural numbers are counted: what the user's functions of them are in the library's numbers, arithmetic knows.

Guessed, tried on small values, and proved one after the other; then the goal is tried where each of them is known.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice, product

from ghostproof.search.goal_words import functions_of
from ghostproof.search.own_numbers import (
    NumberLaw,
    OwnNumbers,
    endings,
    own_numbers,
    possible_laws,
    proofs_of,
    stated,
    under,
    unfolded,
)
from ghostproof.search.strategies.induction import inductions, splits_of
from ghostproof.search.strategies.notation import Notations
from ghostproof.search.strategies.notation import laws_of as notations_of
from ghostproof.search.strategy import Doubt, Goal, Idea, Move
from ghostproof.suggest.source import Tier
from ghostproof.syntax.declarations import scan
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.quoting import last_part
from ghostproof.verify.checker import Function
from ghostproof.verify.small_values import Survived, Trial, Untested
from ghostproof.verify.verdict import Checked, Progress

# Laws come when the cheap ways of proving the goal itself have been tried, just before lemmas.
_SIFT, _LAW, _CLOSE, _STEP, _ONWARD, _PER_PLACE, _PER_TRY = 1.3, 1.35, 1.4, 1.6, 0.2, 0.02, 0.01
_MOST_INDUCTIONS = 3


@dataclass(frozen=True)
class LawProof(Move):
    """A law with a proof that may be one.

    Attributes:
        proof: it.
    """

    law: NumberLaw | None = None
    proof: str = ""


@dataclass(frozen=True)
class CountedProof(Move):
    """The goal where laws are known.

    Attributes:
        proof: what proves it there.
    """

    proof: str = ""


@dataclass
class _Counted:
    """What is known at one goal.

    Attributes:
        functions: by their names.
        guessed: what each function may be, by what is tried on small values.
        held: laws that hold of these, by the functions' names.
        waiting: laws whose turn is to come.
        law, ways: the one whose turn it is, and what it may yet be proved by.
        proved: laws, with their proofs.
        tried: proofs so far.
        failed: laws that no way proved, with how many others were when they had their turn.
    """

    numbers: OwnNumbers
    functions: dict[str, Function]
    guessed: dict[tuple[str, ...], tuple[NumberLaw, ...]]
    held: dict[str, NumberLaw | None] = field(default_factory=dict)
    waiting: list[NumberLaw] = field(default_factory=list)
    law: NumberLaw | None = None
    ways: Iterator[str] = field(default_factory=lambda: iter(()))
    proved: dict[NumberLaw, str] = field(default_factory=dict)
    tried: int = 0
    failed: dict[NumberLaw, int] = field(default_factory=dict)

    def next_law(self) -> NumberLaw | None:
        """The law whose turn it is; those that failed have another one when there are more laws to prove them with."""
        if self.waiting:
            return self.waiting.pop(0)
        return next((law for law, known in self.failed.items() if known < len(self.proved)), None)

    @property
    def lawful(self) -> frozenset[str]:
        """The functions that have a law."""
        return frozenset(law.function for law in self.proved)

    @property
    def step(self) -> str:
        """The lines that make the count and prove the laws."""
        return "\n".join((self.numbers.step, *(stated(law, proof) for law, proof in self.proved.items())))


class Counting:
    """See `Strategy`."""

    name = "counting"

    def __init__(self) -> None:
        self._at: dict[int, _Counted] = {}

    def moves(self, goal: Goal) -> Iterator[Idea]:
        # With what operators stand for, it is another goal.
        return iter(()) if any(notations_of(goal)) else self._counted_at(goal)

    def _counted_at(self, goal: Goal) -> Iterator[Idea]:
        # Once they are counted, what is left is arithmetic.
        if self._at or goal.view.head == "∀":
            return
        taken = _names_at(goal)
        found = list(functions_of(goal, goal.view))
        for numbers in own_numbers(goal.known, taken):
            guessed = list(possible_laws(numbers, found, taken))
            if guessed:
                functions = {one.name: one for one in found if set(one.arguments) == {numbers.kind}}
                by_trial = {tuple(law.tried for law in of): of for of in guessed}
                self._at[goal.number] = _Counted(numbers, functions, by_trial)
                yield from (Doubt(tried, self, _SIFT) for tried in by_trial)
                return

    def sifted(self, goal: Goal, doubt: Doubt, trials: Sequence[Trial]) -> Iterator[Idea]:
        """The first form of a function that no small value refutes; when all have answered, they are proved.

        Powers soon get too large for their values to be known.
        """
        at = self._at[goal.number]
        of = at.guessed[doubt.statements]
        tried = list(zip(of, trials, strict=True))
        held = [law for law, trial in tried if isinstance(trial, Survived) and trial.tested]
        unknown = [law for law, trial in tried if isinstance(trial, Untested) and trial.is_too_large]
        at.held[of[0].function] = next(iter((*held, *unknown)), None)
        if len(at.held) == len(at.guessed):
            # What others are made of comes first.
            in_order = sorted(at.held, key=lambda name: len(goal.known.made_of([name])))
            at.waiting = [law for name in in_order if (law := at.held[name]) is not None]
            yield from self._next(goal, at)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Idea]:
        if move.strategy == Notations.name and not isinstance(checked.verdict, Progress):
            yield from self._counted_at(goal)
        at = self._at.get(goal.number)
        if at is None:
            return
        if isinstance(move, CountedProof) and isinstance(checked.verdict, Progress):
            yield Move(f"{at.step}\n{move.proof}", self.name, _PER_PLACE, tier=Tier.SLOW)
        if isinstance(move, LawProof) and move.law is not None:
            if isinstance(checked.verdict, Progress):
                at.proved[move.law], at.law = move.proof, None
                at.failed.pop(move.law, None)
            yield from self._next(goal, at)

    def _next(self, goal: Goal, at: _Counted) -> Iterator[Idea]:
        """The next way to prove a law; behind the last one the goal, where something was learnt."""
        while True:
            if at.law is None:
                at.law = at.next_law()
                if at.law is None:
                    break
                at.ways = proofs_of(at.numbers, at.functions[at.law.function], goal.known, at.lawful)
            if (proof := next(at.ways, None)) is not None:
                text = under(at.numbers, tuple(at.proved), at.law.said, proof)
                at.tried += 1
                cost = _LAW + _PER_TRY * at.tried
                yield LawProof(text, self.name, cost, tier=Tier.INSTANT, law=at.law, proof=proof)
                return
            at.failed[at.law] = len(at.proved)
            at.law = None
        if at.proved:
            yield from self._closings(goal, at)
            yield Move(at.step, self.name, _STEP, _ONWARD, tier=Tier.SLOW)

    def _closings(self, goal: Goal, at: _Counted) -> Iterator[CountedProof]:
        """The goal where the laws are known."""
        view, functions = goal.view, tuple(dict.fromkeys(function.name for function in goal.view.functions))
        told = unfolded(functions, goal.known, at.lawful)
        ways = list(islice(dict.fromkeys(inductions(view, goal.known.recursive)), _MOST_INDUCTIONS))
        split = [f"{way} <;> {splits}" for way in ways if (splits := splits_of(view, way))]
        begun = ["", *(f"{way} <;> " for way in (*ways, *split))]
        for place, (ending, way) in enumerate(product(endings(told), begun)):
            proof = f"{way}{ending}"
            text = under(at.numbers, tuple(at.proved), goal.main.target, proof)
            yield CountedProof(text, self.name, _CLOSE + _PER_PLACE * place, tier=Tier.QUICK, proof=proof)


def _names_at(goal: Goal) -> set[str]:
    """What means something at a goal: hypotheses, functions, constructors, and whatever Lean printed."""
    known = goal.known
    rules = (one.name for family in known.families.values() for one in family.constructors)
    named = {*known.functions, *known.families, *rules, *scan(goal.above).functions, *identifiers(goal.main.goal)}
    return {*goal.view.taken, *named, *map(last_part, named)}
