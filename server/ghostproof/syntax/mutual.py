"""Types and functions that are declared together in `mutual … end`, read without Lean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ghostproof.syntax.definitions import definitions
from ghostproof.syntax.quoting import last_part
from ghostproof.syntax.signature import Signature
from ghostproof.syntax.words import KEPT_READINGS, heading

_BLOCK = re.compile(r"^mutual\b(?P<body>[\s\S]*?)^end\b(?!\.)", re.MULTILINE)
_TYPE = re.compile(heading("inductive"), re.MULTILINE)


@dataclass(frozen=True)
class Mutual:
    """One block.

    Attributes:
        types: last components of the names of inductive types.
        functions: signatures by the last components of their names; None where the head tells none.
    """

    types: tuple[str, ...]
    functions: dict[str, Signature | None]

    def partner(self, name: str, takes: str, other: str) -> str | None:
        """The function that does with one type what another one does with the other: all else is the same."""
        mine = self.functions.get(name)
        if mine is None or takes not in mine.arguments:
            return None
        wanted = tuple(other if kind == takes else kind for kind in mine.arguments)
        fitting = [one for one, its in self.functions.items() if its is not None and its.arguments == wanted]
        return fitting[0] if len(fitting) == 1 else None


@lru_cache(maxsize=KEPT_READINGS)
def mutual_blocks(text: str) -> tuple[Mutual, ...]:
    """The blocks of a text with more than one declaration, in their order."""
    return tuple(block for match in _BLOCK.finditer(text) for block in _block(match["body"]))


def _block(body: str) -> Iterator[Mutual]:
    types = tuple(last_part(found["name"]) for found in _TYPE.finditer(body))
    functions = {name: definition.signature for name, definition in definitions(body).items()}
    if len(types) + len(functions) > 1:
        yield Mutual(types, functions)
