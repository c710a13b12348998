"""What the search works on and what a strategy is. Plain values: nothing here asks Lean, waits, or knows the time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import Protocol, runtime_checkable

from ghostproof.search.skeleton import Skeleton
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.view import GoalView, view_of
from ghostproof.syntax.declarations import scan
from ghostproof.verify.checker import MainGoal
from ghostproof.verify.definitions import NONE, Definitions
from ghostproof.verify.small_values import Refuted, Trial, Valued
from ghostproof.verify.verdict import Checked


@dataclass(frozen=True)
class Move:
    """A text that a strategy wants tried on a goal.

    Attributes:
        text: a tactic sequence, lines relative to column 0. A `?_` in it is a hole: `have h : T := ?_`, `| nil => ?_`.
        strategy: whose idea it is, as a person reads it.
        cost: when its turn comes: an automatic closer costs about 1, a search such as `exact?` 4.
        onward: what it adds to the cost of all work on the goals that it leaves: 0.1 for `intro`, 1.5 for an
            induction, 3 for a step that may lose something. None: it is of use only if nothing is left.
        skeleton: how what it leaves is written; None lets the search choose by the goals that are left.
        order: which goal each hole of the skeleton is, counted in Lean's order; None: they come in the same order.
        doubtful: what it leaves may be false although the goal is true, so that small values are tried on it first.
        plan: for the goals that it leaves, in the order of the holes, what to try on each.
        patient: its turn comes only when nothing is in Lean any more: who comes first does not depend on speed.
        replaces: the text of an earlier step at the same goal that is of no use where Lean accepts this one.
        lossless: it only takes apart what is there, so that what it leaves is no deeper.
    """

    text: str
    strategy: str
    cost: float
    onward: float | None = None
    tier: Tier = Tier.QUICK
    skeleton: Skeleton | None = None
    order: tuple[int, ...] | None = None
    doubtful: bool = False
    plan: tuple[tuple["Move", ...], ...] = ()
    patient: bool = False
    replaces: str = ""
    lossless: bool = False


@dataclass(frozen=True)
class Query:
    """What a strategy wants to ask somebody who takes time, mostly a model. Each answer is told it when it is there.

    Attributes:
        kind: what is asked for.
        statement: Lean code that ends where the proof of its last declaration begins.
        asker: whose question it is; hears the answers.
        cost, patient: when its turn comes, as for a `Move`.
        failed: attempts that Lean refused, with its words, the best one first.
    """

    kind: "QueryKind"
    statement: str = field(repr=False)
    asker: "Asker" = field(repr=False)
    cost: float = 0.0
    failed: tuple["Failure", ...] = ()
    patient: bool = False


class QueryKind(Enum):
    """What a question asks for."""

    PROOF = "proof"
    PLANNED = "planned proof"  # think first, then write the proof
    REPAIR = "repair"  # mend one of `failed`
    SKETCH = "sketch"  # steps, their own proofs left out
    LEMMAS = "lemmas"  # tactics with theorems in reach; no model is asked


@dataclass(frozen=True)
class Failure:
    """A script that Lean refused, and why.

    Attributes:
        step: where Lean stopped in it, "" where that is not known.
    """

    script: str
    message: str
    step: str = ""


@dataclass(frozen=True)
class Learnt:
    """What is known of a goal that a step has left: whether it is proved, or can't be by anything that is known."""

    goal: str
    proved: bool
    given_up: bool


@dataclass(frozen=True)
class Doubt:
    """Statements about a goal's functions that a strategy guesses: small values are tried before anything is proved.

    Attributes:
        statements: terms that can stand at the goal.
        doubter: whose guesses they are; hears what came of it.
        cost, patient: when its turn comes, as for a `Move`.
    """

    statements: tuple[str, ...] = field(repr=False)
    doubter: "Doubter" = field(repr=False)
    cost: float = 0.0
    patient: bool = False


@dataclass(frozen=True)
class Terms:
    """Terms about a goal's functions whose values a strategy wants to know, to find out which may be equal.

    Attributes:
        texts: each a function of its variables.
        comparer: whose terms they are; hears what they are.
        cost, patient: when its turn comes, as for a `Move`.
    """

    texts: tuple[str, ...] = field(repr=False)
    comparer: "Comparer" = field(repr=False)
    cost: float = 0.0
    patient: bool = False


Idea = Move | Query | Doubt | Terms


