"""Texts with a hole: what stands between ⟦ and ⟧ is where a candidate goes. And checkers asked about such holes."""

from dataclasses import dataclass
from pathlib import Path

from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Checker, GoalState, Limits
from ghostproof.verify.verdict import Candidate, Verdict

PATIENT = Limits(seconds=60.0)


@dataclass(frozen=True)
class Place:
    """A file with a hole in it."""

    text: str
    spot: Spot


def parts(marked: str) -> tuple[str, str, str]:
    """What stands before the hole, in it and behind it."""
    before, _, rest = marked.partition("⟦")
    inside, _, after = rest.partition("⟧")
    return before, inside, after


def place(marked: str) -> Place:
    """The text without its marks, and the spot between them."""
    before, inside, after = parts(marked)
    column = len(before) - (before.rfind("\n") + 1)
    kind = SpotKind.SORRY if inside == "sorry" else SpotKind.TACTIC
    return Place(before + inside + after, Spot(len(before), len(before) + len(inside), "", column, kind))


async def opened(checker: Checker, file: Path, marked: str) -> GoalState:
    """The checker's state at the hole of a text, as if it stood in that file."""
    hole = place(marked)
    return await checker.open(file, hole.text, hole.spot)


class Tried:
    """Asks one checker about candidates at places of one file, and keeps each place open."""

    def __init__(self, checker: Checker, file: Path) -> None:
        self._checker = checker
        self._file = file
        self._states: dict[Place, GoalState] = {}

    async def state(self, place: Place) -> GoalState:
        if place not in self._states:
            self._states[place] = await self._checker.open(self._file, place.text, place.spot)
        return self._states[place]

    async def verdict(self, place: Place, text: str, limits: Limits = PATIENT) -> Verdict:
        return (await self._checker.check(await self.state(place), Candidate(text, "model"), limits)).verdict
