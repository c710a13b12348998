"""A change of a text, of which a proof makes one or several."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Edit:
    """What replaces a piece of a text: offsets of the text as it was."""

    start: int
    end: int
    text: str

    def moved(self, by: int) -> "Edit":
        """The same for a text in which all of this stands further down."""
        return Edit(self.start + by, self.end + by, self.text)
