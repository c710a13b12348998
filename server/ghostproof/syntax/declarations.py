"""What a file declares above a spot, read from its text: a stand-in for what a checker cannot tell about a goal."""

import re
from dataclasses import dataclass
from functools import lru_cache

from ghostproof.syntax.lexical import mask
from ghostproof.syntax.quoting import last_part, name_parts, written
from ghostproof.syntax.scopes import OpenScopes
from ghostproof.syntax.words import BEFORE_KEYWORD, DECLARATIONS, KEPT_READINGS, SCOPES, one_of

_COMMAND = re.compile(
    rf"^[ \t]*{BEFORE_KEYWORD}(?P<kind>{one_of(DECLARATIONS | SCOPES)})[ \t]*(?P<name>[^\s:({{\[⦃]*)",
    re.MULTILINE,
)
_FUNCTIONS = frozenset({"def", "abbrev"})
_TYPES = frozenset({"inductive", "structure", "class"})


@dataclass(frozen=True)
class Declared:
    """One declaration.

    Attributes:
        name: as it can be written at the spot.
        recursive: its own name occurs in its body.
        is_prop: an inductive predicate.
        reducible: an `abbrev`.
    """

    name: str
    recursive: bool
    is_prop: bool = False
    reducible: bool = False


@dataclass(frozen=True)
class Declarations:
    """Functions and types of a file, by the last component of their names as it would be written alone."""

    functions: dict[str, Declared]
    types: dict[str, Declared]


@lru_cache(maxsize=KEPT_READINGS)
def scan(text: str) -> Declarations:
    """The declarations of `text`, which ends at the spot."""
    functions: dict[str, Declared] = {}
    types: dict[str, Declared] = {}
    full: list[tuple[str, str, str]] = []
    scopes = OpenScopes()
    found = list(_COMMAND.finditer(mask(text)[0]))
    for at, match in enumerate(found):
        kind, name = match["kind"], text[match.start("name") : match.end("name")]
        if kind in SCOPES:
            scopes.take(kind, name)
        elif name and (kind in _FUNCTIONS or kind in _TYPES):
            prefix = scopes.namespace
            body = text[match.end() : found[at + 1].start() if at + 1 < len(found) else len(text)]
            full.append((kind, f"{prefix}.{name}" if prefix else name, body))
    here = scopes.namespace
    for kind, name, body in full:
        table, last = functions if kind in _FUNCTIONS else types, last_part(name)
        recursive = re.search(rf"(?<![\w']){re.escape(last)}(?![\w'])", body) is not None
        is_prop = table is types and re.match(r"[^|\n]*:[^|\n]*\bProp\b\s*(where)?", body) is not None
        table[written(last)] = Declared(_relative(name, here), recursive, is_prop, kind == "abbrev")
    return Declarations(functions, types)


def _relative(name: str, namespace: str) -> str:
    outer = name_parts(namespace)
    while outer:
        prefix = ".".join(outer) + "."
        if name.startswith(prefix):
            return name[len(prefix) :]
        outer.pop()
    return name
