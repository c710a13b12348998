"""The texts that the scratch checker puts in place of the user's: the declaration with something in the hole.

Each ends with the declaration that holds the spot. Whatever fills the hole is one tactic, wherever a tactic can stand.
"""

from dataclasses import dataclass

from ghostproof.lean.extent import Declaration, declaration_at
from ghostproof.spot import Spot
from ghostproof.text import SourceText

# As a tactic this leaves the goals of the spot to be read at `skip`; where a term stands it does not parse.
_OPENING = "(skip; sorry)"


@dataclass(frozen=True)
class Filled:
    """A text with its hole filled. All numbers are offsets.

    Attributes:
        start, end: the text in the hole.
        ask: where to ask for goals.
        tail: behind the declaration; what is said about this part is an answer to a question, not a verdict.
    """

    source: SourceText
    start: int
    end: int
    ask: int
    tail: int


@dataclass(frozen=True)
class Hole:
    """A spot in the text up to the end of its declaration.

    Attributes:
        text: that text, with what the spot replaces still in it.
        declaration: the extent in `text`.
    """

    text: str
    spot: Spot
    declaration: Declaration

    @staticmethod
    def cut(text: str, spot: Spot) -> "Hole":
        """The hole of a spot, the text behind its declaration left out."""
        declaration = declaration_at(text, max(spot.start, spot.end))
        # A spot on the line below a finished block belongs to the declaration above it.
        return Hole(text[: max(declaration.end, spot.end)], spot, declaration)

    @property
    def rest(self) -> str:
        """The declaration without what is in the hole."""
        return self.text[self.declaration.start : self.spot.start] + "\n" + self.text[self.spot.end :]

    def opening(self) -> Filled:
        """With a `sorry` in the hole: what Lean says about this text is no candidate's fault."""
        filled = self._fill(self.spot.place(_OPENING))
        return self._asking(filled, self.spot.tactic_start + 1)

    def trial(self, tactic: str, guarded: bool = False) -> Filled:
        """With the candidate, and `sorry` for whatever it leaves; the goals are those before that `sorry`.

        The brackets end the candidate where it ends: an unfinished one can't take the next line for its own.

        Args:
            guarded: let a failing candidate leave the goals as they were. Lean keeps quiet about errors that come of
                an earlier error, and takes the goal for solved.
        """
        before, behind = ("(first | (", ") | skip") if guarded else ("((", ")")
        indent = "\n" + " " * (self.spot.column + 1)
        deeper = "\n" + " " * (self.spot.column + len(before))
        body = deeper.join(tactic.split("\n")).replace(deeper + "\n", "\n\n")
        placed = f"{self.spot.lead}{before}{body}{deeper}{behind}{indent}all_goals sorry)"
        return self._asking(self._fill(placed), self.spot.start + len(placed) - len("all_goals sorry)"))

    def final(self, tactic: str) -> Filled:
        """With the candidate alone, as the user would have it, followed by a question about axioms."""
        return self._asking(self._fill(self.spot.place(tactic)), self.spot.tactic_start)

    def _fill(self, placed: str) -> tuple[str, int]:
        text = self.text[: self.spot.start] + placed + self.text[self.spot.end :]
        return text, self.spot.start + len(placed)

    def _asking(self, filled: tuple[str, int], ask: int) -> Filled:
        text, end = filled
        name = self.declaration.name
        question = f"\n#print axioms {name}" if name else ""
        return Filled(SourceText(text + question), self.spot.tactic_start, end, ask, len(text))
