"""What the throughput measurement compares: something that tries a list of tactics at a goal of an open file."""

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
    """How long a list of tactics took, in seconds, and which of them closed the goal."""

    seconds: float
    proved: frozenset[str]


class Contender(Protocol):
    """Something that tries tactics."""

    name: str

    async def start(self) -> None:
        """Bring it to the point where the file is open and elaborated."""
        ...

    async def attempt(self, goal: Goal, tactics: Sequence[str]) -> Trial: ...

    async def close(self) -> None:
        """End every process it started."""
        ...
