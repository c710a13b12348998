"""Which of the portfolio's forms work in this project, by the shape of the goal: they are tried earlier, within bounds.

Success rates are smoothed, so that a few proofs move little and no proof at all moves nothing. A form moves up by a
fixed number of places at most: what closes goals quickly everywhere stays early, and nothing is ever left out.
"""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from ghostproof.suggest.sources.portfolio import Form

# A form that closed every goal of a shape moves up by so many places.
MOST_PLACES = 8.0
# So many goals of a shape are outweighed by what is known of all shapes together, and that by knowing nothing.
_DOUBT = 8.0

_SLOT = re.compile(r"\{[^{}]*\}")
_ARGUMENTS = re.compile(r"\[[^\]]*\]")


def form_key(tactic: str) -> str:
    """What a form and the tactics that it becomes have in common: `induction <;> simp_all […]`."""
    parts = _SLOT.sub("x", tactic.split("\n")[0]).split("<;>")
    return " <;> ".join(_step_key(part) for part in parts)


def _step_key(step: str) -> str:
    word = step.strip().partition(" ")[0].rstrip(",;")
    return f"{word} […]" if _ARGUMENTS.search(step) else word


@dataclass(frozen=True)
class FormOrder:
    """How often each form was the step taken, by the head of the goal.

    Attributes:
        goals: of each head.
        taken: steps by head and key.
    """

    goals: Counter[str] = field(default_factory=Counter)
    taken: Counter[tuple[str, str]] = field(default_factory=Counter)

    @staticmethod
    def of(steps: Iterable[tuple[str, str]]) -> "FormOrder":
        """From the heads of goals, and the tactics that were taken there."""
        goals: Counter[str] = Counter()
        taken: Counter[tuple[str, str]] = Counter()
        for head, tactic in steps:
            key = form_key(tactic)
            goals[head] += 1
            goals[""] += 1
            taken[head, key] += 1
            taken["", key] += 1
        return FormOrder(goals, taken)

    def places(self, form: Form, head: str) -> float:
        """By how many places the form moves up at a goal with this head: from 0 to `MOST_PLACES`."""
        if not self.goals:
            return 0.0
        key = form_key(form.text)
        overall = self.taken["", key] / (self.goals[""] + _DOUBT)
        here = (self.taken[head, key] + _DOUBT * overall) / (self.goals[head] + _DOUBT) if head else overall
        return MOST_PLACES * here
