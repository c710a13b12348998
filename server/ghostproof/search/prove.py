"""Proves what is missing at a place: the first of its spots where Lean sees a goal, with all strategies there are."""

from collections.abc import Sequence
from pathlib import Path

from ghostproof.errors import GhostproofError, NoGoal
from ghostproof.search.adviser import Adviser
from ghostproof.search.driver import ProofSearch, Report
from ghostproof.search.proof import Outcome
from ghostproof.search.strategies.automation import Automation
from ghostproof.search.strategies.exploration import Exploration
from ghostproof.search.strategies.induction import Induction
from ghostproof.search.strategies.model import ModelProofs
from ghostproof.search.strategy import Failure, Strategy
from ghostproof.syntax.spot import Spot
from ghostproof.verify.checker import Checker


def strategies(*, model: bool = False, failure: Failure | None = None) -> tuple[Strategy, ...]:
    """Fresh strategies for one search.

    Args:
        model: there is one to be asked.
        failure: a proof that is to be repaired.
    """
    own: tuple[Strategy, ...] = (Automation(), Induction(), Exploration())
    return (*own, ModelProofs(failure)) if model else own


async def prove(
    checker: Checker,
    path: Path,
    text: str,
    spots: Sequence[Spot],
    budget_s: float,
    *,
    heartbeats: int,
    adviser: Adviser | None = None,
    report: Report = lambda outcome: None,
) -> Outcome:
    """Search for a proof; what goes wrong is in the outcome. Cancelling ends all work in Lean.

    Args:
        budget_s: longest search from when Lean has told the goal; shortening what was found included.
        adviser: answers what strategies ask; None where there is no model.
        report: told what is known whenever that has changed.
    """
    problem: GhostproofError = NoGoal("There is nothing to prove here.", "Put the cursor where a proof is missing.")
    for spot in spots:
        search = ProofSearch(
            checker,
            path,
            text,
            spot,
            strategies(model=adviser is not None),
            adviser=adviser,
            heartbeats=heartbeats,
            report=report,
        )
        try:
            return await search.run(budget_s)
        except NoGoal as missing:
            problem = missing
        except GhostproofError as failed:
            problem = failed
            break
    return Outcome(done=True, error=problem)
