"""Lemmas about a goal's own functions, found before they are needed: guessed, proved by one induction, then used.

A lemma that is proved helps to prove the next ones and the goal. It stands as a `have` above the rest of the proof;
those that turn out not to be needed are dropped when the proof is made shorter.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from ghostproof.search.conjectures import Conjecture, conjectures
from ghostproof.search.strategies.induction import inductions
from ghostproof.search.strategy import Doubt, Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView, view_of
from ghostproof.syntax.declarations import scan
from ghostproof.syntax.quoting import last_part
from ghostproof.syntax.recursion import recursions
from ghostproof.verify.checker import Function
from ghostproof.verify.trial import Survived, Trial, Untested
from ghostproof.verify.verdict import Checked, Progress

# Lemmas come when the cheap ways of proving the goal itself have been tried.
_SIFT, _COST, _PER_PLACE, _USE, _AGAIN = 1.4, 1.5, 0.01, 0.4, 0.6
_MOST = 60
# Goals of one search for which lemmas are guessed, and how often a guess is tried anew with what was proved meanwhile.
_MOST_GOALS, _ROUNDS = 2, 3
_CLOSERS = ("simp_all [{fs}]", "grind [{fs}]")


@dataclass(frozen=True)
class Guess(Move):
    """A conjecture with a proof that may be one.

    Attributes:
        lemma: its statement and proof; lemmas that it rests on stand above it.
        closer: which of the closers ends the cases of its induction.
        round: how often it was tried before, with fewer lemmas.
    """

    guessed: Conjecture | None = None
    lemma: str = ""
    closer: int = 0
    round: int = 0


@dataclass
class _Known:
    """What is known at one goal: the lemmas that are proved, each with its proof."""

    lemmas: list[str]
    proved: set[Conjecture]
    guesses: tuple[Conjecture, ...]
    failed: list[Guess] = field(default_factory=list)
    settled: set[tuple[str, str]] = field(default_factory=set)


class Exploration:
    """See `Strategy`."""

    def __init__(self) -> None:
        self._known: dict[int, _Known] = {}
        self._explored: set[tuple[Function, ...]] = set()

    @property
    def name(self) -> str:
        return "lemma"

    def moves(self, goal: Goal) -> Iterator[Doubt]:
        view = view_of(goal.main, lambda: scan(goal.above))
        key = tuple(Function(f.name) for f in view.functions)
        if view.head == "∀" or key in self._explored or len(self._explored) >= _MOST_GOALS:
            return
        self._explored.add(key)
        guesses = tuple(islice(conjectures([*view.functions, *_helpers(view, goal.above)]), _MOST))
        if guesses:
            self._known[goal.number] = _Known([], set(), guesses)
            yield Doubt(tuple(guess.statement for guess in guesses), self, _SIFT)

    def sifted(self, goal: Goal, doubt: Doubt, trials: Sequence[Trial]) -> Iterator[Move]:
        """Guesses that no instance refutes, those that nothing could be tried on last; what Lean can't read is left."""
        view = view_of(goal.main, lambda: scan(goal.above))
        guesses = self._known[goal.number].guesses
        tried = list(zip(guesses, trials, strict=True))
        if all(isinstance(trial, Untested) for trial in trials):
            left = list(guesses)  # nobody tries values here
        else:
            holds = [guess for guess, trial in tried if isinstance(trial, Survived) and trial.tested]
            left = [*holds, *(guess for guess, trial in tried if isinstance(trial, Survived) and not trial.tested)]
        for place, guess in enumerate(left):
            yield self._guess(goal, view, guess, 0, _COST + _PER_PLACE * place)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        known = self._known.get(goal.number)
        if known is None or not isinstance(move, Guess) or move.guessed is None:
            return
        view = view_of(goal.main, lambda: scan(goal.above))
        if move.guessed.about & known.settled:
            return  # it follows
        if not isinstance(checked.verdict, Progress):
            if move.closer + 1 < len(_CLOSERS):
                yield self._guess(goal, view, move.guessed, move.closer + 1, move.cost + 0.3, move.round)
            elif move.round < _ROUNDS:
                known.failed.append(move)
            return
        if move.guessed in known.proved:
            return
        known.proved.add(move.guessed)
        known.lemmas.append(move.lemma)
        if move.guessed.settles is not None:
            known.settled.add(move.guessed.settles)
        yield from self._uses(goal, view, known)
        # What was not proved may be, with one lemma more.
        again, known.failed = known.failed, []
        for place, failed in enumerate(again):
            assert failed.guessed is not None
            if not failed.guessed.about & known.settled:
                yield self._guess(goal, view, failed.guessed, 0, _AGAIN + _PER_PLACE * place, failed.round + 1)

    def _guess(
        self, goal: Goal, view: GoalView, conjecture: Conjecture, closer: int, cost: float, turn: int = 0
    ) -> Guess:
        known = self._known[goal.number]
        first = conjecture.variables[0][0]
        closing = _CLOSERS[closer].format(fs=_names(view, goal.above))
        proof = f"{conjecture.statement} := by\n  intro {first}\n  induction {first} <;> {closing}"
        text = _written(view, [*known.lemmas, proof])
        return Guess(
            text, self.name, cost, tier=Tier.INSTANT, guessed=conjecture, lemma=proof, closer=closer, round=turn
        )  # fmt: skip

    def _uses(self, goal: Goal, view: GoalView, known: _Known) -> Iterator[Move]:
        """The goal, with all lemmas that there are."""
        above = _written(view, known.lemmas)
        ways = dict.fromkeys(inductions(view, recursions(goal.above)))
        for place, closer in enumerate(_CLOSERS):
            closing = closer.format(fs=_names(view, goal.above))
            for text in (closing, *(f"{way} <;> {closing}" for way in islice(ways, 2))):
                yield Move(f"{above}\n{text}", self.name, _USE + 0.1 * place)


def _helpers(view: GoalView, above: str) -> Iterator[Function]:
    """Functions that the goal's own are made of, as far as the file tells their types."""
    known = recursions(above)
    met = {last_part(function.name) for function in view.functions}
    waiting = list(met)
    while waiting:
        recursion = known.get(waiting.pop())
        for name in sorted(recursion.uses & known.keys() - met) if recursion else ():
            met.add(name)
            waiting.append(name)
            types = known[name].signature
            if types is not None:
                yield Function(name, True, (), types.arguments, types.result)


def _names(view: GoalView, above: str) -> str:
    return ", ".join(dict.fromkeys(function.name for function in (*view.functions, *_helpers(view, above))))


def _written(view: GoalView, lemmas: Sequence[str]) -> str:
    """Lemmas one below the other, each with a name of its own."""
    names = fresh((f"key{nth or ''}" for nth in range(len(lemmas))), view.taken)
    return "\n".join(f"have {name} : {lemma}" for name, lemma in zip(names, lemmas, strict=True))
