"""Where in a text a tactic can go, and how a tactic's text is laid out there.

Purely textual; Lean has the last word.
"""

from dataclasses import dataclass
from enum import Enum


class SpotKind(Enum):
    """What stands at the spot."""

    AFTER_BY = "after by"  # right behind `by` (or `=>`, `from` of a tactic block) at the end of its line
    BLANK_LINE = "blank line"  # an indented blank line of a tactic block
    BULLET = "bullet"  # behind `·` with nothing after it
    SORRY = "sorry"  # the tactic `sorry`, which is replaced
    TACTIC = "tactic"  # an existing tactic, which is replaced
    BLOCK_END = "block end"  # a new line at the end of a block that leaves goals open


@dataclass(frozen=True)
class Spot:
    """A hole in a text: what is replaced, and the layout of what replaces it.

    Attributes:
        start, end: offsets (code points) of the text that is replaced; equal for a pure insertion.
        lead: text put before the tactic, such as `""`, `" "` or `"\\n  "`.
        column: column (code points) at which the tactic's first character comes to stand; further lines are
            indented by it.
    """

    start: int
    end: int
    lead: str
    column: int
    kind: SpotKind

    @property
    def tactic_start(self) -> int:
        """Offset of the tactic's first character in the filled text."""
        return self.start + len(self.lead)

    def place(self, tactic: str) -> str:
        """The tactic laid out for this spot, its lead included."""
        indent = "\n" + " " * self.column
        return self.lead + indent.join(tactic.split("\n")).replace(indent + "\n", "\n\n")

    def fill(self, text: str, tactic: str) -> str:
        """The whole text with the tactic in the hole."""
        return text[: self.start] + self.place(tactic) + text[self.end :]
