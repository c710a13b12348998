"""Where the bodies of declarations stand in a text: behind `:=`, in the arms of equations, in the fields of `where`."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from ghostproof.syntax.blocks import BlockKind, Outline
from ghostproof.syntax.lexical import tokens
from ghostproof.syntax.outline import MOST_TOKENS, outline
from ghostproof.syntax.term_parts import TermPart, TermReader
from ghostproof.syntax.words import DECLARATIONS, MODIFIERS, words

_WITH_BODY = words("theorem lemma def abbrev instance example")
_PROVING = words("theorem lemma example")
_CLAUSES = words("termination_by decreasing_by where deriving end")
_BEGINS = frozenset({":=", "where", "|"})


@dataclass(frozen=True)
class Body:
    """What one declaration, or one field of a `where`, is.

    Attributes:
        term: the term, or all equations with their arms as its parts.
        signature_end: offset behind what stands before it: the type, or the binders.
        is_equations: it is a list of equations.
        is_proof: as far as the text tells; the value of a definition may be one too, and a field may be none.
    """

    term: TermPart
    signature_end: int
    is_equations: bool = False
    is_proof: bool = False


def bodies(masked: str, start: int, end: int) -> tuple[list[Body], Outline]:
    """The bodies of the declarations of one command, or of a `mutual` block, and the outline of it."""
    found = list(tokens(masked, start, end))
    around = outline(masked, start, end, end)
    if len(found) > MOST_TOKENS or not found:
        return [], around
    blocks = {
        block.opener.start: block.items[-1].end
        for block in around.blocks
        if block.is_tactics and block.opener.text == "by" and block.items
    }
    reader = TermReader(found, masked, blocks)
    fields = {
        block.opener.start: [(item.start, item.end) for item in block.items]
        for block in around.blocks
        if block.kind is BlockKind.FIELDS
    }
    heads = list(_heads(reader))
    read: list[Body] = []
    for head, behind in pairwise([*heads, len(found)]):
        if found[head].text in _WITH_BODY:
            read += _of_declaration(reader, head, behind, fields)
    return read, around


def _heads(reader: TermReader) -> Iterator[int]:
    found = reader.tokens
    for nth in reader.outside(0, len(found)):
        if found[nth].text in DECLARATIONS:
            before = found[nth - 1].text if nth else "]"
            if reader.is_fresh(nth) or before in MODIFIERS or before == "]":
                yield nth


def _of_declaration(
    reader: TermReader, head: int, end: int, fields: dict[int, list[tuple[int, int]]]
) -> Iterator[Body]:
    found = reader.tokens
    proving = found[head].text in _PROVING
    begins = reader.find(_BEGINS, head + 1, end)
    while begins is not None:
        if found[begins].text == "where":
            for start, stop in fields.get(found[begins].start, ()):
                first = next((nth for nth in range(begins + 1, end) if found[nth].start >= start), end)
                last = next((nth for nth in range(first, end) if found[nth].start >= stop), end)
                yield from _of_item(reader, first, last)
            return
        clause = reader.find(_CLAUSES, begins + 1, end)
        yield from _assigned(reader, begins, end if clause is None else clause, is_proof=proving)
        while clause is not None and found[clause].text != "where":
            clause = reader.find(_CLAUSES, clause + 1, end)
        begins = clause


def _of_item(reader: TermReader, first: int, end: int) -> Iterator[Body]:
    """A field, or a function that stands below the one that uses it."""
    begins = reader.find(frozenset({":=", "|"}), first, end)
    if begins is not None:
        clause = reader.find(_CLAUSES, begins + 1, end)
        yield from _assigned(reader, begins, end if clause is None else clause, is_proof=True)


def _assigned(reader: TermReader, begins: int, end: int, *, is_proof: bool) -> Iterator[Body]:
    before = reader.tokens[begins - 1].end
    if reader.tokens[begins].text == ":=":
        term = reader.term(begins + 1, end)
        if term is not None:
            yield Body(term, before, is_proof=is_proof)
        return
    # A bar before the `:=` is one of a type unless an arrow is behind it.
    assigned, arrow = (reader.find(frozenset(sign), begins + 1, end) for sign in ({":="}, {"=>", "↦"}))
    if assigned is not None and (arrow is None or assigned < arrow):
        yield from _assigned(reader, assigned, end, is_proof=is_proof)
    elif arrow is not None:
        arms = tuple(reader.arms(begins, end))
        whole = TermPart(reader.tokens[begins].start, reader.tokens[end - 1].end, arms)
        yield Body(whole, before, is_equations=True, is_proof=is_proof)
