"""Ghost text that was shown: whether what the user typed since goes along with it, and what menus must have of it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.verdict import Progress, Suggestion
from ghostproof.visible import is_visible

if TYPE_CHECKING:
    from ghostproof.suggest.job import SuggestJob


def offered(suggestions: Iterable[Suggestion]) -> Iterator[Suggestion]:
    """Those that are what they look like: nobody accepts a character that cannot be seen."""
    return (suggestion for suggestion in suggestions if is_visible(suggestion.text))


@dataclass(frozen=True)
class Ghost:
    """One ghost text: what it replaces, as offsets, and its whole text, of which a part may be typed already."""

    start: int
    end: int
    text: str
    filter_text: str | None = None


@dataclass(frozen=True)
class Shown:
    """What was offered at a spot of a text. Further suggestions of the same job join in.

    Attributes:
        drawn: what the editor was given first, which is what it draws.
    """

    text: str
    spot: Spot
    job: "SuggestJob"
    drawn: Suggestion | None = None

    def with_drawn(self, text: str, spot: Spot, suggestions: Iterable[Suggestion]) -> list[Suggestion]:
        """Suggestions for a spot of a text, and among them what is drawn there.

        The list may have got better since, or another search may have found it: then it stands behind the best.
        """
        known = list(suggestions)
        if self.drawn is None or (text, spot) != (self.text, self.spot):
            return known
        if any(suggestion.text == self.drawn.text for suggestion in known):
            return known
        return [*known[:1], self.drawn, *known[1:]]

    def ghosts(self, text: str, cursor: int) -> Iterator[Ghost]:
        """The suggestions that still fit `text`, in which only the spot has changed since; none if it is another."""
        return (ghost for _, ghost in self.fitting(text, cursor))

    def fitting(self, text: str, cursor: int) -> Iterator[tuple[Suggestion, Ghost]]:
        """See `ghosts`; each with the suggestion that it draws."""
        spot = self.spot
        start = spot.start
        if spot.is_placeholder and text == self.text:
            for suggestion in offered(self.job.snapshot.suggestions):
                # Neovim draws it over `sorry`. VS Code draws what only adds text: our extension draws this by itself.
                # A filter text other than what is replaced would make VS Code drop the item altogether.
                yield suggestion, Ghost(start, spot.end, spot.place(suggestion.text), text[start : spot.end])
            return
        typed = self._typed(text, cursor)
        if typed is None:
            return
        # A ghost text's range must lie on the cursor's line.
        done = typed.rfind("\n") + 1
        for suggestion in offered(self.job.snapshot.suggestions):
            placed = spot.place(suggestion.text)
            if placed.startswith(typed) and placed != typed.rstrip():
                yield suggestion, Ghost(start + done, cursor, placed[done:])

    def next_spot(self, text: str, cursor: int) -> Spot | None:
        """The line below a suggestion that has been accepted and leaves goals; None where none ends at the cursor."""
        spot = self.spot
        if text == self.text and spot.kind is SpotKind.BLOCK_END and cursor == spot.start:
            return spot
        typed = self._typed(text, cursor)
        if typed is None or text[cursor:].partition("\n")[0].strip():
            return None
        progress = (s for s in self.job.snapshot.suggestions if isinstance(s.verdict, Progress))
        if not any(spot.place(suggestion.text) == typed for suggestion in progress):
            return None
        return Spot(cursor, cursor, "\n" + " " * spot.column, spot.column, SpotKind.BLOCK_END)

    def _typed(self, text: str, cursor: int) -> str | None:
        """What stands in the spot up to the cursor; None where `text` has changed elsewhere, or behind the cursor."""
        start, behind = self.spot.start, len(self.text) - self.spot.end
        if cursor < start or len(text) - cursor != behind or text[:start] != self.text[:start]:
            return None
        return text[start:cursor] if text[cursor:] == self.text[self.spot.end :] else None
