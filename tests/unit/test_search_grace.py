"""A proof of several lines was found: for a moment the search goes on for a shorter one."""

from dataclasses import replace

import pytest

from ghostproof.search.driver import ProofSearch
from ghostproof.search.strategy import Move
from ghostproof.verify.verdict import Verdict
from support.scripted_checker import FILE, PROVED, Places
from unit.test_search_driver import LEFT, LONG_S, PLACES, SPOT, TEXT, TWO, WHOLE, Table, closer, text_of

FOUND: dict[str, Verdict] = {"cases x": LEFT, "simp": PROVED, "omega": PROVED, "grind": PROVED, WHOLE: PROVED}


def late(text: str) -> Move:
    """Its turn comes when the proof by cases is there."""
    return Move(text, "table", 9.0, patient=True)


def searching(lean: Places, *more: Move, shorten: bool = True) -> ProofSearch:
    return ProofSearch(lean, FILE, TEXT, SPOT, [Table({**TWO, "t": [*TWO["t"], *more]})], shorten=shorten)


async def test_the_shortest_of_the_proofs_that_are_found_is_taken() -> None:
    assert text_of(await searching(Places(FOUND, PLACES), late("grind")).run(LONG_S)) == "grind"


async def test_a_shorter_one_that_lean_does_not_accept_as_a_whole_changes_nothing() -> None:
    refused = "obtain h\n· simp\n· omega"
    lean = Places({**FOUND, "obtain h": LEFT}, PLACES)
    assert text_of(await searching(lean, replace(late("obtain h"), onward=0.1)).run(LONG_S)) == WHOLE
    assert refused in lean.asked


async def test_what_hangs_is_not_waited_for() -> None:
    lean = Places(FOUND, PLACES, hang=["grind"])
    assert text_of(await searching(lean, late("grind")).run(LONG_S)) == WHOLE
    assert "grind" in lean.asked


@pytest.mark.parametrize("first", ["grind", "cases x"])
async def test_nothing_more_is_tried_where_one_line_was_found_or_what_is_written_is_to_be_kept(first: str) -> None:
    short = first == "grind"
    lean = Places({**FOUND, "late": PROVED}, PLACES)
    early = (closer("grind", 0.5),) if short else ()
    outcome = await searching(lean, *early, late("late"), shorten=short).run(LONG_S)
    assert text_of(outcome) == ("grind" if short else WHOLE)
    assert "late" not in lean.asked
