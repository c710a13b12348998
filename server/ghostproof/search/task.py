"""What every search for a whole proof is given: a text, who judges in it, and what may be used."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ghostproof.search.adviser import Adviser
from ghostproof.search.proof import Outcome
from ghostproof.search.remembered import Remembered
from ghostproof.search.strategies.nearest import Near
from ghostproof.search.strategies.premises import Lemmas
from ghostproof.verify.checker import Checker

ReportOutcome = Callable[[Outcome], None]


@dataclass(frozen=True)
class Task:
    """A text in which a proof is wanted.

    Attributes:
        checker: judges every step, and the whole.
        budget_s: longest search from when Lean has told the goal; shortening what was found included.
        heartbeats: what one move may use at most, in thousands.
        adviser: answers what strategies ask; None where there is no model.
        report: told what is known whenever that has changed.
        near: what the project's own proofs did at goals like one; None where nothing is known of any.
        lemmas: tactics with theorems in reach of a goal; None where nobody knows them.
        without: strategies, by their names, that are left out.
        lemmas_above: lemmas that a proof needs go above its declaration, where Lean accepts that.
        remembered: what earlier searches in the same file have found out; None: nothing is kept for later ones.
    """

    checker: Checker
    path: Path
    text: str
    budget_s: float
    heartbeats: int = 200_000
    adviser: Adviser | None = None
    report: ReportOutcome = lambda outcome: None
    near: Near | None = None
    lemmas: Lemmas | None = None
    without: frozenset[str] = frozenset()
    remembered: Remembered | None = None
    lemmas_above: bool = False
