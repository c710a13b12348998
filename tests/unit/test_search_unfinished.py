"""The best part of a proof: which steps it takes, what it leaves, and when Lean is content with it."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from ghostproof.errors import NoGoal
from ghostproof.search.graph import SearchGraph
from ghostproof.search.proof import Outcome
from ghostproof.search.strategy import Move
from ghostproof.search.unfinished import Unfinished, holds, unfinished
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import GoalState
from ghostproof.verify.error_above import ErrorAbove
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.verdict import Progress, Verdict
from support.scripted_checker import FILE, PROVED, Places, ScriptedChecker, state_of
from unit.test_search_driver import LEFT, LONG_S, PLACES, SPOT, TEXT, closer, searching, step
from unit.test_search_graph import Lean, Table, goal


def part(moves: Mapping[str, Sequence[Move]], verdicts: Mapping[str, Verdict], seen: Mapping[int, str | None]) -> str:
    """What is best when all was tried; "" where there is none."""
    graph = SearchGraph(parse_main(goal("t")), "", [Table(moves)])
    Lean(graph, verdicts, seen).run()
    found = unfinished(graph.nodes, TEXT, SPOT)
    return found.text if found else ""


# What is tried in vain at a goal comes late, as it does in a search.
VAIN = [closer("in vain", 50)]
TWO = {"t": [step("cases h")], "a": [closer("simp")], "b": VAIN}
SPLIT: dict[str, Verdict] = {"cases h": Progress((goal("a"), goal("b"))), "simp": PROVED}
DEEPER = {**TWO, "b": [step("cases g"), *VAIN], "c": [closer("rfl")], "d": VAIN}


@pytest.mark.parametrize(
    ("moves", "verdicts", "expected"),
    [
        (TWO, SPLIT, "cases h\n· simp\n· sorry"),
        ({"t": [step("cases h")], "a": VAIN, "b": VAIN}, SPLIT, ""),
        ({"t": [step("simp only")], "a": VAIN}, {"simp only": Progress((goal("a"),))}, ""),
        (
            DEEPER,
            {**SPLIT, "cases g": Progress((goal("c"), goal("d"))), "rfl": PROVED},
            "cases h\n· simp\n· cases g\n  · rfl\n  · sorry",
        ),
        (DEEPER, {**SPLIT, "cases g": Progress((goal("c"), goal("d")))}, "cases h\n· simp\n· sorry"),
        (
            {**TWO, "t": [step("cases h"), step("intro")]},
            {**SPLIT, "intro": Progress((goal("b"),))},
            "cases h\n· simp\n· sorry",
        ),
        ({}, {}, ""),
    ],
    ids=["one of two", "none", "a step", "below", "none below", "another step", "nothing"],
)
def test_it_has_the_steps_that_leave_least(
    moves: Mapping[str, Sequence[Move]], verdicts: Mapping[str, Verdict], expected: str
) -> None:
    assert part(moves, verdicts, {}) == expected


def test_what_lean_sees_no_goal_in_is_left_to_nobody() -> None:
    assert part(TWO, SPLIT, {2: None}) == ""


def test_goals_that_hang_together_are_left_to_nobody() -> None:
    assert part({"t": [step("apply f")]}, {"apply f": Progress((goal("?x = 1"), goal("p ?x")))}, {}) == ""


def test_the_part_with_less_left_comes_first() -> None:
    moves = {**TWO, "t": [step("cases h"), step("split")], "e": [closer("simp")], "f": VAIN}
    verdicts = {**SPLIT, "split": Progress((goal("a"), goal("e"), goal("f")))}
    assert part(moves, verdicts, {}) == "split\n· simp\n· simp\n· sorry"


# ------------------------------------------------------------------------------------------------------ of a search

HALF = {"t": [step("cases x")], "a": [closer("simp")], "b": [closer("omega")]}
PART = "cases x with\n| inl => simp\n| inr => sorry"


async def searched(table: Mapping[str, Verdict]) -> Outcome:
    return await searching(Places(table, PLACES), HALF).run(LONG_S)


async def test_a_search_in_vain_tells_it_and_what_it_leaves() -> None:
    outcome = await searched({"cases x": LEFT, "simp": PROVED})
    assert outcome.proof is None
    found = outcome.unfinished
    assert found is not None
    assert (found.text, found.left) == (PART, ("h : r\n⊢ b",))
    assert found.put_into(TEXT) == "theorem t : p := by\n  cases x with\n  | inl => simp\n  | inr => sorry\n"


async def test_where_there_is_a_proof_or_no_part_there_is_none() -> None:
    whole = "cases x with\n| inl => simp\n| inr => omega"
    assert (await searched({"cases x": LEFT, "simp": PROVED, "omega": PROVED, whole: PROVED})).unfinished is None
    assert (await searched({"cases x": LEFT})).unfinished is None


async def test_a_whole_that_is_refused_is_no_part() -> None:
    assert (await searched({"cases x": LEFT, "simp": PROVED, "omega": PROVED})).unfinished is None


# ----------------------------------------------------------------------------------------------------- Lean's word

ABOVE, IN_IT = ErrorAbove(0, "above"), ErrorAbove(3, "in it")


class Reading(ScriptedChecker):
    """Tells an error above each of the holes that are opened in turn; `NoGoal` where Lean does not come there."""

    def __init__(self, *found: ErrorAbove | type[NoGoal] | None) -> None:
        super().__init__({}, state_of("⊢ t"))
        self._found = iter(found)
        self.texts: list[str] = []

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        self.texts.append(text[: spot.start] + "⟦⟧" + text[spot.end :])
        found = next(self._found)
        if not isinstance(found, ErrorAbove | None):
            raise found("no goal here")
        return GoalState(("⊢ t",), parse_main("⊢ t"), "k", error_above=found)


SOME = Unfinished(SPOT, "cases x with -- no sorry\n| inl => sorry\n| inr => sorry", ("⊢ a", "⊢ b"))


@pytest.mark.parametrize(
    ("found", "expected"),
    [
        ((None, None), True),
        ((ABOVE, ABOVE), True),
        ((None, IN_IT), False),
        ((ABOVE, IN_IT), False),
        ((None, NoGoal), False),
        ((NoGoal,), False),
    ],
)
async def test_it_holds_where_lean_comes_to_its_last_hole_without_another_error(
    found: Sequence[ErrorAbove | type[NoGoal] | None], expected: bool
) -> None:
    lean = Reading(*found)
    assert await holds(lean, FILE, TEXT, SOME) == expected
    if len(found) > 1:
        assert lean.texts[-1].endswith("| inl => sorry\n  | inr => ⟦⟧\n")


async def test_what_has_another_hole_than_it_says_does_not_hold() -> None:
    other = Unfinished(Spot(22, 27, "", 2, SpotKind.SORRY), "exact sorry", ("⊢ a", "⊢ b"))
    assert not await holds(Reading(None, None), FILE, TEXT, other)
