"""What the results of an evaluation come to: the counts and medians that tables and pages print. Pure."""

import statistics
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from ghostproof.evaluation.result import Failing, TheoremResult, Way

PLACES = (1, 3, 8)
# Upper bounds of the lines of a proof, and of the own lemmas that it names, by which theorems are grouped.
_LINES, _LEMMAS = (1, 3, 6, 10), (0, 1, 2)


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    part: int
    whole: int

    @property
    def ratio(self) -> float:
        return self.part / self.whole if self.whole else 0.0

    def __str__(self) -> str:
        return f"{self.part} of {self.whole} ({self.ratio:.0%})" if self.whole else "–"


@dataclass(frozen=True)
class WaySummary:
    """One way over all theorems; medians are over those that it proved, None where there are none."""

    way: Way
    solved: Share
    alone: int  # theorems that no other way proved
    seconds: float | None
    checks: float | None
    tokens: float | None


@dataclass(frozen=True)
class TheoremGroup:
    """Theorems that have something in common, and how many of them each way has proved."""

    name: str
    theorems: int
    solved: tuple[int, ...]  # by the ways, in their order
    any: int


@dataclass(frozen=True)
class Summary:
    """Attributes:
    theorems: that were tried.
    any: proved in some way.
    by_length, by_lemmas: groups by the lines of the person's proof, and by the own lemmas that it names.
    failings: of those that were not proved; one theorem may count for several.
    authors: whose proofs the single suggestions and the searches were.
    next_tactic: at how many of the places that were looked at the person's tactic was among the first so many.
    first_s: median time to the first suggestion.
    """

    theorems: int
    any: Share
    ways: tuple[WaySummary, ...]
    by_length: tuple[TheoremGroup, ...]
    by_lemmas: tuple[TheoremGroup, ...]
    failings: tuple[tuple[Failing, int], ...]
    authors: tuple[tuple[Way, tuple[tuple[str, int], ...]], ...]
    next_tactic: tuple[tuple[int, Share], ...]
    first_s: float | None


def summary(results: Sequence[TheoremResult]) -> Summary:
    """The figures of all results together."""
    ways = [way for way in Way if any(way in result.ways for result in results)]
    ranks = [rank for result in results for rank in result.ranks]
    failings = Counter(failing for result in results for failing in result.failings)
    return Summary(
        theorems=len(results),
        any=_share(results, lambda result: result.proved),
        ways=tuple(_way(results, way) for way in ways),
        by_length=_groups(results, ways, _LINES, lambda result: result.lines, "line"),
        by_lemmas=_groups(results, ways, _LEMMAS, lambda result: len(result.lemmas), "lemma"),
        failings=tuple((failing, failings[failing]) for failing in Failing if failings[failing]),
        authors=tuple((way, _authors(results, way)) for way in ways),
        next_tactic=tuple((n, _within(ranks, n)) for n in PLACES),
        first_s=_median(result.first_ms / 1000 for result in results if result.first_ms is not None),
    )


def _within(ranks: Sequence[int | None], places: int) -> Share:
    return Share(sum(rank is not None and rank <= places for rank in ranks), len(ranks))


def _way(results: Sequence[TheoremResult], way: Way) -> WaySummary:
    tried = [result.ways[way] for result in results if way in result.ways]
    proved = [one for one in tried if one.proved]
    return WaySummary(
        way,
        Share(len(proved), len(tried)),
        sum(result.proved_by == (way,) for result in results),
        _median(one.ms / 1000 for one in proved),
        _median(one.checks for one in proved),
        _median(one.tokens for one in proved if one.tokens is not None),
    )


def _authors(results: Sequence[TheoremResult], way: Way) -> tuple[tuple[str, int], ...]:
    found = Counter(result.ways[way].source for result in results if way in result.proved_by)
    return tuple(sorted(found.items(), key=lambda pair: (-pair[1], pair[0])))


def _groups(
    results: Sequence[TheoremResult],
    ways: Sequence[Way],
    bounds: Sequence[int],
    size: Callable[[TheoremResult], int],
    what: str,
) -> tuple[TheoremGroup, ...]:
    """Groups by a size, up to each of the bounds, and beyond them."""
    found: list[TheoremGroup] = []
    below = -1
    for bound in (*bounds, None):
        inside = [r for r in results if size(r) > below and (bound is None or size(r) <= bound)]
        low = max(below + 1, 1 if what == "line" else 0)
        name = f"{low}+" if bound is None else str(bound) if low == bound else f"{low}–{bound}"
        plural = "" if name == "1" else "s"
        solved = tuple(sum(way in result.proved_by for result in inside) for way in ways)
        if inside:
            found.append(TheoremGroup(f"{name} {what}{plural}", len(inside), solved, sum(r.proved for r in inside)))
        below = bound if bound is not None else below
    return tuple(found)


def _share(results: Sequence[TheoremResult], holds: Callable[[TheoremResult], bool]) -> Share:
    return Share(sum(map(holds, results)), len(results))


def _median(values: Iterable[float]) -> float | None:
    found = list(values)
    return statistics.median(found) if found else None


@dataclass(frozen=True)
class Comparison:
    """Two evaluations over the theorems that both have tried.

    Attributes:
        common: how many these are.
        gained, lost: names of theorems that only the second, only the first has proved in some way.
        nearer, farther: at how many places the person's tactic moved up, or down, in the list.
    """

    before: Summary
    after: Summary
    common: int
    gained: tuple[str, ...]
    lost: tuple[str, ...]
    nearer: int
    farther: int


def compared(before: Sequence[TheoremResult], after: Sequence[TheoremResult]) -> Comparison:
    """What has changed from one evaluation to another, over what both have tried."""
    old, new = ({result.key: result for result in results} for results in (before, after))
    common = [key for key in old if key in new]
    pairs = [(old[key], new[key]) for key in common]
    far = max(PLACES) + 1000
    ranks = [(x or far, y or far) for a, b in pairs for x, y in zip(a.ranks, b.ranks, strict=False)]
    return Comparison(
        summary([a for a, _ in pairs]),
        summary([b for _, b in pairs]),
        len(common),
        tuple(b.full_name for a, b in pairs if b.proved and not a.proved),
        tuple(a.full_name for a, b in pairs if a.proved and not b.proved),
        sum(b < a for a, b in ranks),
        sum(b > a for a, b in ranks),
    )
