"""Stands in front of a checker during a search and notes what the search asks of it."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

from bench.recording import Recording, Step, Tried, said_of, written
from ghostproof.search.place import script_mark
from ghostproof.syntax.spot import Spot
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState, Limits, Lives
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.small_values import INSTANCES, Trial
from ghostproof.verify.verdict import Candidate, Checked


class Recorder:
    """A checker, advancer and tester like the one behind it.

    What is opened first is the theorem's own place. A candidate that has no verdict when the search ends is left out.
    """

    def __init__(self, checker: ProbeChecker) -> None:
        self._checker = checker
        self._theorem: tuple[str, Spot] | None = None
        self._places: dict[str, int] = {}
        self._events: list[Step | Tried | None] = []
        self._guesses = 0
        # By identity: goals that print alike stand at different places. The states are kept, so that none is reused.
        self._numbers: dict[int, tuple[GoalState, int]] = {}

    def recording(self, lemma: str) -> Recording:
        """What has been asked so far."""
        events = tuple(event for event in self._events if event is not None)
        return Recording(lemma, tuple(self._places), events, self._guesses)

    @property
    def name(self) -> Literal["probe", "scratch"]:
        return self._checker.name

    @property
    def width(self) -> int:
        return self._checker.width

    @property
    def lives(self) -> Lives:
        return self._checker.lives

    async def start(self) -> None:
        await self._checker.start()

    async def close(self) -> None:
        await self._checker.close()

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        if self._theorem is None:
            self._theorem = text, spot
        number = self._number(Place(text, spot))
        return self._known(await self._checker.open(path, text, spot), number)

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        at = len(self._events)
        self._events.append(None)
        checked = await self._checker.check(state, candidate, limits)
        _, number = self._numbers[id(state)]
        said = said_of(checked.verdict)
        self._events[at] = Tried(number, candidate.text, limits.heartbeats, limits.seconds, said)
        return checked

    async def advance(
        self, state: GoalState, step: str, path: Path, places: Sequence[Place | None], limits: Limits
    ) -> tuple[GoalState | None, ...]:
        numbers = tuple(self._number(place) if place is not None else None for place in places)
        self._events.append(Step(self._numbers[id(state)][1], step, numbers))
        found = await self._checker.advance(state, step, path, places, limits)
        for number, one in zip(numbers, found, strict=True):
            if number is not None and one is not None:
                self._known(one, number)
        return found

    def release(self, states: Sequence[GoalState]) -> None:
        self._checker.release(states)

    async def refute(self, state: GoalState, limits: Limits, instances: int = INSTANCES) -> Trial:
        self._guesses += 1
        return await self._checker.refute(state, limits, instances)

    async def sift(self, state: GoalState, statements: Sequence[str], limits: Limits) -> tuple[Trial, ...]:
        self._guesses += len(statements)
        return await self._checker.sift(state, statements, limits)

    def _known(self, state: GoalState, number: int) -> GoalState:
        self._numbers[id(state)] = state, number
        return state

    def _number(self, place: Place) -> int:
        assert self._theorem is not None, "a search opens its theorem first"
        text, spot = self._theorem
        script = script_mark() if place == Place(text, spot) else written(text, spot, place)
        return self._places.setdefault(script, len(self._places))
