"""The report of an evaluation as one page of HTML that needs nothing else: the tables, plots and every theorem."""

from collections.abc import Sequence
from dataclasses import dataclass

from ghostproof.evaluation.journal import Conditions
from ghostproof.evaluation.result import TheoremResult, Way
from ghostproof.evaluation.summary import Summary, TheoremGroup, summary
from ghostproof.report.page import rendered

WIDTH, BAR, GAP, LABEL = 640, 16, 8, 150
HEIGHT = 240


@dataclass(frozen=True)
class Bar:
    """One bar of a plot, in pixels: `y` of its top, `whole` long in all, `part` of it filled."""

    y: int
    label: str
    whole: float
    part: float
    said: str


@dataclass(frozen=True)
class Curve:
    """How many theorems a way had proved after how long: the points of an SVG polyline."""

    way: Way
    points: str
    solved: int


def page(conditions: Conditions, results: Sequence[TheoremResult], title: str) -> str:
    """The whole page. What stands in it came from files, Lean and models: all of it is escaped and made visible."""
    found = summary(results)
    longest = max((1.0, *(way.ms / 1000 for result in results for way in result.ways.values() if way.proved)))
    return rendered(
        "evaluation.html.jinja",
        title=title,
        conditions=conditions,
        results=results,
        found=found,
        authors=dict(found.authors),
        bars=[(name, bars(groups)) for name, groups in _plots(found)],
        curves=[curve(results, way.way, longest) for way in found.ways],
        longest=longest,
        width=WIDTH,
        height=HEIGHT,
        label=LABEL,
        bar=BAR,
    )


def bars(groups: Sequence[TheoremGroup]) -> list[Bar]:
    """A bar for each group: how many theorems it has, and how many of them were proved in some way."""
    most = max((group.theorems for group in groups), default=1)
    scale = (WIDTH - LABEL - 90) / most
    return [
        Bar(n * (BAR + GAP), g.name, g.theorems * scale, g.any * scale, f"{g.any} of {g.theorems}")
        for n, g in enumerate(groups)
    ]


def curve(results: Sequence[TheoremResult], way: Way, longest: float) -> Curve:
    """Theorems proved against seconds, a step for each."""
    times = sorted(r.ways[way].ms / 1000 for r in results if way in r.proved_by)
    points = [(0.0, float(HEIGHT))]
    for nth, seconds in enumerate(times):
        x = seconds / longest * WIDTH
        points += [(x, points[-1][1]), (x, HEIGHT - HEIGHT * (nth + 1) / max(1, len(results)))]
    points.append((float(WIDTH), points[-1][1]))
    return Curve(way, " ".join(f"{x:.1f},{y:.1f}" for x, y in points), len(times))


def _plots(found: Summary) -> tuple[tuple[str, Sequence[TheoremGroup]], ...]:
    return ("by the length of the person's proof", found.by_length), ("by own lemmas it names", found.by_lemmas)
