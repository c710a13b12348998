"""Which scopes are open at a place of a text: the namespaces that it is in, sections, and a `mutual` block."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from ghostproof.syntax.quoting import name_parts
from ghostproof.syntax.words import BEFORE_KEYWORD, SCOPES, one_of

_SCOPE = re.compile(rf"^[ \t]*{BEFORE_KEYWORD}(?P<word>{one_of(SCOPES)})[ \t]*(?P<name>[^\s:({{\[]*)", re.MULTILINE)


@dataclass
class Scope:
    """One scope; `namespace A.B` opens two.

    Attributes:
        start: offset of the line that opens it.
        name: its own part, "" where it has none.
        opened: namespaces that are opened in it.
    """

    word: str
    start: int
    name: str = ""
    opened: list[str] = field(default_factory=list)


class OpenScopes:
    """The scopes that are open, outermost first; the file itself is one without a word."""

    def __init__(self) -> None:
        self.scopes = [Scope("", 0)]

    def take(self, word: str, name: str, start: int = 0) -> None:
        """Read on by one of `SCOPES`, with the name behind it as it is written."""
        parts = name_parts(name) or [""]
        if word == "end":
            del self.scopes[max(1, len(self.scopes) - len(parts)) :]
        else:
            self.scopes += [Scope(word, start, part) for part in parts]

    @property
    def namespace(self) -> str:
        """Full name of the innermost namespace, "" outside of any."""
        return ".".join(scope.name for scope in self.scopes if scope.word == "namespace" and scope.name)

    @property
    def mutual(self) -> int | None:
        """Offset of the `mutual` block that is the innermost scope."""
        return self.scopes[-1].start if self.scopes[-1].word == "mutual" else None


def open_scopes(text: str, masked: str, offset: int) -> OpenScopes:
    """The scopes that are open at an offset of a text, whose mask is given."""
    found = OpenScopes()
    for line in _SCOPE.finditer(masked, 0, offset):
        found.take(line["word"], text[line.start("name") : line.end("name")], line.start())
    return found


def stretches(text: str, masked: str) -> Iterator[tuple[str, int, int]]:
    """The text from one scope's line to the next: the full name of the namespace it is in, and where it is."""
    reader, start = OpenScopes(), 0
    for line in _SCOPE.finditer(masked):
        yield reader.namespace, start, line.start()
        reader.take(line["word"], text[line.start("name") : line.end("name")], line.start())
        start = line.end()
    yield reader.namespace, start, len(text)
