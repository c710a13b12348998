"""What a search asked its checker: the places where it tried something, the steps that led there, the candidates.

Kept as JSON beside the bench, so that everyone is asked the same in every run; `bench/record.py` makes it anew.
"""

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from ghostproof.search.place import script_mark
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.advance import Place
from ghostproof.verify.verdict import Inconclusive, Progress, Proved, Verdict

RECORDED = Path(__file__).with_name("recorded.json")

Said = Literal["closed", "open", "refused", "undecided"]


@dataclass(frozen=True)
class Step:
    """A step of a proof that was run: from which place, and into which places in the order of its holes."""

    above: int
    text: str
    into: tuple[int | None, ...]


@dataclass(frozen=True)
class Tried:
    """A candidate at a place, what it might use (thousands of heartbeats, seconds), and what became of it."""

    place: int
    text: str
    heartbeats: int
    seconds: float
    said: Said


@dataclass(frozen=True)
class Recording:
    """What one search asked, in the order in which it began to ask.

    Attributes:
        lemma: the lemma's name in its corpus.
        places: of each place what stands in the hole of the theorem, the place itself marked by `script_mark()`; the
            first one is the theorem's own.
        guesses: statements tried on small values, and goals so tried, which are no candidates.
    """

    lemma: str
    places: tuple[str, ...]
    events: tuple[Step | Tried, ...]
    guesses: int = 0

    @property
    def tried(self) -> tuple[Tried, ...]:
        return tuple(event for event in self.events if isinstance(event, Tried))

    @property
    def steps(self) -> tuple[Step, ...]:
        return tuple(event for event in self.events if isinstance(event, Step))


def said_of(verdict: Verdict) -> Said:
    """A verdict as far as the contenders can be compared by it."""
    match verdict:
        case Proved() | Progress(closed_main=True):
            return "closed"
        case Progress():
            return "open"
        case Inconclusive():
            return "undecided"
        case _:
            return "refused"


def written(text: str, spot: Spot, place: Place) -> str:
    """What stands in the hole at `spot` of `text` where the place's text has more of the proof; the place is marked."""
    script = place.text[spot.start : len(place.text) - (len(text) - spot.end)]
    at = place.spot.tactic_start - spot.start
    return script[:at] + script_mark() + script[at + place.spot.end - place.spot.start :]


def placed(text: str, spot: Spot, script: str) -> Place:
    """The place again, in a text with the same hole."""
    before, after = text[: spot.start], text[spot.end :]
    start = spot.start + script.index(script_mark())
    whole = before + script.replace(script_mark(), "sorry") + after
    column = start - whole.rfind("\n", 0, start) - 1
    return Place(whole, Spot(start, start + len("sorry"), "", column, SpotKind.SORRY))


def thinned(recording: Recording, most: int) -> Recording:
    """Every so manieth place with all that was tried there, about `most` candidates in all. The first place stays."""
    stride = max(1, math.ceil(len(recording.tried) / most))
    asked = list(dict.fromkeys(tried.place for tried in recording.tried))
    wanted = {0, *asked[::stride]}
    return only(recording, lambda tried: tried.place in wanted)


def inner(recording: Recording) -> Recording:
    """What was asked behind steps only."""
    return only(recording, lambda tried: tried.place > 0)


def single(recording: Recording) -> Recording:
    """The candidates that are one tactic: on a line of its own and not applied to what another one leaves."""
    return only(recording, lambda tried: not any(mark in tried.text for mark in ("\n", "<;>")))


def only(recording: Recording, wanted: Callable[[Tried], bool]) -> Recording:
    """Some of the candidates, and the steps that lead to their places.

    What a step leaves stays as it is, also where nobody asks any more.
    """
    origins = {place: step for step in reversed(recording.steps) for place in step.into if place is not None}
    steps: set[Step] = set()
    for place in {tried.place for tried in recording.tried if wanted(tried)}:
        at = place
        while (origin := origins.get(at)) is not None and origin not in steps:
            steps.add(origin)
            at = origin.above
    events = (event for event in recording.events if (event in steps if isinstance(event, Step) else wanted(event)))
    return _renumbered(replace(recording, events=tuple(events)))


def _renumbered(recording: Recording) -> Recording:
    """The same without places that nothing speaks of."""
    used = {0}
    for event in recording.events:
        used |= {event.place} if isinstance(event, Tried) else {event.above, *(n for n in event.into if n is not None)}
    numbers = {old: new for new, old in enumerate(sorted(used))}
    events = [
        replace(event, place=numbers[event.place])
        if isinstance(event, Tried)
        else replace(
            event, above=numbers[event.above], into=tuple(None if n is None else numbers[n] for n in event.into)
        )
        for event in recording.events
    ]
    return replace(recording, places=tuple(recording.places[n] for n in sorted(used)), events=tuple(events))


def dump(recordings: Sequence[Recording], path: Path = RECORDED) -> None:
    """Write them, one event a line."""
    path.write_text(json.dumps([asdict(one) for one in recordings], ensure_ascii=False, indent=0) + "\n", "utf-8")


def load(path: Path = RECORDED) -> list[Recording]:
    """All recordings of a file."""

    def event(of: dict[str, Any]) -> Step | Tried:
        return Tried(**of) if "said" in of else Step(of["above"], of["text"], tuple(of["into"]))

    return [
        Recording(one["lemma"], tuple(one["places"]), tuple(map(event, one["events"])), one["guesses"])
        for one in json.loads(path.read_text("utf-8"))
    ]
