"""Suggestions that are known already: finished lists by state, and by the goals' text what to try first."""

from dataclasses import dataclass
from pathlib import Path

from cachetools import LRUCache

from ghostproof.verify.checker import GoalState
from ghostproof.verify.verdict import Suggestion


@dataclass(frozen=True)
class StateId:
    """Names a state among those of all files and checkers. A file is checked with one Lean, so its path says which.

    Attributes:
        sources: names of those that were heard; when one comes back, there may be more to find.
    """

    checker: str
    path: Path
    key: str
    sources: tuple[str, ...]


class SuggestionCache:
    """Two levels, both bounded; the least recently used goes first.

    A finished list is shown as it is, because its key names the environment and the state that Lean accepted it in.
    Remembered texts are only an order of trials: under another key every one of them is checked again.
    """

    def __init__(self, size: int) -> None:
        self._finished: LRUCache[StateId, tuple[Suggestion, ...]] = LRUCache(maxsize=size)
        self._texts: LRUCache[tuple[str, ...], tuple[tuple[str, str], ...]] = LRUCache(maxsize=size)

    def finished(self, state: StateId) -> tuple[Suggestion, ...] | None:
        """The finished list of exactly this state."""
        found: tuple[Suggestion, ...] | None = self._finished.get(state)
        return found

    def texts(self, state: GoalState) -> tuple[tuple[str, str], ...]:
        """(text, source) of what was accepted for goals that read the same, best first; unverified here."""
        found: tuple[tuple[str, str], ...] = self._texts.get(state.goals, ())
        return found

    def put(self, at: StateId, state: GoalState, suggestions: tuple[Suggestion, ...]) -> None:
        """Remember a finished list."""
        if not self._finished.maxsize or not suggestions:
            return
        self._finished[at] = suggestions
        self._texts[state.goals] = tuple((s.text, s.source) for s in suggestions)
