"""Which namespaces a name may be written without: those that a place is in, and those that are opened there."""

import re

from ghostproof.syntax.lexical import mask
from ghostproof.syntax.names import NAME
from ghostproof.syntax.scopes import OpenScopes, stretches
from ghostproof.syntax.words import BEFORE_KEYWORD, SCOPES, one_of

_LINE = re.compile(rf"^[ \t]*{BEFORE_KEYWORD}(?P<word>{one_of(SCOPES | {'open'})})[ \t]*(?P<rest>[^\n]*)", re.MULTILINE)


def open_namespaces(text: str) -> tuple[str, ...]:
    """Full names of the namespaces that are open at the end of `text`, as far as its lines tell."""
    reader = OpenScopes()
    for found in _LINE.finditer(mask(text)[0]):
        rest = text[found.start("rest") : found.end("rest")]
        names = NAME.findall(rest.partition("--")[0].partition("(")[0])
        if found["word"] in SCOPES:
            reader.take(found["word"], names[0] if names else "")
        elif not rest.rstrip().endswith(" in"):
            reader.scopes[-1].opened += (name for name in names if name not in ("scoped", "hiding", "renaming", "in"))
    found_names: dict[str, None] = {}
    above: list[str] = []
    for scope in reader.scopes:
        if scope.word == "namespace":
            above.append(".".join((*above[-1:], scope.name)))
        found_names |= dict.fromkeys(above)
        found_names |= dict.fromkeys(name for o in scope.opened for name in (o, *(f"{prefix}.{o}" for prefix in above)))
    return tuple(found_names)


def in_reach(text: str, offset: int) -> str:
    """What of a text stands in namespaces that are open at an offset of it, without comments."""
    masked = mask(text)[0]
    ours = {"", *open_namespaces(text[:offset])}
    return "\n".join(masked[start:end] for name, start, end in stretches(text, masked) if name in ours)
