"""Types and functions that are declared together in `mutual … end`, and types nested in others, read without Lean."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from ghostproof.syntax.definitions import definitions
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.proposition import head_of
from ghostproof.syntax.quoting import last_part
from ghostproof.syntax.signature import Signature
from ghostproof.syntax.words import KEPT_READINGS, heading

_BLOCK = re.compile(r"^mutual\b(?P<body>[\s\S]*?)^end\b(?!\.)", re.MULTILINE)
_TYPE = re.compile(heading("inductive") + r"(?P<rules>(?:.|\n(?=[ \t|])(?![ \t]*inductive\b))*)", re.MULTILINE)


@dataclass(frozen=True)
class Mutual:
    """One block, or one type with those that it is nested in: their recursors prove something of each.

    Attributes:
        types: last components of the names of inductive types; those that one is nested in are like `List Rose`.
        functions: signatures by the last components of their names; None where the head tells none.
    """

    types: tuple[str, ...]
    functions: dict[str, Signature | None]

    def plain(self, kind: str) -> str:
        """A type as it stands among the block's, where it is one: without parameters and namespace."""
        for name in self.types:
            if " " not in name:
                kind = re.sub(rf"\((?:[\w.']+\.)?{re.escape(name)} [^()]*\)", name, kind)
                kind = re.sub(rf"(?<![\w.'])(?:[\w.']+\.)?{re.escape(name)}(?: [^()→]*)?\Z", name, kind)
        return kind

    def recursor(self, kind: str) -> str:
        """The recursor of one of the types."""
        mine = self.plain(kind)
        if " " not in mine:
            return f"{head_of(kind)}.rec"
        inner = next(word for word in identifiers(kind) if last_part(word) == mine.split()[1])
        return f"{inner}.rec_{[one for one in self.types if ' ' in one].index(mine) + 1}"

    def partner(self, name: str, takes: str, other: str, plain: Callable[[str], str] = str) -> str | None:
        """The function that does with one type what another one does with the other: all else is the same.

        Args:
            plain: what makes types of signatures comparable with the two.
        """
        mine = self.functions.get(name)
        kinds = [plain(kind) for kind in mine.arguments] if mine is not None else []
        if takes not in kinds:
            return None
        wanted = [other if kind == takes else kind for kind in kinds]
        told = ((one, its) for one, its in self.functions.items() if its is not None)
        fitting = [one for one, its in told if [plain(kind) for kind in its.arguments] == wanted]
        return fitting[0] if len(fitting) == 1 else None


@lru_cache(maxsize=KEPT_READINGS)
def mutual_blocks(text: str) -> tuple[Mutual, ...]:
    """The blocks of a text with more than one declaration, in their order, then the types that are nested in others."""
    return (*(block for match in _BLOCK.finditer(text) for block in _block(match["body"])), *_nested(text))


def _block(body: str) -> Iterator[Mutual]:
    types = tuple(last_part(found["name"]) for found in _TYPE.finditer(body))
    functions = {name: definition.signature for name, definition in definitions(body).items()}
    if len(types) + len(functions) > 1:
        yield Mutual(types, functions)


def _nested(text: str) -> Iterator[Mutual]:
    for found in _TYPE.finditer(_BLOCK.sub("", text)):
        name = last_part(found["name"])
        occurs = rf"(?<![\w.'])(?P<outer>[A-Z][\w.']*) (?:{re.escape(name)}(?![\w'])|\({re.escape(name)} [^()]*\))"
        outer = dict.fromkeys(match["outer"] for match in re.finditer(occurs, found["rules"]))
        if outer:
            yield Mutual((name, *(f"{one} {name}" for one in outer)), {})
