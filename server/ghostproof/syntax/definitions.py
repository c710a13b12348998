"""Which definitions of a text are made of which others, and their types, read without Lean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ghostproof.syntax import brackets
from ghostproof.syntax.notations import notations
from ghostproof.syntax.quoting import last_part
from ghostproof.syntax.signature import Signature, signature
from ghostproof.syntax.words import KEPT_READINGS, heading

_DEFINITION = re.compile(
    rf"{heading('def')}(?P<head>(?:(?!\n[ \t]*\||:=|\n\n)[\s\S])*)"
    r"(?P<body>(?:.|\n(?=[ \t|]))*)",
    re.MULTILINE,
)
# Where equations may stand one behind the other.
_LINE = re.compile(rf"{heading('def')}.*|^[ \t]*\|.*", re.MULTILINE)
_INNER = re.compile(r"(?<![\w.'])(?:match(?![\w'])|(?:fun|λ)\s*\Z)")
_WHERE = re.compile(r"\s*^where[ \t]*\n(?P<inside>(?:(?:[ \t]+\S.*)?(?:\n|\Z))+)", re.MULTILINE)
_LOCAL = re.compile(
    r"^(?P<margin>[ \t]+)(?P<name>[^\W\d][\w']*)(?P<head>[^\n|]*?:(?:(?!\n[ \t]*\||:=)[\s\S])*)"
    r"(?P<body>(?:.|\n(?=(?P=margin)[ \t]|[ \t]*$))*)",
    re.MULTILINE,
)
_WORD = re.compile(r"(?<![\w.'])(?:[^\W\d]|«)[\w.'!?«»]*")


@dataclass(frozen=True)
class Definition:
    """One definition.

    Attributes:
        head: what stands between its name and its body.
        body: its `:=` or equations, with all that follows of it.
        signature: its types, where its head tells them.
        uses: the last components of names in its body, and of what operators of the file in it stand for.
        owner: what comes before the name of a function that stands in another one's `where`, with a dot.
    """

    head: str
    body: str
    signature: Signature | None
    uses: frozenset[str]
    owner: str = ""


@lru_cache(maxsize=KEPT_READINGS)
def definitions(text: str) -> dict[str, Definition]:
    """The definitions of a text by the last components of their names."""
    found: dict[str, Definition] = {}
    declared = notations(text)
    text = _LINE.sub(_equation_a_line, text)
    # Of several functions of one name, the last one counts: that is the nearest.
    for match in reversed(list(_DEFINITION.finditer(text))):
        head, body = match["head"], match["body"]
        joined = {last_part(one.function) for one in declared if f" {one.sign} " in body}
        mine = Definition(head, body, signature(head), names_in(body) | joined)
        found.setdefault(last_part(match["name"]), mine)
        for name, inner in _inside(match["name"], text[match.end() :]):
            found.setdefault(name, inner)
    return dict(reversed(found.items()))


def _inside(owner: str, behind: str) -> Iterator[tuple[str, Definition]]:
    """The functions in the `where` that stands right behind a definition."""
    if (where := _WHERE.match(behind)) is None:
        return
    for inner in _LOCAL.finditer(where["inside"]):
        head, body = inner["head"], inner["body"]
        yield inner["name"], Definition(head, body, signature(head), names_in(body), f"{owner}.")


def _equation_a_line(found: re.Match[str]) -> str:
    """A line with what follows an equation on a line of its own: `| [] => a | x :: xs => b`."""
    line = found[0]
    assigned = next((at for at in brackets.outside(line, ":") if line.startswith(":=", at)), len(line))
    parts, start = [""], 0
    for at in brackets.outside(line, "|"):
        if not (line[:at][-1:].isspace() and line[at + 1 : at + 2].isspace()):
            continue  # `||`, `<|`
        if at > assigned or "=>" not in line[at:] or _INNER.search(_outside(line[start:at])):
            break
        if "=>" in line[start:at] or not start:
            parts.append(line[start:at])
            start = at
    margin = line[: len(line) - len(line.lstrip())]
    return margin + f"\n{margin}".join(part.strip() for part in (*parts, line[start:]) if part.strip())


def _outside(text: str) -> str:
    """What of a text stands outside of brackets."""
    depth, kept = 0, []
    for character in text:
        depth += brackets.step(character)
        kept.append(character if depth == 0 else "")
    return "".join(kept)


def names_in(code: str) -> frozenset[str]:
    """The last components of the names in some code."""
    return frozenset(last_part(word) for word in _WORD.findall(code))


def made_of(names: frozenset[str], known: dict[str, Definition]) -> tuple[str, ...]:
    """What definitions are made of besides themselves, those of the nearest first."""
    met, waiting = set(names), sorted(names)
    found: list[str] = []
    for name in waiting:
        of = known.get(name)
        for used in sorted(of.uses & known.keys() - met) if of is not None else ():
            met.add(used)
            waiting.append(used)
            found.append(used)
    return tuple(found)
