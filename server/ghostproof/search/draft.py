"""A file while proofs are put into it: each is searched for in the text that has the earlier ones, as it will stand."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeVar

from ghostproof.search.edit import Edit
from ghostproof.search.proof import Proof
from ghostproof.search.unfinished import Unfinished
from ghostproof.syntax.spot import Spot
from ghostproof.text import SourceText, normalise_eol

_Laid = TypeVar("_Laid", Proof, Unfinished)


class Draft:
    """The text of a file with the proofs so far in it. Proofs come in the order of their places, from the top."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self._edits: list[Edit] = []
        self._proofs = 0

    @property
    def proofs(self) -> int:
        return self._proofs

    def spots(self, spots: Sequence[Spot]) -> list[Spot]:
        """Where spots of the text as it was read stand now; they must lie below all proofs so far."""
        return [spot.moved(self.moved) for spot in spots]

    def add(self, proof: Proof) -> None:
        """Put in a proof that Lean has accepted in this very text."""
        made = [self._original(edit) for edit in proof.edits]
        self._edits = sorted([*self._edits, *made], key=lambda edit: edit.start)
        self._proofs += 1
        self.text = proof.put_into(self.text)

    def add_original(self, proof: Proof) -> None:
        """Put in a proof that is told at its place in the text as it was read."""
        above = proof.above and proof.above.moved(self._moved_at(proof.above.start))
        self.add(replace(proof.moved(self.moved), above=above))

    def original(self, proof: _Laid) -> _Laid:
        """The proof, or a part of one, at its place in the text as it was read; asked before it is added."""
        there = proof.moved(-self.moved)
        if isinstance(proof, Proof) and proof.above is not None:
            return replace(there, above=self._original(proof.above))
        return there

    def _original(self, edit: Edit) -> Edit:
        """An edit of the text as it is now at its place in the text as it was read."""
        moved = 0
        for earlier in self._edits:
            if earlier.start + moved > edit.start - len(earlier.text):
                break
            moved += len(earlier.text) - (earlier.end - earlier.start)
        return edit.moved(-moved)

    def _moved_at(self, at: int) -> int:
        """How much further down stands what begins at an offset of the text as it was read."""
        return sum(len(edit.text) - (edit.end - edit.start) for edit in self._edits if edit.end <= at)

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
