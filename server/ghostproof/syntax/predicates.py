"""The inductive predicates of a text, and what they are said of, read without Lean."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ghostproof.syntax.quoting import last_part
from ghostproof.syntax.signature import signature
from ghostproof.syntax.words import KEPT_READINGS, heading

_INDUCTIVE = re.compile(
    rf"{heading('inductive')}(?P<head>(?:(?!\bwhere\b|\s\|\s|\n\n)[\s\S])*)(?P<rules>(?:.|\n(?=[ \t|]))*)",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Predicate:
    """One inductive predicate.

    Attributes:
        arguments: the types of what it is said of, as written.
        text: its declaration behind its name.
    """

    arguments: tuple[str, ...]
    text: str


@lru_cache(maxsize=KEPT_READINGS)
def predicates(text: str) -> dict[str, Predicate]:
    """By the last components of their names; those whose types are written in another way are not listed."""
    found = {}
    for match in _INDUCTIVE.finditer(text):
        types = signature(match["head"])
        if types is not None and types.result == "Prop" and types.arguments:
            found[last_part(match["name"])] = Predicate(types.arguments, match["head"] + match["rules"])
    return found
