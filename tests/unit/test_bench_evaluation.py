"""The bench of the example library: which figures its rows are, and what they are compared with."""

import math

from bench.evaluation import ALONE, BOTH, NEAREST, NEXT, SOLVED, WITHOUT, rows_of

from ghostproof.evaluation.result import TheoremResult
from ghostproof.evaluation.workers import PARTS
from support.evaluated import result, way


def results(proved: int, shown: int, of: int = 10) -> list[TheoremResult]:
    yes, no = way("proved"), way("time")
    return [result(str(n), no, yes if n < proved else no, rank=8 if n < shown else 9) for n in range(of)]


def test_ratios_are_to_automation_alone() -> None:
    rows = rows_of({ALONE: results(4, 2), NEAREST: results(5, 2), BOTH: results(6, 4)})
    found = {row.name: row for row in rows}
    assert found[f"solved, {ALONE}"].value == 40
    assert found[f"solved, {NEAREST} ÷ {ALONE}"].value == 1.25
    assert found[f"solved, {NEAREST} ÷ {ALONE}"].target is None
    solved, shown = found[f"solved, {BOTH} ÷ {ALONE}"], found[f"next tactic shown, {BOTH} ÷ {ALONE}"]
    assert (solved.value, solved.target, solved.passed) == (1.5, SOLVED, True)
    assert (shown.value, shown.target, shown.passed) == (2.0, NEXT, True)
    assert (found["not solved by any"].value, found["not solved by any"].note) == (4, "6, 7, 8, 9")


def test_nothing_solved_is_no_ratio() -> None:
    rows = rows_of({ALONE: results(0, 0), NEAREST: results(0, 0), BOTH: results(1, 1)})
    assert not any("÷" in row.name for row in rows)
    assert math.isnan(next(row.value for row in rows if row.name == f"time to a proof, {ALONE}"))


def test_what_is_left_out_is_there() -> None:
    assert {part for without in WITHOUT.values() for part in without} <= PARTS
    assert list(WITHOUT) == [ALONE, NEAREST, BOTH]
