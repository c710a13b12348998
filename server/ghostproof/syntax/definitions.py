"""Which definitions of a text are made of which others, and their types, read without Lean."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ghostproof.syntax.quoting import last_part
from ghostproof.syntax.signature import Signature, signature
from ghostproof.syntax.words import KEPT_READINGS, heading

_DEFINITION = re.compile(
    rf"{heading('def')}(?P<head>(?:(?!\n[ \t]*\||:=|\n\n)[\s\S])*)"
    r"(?P<body>(?:.|\n(?=[ \t|]))*)",
    re.MULTILINE,
)
_WORD = re.compile(r"(?<![\w.'])(?:[^\W\d]|«)[\w.'!?«»]*")


@dataclass(frozen=True)
class Definition:
    """One definition.

    Attributes:
        head: what stands between its name and its body.
        body: its `:=` or equations, with all that follows of it.
        signature: its types, where its head tells them.
        uses: the last components of names in its body.
    """

    head: str
    body: str
    signature: Signature | None
    uses: frozenset[str]


@lru_cache(maxsize=KEPT_READINGS)
def definitions(text: str) -> dict[str, Definition]:
    """The definitions of a text by the last components of their names."""
    found = {}
    for match in _DEFINITION.finditer(text):
        head, body = match["head"], match["body"]
        found[last_part(match["name"])] = Definition(head, body, signature(head), names_in(body))
    return found


def names_in(code: str) -> frozenset[str]:
    """The last components of the names in some code."""
    return frozenset(last_part(word) for word in _WORD.findall(code))


def made_of(names: frozenset[str], known: dict[str, Definition]) -> tuple[str, ...]:
    """What definitions are made of besides themselves, those of the nearest first."""
    met, waiting = set(names), sorted(names)
    found: list[str] = []
    for name in waiting:
        of = known.get(name)
        for used in sorted(of.uses & known.keys() - met) if of is not None else ():
            met.add(used)
            waiting.append(used)
            found.append(used)
    return tuple(found)
