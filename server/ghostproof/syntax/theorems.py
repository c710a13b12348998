"""The theorems that a text states and proves, with their proofs as scripts. A reading of the text, without Lean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from textwrap import dedent

from ghostproof.syntax.extent import declaration_at, value_start
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.words import BEFORE_KEYWORD, command_starts

_THEOREM = re.compile(rf"{BEFORE_KEYWORD}(?P<word>theorem|lemma)(?![\w'!?.])")
_BY = re.compile(r"\s*by(?![\w'!?.])")


@dataclass(frozen=True)
class WrittenTheorem:
    """A theorem with its proof.

    Attributes:
        full_name: with its namespace.
        start: offset of its first line; what documents it stands above.
        value: offset behind its statement, where `:=` or the first equation begins.
        end: offset behind its last character.
        script: its proof as tactics at column 0: what stands behind `by`, `exact` and the term, or "" for equations.
        lines: how many lines its proof has, comments and blanks left out; the one that ends the statement counts where
            something of the proof stands on it.
    """

    full_name: str
    start: int
    value: int
    end: int
    script: str
    lines: int

    def proof(self, text: str) -> str:
        """The proof as it is written."""
        return text[self.value : self.end]


def written_theorems(text: str) -> Iterator[WrittenTheorem]:
    """The theorems of a text, from the top. Those of a `mutual` block are left out: none of them stands alone."""
    masked, _ = mask(text)
    starts = list(command_starts(masked))
    for start, end in zip(starts, [*starts[1:], len(masked)], strict=True):
        head = _THEOREM.match(masked, start, end)
        value = value_start(masked, head.end(), end) if head else None
        if head is None or value is None:
            continue
        declaration = declaration_at(text, head.start("word"))
        if declaration.start != start or not declaration.full_name:
            continue
        stop = value + len(masked[value:end].rstrip())
        yield WrittenTheorem(
            declaration.full_name, start, value, stop, _script(text, masked, value, stop), _lines(masked, value, stop)
        )


def _script(text: str, masked: str, value: int, end: int) -> str:
    if not masked.startswith(":=", value):
        return ""
    by = _BY.match(masked, value + 2, end)
    body = text[by.end() if by else value + 2 : end]
    first, newline, rest = body.partition("\n")
    laid_out = first.strip() + (newline + dedent(rest) if first.strip() else dedent(rest))
    return laid_out.strip("\n") if by else f"exact {laid_out.strip()}"


def _lines(masked: str, value: int, end: int) -> int:
    """Lines that have something of the proof on them besides `:=` and `by`."""
    proof = re.sub(r"\A:=(?:\s*by(?![\w'!?.]))?", "", masked[value:end])
    return sum(bool(line.strip()) for line in proof.split("\n"))
