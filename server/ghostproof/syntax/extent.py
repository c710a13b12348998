"""Where the declaration around an offset begins and ends, where its statement does, what it is called. Purely textual.

A guess that is too long costs time only: Lean is asked about the text up to the declaration's end, and what Lean says
about the text behind the spot is compared with what it said before.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

from ghostproof.syntax import brackets
from ghostproof.syntax.lexical import Token, mask, tokens
from ghostproof.syntax.scopes import open_scopes
from ghostproof.syntax.words import BEFORE_KEYWORD, DECLARATIONS, begins_command, command_starts, one_of
from ghostproof.text import SourceText

_DOC_COMMENT = re.compile(r"^/-[-!]", re.MULTILINE)
_NAME_CHARACTERS = r"[^\s:({\[⦃,;]+"
_HEAD = re.compile(rf"(?<![\w.'])(?P<keyword>{one_of(DECLARATIONS)})(?:\s+(?P<name>{_NAME_CHARACTERS}))?")
# What these bring in has a `:=` of its own.
_LOCAL = frozenset({"let", "have", "letI", "haveI"})
# A command that is not over: attributes, modifiers, what holds in the next one.
_GOES_ON = re.compile(rf"{BEFORE_KEYWORD}|[\s\S]*\sin\s*")
_AXIOM = re.compile(rf"(?<![\w.'])axiom\s+(?P<name>{_NAME_CHARACTERS})")


@dataclass(frozen=True)
class Declaration:
    """The declaration, or the `mutual` block, that holds an offset.

    Attributes:
        start, end: offsets; `end` is behind its last character, blanks and comments after it not included.
        keyword: `theorem`, `def`, `example`, …, or "".
        name: as written, without universe parameters; "" for an `example` or an instance without a name.
        head: offset of the keyword; `start` where there is none.
        full_name: the name with its namespace, "" where there is none.
        full_names: the names, with their namespaces, of everything that is being declared: one, or a `mutual` block's.
    """

    start: int
    end: int
    keyword: str = ""
    name: str = ""
    full_names: tuple[str, ...] = ()
    head: int = 0
    full_name: str = ""


def declaration_at(text: str, offset: int) -> Declaration:
    """The declaration that holds `offset`."""
    masked, _ = mask(text)
    scopes = open_scopes(text, masked, offset)
    block = scopes.mutual
    end = _end(text, masked, offset, in_mutual=block is not None)
    start = block if block is not None else _last_command(masked, offset)
    heads = list(_HEAD.finditer(masked, start, end))
    own = next((head for head in reversed(heads) if head.start() <= offset), None)
    if own is None:
        return Declaration(start, end, head=start)
    prefix = scopes.namespace
    named = heads if block is not None else [own]
    full = tuple(_qualified(prefix, _name(text, head)) for head in named if _name(text, head))
    name = _name(text, own)
    return Declaration(start, end, own["keyword"], name, full, own.start(), _qualified(prefix, name) if name else "")


def value_start(masked: str, start: int, end: int) -> int | None:
    """Where the statement that begins at `start` is over: at its `:=`, its `where` or its first equation.

    None where nothing of that comes before `end`.
    """
    depth = waiting = 0
    for token in tokens(masked, start, end):
        depth += brackets.step(token.text)
        if depth > 0:
            continue
        if token.text in _LOCAL:
            waiting += 1
        elif token.text == ":=" and waiting:
            waiting -= 1
        elif token.text in (":=", "where") or _begins_equation(masked, token, end):
            return token.start
    return None


def _begins_equation(masked: str, token: Token, end: int) -> bool:
    """Whether a token is the bar of the first `| … => …`, not that of an absolute value."""
    line = masked.rfind("\n", 0, token.start) + 1
    if token.text != "|" or masked[line : token.start].strip():
        return False
    arrow, assigned = masked.find("=>", token.end, end), masked.find(":=", token.end, end)
    return arrow >= 0 and not 0 <= assigned < arrow


def begins_with_all(text: str, start: int) -> int:
    """Where a declaration begins with all that belongs to it: doc comment, attributes and `… in` on lines above.

    Args:
        start: of the declaration, as `declaration_at` has it.
    """
    masked, regions = mask(text)
    docs = [each.start for each in regions if each.is_comment and text.startswith("/--", each.start)]
    while True:
        above = max(command_starts(masked, 0, max(0, start - 1)), default=None) if start else None
        if above is not None and _GOES_ON.fullmatch(masked, above, start):
            start = above
            continue
        doc = next((at for at in reversed(docs) if at < start), None)
        if doc is None or masked[doc:start].strip():
            return start
        start = doc


def axioms_declared(text: str) -> frozenset[str]:
    """Names, as written, of the axioms that a file declares."""
    masked, _ = mask(text)
    return frozenset(text[found.start("name") : found.end("name")] for found in _AXIOM.finditer(masked))


def _end(text: str, masked: str, offset: int, *, in_mutual: bool) -> int:
    if in_mutual:
        closing = re.compile(r"^end\b", re.MULTILINE).search(masked, offset)
        end = closing.end() if closing else len(text)
    else:
        end = min(_commands(text, masked, offset), default=len(text))
    return max(offset, len(masked[:end].rstrip()))


def _commands(text: str, masked: str, offset: int) -> Iterator[int]:
    """Starts of the first command behind `offset`, and of the first comment that documents one."""
    line_end = masked.find("\n", offset)
    if line_end < 0:
        return
    yield from islice(command_starts(masked, line_end), 1)
    for found in _DOC_COMMENT.finditer(text, line_end):
        if masked[found.start()] == " ":
            yield found.start()
            break


def _last_command(masked: str, offset: int) -> int:
    """Start of the last line at or before `offset`'s that begins a command."""
    line_end = masked.find("\n", offset)
    starts = command_starts(masked, 0, line_end if line_end >= 0 else None)
    return max(starts, default=0)


def _name(text: str, head: re.Match[str]) -> str:
    """The declared name; "" where there is none, such as in `example : p` or `instance : C`."""
    if head["keyword"] == "example" or head["name"] is None:
        return ""
    return text[head.start("name") : head.end("name")].rstrip(".")  # `foo.{u}`: the pattern stops at the brace


def _qualified(prefix: str, name: str) -> str:
    if name.startswith("_root_."):
        return name.removeprefix("_root_.")
    return f"{prefix}.{name}" if prefix else name


def command_around(source: SourceText, masked: str, line: int, most_lines: int) -> tuple[int, int] | None:
    """Offsets of the command that holds a line: from its first line to that of the next one at the margin.

    None if it begins or ends more than `most_lines` away.
    """
    first = line
    while first > 0 and not begins_command(masked, source.line_start(first)):
        first -= 1
        if line - first > most_lines:
            return None
    after = line + 1
    while after < source.line_count and not begins_command(masked, source.line_start(after)):
        after += 1
        if after - line > most_lines:
            return None
    return source.line_start(first), source.line_start(after) if after < source.line_count else len(source.text)
