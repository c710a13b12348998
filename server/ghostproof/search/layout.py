"""How what a step leaves is written: the order of its goals, and the text with a hole for each of them. Pure."""

from collections.abc import Sequence

from ghostproof.search.skeleton import HOLE, Skeleton, after, cases
from ghostproof.search.strategy import Move
from ghostproof.suggest.sources.case_names import alternatives, taken_apart
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.goal import parse_goal
from ghostproof.verify.checker import MainGoal


def order_of(move: Move, goals: int) -> Sequence[int]:
    """Which goal each hole of a move is. Behind `have h : T := ?_` Lean has the goal itself first, then that of `T`."""
    itself_first = move.skeleton is None and move.text.startswith("have ") and Skeleton.of(move.text).holes == goals - 1
    return (*range(1, goals), 0) if itself_first else range(goals)


def skeleton_of(move: Move, goals: Sequence[str], main: MainGoal) -> Skeleton:
    """The move's own skeleton, or one that the goals suggest; it may have another number of holes than there are goals.

    Args:
        main: the goal that the move was made at.
    """
    # Without an order of its own, a skeleton is a wish that may not fit what is left.
    if move.skeleton is not None and (move.skeleton.holes == len(goals) or move.order is not None):
        return move.skeleton
    if HOLE in move.text:
        written = Skeleton.of(move.text)
        # `have h : T := ?_` goes on below with the goal that was there.
        return Skeleton.of(f"{move.text}\n{HOLE}") if written.holes == len(goals) - 1 else written
    view = GoalView(parse_goal(main.goal), main.head, main.binders, main.hypotheses, main.functions)
    lefts = alternatives(move.text, goals, view)
    if len(lefts) == 1 and move.text.startswith("cases "):
        return after(taken_apart(lefts[0], move.text.removeprefix("cases ")), 1)
    return cases(move.text, lefts) if lefts else after(move.text, len(goals))
