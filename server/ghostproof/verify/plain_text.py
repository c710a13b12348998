"""Which texts come no further than the door of a checker, whatever they say: what is no text, or too much of it.

Pure and linear. What is let in can be encoded, drawn by a terminal, and read by Lean's parser without exhausting it.
"""

import re
import unicodedata

# Written by hand or by a model, one step of a proof has a few hundred characters.
LONGEST = 6_000
# Lean's parser recurses; the embedded one ends with its whole process at some thousands.
DEEPEST = 60

# A run of signs that each open a term within a term: `¬¬¬…`, `- - -…`, `· ·`. Nobody writes so many.
_NESTING = re.compile(r"(?:[¬\-↑√∼~!·.←⁅|‖+∀∃λ][ \n]?){200}")

# Controls, formatting marks (those that turn the direction of writing, those without width), halves of characters, and
# line ends that only some programs take for such.
_REFUSED = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
_OPENERS, _CLOSERS = frozenset("([{⟨⟪⟦⦃‹«"), frozenset(")]}⟩⟫⟧⦄›»")


def unfit(text: str) -> str | None:
    """Why a candidate is not even read, as a sentence, or None."""
    if len(text) > LONGEST:
        return f"it has {len(text)} characters; {LONGEST} are the most"
    odd = next((ch for ch in text if ch != "\n" and not _printable(ch)), None)
    if odd is not None:
        return f"the character U+{ord(odd):04X} has no place in a proof"
    return "it is nested too deeply" if _depth(text) > DEEPEST or _NESTING.search(text) else None


def unencodable(text: str) -> str | None:
    """Why a file's text can't be sent to Lean, or None: half a character, as a broken editor may leave it."""
    try:
        text.encode()
    except UnicodeEncodeError as problem:
        return f"character {problem.start + 1} of the file is half of a character"
    return None


def _printable(ch: str) -> bool:
    return " " <= ch <= "~" or unicodedata.category(ch) not in _REFUSED


def _depth(text: str) -> int:
    deepest = depth = 0
    for ch in text:
        if ch in _OPENERS:
            depth += 1
            deepest = max(deepest, depth)
        elif ch in _CLOSERS and depth:
            depth -= 1
    return deepest
