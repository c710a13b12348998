"""A piece of proof with holes: what a step leaves to be proved, and how proofs of that are laid out in it."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

LONGEST_LINE = 100
HOLE = "?_"
_HOLE = re.compile(r"(?<![\w?])\?_(?!\w)")
# Behind these a block begins, so that what is longer than a line can stand below.
_OPENERS = ("=>", "by")


@dataclass(frozen=True)
class Skeleton:
    """Lines relative to column 0 with holes between the parts.

    Attributes:
        parts: the text before, between and behind the holes; one more than there are holes.
    """

    parts: tuple[str, ...]

    @staticmethod
    def of(text: str) -> "Skeleton":
        """The skeleton of a text in which each `?_` is a hole; behind `:=` a hole is a tactic block."""
        return Skeleton(tuple(_HOLE.split(re.sub(r":= \?_(?=\n|$)", f":= by {HOLE}", text))))

    @property
    def holes(self) -> int:
        return len(self.parts) - 1

    def fill(self, proofs: Sequence[str], *, blocks: bool = False) -> str:
        """The text with proofs, lines relative to column 0, in the holes.

        Args:
            blocks: proofs that could stand on a line with `=>` or `by` go below it all the same.
        """
        text = self.parts[0]
        for proof, behind in zip(proofs, self.parts[1:], strict=True):
            text = _append(text, proof, behind, blocks=blocks) + behind
        return text


def _append(text: str, proof: str, behind: str, *, blocks: bool) -> str:
    line = text.rpartition("\n")[2]
    indent = len(line) - len(line.lstrip())
    # What goes on below and further in, as the steps of a `calc` do, must not be taken for a part of the block.
    below = behind.removeprefix("\n").partition("\n")[0]
    if behind.startswith("\n") and below.strip():
        indent = max(indent, len(below) - len(below.lstrip()))
    opens = line.rstrip().endswith(_OPENERS)
    long = "\n" in proof or len(line) + len(proof) > LONGEST_LINE - 20
    if opens and (blocks or long):
        text, column = text.rstrip() + "\n" + " " * (indent + 2), indent + 2
    else:
        column = len(line)
    return text + ("\n" + " " * column).join(proof.split("\n"))


def after(text: str, holes: int) -> Skeleton:
    """The skeleton of a step that leaves so many goals: one is proved below it, several behind bullets each."""
    if holes == 1:
        return Skeleton.of(f"{text}\n{HOLE}")
    return Skeleton.of("\n".join([text, *[f"· {HOLE}"] * holes]))


def cases(split: str, lefts: Sequence[str]) -> Skeleton:
    """The skeleton of a split whose cases are written out; `lefts` are `| cons x xs ih`."""
    return Skeleton.of("\n".join([f"{split} with", *(f"{left} => {HOLE}" for left in lefts)]))
