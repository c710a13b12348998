"""Watches what becomes of suggestions in open documents, for the log of use.

Clients do not tell what they put in: a suggestion was taken where one change makes the document what it would be with
that suggestion. What was taken is followed for a minute.
"""

import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from ghostproof.lsp.anchor import Anchor
from ghostproof.syntax.spot import Spot
from ghostproof.verify.verdict import Suggestion

WATCHED_S = 60.0
# What was offered last in a document, and can still be taken.
_OFFERS = 4

Write = Callable[[Mapping[str, object]], None]
Door = Literal["ghost", "action"]


@dataclass(frozen=True)
class Offer:
    """Suggestions that a user was shown at a spot of a text."""

    text: str
    spot: Spot
    suggestions: tuple[Suggestion, ...]
    number: str
    at: float
    head: str


@dataclass
class _Taken:
    """A suggestion in the text; `before` stood there until then."""

    number: str
    anchor: Anchor
    at: float
    before: str


@dataclass
class _Watched:
    """One document."""

    offers: list[Offer] = field(default_factory=list)
    taken: list[_Taken] = field(default_factory=list)


class UsageWatch:
    """Pure but for its clock (seconds) and where it writes."""

    def __init__(self, write: Write, clock: Callable[[], float] = time.monotonic) -> None:
        self._write, self._clock = write, clock
        self._documents: dict[str, _Watched] = {}

    def shown(
        self,
        uri: str,
        door: Door,
        text: str,
        spot: Spot,
        suggestions: Iterable[Suggestion],
        first_ms: float | None,
        head: str = "",
    ) -> None:
        """Suggestions are on the user's screen; the same ones at the same place are shown once.

        Args:
            first_ms: milliseconds from the request to the first verified suggestion.
            head: the constant at the head of the goal.
        """
        found = tuple(suggestions)
        watched = self._documents.setdefault(uri, _Watched())
        if not found or any((o.text, o.spot, o.suggestions) == (text, spot, found) for o in watched.offers):
            return
        offer = Offer(text, spot, found, str(uuid.uuid4()), self._clock(), head)
        watched.offers = [*watched.offers[1 - _OFFERS :], offer]
        self._write(
            {
                "event": "shown",
                "id": offer.number,
                "door": door,
                "suggestions": len(found),
                "texts": [suggestion.text for suggestion in found],
                "source": found[0].source,
                "first_ms": first_ms,
            }
        )

    def watches(self, uri: str) -> bool:
        """Whether a change of the document may mean anything."""
        return uri in self._documents

    def changed(self, uri: str, before: str, after: str) -> None:
        """One change of a document."""
        watched = self._documents.get(uri)
        if watched is None or before == after:
            return
        now = self._clock()
        watched.taken = [taken for taken in watched.taken if now - taken.at < WATCHED_S]
        for taken in list(watched.taken):
            taken.anchor.follow(before, after)
            if taken.anchor.lost:
                end = taken.anchor.end + len(after) - len(before)
                left = after[taken.anchor.start : max(taken.anchor.start, end)]
                fate = "deleted" if left.strip() in ("", taken.before.strip()) else "edited"
                self._write({"event": fate, "id": taken.number, "after_s": round(now - taken.at, 3)})
                watched.taken.remove(taken)
        # One character at a time is typing, whatever comes of it.
        if len(after) - len(before) != 1:
            self._taken(watched, after, now)

    def closed(self, uri: str) -> None:
        self._documents.pop(uri, None)

    def _taken(self, watched: _Watched, after: str, now: float) -> None:
        for offer in reversed(watched.offers):
            for rank, suggestion in enumerate(offer.suggestions):
                if offer.spot.fill(offer.text, suggestion.text) != after:
                    continue
                start = offer.spot.start
                anchor = Anchor(start, start + len(after) - len(offer.text) + offer.spot.end - start)
                before = offer.text[start : offer.spot.end]
                watched.taken.append(_Taken(offer.number, anchor, now, before))
                watched.offers.remove(offer)
                self._write(
                    {
                        "event": "accepted",
                        "id": offer.number,
                        "source": suggestion.source,
                        "text": suggestion.text,
                        "head": offer.head,
                        "rank": rank,
                        "after_s": round(now - offer.at, 3),
                    }
                )
                return
