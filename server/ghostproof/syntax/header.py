"""The header of a file: `module`, `prelude` and the imports, with the comments among them, and where it ends.

Lean loads a file anew when a word of its header changes or moves; what stands behind the last word may change freely.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from ghostproof.syntax.names import NAME
from ghostproof.syntax.scanner import regions

_BLANK = re.compile(r"\s*")
_MODIFIERS = frozenset({"public", "private", "meta"})
_BEHIND = frozenset({"all", "runtime"})
_FIRST_LOOK = 4096  # characters, and more where the header goes on behind them
_LONGEST_WORD = 256


@dataclass(frozen=True)
class Import:
    """One import, by the names of Lean's own structure."""

    module: str
    import_all: bool = False
    is_exported: bool = True
    is_meta: bool = False


@dataclass(frozen=True)
class Imports:
    """What a file imports. What `prelude` leaves out, `Init`, is among the imports otherwise."""

    imports: tuple[Import, ...]
    is_module: bool = False

    def as_json(self) -> str:
        """One line, as Lake reads a `ModuleHeader`."""
        rows = [
            {
                "module": one.module,
                "importAll": one.import_all,
                "isExported": one.is_exported,
                "isMeta": one.is_meta,
            }
            for one in self.imports
        ]
        return json.dumps({"imports": rows, "isModule": self.is_module}, ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True)
class Header:
    """The header of a text, as far as it is one.

    Attributes:
        end: offset behind its last word; 0 if it has none.
    """

    imports: Imports
    end: int


def read_header(text: str) -> Header:
    """The header of a text."""
    # Comments are found by looking for where the next one begins, which may be at the end of a long file.
    size = _FIRST_LOOK
    while (read := _read(text[:size])).until > size - _LONGEST_WORD and size < len(text):
        size *= 16
    return read.header


def read_imports(text: str) -> Imports:
    """What a text imports."""
    return read_header(text).imports


def header(text: str) -> str:
    """The text up to the end of the header's last word; "" if it begins with none."""
    return text[: read_header(text).end]


@dataclass(frozen=True)
class _Read:
    """What was read of a text, and how much of it was looked at."""

    header: Header
    until: int


def _read(text: str) -> _Read:
    words = _words(text)
    until = end = 0
    found: list[Import] = []
    is_module = is_prelude = False
    modifiers: set[str] = set()
    for word, until in words:
        if word in _MODIFIERS:
            modifiers.add(word)
        elif word == "import":
            behind, name, end, until = _named(words, until)
            if not name:
                break
            exported = "public" in modifiers or not is_module
            found.append(Import(name, "all" in behind, exported, "meta" in modifiers))
            modifiers.clear()
        elif word in ("module", "prelude") and not found and not modifiers:
            is_module, is_prelude, end = is_module or word == "module", is_prelude or word == "prelude", until
        else:
            break
    imports = Imports((() if is_prelude else (Import("Init"),)) + tuple(found), is_module)
    return _Read(Header(imports, end), until)


def _named(words: Iterator[tuple[str, int]], end: int) -> tuple[set[str], str, int, int]:
    """What stands behind an `import` that ends there.

    Words like `all`, the module's name, "" where there is none, the end of the last of these, and how far was read.
    """
    behind: set[str] = set()
    until = end
    for word, until in words:
        if word not in _BEHIND:
            return behind, word, until if word else end, until
        behind.add(word)
        end = until
    return behind, "", end, until


def _words(text: str) -> Iterator[tuple[str, int]]:
    """Names and keywords up to the first thing that is neither, with their ends; comments are left out.

    The last one is empty, and its end is how far the text was understood.
    """
    comments = iter(regions(text))
    comment = next(comments, None)
    at = 0
    while True:
        blank = _BLANK.match(text, at)
        at = blank.end() if blank else at
        if comment is not None and comment.is_comment and comment.start == at:
            at, comment = comment.end, next(comments, None)
            continue
        word = NAME.match(text, at)
        if word is None:
            yield "", at
            return
        at = word.end()
        yield word.group(), at