@dataclass(frozen=True)
class Goal:
    """A goal whose state Lean has told.

    Attributes:
        number: names it in its graph.
        main: the goal, taken apart.
        above: the text of the file up to the declaration's hole.
        depth: steps between the theorem and it.
        planned: whose step above has something in mind for it.
        known: what the functions and types are that it speaks of.
    """

    number: int
    main: MainGoal
    above: str = field(repr=False)
    depth: int = 0
    planned: frozenset[str] = frozenset()
    known: Definitions = field(default=NONE, repr=False)

    @cached_property
    def view(self) -> GoalView:
        """The goal as forms of tactics see it, completed from the text above where Lean said too little."""
        return view_of(self.main, lambda: scan(self.above))


class Strategy(Protocol):
    """Has ideas about goals. Pure: the same goal gets the same moves."""

    @property
    def name(self) -> str: ...

    def moves(self, goal: Goal) -> Iterable[Idea]:
        """What to try on a goal; asked once, when its state is known."""
        ...

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Idea]:
        """What follows from a verdict about any strategy's move on the goal."""
        ...


@runtime_checkable
class Preparing(Protocol):
    """A strategy that has to read something before it is asked for moves, which it does without keeping others."""

    async def prepare(self, goal: str, above: str) -> None:
        """Read what there is for a printed goal, below the text of the file up to the declaration's hole."""
        ...


class Asker(Protocol):
    """A strategy that asks questions."""

    def hear(self, goal: Goal, query: Query, answer: str | None) -> Iterable[Idea]:
        """What follows from an answer, a hostile text; None when no more will come."""
        ...


class Doubter(Protocol):
    """A strategy that has its guesses tried."""

    def sifted(self, goal: Goal, doubt: Doubt, trials: Sequence[Trial]) -> Iterable[Idea]:
        """What follows from the trials of its guesses, one for each in their order."""
        ...


class Comparer(Protocol):
    """A strategy that has terms compared."""

    def compared(self, goal: Goal, terms: Terms, values: Sequence[Valued]) -> Iterable[Idea]:
        """What follows from what its terms are, one for each in their order."""
        ...


@dataclass(frozen=True)
class Look:
    """Work: have Lean tell the state of a goal that a step has left."""

    number: int


@dataclass(frozen=True)
class Try:
    """Work: have Lean judge a move on a goal.

    Attributes:
        share: thousands of heartbeats that it may use now; None: all that its tier may.
    """

    number: int
    move: Move
    share: int | None = None


@dataclass(frozen=True)
class Consult:
    """Work: put a question about a goal.

    Attributes:
        learnt: how the goals fare that earlier steps have left of it.
    """

    number: int
    query: Query
    learnt: tuple[Learnt, ...] = ()


@dataclass(frozen=True)
class Sift:
    """Work: have Lean try guesses about a goal on small values."""

    number: int
    doubt: Doubt


@dataclass(frozen=True)
class Compare:
    """Work: have Lean say what terms are on small values."""

    number: int
    terms: Terms


Work = Look | Try | Consult | Sift | Compare


def asking(number: int, idea: Query | Doubt | Terms) -> Work:
    """The work on a goal that an idea asks for."""
    match idea:
        case Query():
            return Consult(number, idea)
        case Doubt():
            return Sift(number, idea)
        case Terms():
            return Compare(number, idea)


def cost_of(work: Work) -> float:
    """When the turn of work comes, counted from its goal's."""
    match work:
        case Look():
            return 0.0
        case Try(move=move):
            return move.cost
        case Consult(query=query):
            return query.cost
        case Sift(doubt=doubt):
            return doubt.cost
        case Compare(terms=terms):
            return terms.cost


@dataclass(frozen=True)
class Looked:
    """Lean told the state; `main` is None where it sees no goal there, or where the goal is `refuted`.

    Attributes:
        known: what the functions and types are that the goal speaks of.
    """

    work: Look
    main: MainGoal | None
    refuted: Refuted | None = None
    known: Definitions = NONE


@dataclass(frozen=True)
class Tried:
    """What Lean says about a move."""

    work: Try
    checked: Checked
    others: int = 0  # goals behind the main one, which a move leaves as they are


@dataclass(frozen=True)
class Answered:
    """One answer to a question; None when no more will come."""

    work: Consult
    answer: str | None


@dataclass(frozen=True)
class Sifted:
    """What trying guesses has shown, in their order."""

    work: Sift
    trials: tuple[Trial, ...]


@dataclass(frozen=True)
class Compared:
    """What terms are, in their order."""

    work: Compare
    values: tuple[Valued, ...]


Finding = Looked | Tried | Answered | Sifted | Compared
