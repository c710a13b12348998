"""What the throughput measurement compares: something that tries a list of tactics at goals of an open file."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ghostproof.syntax.spot import Spot
from ghostproof.text import Position


@dataclass(frozen=True)
class Goal:
    """A `sorry` to replace in a text; it ends its line."""

    path: Path
    text: str
    spot: Spot
    position: Position


@dataclass(frozen=True)
class Trial:
    """How many tactics were tried at some goals, how long that took, in seconds, and how many of them closed theirs."""

    tried: int
    seconds: float
    closed: int


class Contender(Protocol):
    """Something that tries tactics."""

    name: str

    async def start(self) -> None:
        """Bring it to the point where the file is open and elaborated."""
        ...

    async def attempt(self, goals: Sequence[Goal], tactics: Sequence[str]) -> Trial:
        """Try each tactic at each goal, in whatever order is fastest."""
        ...

    async def close(self) -> None:
        """End every process it started."""
        ...
