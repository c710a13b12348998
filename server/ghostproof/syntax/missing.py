"""Where a proof is missing in the declaration at a cursor. What stands there already is never a place for another."""

import re
from collections.abc import Iterator, Sequence

from ghostproof.syntax.blocks import BlockKind
from ghostproof.syntax.extent import declaration_at
from ghostproof.syntax.given_up import GIVEN_UP
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.spot import Problem, Site, Spot, SpotKind
from ghostproof.text import SourceText

_BEHIND_SEQUENCE = re.compile(r"<;>\s*$")
_OPENS = re.compile(r"(?<![\w.'])by$")


def find_proof_spots(source: SourceText, offset: int, problems: Sequence[Problem] = ()) -> list[Spot]:
    """The cursor's own place first, then the first hole of its declaration; empty where nothing is missing.

    Args:
        problems: Lean's diagnostics at the cursor: one about unsolved goals asks for more at the end of its block.
    """
    site = Site.at(source, offset)
    if site is None:
        return []
    found = _here(site)
    found += [site.block_end(p.start) for p in problems if "unsolved goals" in p.message]
    found += [site.sorry_on_line(), next(_holes(source, offset), None)]
    return list(dict.fromkeys(spot for spot in found if spot is not None))


def holes_of(source: SourceText, offset: int) -> list[Spot]:
    """Every `sorry` of the declaration at an offset, from the top; empty where the offset is itself at a place."""
    site = Site.at(source, offset)
    return [] if site is None or any(_here(site)) or site.sorry_on_line() else all_holes(source, offset)


def all_holes(source: SourceText, offset: int) -> list[Spot]:
    """Every `sorry` of the declaration at an offset, from the top, wherever in it the offset is."""
    return list(_holes(source, offset))


def every_missing(source: SourceText) -> Iterator[tuple[int, Spot | None]]:
    """The offset of each `sorry` and `admit` of a text, from the top, and where its proof goes.

    None for one that no proof by itself can replace: in a type, between operators, in `conv`.
    """
    masked, _ = mask(source.text)
    for found in GIVEN_UP.finditer(masked):
        site = Site.at(source, found.start())
        spot = _given_up(site) if site is not None else None
        if spot is not None or found[0] == "sorry":
            yield found.start(), spot


def find_places(source: SourceText, offset: int) -> list[Spot]:
    """Where a proof may be missing: the places of `find_proof_spots`; else the ends of the declaration's blocks.

    Of these only Lean can tell whether a goal is left there.
    """
    return find_proof_spots(source, offset) or list(_ends(source, offset))


def _here(site: Site) -> list[Spot | None]:
    """The cursor's own place, as far as there are any."""
    return [_given_up(site), site.hole(), site.blank_line(), site.after_opener()]


def _given_up(site: Site) -> Spot | None:
    """The proof under the cursor that was left out: `sorry` as a tactic or a term, `exact sorry`, `admit`."""
    return site.sorry() or site.term_sorry() or _as_a_whole(site) or _on_every_goal(site)


def _as_a_whole(site: Site) -> Spot | None:
    """The tactic under the cursor that is nothing but `exact sorry` or `admit`."""
    for block in site.outline.blocks:
        for item in block.items:
            text = site.masked[item.start : item.end].split()
            if block.is_tactics and item.start <= site.cursor <= item.end and text in (["exact", "sorry"], ["admit"]):
                return Spot(item.start, item.end, "", item.column, SpotKind.SORRY)
    return None


def _on_every_goal(site: Site) -> Spot | None:
    """The tactic `sorry` under the cursor that is run on several goals: behind `<;>`, in `all_goals`."""
    for found in GIVEN_UP.finditer(site.masked, site.line_start, site.line_end):
        start, end = found.span()
        if not start <= site.cursor <= end:
            continue
        repeated = [block for block in site.outline.blocks if block.kind is BlockKind.REPEATED]
        alone = any(item.start == start and item.end == end for block in repeated for item in block.items)
        if alone or _BEHIND_SEQUENCE.search(site.masked[:start][-80:]):
            return Spot(start, end, "", start - site.line_start, SpotKind.SORRY)
    return None


def _ends(source: SourceText, offset: int) -> Iterator[Spot]:
    """The end of each block of the declaration, a block that is in another one before that."""
    site = Site.at(source, offset)
    start, end = _written(source.text, offset)
    if site is None or "\n" in source.text[end:offset]:
        return
    blocks = [block for block in site.outline.blocks if block.is_tactics and block.items and block.opener.text != "|"]
    for block in sorted(blocks, key=lambda block: (block.items[-1].end, -block.opener.start)):
        if start <= block.opener.start and (spot := site.block_end(block.opener.start)) is not None:
            yield spot


def _holes(source: SourceText, offset: int) -> Iterator[Spot]:
    """Every `sorry` of the declaration from the top, then the end of one that stops at its `by`."""
    masked, _ = mask(source.text)
    start, end = _written(source.text, offset)
    if "\n" in source.text[end:offset]:
        return  # the cursor is below it
    for found in GIVEN_UP.finditer(masked, start, end):
        site = Site.at(source, found.start())
        spot = _given_up(site) if site else None
        if spot is not None:
            yield spot
    if _OPENS.search(masked, start, end):
        site = Site.at(source, end)
        spot = site.after_opener() if site else None
        if spot is not None:
            yield spot


def _written(text: str, offset: int) -> tuple[int, int]:
    """Where the declaration at an offset begins, and where what is written of it ends."""
    declaration = declaration_at(text, offset)
    masked, _ = mask(text)
    return declaration.start, declaration.start + len(masked[declaration.start : declaration.end].rstrip())
