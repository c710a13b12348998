"""Who is asked what a recorded search asked: the probe from kept states, and the rivals in their files.

Each lemma is a text of its own in each round, so that nobody knows a goal already; what stands above it is elaborated
before.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property
from pathlib import Path
from time import perf_counter
from typing import Protocol

from bench import rivals
from bench.lemmas import spots
from bench.processes import cpu_s
from bench.recording import Recording, Said, Step, Tried, placed, said_of
from ghostproof.syntax.spot import Spot
from ghostproof.text import SourceText
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate
from lemmas.corpus import Lemma, lemmas

STEP = Limits(400_000, 10.0)  # as the search has it


@dataclass(frozen=True)
class Asked:
    """A recorded search in a text of this round.

    Attributes:
        spot: the hole of the theorem.
    """

    recording: Recording
    path: Path
    text: str
    spot: Spot

    @cached_property
    def places(self) -> tuple[Place, ...]:
        own = Place(self.text, self.spot)
        return (own, *(placed(self.text, self.spot, script) for script in self.recording.places[1:]))


@dataclass(frozen=True)
class Replayed:
    """What a search's candidates took, in seconds by the clock and of CPU time, and what became of them.

    Attributes:
        closed: whether each closes its goal; None where it came to no end.
    """

    seconds: float
    cpu_s: float
    closed: tuple[bool | None, ...]


class Replayer(Protocol):
    """Something that can be asked what a search asked."""

    name: str

    async def start(self) -> None: ...

    async def prepare(self, asked: Asked) -> None:
        """Have everything above the theorem elaborated, which is not timed."""
        ...

    async def replay(self, asked: Asked) -> Replayed: ...

    async def close(self) -> None: ...


class Kept(Replayer):
    """The probe: everything in the order in which the search asked it, as much at once as the search has in flight."""

    name = "probe"

    def __init__(self, checker: ProbeChecker) -> None:
        self._checker = checker

    async def start(self) -> None:
        await self._checker.start()

    async def prepare(self, asked: Asked) -> None:
        other = in_round(asked.recording, asked.path, 0)
        await self._checker.open(other.path, other.text, other.spot)

    async def replay(self, asked: Asked) -> Replayed:
        pid = self._checker.session.pid
        assert pid is not None, "it was started"
        run, used = _Replay(self._checker, asked), cpu_s(pid)
        started = perf_counter()
        await run.all()
        seconds = perf_counter() - started
        used = cpu_s(pid) - used
        self._checker.release(run.states)
        said = [run.said[at] for at, event in enumerate(asked.recording.events) if isinstance(event, Tried)]
        return Replayed(seconds, used, tuple(None if one == "undecided" else one == "closed" for one in said))

    async def close(self) -> None:
        await self._checker.close()


class _Replay:
    """One search asked again."""

    def __init__(self, checker: ProbeChecker, asked: Asked) -> None:
        self._checker, self._asked = checker, asked
        loop = asyncio.get_running_loop()
        self._reached: list[asyncio.Future[GoalState]] = [loop.create_future() for _ in asked.recording.places]
        self._led = {place for step in asked.recording.steps for place in step.into}
        self.said: dict[int, Said] = {}

    @property
    def states(self) -> list[GoalState]:
        return [state.result() for state in self._reached[1:] if state.done()]

    async def all(self) -> None:
        """Take what the search asked, one after the other, with as many workers as the checker is wide."""
        events = iter(enumerate(self._asked.recording.events))

        async def work() -> None:
            for at, event in events:
                if isinstance(event, Step):
                    await self._step(event)
                else:
                    self.said[at] = await self._try(event)

        async with asyncio.TaskGroup() as group:
            for _ in range(self._checker.width):
                group.create_task(work())

    async def _step(self, step: Step) -> None:
        places = [self._asked.places[number] if number is not None else None for number in step.into]
        above = await self._at(step.above)
        found = await self._checker.advance(above, step.text, self._asked.path, places, STEP)
        for number, state in zip(step.into, found, strict=True):
            if number is not None and not self._reached[number].done():
                self._reached[number].set_result(state or await self._open(number))

    async def _try(self, tried: Tried) -> Said:
        state = await self._at(tried.place)
        limits = Limits(tried.heartbeats, tried.seconds)
        return said_of((await self._checker.check(state, Candidate(tried.text, "bench"), limits)).verdict)

    async def _at(self, number: int) -> GoalState:
        """The state at a place, which is opened if no step leads there."""
        reached = self._reached[number]
        if number not in self._led and not reached.done():
            state = await self._open(number)
            if not reached.done():
                reached.set_result(state)
        return await reached

    async def _open(self, number: int) -> GoalState:
        place = self._asked.places[number]
        return await self._checker.open(self._asked.path, place.text, place.spot)


class Behind(Replayer):
    """A rival: at each place the file with the proof so far, and its candidates there."""

    def __init__(self, rival: rivals.Rival) -> None:
        self.name = rival.name
        self._rival = rival

    async def start(self) -> None:
        await self._rival.start()

    async def prepare(self, asked: Asked) -> None:
        # As many as it may have documents at once.
        await self._try(asked.places[0], rivals.WARM_UP * 4)

    async def replay(self, asked: Asked) -> Replayed:
        seconds, closed, used = 0.0, dict[int, bool](), cpu_s(self._rival.pid)
        tried = list(enumerate(asked.recording.tried))
        for number, place in enumerate(asked.places):
            here = [(at, one.text) for at, one in tried if one.place == number]
            if here:
                took, found = await self._try(place, [text for _, text in here])
                seconds += took
                closed |= dict(zip((at for at, _ in here), found, strict=True))
        return Replayed(seconds, cpu_s(self._rival.pid) - used, tuple(closed[at] for at, _ in tried))

    async def _try(self, place: Place, texts: Sequence[str]) -> tuple[float, tuple[bool, ...]]:
        position = SourceText(place.text).position(place.spot.tactic_start)
        return await self._rival.try_at(position, texts, place.text)

    async def close(self) -> None:
        await self._rival.close()


def in_round(recording: Recording, path: Path, number: int) -> Asked:
    """The search in a text that is this round's alone, by a comment within the theorem."""
    lemma = corpus()[recording.lemma]
    name = lemma.name.partition(":")[2]
    at = lemma.text.rindex(f"theorem {name}", 0, lemma.start) + len(f"theorem {name}")
    note = f" /- {number} -/"
    text = lemma.text[:at] + note + lemma.text[at:]
    [spot, *_] = spots(replace(lemma, text=text, start=lemma.start + len(note)))
    return Asked(recording, path, text, spot)


@cache
def corpus() -> dict[str, Lemma]:
    return {lemma.name: lemma for lemma in lemmas()}
