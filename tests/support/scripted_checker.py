"""A checker without a Lean: verdicts from a table, and the ways in which a real one misbehaves, by name."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Literal

from ghostproof.errors import LeanDied, LeanTimeout, NoGoal
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import GoalState, Limits, Lives, MainGoal
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.verdict import (
    Candidate,
    Cause,
    Checked,
    Inconclusive,
    Progress,
    Proved,
    Reason,
    Rejected,
    Verdict,
)

PROVED = Proved()
FAILED = Rejected(Reason.ERROR, "tactic failed")
UNPARSED = Rejected(Reason.PARSE, "unknown tactic")
CRASHED = Inconclusive(Cause.CRASH, "Lean ended")

SPOT = Spot(10, 15, "", 2, SpotKind.SORRY)
TEXT = "theorem t\n" + "sorry" + "\n"
FILE = Path("Some.lean")


def progress(*goals: str, closed_main: bool = False) -> Progress:
    return Progress(goals, closed_main)


def state_of(*goals: str, key: str = "k", main: MainGoal | None = None) -> GoalState:
    return GoalState(goals, main or parse_main(goals[0]), key)


class ScriptedChecker:
    """Answers from `table`; everything else is rejected.

    Args:
        hang: texts that never get a verdict until they are cancelled.
        kill: texts that kill Lean: all that is in flight comes back as crashed.
        no_goal: spots without a goal.
        heartbeats: what running a text takes, in thousands, where that is known.
        open_fails: raised by `open`.
    """

    def __init__(
        self,
        table: Mapping[str, Verdict],
        state: GoalState,
        *,
        width: int = 1,
        hints: Mapping[str, Sequence[str]] | None = None,
        heartbeats: Mapping[str, int] | None = None,
        hang: Sequence[str] = (),
        kill: Sequence[str] = (),
        no_goal: Sequence[Spot] = (),
        open_fails: LeanDied | LeanTimeout | None = None,
    ) -> None:
        self._table = table
        self._state = state
        self._width = width
        self._hints = hints or {}
        self._heartbeats = heartbeats or {}
        self._hang = hang
        self._kill = kill
        self._no_goal = no_goal
        self._open_fails = open_fails
        self._death = asyncio.Event()
        self.opened: list[Spot] = []
        self.asked: list[str] = []
        self.limits: dict[str, Limits] = {}
        self.cancelled: list[str] = []
        self.hanging = asyncio.Event()
        self.idle = asyncio.Event()
        self.in_flight = 0
        self.most_in_flight = 0

    @property
    def name(self) -> Literal["probe", "scratch"]:
        return "probe"

    @property
    def width(self) -> int:
        return self._width

    @property
    def lives(self) -> Lives:
        return Lives("ready")

    async def start(self) -> None:
        pass

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        self.opened.append(spot)
        if self._open_fails is not None:
            raise self._open_fails
        if spot in self._no_goal:
            raise NoGoal("no goal here")
        return self._state

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        text = candidate.text
        self.asked.append(text)
        self.limits[text] = limits
        self.in_flight += 1
        self.idle.clear()
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._answer(candidate)
        except asyncio.CancelledError:
            self.cancelled.append(text)
            raise
        finally:
            self.in_flight -= 1
            if not self.in_flight:
                self.idle.set()

    async def close(self) -> None:
        pass

    async def _answer(self, candidate: Candidate) -> Checked:
        text, death = candidate.text, self._death
        if text in self._kill:
            self._death = asyncio.Event()
            death.set()
            return Checked(candidate, CRASHED)
        if text in self._hang:
            self.hanging.set()
            await death.wait()
            return Checked(candidate, CRASHED)
        await asyncio.sleep(0)
        verdict, hints = self._table.get(text, FAILED), tuple(self._hints.get(text, ()))
        return Checked(candidate, verdict, hints, 1.0, heartbeats=self._heartbeats.get(text, 0))


class SteppingChecker(ScriptedChecker):
    """Where `step` stands in the text, another goal is at the hole.

    Args:
        behind: that goal.
    """

    def __init__(self, table: Mapping[str, Verdict], state: GoalState, *, step: str, behind: GoalState) -> None:
        super().__init__(table, state)
        self._step, self._behind = step, behind

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        before = await super().open(path, text, spot)
        return self._behind if self._step in text else before


class Places(ScriptedChecker):
    """Opens the goal that stands behind the last words above a hole."""

    def __init__(self, table: Mapping[str, Verdict], goals: Mapping[str, str], hang: Sequence[str] = ()) -> None:
        super().__init__(table, state_of("⊢ t"), width=2, hang=hang)
        self._goals = goals
        self.texts: list[str] = []

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        self.texts.append(text)
        assert text[spot.start : spot.end].strip() == "sorry"
        above = text[: spot.start].split("\n")
        words = " ".join(above[-1].split() or above[-2].split())
        if words not in self._goals:
            raise NoGoal("no goal here")
        return state_of(self._goals[words], key=words)
