"""What a source of candidates is. Lean's own automation is one, a model another."""

from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path
from typing import Protocol

from ghostproof.syntax.spot import Spot
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.verdict import Candidate, Checked


class Tier(IntEnum):
    """How much a proposal may cost. Once the goal is closed, only `HINT` and `INSTANT` are still looked at."""

    HINT = 0  # worth trying before anything else: Lean's own advice, or a text that closed the same goal before
    INSTANT = 1
    QUICK = 2
    SLOW = 3

    def limits(self, heartbeats: int, patience: float = 1.0) -> Limits:
        """What a candidate of this tier may use: `heartbeats` (thousands) at most, and `patience` times its seconds."""
        share, seconds = _LIMITS[self]
        return Limits(min(heartbeats, share), patience * seconds)


# (thousands of heartbeats, seconds). Heartbeats bound the work; the seconds are for what does not count them, and leave
# room for a machine that is busy with other things.
_LIMITS = {
    Tier.HINT: (200_000, 8.0),
    Tier.INSTANT: (50_000, 2.0),
    Tier.QUICK: (100_000, 4.0),
    Tier.SLOW: (200_000, 8.0),
}


@dataclass(frozen=True)
class Proposal:
    """A candidate on its way to the checker.

    Attributes:
        step: it is a step of its source's own search: shown only if it closes the goal.
    """

    candidate: Candidate
    tier: Tier = Tier.QUICK
    step: bool = False


@dataclass(frozen=True)
class Context:
    """Where the goal stands: the unsaved text of the file at `path`, and the spot in it."""

    path: Path
    text: str
    spot: Spot


class Inquiry(Protocol):
    """One source at work on one goal. Belongs to one job."""

    def propose(self) -> AsyncGenerator[Proposal, None]:
        """Candidates, best first, each as soon as it is known. Closed early when nobody wants more.

        Raises:
            GhostproofError: the source cannot go on. The others do; what is found is not kept as the last word.
        """
        ...

    def learn(self, checked: Checked) -> Iterable[Proposal]:
        """Told of every verdict, of other sources' candidates too; what follows from it joins the stream."""
        ...


class Source(Protocol):
    """Something that has ideas about goals. Shared by all jobs."""

    @property
    def name(self) -> str: ...

    @property
    def ready(self) -> bool:
        """Whether it is worth asking now. A search does without those that are not."""
        ...

    def begin(self, state: GoalState, context: Context) -> Inquiry: ...
