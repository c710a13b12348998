"""What the graph of a search is made of: goals, and the steps that Lean accepted at them."""

from dataclasses import dataclass, field

from ghostproof.search.skeleton import Skeleton
from ghostproof.search.strategy import Goal, Move


@dataclass
class Step:
    """A move that Lean accepted, with the goals that it leaves."""

    move: Move
    skeleton: Skeleton
    children: tuple[int, ...]
    dead: bool = False
    proof: str | None = None  # with proofs of all that it leaves, as the goal's own proof was put together


@dataclass
class Node:
    """A goal with what is known of it.

    Attributes:
        key: the goal as Lean prints it, without its tag: equal ones are one node, proved once.
        parent: where it was first seen: the goal, the step of it, and the place among what the step leaves.
        cost: of the path to it.
        grouped: it is several goals with common metavariables, which only a proof of all of them closes.
        waiting: work on it that is not done yet.
        tried: the texts of moves, each with whether what it leaves is followed.
        planned: what the steps above it want tried on it, until its state is known.
    """

    number: int
    key: str
    parent: tuple[int, Step, int] | None
    depth: int
    cost: float
    grouped: bool = False
    goal: Goal | None = None
    steps: list[Step] = field(default_factory=list)
    proof: str | None = None
    waiting: int = 0
    failed: bool = False
    tried: set[tuple[str, bool]] = field(default_factory=set)
    planned: list[Move] = field(default_factory=list)


@dataclass(frozen=True)
class Origin:
    """How a goal comes from the one above.

    Attributes:
        above: that goal's number.
        step: its text with `sorry` for each goal that it leaves.
        goals: their numbers; None for one that was seen before.
    """

    above: int
    step: str
    goals: tuple[int | None, ...]


def key_of(goal: str) -> str:
    """The goal's text without its tag."""
    first, newline, rest = goal.partition("\n")
    return rest if newline and first.startswith("case ") else goal
