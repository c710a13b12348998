"""Made-up results of an evaluation."""

from ghostproof.evaluation.result import Ending, ShownSuggestion, StepRank, TheoremResult, Way, WayResult


def way(ending: Ending, ms: float = 1000.0, *, source: str = "", proof: str = "", accepted: int = 0) -> WayResult:
    return WayResult(ending, ms, 10, proof=proof, source=source, accepted=accepted)


def result(
    name: str,
    suggestion: WayResult,
    search: WayResult,
    *,
    lines: int = 1,
    lemmas: tuple[str, ...] = (),
    rank: int | None = None,
    missing: tuple[str, ...] = (),
    shown: tuple[ShownSuggestion, ...] = (),
    steps: tuple[StepRank, ...] = (),
) -> TheoremResult:
    ways = {Way.SUGGESTION: suggestion, Way.SEARCH: search}
    return TheoremResult(
        f"A.lean:{name}", "A.lean", name, 3, lines, lemmas, "simp", rank, shown, 20.0, ways, missing, steps
    )  # fmt: skip
