"""Ghost text that was shown, and whether what the user typed since goes along with it."""

from collections.abc import Iterator
from dataclasses import dataclass

from ghostproof.lsp.application import Job
from ghostproof.spot import Spot, SpotKind


@dataclass(frozen=True)
class Ghost:
    """One ghost text: what it replaces, as offsets, and its whole text, of which a part may be typed already."""

    start: int
    end: int
    text: str
    filter_text: str | None = None


@dataclass(frozen=True)
class Shown:
    """What was offered at a spot of a text. Further suggestions of the same job join in."""

    text: str
    spot: Spot
    job: Job

    def ghosts(self, text: str, cursor: int) -> Iterator[Ghost]:
        """The suggestions that still fit `text`, in which only the spot has changed since; none if it is another."""
        spot = self.spot
        behind = len(self.text) - spot.end
        start = spot.start
        if spot.kind is SpotKind.SORRY and text == self.text:
            for suggestion in self.job.snapshot.suggestions:
                # Neovim draws it over `sorry`. VS Code draws what only adds text, so that there the light bulb is the
                # way; a filter text other than what is replaced would make it drop the item altogether.
                yield Ghost(start, spot.end, spot.place(suggestion.text), text[start : spot.end])
            return
        if cursor < start or len(text) - cursor != behind or text[:start] != self.text[:start]:
            return
        if text[cursor:] != self.text[spot.end :]:
            return
        typed = text[start:cursor]
        # A ghost text's range must lie on the cursor's line.
        done = typed.rfind("\n") + 1
        for suggestion in self.job.snapshot.suggestions:
            whole = spot.place(suggestion.text)
            if whole.startswith(typed) and whole != typed.rstrip():
                yield Ghost(start + done, cursor, whole[done:])
