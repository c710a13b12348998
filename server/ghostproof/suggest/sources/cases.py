"""Proofs by cases, put together case by case: `induction … with` when no single tactic closes all cases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ghostproof.suggest.source import Proposal, Tier
from ghostproof.suggest.sources.case_names import alternatives
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.grind_words import told_to_grind
from ghostproof.syntax.quoting import blank_separated
from ghostproof.verify.verdict import Candidate

_SPLITTERS = re.compile(r"(?:induction|cases|fun_induction|fun_cases) [^<\n]+")
MOST_CASES = 8


@dataclass
class _Plan:
    """A split whose cases are being closed one after the other."""

    head: str
    alternatives: list[str]  # `| cons x xs ih`
    closers: list[list[str]]  # for each case, what may close it, best first
    chosen: list[str]

    def text(self, attempt: str) -> str:
        filled = [*self.chosen, attempt] + ["?_"] * (len(self.alternatives) - len(self.chosen) - 1)
        lines = (f"{left} => {right}" for left, right in zip(self.alternatives, filled, strict=True))
        return "\n".join([f"{self.head} with", *lines])


class CaseByCase:
    """Follows splits that leave several goals: closes each case alone, the others left open with `?_`."""

    def __init__(self, view: GoalView) -> None:
        self._view = view
        self._plans: dict[str, _Plan] = {}

    def learn(self, text: str, goals: tuple[str, ...]) -> Iterator[Proposal]:
        """What to try after `text` left `goals` of the main goal."""
        if _SPLITTERS.fullmatch(text) and 1 < len(goals) <= MOST_CASES:
            plan = self._plan(text, goals)
            if plan:
                yield from self._attempts(plan)
        elif text in self._plans:
            plan = self._plans.pop(text)
            done = len(plan.chosen)
            if len(goals) == len(plan.alternatives) - done - 1:
                attempt = next((a for a in plan.closers[done] if plan.text(a) == text), "")
                # The first closer of a case wins: the other attempts at it lead nowhere new.
                for other in plan.closers[done]:
                    self._plans.pop(plan.text(other), None)
                if attempt:
                    plan.chosen.append(attempt)
                    yield from self._attempts(plan)

    def _attempts(self, plan: _Plan) -> Iterator[Proposal]:
        for attempt in plan.closers[len(plan.chosen)]:
            text = plan.text(attempt)
            self._plans[text] = plan
            yield Proposal(Candidate(text, plan.head.split()[0]), Tier.SLOW, step=True)

    def _plan(self, head: str, goals: tuple[str, ...]) -> _Plan | None:
        lefts = alternatives(head, goals, self._view)
        if not lefts:
            return None
        assumed = [[name for name in blank_separated(left)[2:] if name.startswith("ih")] for left in lefts]
        closers = [self._closers(names) for names in assumed]
        return _Plan(head, lefts, closers, [])

    def _closers(self, assumed: list[str]) -> list[str]:
        functions = ", ".join(f.name for f in self._view.functions)
        hypotheses = ", ".join([*assumed, *(h.name for h in self._view.propositions)])
        both = ", ".join(part for part in (functions, hypotheses) if part)
        found = ["rfl", "simp", "omega"]
        if both:
            found.append(f"simp [{both}]")
        found += ["simp_all", *([f"simp_all [{functions}]"] if functions else [])]
        found.append(told_to_grind(f"grind [{functions}]", self._view.reducible) if functions else "grind")
        if both:
            found += [f"(simp [{both}]; omega)", f"(simp [{both}]; grind)"]
        return found
