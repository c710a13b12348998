"""When all is said about a version: sequences of signs, as servers send them, and some that none should send."""

import asyncio
from itertools import permutations

import pytest

from ghostproof.errors import LeanDied
from ghostproof.lean.elaboration import Elaboration, Sign, progress

SIGNS = {
    "D": Sign.DIAGNOSTICS,
    "P": Sign.WORKING,
    "p": Sign.RESTING,
    "F": Sign.FATAL,
    "A": Sign.ANSWER,
}

# The end of each is where all is said, and not a sign before.
ENDS_WITH_THE_LAST = {
    "first open, the delay at its default: the only real set comes behind the rest": "P D p p D A",
    "first open without delay": "P P D D P P P D P p p A",
    "an edit that costs nothing": "p p D A",
    "an edit that blocks": "P D P D P p p A",
    "work without a place in the text between": "P D p P D p D p A",
    "Lake's messages come and go first": "P D D D p p D A",
    "a wrong header, the delay at its default": "P D p F D A",
    "a wrong header": "P D P D p F A",
    "the worker left for a new header, and another one began": "P D P D D P P D p p A",
    "a file without anything in it": "P D p p A",
    "the answer first (old Leans): the set comes behind the rest": "P A p D",
    "the answer first, and rest behind the set": "P D A P D p",
    "the answer in the midst, at a wrong header": "A D F",
    "the death of the worker before comes late": "F P D D p p A",
}


def run(signs: str) -> list[bool]:
    """Whether all was said, behind each sign."""
    elaboration = Elaboration(1)
    said = []
    for sign in signs.split():
        elaboration.mark(SIGNS[sign])
        said.append(elaboration.finished.is_set())
    return said


@pytest.mark.parametrize("signs", ENDS_WITH_THE_LAST.values(), ids=ENDS_WITH_THE_LAST.keys())
def test_it_ends_with_the_last_sign(signs: str) -> None:
    said = run(signs)
    assert said == [False] * (len(said) - 1) + [True]


@pytest.mark.parametrize(
    "signs", ["", "D", "p", "A", "F", "D p", "D p p D", "D F", "p A", "F A", "D A", "P D A", "D p P A"]
)
def test_less_than_all_is_not_the_end(signs: str) -> None:
    assert not any(run(signs))


@pytest.mark.parametrize("rest", ["p", "F"])
def test_the_order_of_the_three_does_not_matter(rest: str) -> None:
    for order in permutations(["D", rest, "A"]):
        assert run(" ".join(order)) == [False, False, True]


def test_a_failure_ends_it_once_and_an_end_stays() -> None:
    elaboration = Elaboration(1)
    first = LeanDied("first")
    elaboration.fail(first)
    elaboration.fail(LeanDied("second"))
    assert elaboration.finished.is_set()
    assert elaboration.failure is first
    finished = Elaboration(2)
    for sign in (Sign.DIAGNOSTICS, Sign.RESTING, Sign.ANSWER):
        finished.mark(sign)
    finished.fail(first)
    assert finished.failure is None


def test_what_a_progress_report_says() -> None:
    assert progress([]) is Sign.RESTING
    assert progress([{"kind": 2}]) is Sign.FATAL
    assert progress([{"kind": 1}, {"kind": 2}]) is Sign.WORKING
    assert progress([{}]) is Sign.WORKING


async def test_whoever_waits_wakes_at_the_end() -> None:
    elaboration = Elaboration(1)
    waiting = asyncio.ensure_future(elaboration.finished.wait())
    elaboration.mark(Sign.DIAGNOSTICS)
    elaboration.mark(Sign.RESTING)
    await asyncio.sleep(0)
    assert not waiting.done()
    elaboration.mark(Sign.ANSWER)
    assert await waiting
