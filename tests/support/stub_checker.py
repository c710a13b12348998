"""A checker that a test lets through one by one."""

import asyncio
from pathlib import Path
from typing import Literal

from ghostproof.errors import GhostproofError
from ghostproof.syntax.spot import Spot
from ghostproof.verify.checker import GoalState, Limits, Lives, MainGoal
from ghostproof.verify.verdict import Candidate, Checked, Proved, Verdict

Name = Literal["probe", "scratch"]


class Stub:
    """A checker whose start and answers the test lets through one by one."""

    def __init__(
        self, name: Name, *, start: GhostproofError | None = None, opening: GhostproofError | None = None
    ) -> None:
        self._name: Name = name
        self._start = start
        self._opening = opening
        self.ready = False
        self.starts_soon = False
        self.may_start = asyncio.Event()
        self.may_open = asyncio.Event()
        self.ended = asyncio.Event()
        self.starts = 0
        self.began = asyncio.Event()
        self.opened = 0
        self.closed = False
        self.verdicts: dict[str, Verdict] = {}
        self.unread: set[str] = set()

    @property
    def name(self) -> Name:
        return self._name

    @property
    def width(self) -> int:
        return 1

    @property
    def lives(self) -> Lives:
        return Lives()

    async def start(self) -> None:
        self.starts += 1
        self.began.set()
        await self.may_start.wait()
        self.ended.set()
        if self._start is not None:
            raise self._start
        self.ready = True

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        self.opened += 1
        await self.may_open.wait()
        if self._opening is not None:
            raise self._opening
        return GoalState(("⊢ p",), MainGoal("⊢ p", "p"), "key")

    def reads(self, state: GoalState, candidate: Candidate) -> bool:
        return candidate.text not in self.unread

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        return Checked(Candidate(candidate.text, self._name), self.verdicts.get(candidate.text, Proved()))

    async def close(self) -> None:
        self.closed = True
