"""What a measurement yields: rows with a target each, their statistics, and how they are printed."""

import json
import math
import os
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Target:
    """What a value must reach: at most `limit`, or at least."""

    limit: float
    at_least: bool = False

    def met(self, value: float) -> bool:
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


@dataclass(frozen=True)
class Row:
    """One measured value.

    Attributes:
        value: NaN where it could not be measured; then `note` says why.
        note: how it was come by: number of samples, spread.
    """

    name: str
    value: float
    unit: str
    target: Target | None = None
    note: str = ""

    @property
    def passed(self) -> bool | None:
        if math.isnan(self.value):
            return False
        return self.target.met(self.value) if self.target else None


def failed(name: str, unit: str, reason: str, target: Target | None = None) -> Row:
    """A row for what could not be measured."""
    return Row(name, math.nan, unit, target, f"could not run: {reason}")


def median_row(name: str, samples: Sequence[float], unit: str, target: Target | None = None, note: str = "") -> Row:
    """The median of the samples; the note tells their number and quartiles."""
    if not samples:
        return failed(name, unit, "no samples", target)
    spread = f"n={len(samples)}"
    if len(samples) >= 4:
        low, _, high = statistics.quantiles(samples, n=4)
        spread += f", quartiles {figure(low)} to {figure(high)}"
    return Row(name, statistics.median(samples), unit, target, "; ".join(filter(None, (spread, note))))


def percentile(samples: Sequence[float], part: float) -> float:
    """The smallest sample that `part` of them do not exceed."""
    ordered = sorted(samples)
    return ordered[max(0, math.ceil(part * len(ordered)) - 1)]


def figure(value: float) -> str:
    """Three significant digits, without an exponent."""
    if math.isnan(value):
        return "–"
    digits = 2 if value == 0 else max(0, 2 - math.floor(math.log10(abs(value))))
    return f"{value:.{min(digits, 4)}f}"


def show(console: Console, title: str, rows: Sequence[Row], seconds: float) -> None:
    """Print the rows of one measurement."""
    load = ", ".join(f"{x:.1f}" for x in os.getloadavg())
    table = Table(title=title, title_justify="left", caption=f"took {seconds:.0f} s; load averages {load}", box=None)
    table.add_column("", no_wrap=True)
    table.add_column("measured", justify="right")
    table.add_column("unit")
    table.add_column("target", justify="right")
    table.add_column("")
    table.add_column("", style="dim", overflow="fold")
    marks = {True: "[green]✓[/]", False: "[red]✗ missed[/]", None: ""}
    for row in rows:
        table.add_row(row.name, figure(row.value), row.unit, str(row.target or ""), marks[row.passed], row.note)
    console.print(table)
    console.print()


def write_json(path: Path, results: dict[str, Sequence[Row]]) -> None:
    """All rows by measurement; a value that could not be measured is null."""

    def plain(row: Row) -> dict[str, object]:
        value = None if math.isnan(row.value) else row.value
        return {**asdict(row), "value": value, "target": str(row.target or ""), "passed": row.passed}

    answer = {name: [plain(row) for row in rows] for name, rows in results.items()}
    path.write_text(json.dumps(answer, indent=2, ensure_ascii=False) + "\n", "utf-8")
