"""Which commands above a spot are shown where there is no room for all of them. Pure, and steady from one keystroke to
the next: whatever changes early in a prompt makes all behind it be computed anew.
"""

import math
from collections import Counter
from collections.abc import Sequence

from ghostproof.prover.prompts.pieces import Kind, Piece, scopes

# When there is no room for all that is shown, this share of the room is filled again: the next change comes much later.
REFILL = 0.75

# A declaration that is spoken of by name counts more than any number of words in common with it.
_NAMED = 20.0
_NEAREST, _REACH = 3.0, 8  # what nearness is worth, and the distance in commands at which that is halved
_MENTIONED = 0.5  # share that what a shown declaration speaks of has of that declaration's relevance
_DISPENSABLE = -1.0

_Key = tuple[str, str]


class Window:
    """What of one document is left out. What was left out stays so, until it is spoken of or everything has room."""

    def __init__(self) -> None:
        self._out: set[_Key] = set()

    @property
    def shows_all(self) -> bool:
        """Nothing is left out yet."""
        return not self._out

    def choose(
        self, pieces: Sequence[Piece], costs: Sequence[int], room: int, wanted: frozenset[str]
    ) -> tuple[Piece, ...]:
        """The pieces that are shown, in the file's order; none if even the scopes around the cursor have no room.

        Args:
            costs: tokens of each piece.
            room: tokens of all that are shown together, at most.
            wanted: identifiers of the current statement and its goals.
        """
        if sum(costs) <= room * (REFILL if self._out else 1):
            return tuple(pieces)
        self._call_back(pieces, wanted)
        left = sum(cost for piece, cost in zip(pieces, costs, strict=True) if _key(piece) not in self._out)
        if left > room:
            self._leave_out(pieces, costs, left - int(room * REFILL), wanted)
        shown = _without_empty_scopes(pieces, [_key(piece) not in self._out for piece in pieces])
        fits = sum(cost for cost, show in zip(costs, shown, strict=True) if show) <= room
        return tuple(piece for piece, show in zip(pieces, shown, strict=True) if show and fits)

    def _call_back(self, pieces: Sequence[Piece], wanted: frozenset[str]) -> None:
        """Show again what is spoken of, and what that speaks of."""
        if not self._out:
            return
        spoken_of = set(wanted)
        for piece in reversed(pieces):
            if piece.last_name in spoken_of and _key(piece) in self._out:
                self._out.discard(_key(piece))
                spoken_of |= piece.identifiers

    def _leave_out(self, pieces: Sequence[Piece], costs: Sequence[int], surplus: int, wanted: frozenset[str]) -> None:
        relevant = relevance(pieces, wanted)
        for index in sorted(range(len(pieces)), key=relevant.__getitem__):
            if surplus <= 0:
                break
            key = _key(pieces[index])
            if pieces[index].kind is not Kind.FRAME and key not in self._out:
                self._out.add(key)
                surplus -= costs[index]


def relevance(pieces: Sequence[Piece], wanted: frozenset[str]) -> list[float]:
    """How much each piece matters to a goal that consists of `wanted`: rare words in common, names, nearness."""
    spread = Counter(word for piece in pieces for word in piece.identifiers)
    weight = {word: math.log((len(pieces) + 1) / spread[word]) for word in wanted if word in spread}
    scores = []
    for distance, piece in zip(range(len(pieces), 0, -1), pieces, strict=True):
        near = _NEAREST / (1 + distance / _REACH)
        named = _NAMED if piece.last_name in wanted else 0
        common = sum(weight[word] for word in piece.identifiers & wanted)
        scores.append(_DISPENSABLE if piece.kind is Kind.COMMENT else near + named + common)
    defined = {piece.last_name: index for index, piece in enumerate(pieces) if piece.last_name}
    for index in range(len(pieces) - 1, -1, -1):
        for word in pieces[index].identifiers:
            earlier = defined.get(word, index)
            if earlier < index:
                scores[earlier] = max(scores[earlier], _MENTIONED * scores[index])
    return scores


def _key(piece: Piece) -> _Key:
    """What a piece is known by while it is edited."""
    return (piece.word, piece.name or piece.text)


def _without_empty_scopes(pieces: Sequence[Piece], shown: Sequence[bool]) -> list[bool]:
    """What is shown, but for closed scopes of which nothing else is."""
    still = list(shown)
    for start, end in scopes(pieces):
        if end is None:
            continue
        inside = range(start, end + 1)
        if not any(shown[index] and pieces[index].kind is Kind.DECLARATION for index in inside):
            still[start : end + 1] = [False] * len(inside)
    return still
