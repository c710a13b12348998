"""What the search works on and what a strategy is. Plain values: nothing here asks Lean, waits, or knows the time."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from ghostproof.search.skeleton import Skeleton
from ghostproof.suggest.source import Tier
from ghostproof.verify.checker import MainGoal
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
    """

    text: str
    strategy: str
    cost: float
    onward: float | None = None
    tier: Tier = Tier.QUICK
    skeleton: Skeleton | None = None


@dataclass(frozen=True)
class Goal:
    """A goal whose state Lean has told.

    Attributes:
        number: names it in its graph.
        main: the goal, taken apart.
        above: the text of the file up to the declaration's hole.
        depth: steps between the theorem and it.
    """

    number: int
    main: MainGoal
    above: str = field(repr=False)
    depth: int = 0


class Strategy(Protocol):
    """Has ideas about goals. Pure: the same goal gets the same moves."""

    @property
    def name(self) -> str: ...

    def moves(self, goal: Goal) -> Iterable[Move]:
        """What to try on a goal; asked once, when its state is known."""
        ...

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        """What follows from a verdict about any strategy's move on the goal."""
        ...


@dataclass(frozen=True)
class Look:
    """Work: have Lean tell the state of a goal that a step has left."""

    number: int


@dataclass(frozen=True)
class Try:
    """Work: have Lean judge a move on a goal."""

    number: int
    move: Move


Work = Look | Try


@dataclass(frozen=True)
class Looked:
    """Lean told the state; `main` is None where it sees no goal there."""

    work: Look
    main: MainGoal | None


@dataclass(frozen=True)
class Tried:
    work: Try
    checked: Checked
    others: int = 0  # goals behind the main one, which a move leaves as they are


Finding = Looked | Tried
