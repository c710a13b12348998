"""A file while proofs are put into it: each is searched for in the text that has the earlier ones, as it will stand."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from ghostproof.search.proof import Proof
from ghostproof.search.unfinished import Unfinished
from ghostproof.syntax.spot import Spot
from ghostproof.text import SourceText, normalise_eol

_Laid = TypeVar("_Laid", Proof, Unfinished)


@dataclass(frozen=True)
class _Edit:
    """Offsets of the text as it was read, and what stands there now."""

    start: int
    end: int
    text: str


class Draft:
    """The text of a file with the proofs so far in it. Proofs come in the order of their places, from the top."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self._edits: list[_Edit] = []

    @property
    def proofs(self) -> int:
        return len(self._edits)

    def spots(self, spots: Sequence[Spot]) -> list[Spot]:
        """Where spots of the text as it was read stand now; they must lie below all proofs so far."""
        moved = self.moved
        return [replace(spot, start=spot.start + moved, end=spot.end + moved) for spot in spots]

    def add(self, proof: Proof) -> None:
        """Put in a proof that Lean has accepted in this very text."""
        moved = self.moved
        self._edits.append(_Edit(proof.spot.start - moved, proof.spot.end - moved, proof.replacement))
        self.text = proof.put_into(self.text)

    def add_original(self, proof: Proof) -> None:
        """Put in a proof that is told at its place in the text as it was read."""
        (spot,) = self.spots([proof.spot])
        self.add(replace(proof, spot=spot))

    def original(self, proof: _Laid) -> _Laid:
        """The proof, or a part of one, at its place in the text as it was read; asked before it is added."""
        moved = self.moved
        spot = replace(proof.spot, start=proof.spot.start - moved, end=proof.spot.end - moved)
        return replace(proof, spot=spot)

    def put_into(self, raw: str) -> str:
        """The file's own text, line ends included, with the proofs in it; nothing else of it changes.

        Raises:
            ValueError: it is not the text that was read.
        """
        if normalise_eol(raw) != self.source.text:
            raise ValueError("another text")
        end = "\r\n" if "\r\n" in raw else "\n"
        pieces, last, places = [], 0, _places(raw)
        for edit in self._edits:
            pieces += [raw[last : places[edit.start]], edit.text.replace("\n", end)]
            last = places[edit.end]
        return "".join(pieces) + raw[last:]

    @property
    def done(self) -> int:
        """Offset in the text as it was read behind all that proofs have replaced so far."""
        return self._edits[-1].end if self._edits else 0

    @property
    def moved(self) -> int:
        """How much further down stands what is below all proofs so far."""
        return len(self.text) - len(self.source.text)


def _places(raw: str) -> list[int]:
    """For each offset of the text with LF only, and for its end, the offset in the text as it is."""
    return [at for at, char in enumerate(raw) if not (char == "\n" and raw[at - 1 : at] == "\r")] + [len(raw)]
