"""Going on from a state by one step of a proof, and what a checker that can do this is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol, runtime_checkable

from ghostproof.syntax.spot import Spot
from ghostproof.verify.checker import GoalState, Limits


@dataclass(frozen=True)
class Place:
    """A text and the hole in it that is to be filled."""

    text: str
    spot: Spot


@runtime_checkable
class Advancer(Protocol):
    """Keeps the states in which a step leaves its goals, so that what is above them does not run again."""

    async def advance(
        self, state: GoalState, step: str, path: Path, places: Sequence[Place | None], limits: Limits
    ) -> tuple[GoalState | None, ...]:
        """Run a step from a state and keep the state at each `sorry` in it. Whatever goes wrong gives None.

        A state that was dropped meanwhile is opened again from its place. Verdicts about candidates are those of a step
        of a proof, never `Proved`: nothing was elaborated in place, and the whole has to be.

        Args:
            step: laid out for column 0, one `sorry` for each goal.
            places: of the goals in the order of the text: the file with all of the proof so far; None for one that
                nobody wants.
        """
        ...

    def release(self, states: Sequence[GoalState]) -> None:
        """Let go of states that steps have led to, as nobody goes on from them; others are left alone."""
        ...
