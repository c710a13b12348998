"""A claim: a text of which a checker said that it is proved. Reads what `recorder.py` wrote; knows no Lean process.

A claim is taken apart by columns and keywords alone, which is coarse. What is cut wrongly does not elaborate, and is
then judged as it stands, in a file of its own.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

_MODIFIER = r"(?:@\[[^\]\n]*\]|private|protected|noncomputable|nonrec|partial|public|scoped|local)"
_DECLARATION = re.compile(
    rf"(?:{_MODIFIER}\s+)*(?P<keyword>theorem|lemma|def|abbrev|example|instance)\b(?P<rest>[^\n]*)"
)
_COMMAND = re.compile(
    rf"(?:{_MODIFIER}\s+)*(?:theorem|lemma|def|abbrev|example|instance|inductive|structure|class|axiom|opaque|mutual|end"
    r"|namespace|section|open|variable|universe|set_option|attribute|macro|macro_rules|syntax|notation|infixl?|infixr"
    r"|prefix|postfix|elab|elab_rules|deriving instance|initialize|export|import|unseal|seal|include|omit|run_cmd"
    r"|add_decl_doc|simproc|coinductive)\b|#|/-|--|@\["
)
_IMPORT = re.compile(r"(?:public\s+)?(?:meta\s+)?import\b")
_NAME = re.compile(r"\s*(?P<name>[^\s:({\[⦃|]+)")
# Commands that change how what stands below them is read, wherever it stands.
_CHANGES_SYNTAX = re.compile(
    r"\b(?:macro|macro_rules|syntax|notation|infixl?|infixr|prefix|postfix|elab|elab_rules|initialize|simproc|attribute"
    r"|export|declare_\w+|unif_hint|run_cmd|scoped|local|prelude|module|seal|unseal)\b|^#",
    re.MULTILINE,
)
_OPENS = re.compile(r"(?:noncomputable\s+)?(?P<keyword>namespace|section|mutual)\b\s*(?P<name>[^\s-]*)")


@dataclass(frozen=True)
class Claim:
    """A text with something put into it, which is said to be a proof there."""

    before: str
    placed: str
    after: str
    checker: str = ""
    test: str = ""

    @property
    def text(self) -> str:
        return self.before + self.placed + self.after

    @property
    def sketch(self) -> str:
        """The same with a hole, as it was before."""
        return f"{self.before}{self.lead}sorry{self.after}"

    @property
    def lead(self) -> str:
        """Blanks and line ends with which what was put there begins."""
        return self.placed[: len(self.placed) - len(self.placed.lstrip())]


@dataclass(frozen=True)
class Cut:
    """A claim's text, from its imports to the end of its declaration.

    Attributes:
        header: the imports.
        prefix: what stands between them and the declaration.
        declaration: whole, with the attributes and doc comment in front of it.
        names: what it declares; empty for one without a name.
        closing: the `end`s that close what the prefix leaves open.
        apart: it must not share a file with other claims.
    """

    header: str
    prefix: str
    declaration: str
    names: tuple[str, ...]
    closing: tuple[str, ...]
    apart: bool
    first_line: int = field(compare=False, default=0)


def read(folder: Path) -> list[Claim]:
    """All claims of a folder, in an order that says nothing about them."""
    return [Claim(**json.loads(path.read_text("utf-8"))) for path in sorted(folder.glob("*.json"))]


def cut(claim: Claim, text: str | None = None) -> Cut:
    """Take a claim's text apart; `text` in its place has the same lines up to the hole."""
    lines = (claim.text if text is None else text).split("\n")
    at = claim.before.count("\n") + claim.lead.count("\n")
    header = 0
    for i, line in enumerate(lines[: at + 1]):
        if _IMPORT.match(line):
            header = i + 1
    start, open_ = _start(lines, header, at)
    stop = _stop(lines, max(at, start), "mutual" in [keyword for keyword, _ in open_])
    prefix = "\n".join(lines[header:start])
    declaration = "\n".join(lines[start:stop])
    closing = tuple(f"end {name}".rstrip() for keyword, name in reversed(open_) if keyword != "mutual")
    apart = bool(_CHANGES_SYNTAX.search(prefix) or _CHANGES_SYNTAX.search("\n".join(lines[:header])))
    return Cut("\n".join(lines[:header]), prefix, declaration, tuple(_names(declaration)), closing, apart, start)


def _start(lines: list[str], header: int, at: int) -> tuple[int, list[tuple[str, str]]]:
    """The line where the declaration around a line begins, and what is open there."""
    open_: list[tuple[str, str]] = []
    start, mutual = header, -1
    for i in range(header, at + 1):
        line = lines[i]
        if opening := _OPENS.match(line):
            open_.append((opening["keyword"], opening["name"]))
            mutual = i if opening["keyword"] == "mutual" else mutual
        elif re.match(r"end\b", line) and open_:
            keyword, _ = open_.pop()
            mutual = -1 if keyword == "mutual" else mutual
        elif _DECLARATION.match(line):
            start = i
    start = mutual if mutual >= 0 else start
    while start > header and _belongs_below(lines[start - 1]):
        start -= 1
    return start, open_


def _belongs_below(line: str) -> bool:
    return line.startswith("@[") or (line.rstrip().endswith(" in") and not line.startswith(" "))


def _stop(lines: list[str], at: int, mutual: bool) -> int:
    for i in range(at + 1, len(lines)):
        if mutual:
            if re.match(r"end\b", lines[i]):
                return i + 1
        elif _COMMAND.match(lines[i]):
            return i
    return len(lines)


def _names(declaration: str) -> Iterator[str]:
    for line in declaration.split("\n"):
        found = _DECLARATION.match(line)
        if found and found["keyword"] != "example":
            name = _NAME.match(found["rest"])
            if name and not (found["keyword"] == "instance" and name["name"].startswith(("(", "["))):
                yield name["name"].removesuffix(".")
