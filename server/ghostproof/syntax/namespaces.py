"""Which namespaces a name may be written without at the end of a text: those that it is in, and those it has opened."""

import re

from ghostproof.syntax.lexical import mask
from ghostproof.syntax.names import NAME

_LINE = re.compile(r"^[ \t]*(?P<word>namespace|section|mutual|end|open)\b[ \t]*(?P<rest>[^\n]*)", re.MULTILINE)


def open_namespaces(text: str) -> tuple[str, ...]:
    """Full names of the namespaces that are open at the end of `text`, as far as its lines tell."""
    scopes: list[tuple[str, list[str]]] = [("", [])]  # the namespace, and what is opened there
    for found in _LINE.finditer(mask(text)[0]):
        rest = text[found.start("rest") : found.end("rest")]
        names = NAME.findall(rest.partition("--")[0].partition("(")[0])
        here = scopes[-1][0]
        match found["word"]:
            case "namespace" if names:
                scopes.append((f"{here}.{names[0]}".lstrip("."), []))
            case "section" | "mutual" | "namespace":
                scopes.append((here, []))
            case "end" if len(scopes) > 1:
                scopes.pop()
            case "open" if not rest.rstrip().endswith(" in"):
                scopes[-1][1].extend(name for name in names if name not in ("scoped", "hiding", "renaming", "in"))
    found_names: dict[str, None] = {}
    for namespace, opened in scopes:
        parts = namespace.split(".") if namespace else []
        above = [".".join(parts[:n]) for n in range(1, len(parts) + 1)]
        found_names |= dict.fromkeys(above)
        found_names |= dict.fromkeys(name for o in opened for name in (o, *(f"{prefix}.{o}" for prefix in above)))
    return tuple(found_names)
