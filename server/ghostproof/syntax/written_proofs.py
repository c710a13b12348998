"""The proofs that stand in a file, by tactics and as terms, with the parts that can be replaced alone, and by what."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise

from ghostproof.syntax.blocks import Block
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.script import HOLE
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.syntax.term_parts import TermPart
from ghostproof.syntax.words import command_starts
from ghostproof.syntax.written_bodies import Body, bodies

_CLAUSES = frozenset({"by", "decreasing_by"})


@dataclass(frozen=True)
class WrittenProof:
    """One proof, or a term that may be one.

    Attributes:
        spot: what another proof replaces: lines of tactics, the `by` with what is behind it on its line, or the term.
        script: the tactics with their comments, laid out at column 0; of a term, `exact` with it.
        start: offset of the first tactic, or of the term.
        opener: offset of the `by`, or of the term.
        parts: of a term, those that are blocks or could be replaced by one.
        term: the term itself, "" of a block of tactics.
        column: at which the term begins.
        head: what stands before it in its script: the `fun` of equations.
        is_proof: as far as the text tells. Of the value of a definition, and of a field, only Lean can tell.
    """

    spot: Spot
    script: str
    start: int
    opener: int
    parts: tuple["WrittenProof", ...] = ()
    term: str = field(default="", repr=False)
    column: int = 0
    head: str = ""
    is_proof: bool = True

    @property
    def is_term(self) -> bool:
        """Whether it is no block of tactics."""
        return bool(self.term)

    def holds(self, offset: int) -> bool:
        """Whether an offset stands in it or at its edge."""
        return self.opener <= offset <= self.spot.end

    def moved(self, by: int) -> "WrittenProof":
        """The same in a text that has more above it."""
        spot = self.spot.moved(by)
        parts = tuple(part.moved(by) for part in self.parts)
        return replace(self, spot=spot, start=self.start + by, opener=self.opener + by, parts=parts)

    def without(self, parts: Sequence["WrittenProof"]) -> str:
        """The script of a term with holes in place of some of its parts, from the top."""
        pieces, last = [], 0
        for part in parts:
            pieces += [self.term[last : part.opener - self.start], HOLE]
            last = part.spot.end - self.start
        return _as_tactic("".join(pieces) + self.term[last:], self.column, self.head, "refine")


def written_proofs(text: str) -> Iterator[WrittenProof]:
    """The proofs of a text that are in no other, from the top."""
    masked, _ = mask(text)
    for start, end in _commands(masked):
        yield from _proofs_between(text, masked, start, end)


def proof_at(text: str, offset: int) -> WrittenProof | None:
    """The proof that an offset stands in or on whose last line it is; in a term, the block of tactics there is one."""
    masked, _ = mask(text)
    found: WrittenProof | None = None
    for start, end in _commands(masked):
        for proof in _proofs_between(text, masked, start, end) if start <= offset <= end else ():
            line_end = text.find("\n", proof.spot.end)
            if proof.opener <= offset <= (line_end if line_end >= 0 else len(text)):
                found = proof
    return _block_at(found, offset) or found if found is not None else None


def _block_at(proof: WrittenProof, offset: int) -> WrittenProof | None:
    inner = next((found for part in proof.parts if (found := _block_at(part, offset)) is not None), None)
    if inner is not None or proof.is_term or not proof.holds(offset):
        return inner
    return proof


def _commands(masked: str) -> Iterator[tuple[int, int]]:
    """Offsets of the commands, each of which ends where the next one begins."""
    yield from pairwise([*command_starts(masked), len(masked)])


def _proofs_between(text: str, masked: str, start: int, end: int) -> Iterator[WrittenProof]:
    """The bodies of a command, and the blocks of tactics that are in none of them, such as in a statement."""
    found, around = bodies(masked, start, end)
    blocks = {
        block.opener.start: block
        for block in around.blocks
        if block.is_tactics and block.opener.text in _CLAUSES and block.items
    }
    roots = [_Reader(text, blocks).body(body) for body in found]
    behind = start
    for opener, block in sorted(blocks.items()):
        outside = not any(root.opener <= opener < root.spot.end for root in roots)
        if opener >= behind and outside:
            roots.append(_block(text, block))
        behind = max(behind, block.items[-1].end)
    yield from sorted((root for root in roots if root.script), key=lambda root: root.opener)


class _Reader:
    """Makes proofs of the parts of terms."""

    def __init__(self, text: str, blocks: dict[int, Block]) -> None:
        self._text, self._blocks = text, blocks

    def body(self, body: Body) -> WrittenProof:
        if body.is_equations:
            return self._equations(body)
        return self._proof(body.term, is_proof=body.is_proof)

    def _proof(self, part: TermPart, *, is_proof: bool = False) -> WrittenProof:
        if part.is_block and (block := self._blocks.get(part.start)) is not None:
            return _block(self._text, block)
        spot = Spot(part.start, part.end, "by ", self._column(part.start) + len("by "), SpotKind.TERM)
        return self._term(part, spot, "", is_proof=is_proof)

    def _equations(self, body: Body) -> WrittenProof:
        """Equations are replaced from the end of the statement on."""
        line = self._text[self._text.rfind("\n", 0, body.signature_end) + 1 : body.signature_end]
        column = len(line) - len(line.lstrip()) + 2
        lead = " := by\n" + " " * column
        spot = Spot(body.signature_end, body.term.end, lead, column, SpotKind.BLOCK_END)
        return self._term(body.term, spot, "fun", is_proof=body.is_proof)

    def _term(self, part: TermPart, spot: Spot, head: str, *, is_proof: bool) -> WrittenProof:
        term, column = self._text[part.start : part.end], self._column(part.start)
        parts = tuple(self._proof(inner) for inner in part.parts)
        script = _as_tactic(term, column, head)
        return WrittenProof(spot, script, part.start, part.start, parts, term, column, head, is_proof)

    def _column(self, offset: int) -> int:
        return offset - self._text.rfind("\n", 0, offset) - 1


def _as_tactic(term: str, column: int, head: str, tactic: str = "exact") -> str:
    """A tactic with a term whose lines stand to each other as they did."""
    lines = [" " * column + term.split("\n")[0], *term.split("\n")[1:]]
    if len(lines) == 1 and not head:
        return f"{tactic} {term}"
    left = min(len(line) - len(line.lstrip()) for line in lines if line.strip())
    return "\n  ".join([f"{tactic} {head}".rstrip(), *(line[left:].rstrip() for line in lines)])


def _block(text: str, block: Block) -> WrittenProof:
    first, last = block.items[0], block.items[-1]
    column = block.column or 0
    head, *rest = text[first.start : last.end].split("\n")
    script = "\n".join([head, *(line[min(column, len(line) - len(line.lstrip())) :] for line in rest)])
    if first.fresh:
        spot = Spot(first.start, last.end, "", column, SpotKind.TACTIC)
    elif block.opener.text != "by":
        spot = Spot(first.start, last.end, "", first.column, SpotKind.TACTIC)
    else:
        line = text.rfind("\n", 0, block.opener.start) + 1
        spot = Spot(block.opener.start, last.end, "by ", block.opener.start - line + 3, SpotKind.TERM)
    return WrittenProof(spot, script, first.start, block.opener.start)
