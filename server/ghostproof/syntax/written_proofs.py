"""The proofs that stand in a file: each block of tactics that is in no other, and what another proof replaces of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ghostproof.syntax.blocks import Block, BlockKind
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.outline import outline
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.syntax.words import begins_command

_LINE_START = re.compile(r"^(?=\S)", re.MULTILINE)


@dataclass(frozen=True)
class WrittenProof:
    """One proof by tactics.

    Attributes:
        spot: what another proof replaces: the lines of tactics, or the `by` with what is behind it on its line.
        script: the tactics with their comments, laid out at column 0.
        start: offset of the first tactic.
        opener: offset of the `by`.
    """

    spot: Spot
    script: str
    start: int
    opener: int


def written_proofs(text: str) -> Iterator[WrittenProof]:
    """The proofs of a text, from the top."""
    masked, _ = mask(text)
    for start, end in _commands(masked):
        yield from _proofs_between(text, masked, start, end)


def proof_at(text: str, offset: int) -> WrittenProof | None:
    """The proof that an offset stands in, its `by` included, or on whose last line it is."""
    masked, _ = mask(text)
    found: WrittenProof | None = None
    for start, end in _commands(masked):
        for proof in _proofs_between(text, masked, start, end) if start <= offset <= end else ():
            line_end = text.find("\n", proof.spot.end)
            if proof.opener <= offset <= (line_end if line_end >= 0 else len(text)):
                found = proof
    return found


def _commands(masked: str) -> Iterator[tuple[int, int]]:
    """Offsets of the commands, each of which ends where the next one begins."""
    starts = [found.start() for found in _LINE_START.finditer(masked) if begins_command(masked, found.start())]
    yield from zip(starts, [*starts[1:], len(masked)], strict=True)


def _proofs_between(text: str, masked: str, start: int, end: int) -> Iterator[WrittenProof]:
    behind = start
    for block in outline(masked, start, end, end).blocks:
        is_proof = block.kind is BlockKind.TACTICS and block.opener.text == "by" and block.items
        if is_proof and block.opener.start >= behind:
            yield _proof(text, block)
            behind = block.items[-1].end


def _proof(text: str, block: Block) -> WrittenProof:
    first, last = block.items[0], block.items[-1]
    column = block.column or 0
    head, *rest = text[first.start : last.end].split("\n")
    script = "\n".join([head, *(line[min(column, len(line) - len(line.lstrip())) :] for line in rest)])
    if first.fresh:
        spot = Spot(first.start, last.end, "", column, SpotKind.TACTIC)
    else:
        line = text.rfind("\n", 0, block.opener.start) + 1
        spot = Spot(block.opener.start, last.end, "by ", block.opener.start - line + 3, SpotKind.TERM)
    return WrittenProof(spot, script, first.start, block.opener.start)


def with_comments(script: str, before: str) -> str:
    """A script with the comments that stood at the same lines of an earlier one."""
    above, behind = _comments(before)
    lines: list[str] = []
    for line in script.split("\n"):
        code, indent = line.strip(), line[: len(line) - len(line.lstrip())]
        lines += [indent + comment for comment in above.pop(code, ())]
        lines.append(line + behind.pop(code, ""))
    return "\n".join(lines)


def _comments(script: str) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Comments by the line that they stand above, and by the line that they stand behind."""
    above: dict[str, list[str]] = {}
    behind: dict[str, str] = {}
    masked, _ = mask(script)
    waiting: list[str] = []
    for line, code in zip(script.split("\n"), masked.split("\n"), strict=True):
        if not code.strip():
            waiting += [line.strip()] if line.strip() else []
            continue
        key = code.strip()
        if waiting:
            above.setdefault(key, waiting)
        if code.rstrip() != line.rstrip() and line.startswith(code.rstrip()):
            behind.setdefault(key, line[len(code.rstrip()) :])
        waiting = []
    return above, behind
