"""What theorems and goals say, as the constants that they speak of, and how theorems are written at a goal."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Statement:
    """What a theorem, or a goal, says, as the constants that it speaks of.

    Attributes:
        name: full, as Lean prints it.
        head: the head constant of what is concluded, or "".
        sides: the head constants of both sides of an equation or an equivalence; empty for anything else.
        target: the constants of what is concluded.
        asked: those of its hypotheses.
        unfolded: of a goal, the constants that the user's own functions in its target are made of.
    """

    name: str
    head: str = ""
    sides: tuple[str, ...] = ()
    target: frozenset[str] = frozenset()
    asked: frozenset[str] = frozenset()
    unfolded: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Reach:
    """A goal, and the theorems of its file that stand above it.

    Attributes:
        made_of: functions of the user's that those in the goal's target are made of, as they are written there.
        selector: Lean has a choice of theorems of its own there, if it is told which: the option `+suggestions`.
    """

    goal: Statement
    own: tuple[Statement, ...] = ()
    made_of: tuple[str, ...] = ()
    selector: bool = False


@dataclass(frozen=True)
class Spelling:
    """A theorem as it is written at a goal.

    Attributes:
        name: full.
        text: the shortest name that means this theorem there.
        type: what it says, pretty-printed, where that was asked for.
        applied: a term that proves the goal by it alone, "" where there is none.
    """

    name: str
    text: str
    type: str = ""
    applied: str = ""
