"""The words that stand for a proof that is left out, `sorry` and `admit`, told from names that only look like them."""

import re

from ghostproof.syntax.lexical import mask

# Lean reads `sorry'`, `sorry?` and `sorry.x` as names, and `sorry.1` as a field of what is missing.
_ALONE = r"(?<![\w.'])(?:{words})(?![\w'!?]|\.(?:[^\W\d]|«))"
SORRY = re.compile(_ALONE.format(words="sorry"))
GIVEN_UP = re.compile(_ALONE.format(words="sorry|admit"))


def has_sorry(script: str) -> bool:
    """Whether something in a script of tactics is left to `sorry`; comments and literals say nothing."""
    return SORRY.search(mask(script)[0]) is not None
