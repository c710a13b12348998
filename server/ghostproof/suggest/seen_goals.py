"""The goals that a proof went through above the cursor, so that a step back to one of them is known as a detour."""

import re
from dataclasses import dataclass
from pathlib import Path

from cachetools import LRUCache

from ghostproof.suggest.ranking import state_of
from ghostproof.suggest.source import Context
from ghostproof.verify.checker import GoalState

_NEW_COMMAND = re.compile(r"\n(?=[^\s·|])")


@dataclass(frozen=True)
class _Visit:
    start: int
    digest: int
    state: tuple[str, ...]


class SeenGoals:
    """Remembers where goals were seen. Bounded."""

    def __init__(self, files: int = 32, visits: int = 64) -> None:
        self._visits = visits
        self._files: LRUCache[Path, list[_Visit]] = LRUCache(maxsize=files)

    def visit(self, context: Context, state: GoalState) -> tuple[tuple[str, ...], ...]:
        """Record the state; answer the states of the same declaration that stand above it, unchanged since."""
        visits = self._files.setdefault(context.path, [])
        start = context.spot.start
        above = tuple(v.state for v in visits if self._is_above(v, context))
        here = _Visit(start, hash(context.text[:start]), state_of(state.goals))
        if here not in visits:
            visits.append(here)
            del visits[: -self._visits]
        return tuple(s for s in above if s != here.state)

    @staticmethod
    def _is_above(visit: _Visit, context: Context) -> bool:
        if visit.start >= context.spot.start or _NEW_COMMAND.search(context.text, visit.start, context.spot.start):
            return False
        return hash(context.text[: visit.start]) == visit.digest
