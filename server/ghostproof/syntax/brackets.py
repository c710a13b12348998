"""Brackets of Lean text: which characters they are, how deep a place lies in them, where one closes, what lies outside.

What is read here has no comments and no strings; a character is looked at by itself.
"""

from collections.abc import Iterator

CLOSER_OF = {"(": ")", "[": "]", "{": "}", "⟨": "⟩", "⦃": "⦄", "⟦": "⟧", "‹": "›"}
OPENERS = frozenset(CLOSER_OF)
CLOSERS = frozenset(CLOSER_OF.values())


def step(character: str) -> int:
    """How much deeper the text is behind this character: 1, 0 or -1. What is in «» is deeper, too."""
    return (character in OPENERS or character == "«") - (character in CLOSERS or character == "»")


def outside(text: str, sign: str) -> Iterator[int]:
    """Offsets of this one character outside of brackets."""
    depth = 0
    for at, character in enumerate(text):
        depth += step(character)
        if character == sign and depth == 0:
            yield at


def closing(text: str, start: int) -> int | None:
    """Offset of the bracket that closes the one at `start`; None if none does."""
    depth = 0
    for at in range(start, len(text)):
        depth += step(text[at])
        if depth == 0:
            return at
    return None


def before(text: str, sign: str) -> str:
    """The text up to this one character outside of brackets; all of it where there is none."""
    return text[: next(outside(text, sign), len(text))]
