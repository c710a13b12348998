"""What the report tells of one place: its search's outcome, and the figures that the page is made of."""

from collections.abc import Sequence
from dataclasses import dataclass

from ghostproof.errors import NoGoal
from ghostproof.search.overview import Overview
from ghostproof.search.proof import Outcome
from ghostproof.syntax.goal import parse_goal


@dataclass(frozen=True)
class Reported:
    """One place with what its search found.

    Attributes:
        place: as a person reads it: `lists.lean:12:3`.
    """

    place: str
    outcome: Outcome

    @property
    def overview(self) -> Overview:
        return self.outcome.overview or Overview(())

    @property
    def proof(self) -> str:
        proof = self.outcome.proof
        return proof.shown if proof else ""

    @property
    def result(self) -> str:
        """What came of it, in a word or two."""
        outcome = self.outcome
        if outcome.proof is not None:
            return "proved"
        if outcome.refuted is not None:
            return "false"
        if isinstance(outcome.error, NoGoal):
            return "nothing to prove"
        return "not proved" if outcome.error is None else "no answer"

    @property
    def target(self) -> str:
        """What was to be proved, on one line; "" where Lean told of no goal."""
        return f"⊢ {parse_goal(self.outcome.goal).target}" if self.outcome.goal else ""

    @property
    def strategies(self) -> Sequence[tuple[str, int, int]]:
        """Each strategy with how many of its moves were tried, and how many closed a goal, the busiest first."""
        found: dict[str, tuple[int, int]] = {}
        for goal in self.overview.goals:
            for trial in goal.trials:
                tried, closed = found.get(trial.strategy, (0, 0))
                found[trial.strategy] = tried + 1, closed + (trial.outcome == "proved")
        return sorted(((name, *counts) for name, counts in found.items()), key=lambda row: -row[1])
