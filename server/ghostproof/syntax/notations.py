"""Which functions of a file the library's operators stand for: `instance : Add N := ⟨N.add⟩`, read without Lean."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ghostproof.syntax.words import KEPT_READINGS

_SIGNS = {"Add": "+", "Mul": "*", "Sub": "-", "Div": "/", "Mod": "%", "Append": "++", "LE": "≤", "LT": "<"}
_NAME = r"[^\W\d][\w.'!?]*"
_INSTANCE = re.compile(
    rf"^[ \t]*(?:@\[[^\]\n]*\]\s*)?(?:(?:local|scoped|private|protected)\s+)*instance\b[^\n]*?:\s*"
    rf"(?P<kind>{'|'.join(_SIGNS)})\s+(?P<type>\([^()\n]*\)|[\w.']+)\s*"
    rf"(?::=\s*⟨\s*(?P<plain>{_NAME})\s*⟩|(?::=\s*\{{|where)\s*\w+\s*:=\s*(?P<field>{_NAME})\s*(?:\}}|$))",
    re.MULTILINE,
)


@dataclass(frozen=True)
class Notation:
    """An operator at one type.

    Attributes:
        kind: the class that it comes from, `Add`.
        sign: as it stands between its sides.
        type: whose values it joins, as written.
        function: what it stands for, as written where it was said.
    """

    kind: str
    sign: str
    type: str
    function: str


@lru_cache(maxsize=KEPT_READINGS)
def notations(text: str) -> tuple[Notation, ...]:
    """Those that a text declares by naming a function; others are not listed."""
    return tuple(
        Notation(
            found["kind"], _SIGNS[found["kind"]], found["type"].strip("()").strip(), found["plain"] or found["field"]
        )
        for found in _INSTANCE.finditer(text)
    )
