"""What the project's own proofs did at goals like this one, at every goal that the search meets."""

from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence

from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.verify.verdict import Checked

# Texts for a printed goal below a text of a file, the likeliest first, each with how alike the goals are, 0 to 1.
Near = Callable[[str, str], Awaitable[Sequence[tuple[str, float]]]]

# As dear as an automatic closer where the goals are hardly alike, and next to nothing where they are the same.
_COST, _PER_PLACE, _ONWARD = 1.2, 0.08, 1.0
_THE_SAME = 0.9
_MOST = 12


class Nearest:
    """See `Strategy` and `Preparing`. Of one search."""

    name = "nearest"

    def __init__(self, near: Near) -> None:
        self._near = near
        self._known: dict[str, Sequence[tuple[str, float]]] = {}

    async def prepare(self, goal: str, above: str) -> None:
        if goal not in self._known:
            self._known[goal] = (await self._near(goal, above))[:_MOST]

    def moves(self, goal: Goal) -> Iterator[Move]:
        for place, (text, likeness) in enumerate(self._known.get(goal.main.goal, ())):
            cost = _COST * (1 - likeness) + _PER_PLACE * place
            tier = Tier.HINT if likeness >= _THE_SAME else Tier.QUICK
            yield Move(text, self.name, cost, _ONWARD + cost, tier)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()
