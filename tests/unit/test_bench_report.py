"""The bench's rows, statistics and table."""

import io
import json
import math
from pathlib import Path

import pytest
from bench.report import Row, Target, failed, figure, median_row, percentile, show, write_json
from rich.console import Console


def test_a_target_has_a_direction() -> None:
    assert Row("x", 2.0, "s", Target(2)).passed is True
    assert Row("x", 2.1, "s", Target(2)).passed is False
    assert Row("x", 9.0, "×", Target(10, at_least=True)).passed is False
    assert Row("x", 2.0, "s").passed is None


def test_what_could_not_run_is_a_miss_and_says_why() -> None:
    row = failed("rival", "×", "no lake", Target(10, at_least=True))
    assert row.passed is False
    assert row.note == "could not run: no lake"


def test_medians_and_percentiles() -> None:
    assert median_row("x", [3.0, 1.0, 2.0], "s").value == 2.0
    assert math.isnan(median_row("x", [], "s").value)
    assert percentile([1.0], 0.99) == 1.0
    assert percentile([float(i) for i in range(1, 201)], 0.99) == 198.0


@pytest.mark.parametrize(
    ("value", "text"),
    [(0.01234, "0.0123"), (1.234, "1.23"), (12.34, "12.3"), (1234.5, "1234"), (0.0, "0.00"), (math.nan, "–")],
)
def test_figures_have_three_digits(value: float, text: str) -> None:
    assert figure(value) == text


def test_the_table_names_target_and_miss() -> None:
    out = io.StringIO()
    show(Console(file=out, width=120), "Title", [Row("first", 0.5, "s", Target(0.3), "n=3")], 1.0)
    text = out.getvalue()
    assert "Title" in text
    assert "≤ 0.3" in text
    assert "✗ missed" in text


def test_json_has_null_for_what_could_not_be_measured(tmp_path: Path) -> None:
    file = tmp_path / "out.json"
    write_json(file, {"m": [Row("a", 1.0, "s", Target(2)), failed("b", "s", "why")]})
    rows = json.loads(file.read_text("utf-8"))["m"]
    assert rows[0]["passed"] is True
    assert rows[1]["value"] is None
