"""Lines of the table: what was measured, what it must not exceed, and how both are printed."""

import math
from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One line of the table.

    Attributes:
        value: None where it was not run; `note` says why.
        target: what it must not exceed. `limit`: what this card's memory bandwidth allows, computed.
    """

    name: str
    value: float | None
    unit: str
    target: float | None = None
    limit: float | None = None
    note: str = ""

    @property
    def passed(self) -> bool | None:
        return None if self.value is None or self.target is None else self.value <= self.target


def table(rows: list[Row]) -> str:
    def number(value: float | None) -> str:
        return "" if value is None else f"{value:.3g}" if math.fabs(value) < 1000 else f"{value:,.0f}"

    head = ("", "", "", "target", "limit", "", "")
    lines = [head] + [
        (
            row.name,
            number(row.value) or "-",
            row.unit,
            "" if row.target is None else f"≤ {row.target:g}",
            number(row.limit),
            "" if row.passed is None else "yes" if row.passed else "NO",
            row.note,
        )
        for row in rows
    ]
    widths = [max(len(line[place]) for line in lines) for place in range(len(head))]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)) for line in lines)
