"""What a checker is asked about the theorems in reach of a goal."""

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from ghostproof.syntax.statement import Reach, Spelling
from ghostproof.verify.checker import GoalState, Limits


@runtime_checkable
class TheoremTeller(Protocol):
    """Tells which theorems are in reach of a goal. Whatever goes wrong: it tells of none."""

    async def reach(self, state: GoalState, limits: Limits) -> Reach | None:
        """What the first goal speaks of, and the theorems of its file; None if Lean does not say."""
        ...

    async def written(
        self, state: GoalState, names: Sequence[str], limits: Limits, *, types: bool = False
    ) -> tuple[Spelling, ...]:
        """How theorems are written at the first goal; those left out are not there, or mean something else."""
        ...

    async def chained(self, state: GoalState, names: Sequence[str], limits: Limits) -> str:
        """A term that proves the first goal by some theorems, constructors of predicates and the hypotheses alone, one
        applied to another; "" where there is none that is found within the limits.
        """
        ...
