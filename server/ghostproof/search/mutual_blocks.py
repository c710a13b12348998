"""Types and functions that are declared together in `mutual … end`, and types nested in others. Pure."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.proposition import head_of
from ghostproof.verify.definitions import Definition, Definitions


@dataclass(frozen=True)
class Mutual:
    """One block, or one type with those that it is nested in: their recursors prove something of each.

    Attributes:
        types: inductive types; those that one is nested in are like `List Rose`.
        functions: by their names.
    """

    types: tuple[str, ...]
    functions: Mapping[str, Definition]

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
        inner = next(word for word in identifiers(kind) if word == mine.split()[1])
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
        fitting = [one for one, its in self.functions.items() if [plain(kind) for kind in its.arguments] == wanted]
        return fitting[0] if len(fitting) == 1 else None


def mutual_blocks(known: Definitions) -> tuple[Mutual, ...]:
    """The blocks with more than one declaration, then the types that are nested in others; each once."""
    return (*_types(known), *_functions(known), *_nested(known))


def _types(known: Definitions) -> Iterator[Mutual]:
    yield from (Mutual(block, {}) for block in dict.fromkeys(one.block for one in known.families.values()) if block)


def _functions(known: Definitions) -> Iterator[Mutual]:
    for block in dict.fromkeys(one.block for one in known.functions.values()):
        if block:
            yield Mutual((), {name: known.functions[name] for name in block if name in known.functions})


def _nested(known: Definitions) -> Iterator[Mutual]:
    for name, family in known.families.items():
        occurs = rf"(?<![\w.'])(?P<outer>[A-Z][\w.']*) (?:{re.escape(name)}(?![\w'])|\({re.escape(name)} [^()]*\))"
        fields = " , ".join(field for one in family.constructors for field in one.fields)
        outer = dict.fromkeys(match["outer"] for match in re.finditer(occurs, fields))
        if outer and not family.block and not family.is_prop:
            yield Mutual((name, *(f"{one} {name}" for one in outer)), {})
