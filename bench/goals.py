"""The goals that are measured: every `sorry` of a text, most of them of `examples/Demo.lean`."""

import re
from pathlib import Path

from bench.contender import Goal
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.text import SourceText

DEMO = Path(__file__).parents[1] / "examples" / "Demo.lean"


def demo_goals(path: Path = DEMO) -> list[Goal]:
    """The goals of the demo file, as if it lay at `path`."""
    return sorry_goals(path, DEMO.read_text("utf-8"))


def sorry_goals(path: Path, text: str) -> list[Goal]:
    """Every `sorry` that ends a line and is no word of a comment or of prose."""
    source = SourceText(text)
    found = []
    for match in re.finditer(r"(?:^\s*|by |=> )(sorry)$", source.text, re.MULTILINE):
        start, end = match.span(1)
        at = source.position(start)
        found.append(Goal(path, source.text, Spot(start, end, "", at.column, SpotKind.SORRY), at))
    return found
