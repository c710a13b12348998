"""The first error that Lean finds above a goal: suggestions are judged in the file as Lean reads it, without what it
refused there."""

from collections.abc import Iterable
from dataclasses import dataclass

from ghostproof.verify.messages import is_about_code
from ghostproof.visible import visible

LONGEST = 160
_OPEN_BELOW = "unsolved goals"


@dataclass(frozen=True)
class ErrorAbove:
    """An error above a goal.

    Attributes:
        line: of the file, from 0.
        message: Lean's, on one line, shortened, with nothing hidden in it.
    """

    line: int
    message: str

    @property
    def told(self) -> str:
        """What a person should read beside the suggestions."""
        stop = "" if self.message.endswith((".", "…", "?", "!")) else "."
        return (
            f"Line {self.line + 1} above has an error: {self.message}{stop} "
            "The suggestions hold for the file as Lean reads it."
        )


def error_above(text: str, found: Iterable[tuple[int, str]], declaration: int, hole: int) -> ErrorAbove | None:
    """The first of the errors above a hole that a person should know of.

    What Lean can't compile it has accepted all the same, and a block around the hole is unsolved because of the hole.

    Args:
        found: offset in `text` and message of each error, in any order.
        declaration, hole: offsets of the declaration that holds the hole, and of the hole.
    """
    above = sorted(
        (at, message)
        for at, message in found
        if at < hole and not is_about_code(message) and not (at >= declaration and message.startswith(_OPEN_BELOW))
    )
    if not above:
        return None
    at, message = above[0]
    return ErrorAbove(text.count("\n", 0, at), _short(message))


def _short(message: str) -> str:
    line = visible(" ".join(message.split()))
    return line if len(line) <= LONGEST else line[: LONGEST - 1].rstrip() + "…"
