"""Proofs by cases, put together case by case: `induction … with` when no single tactic closes all cases."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ghostproof.suggest.goal_text import parse_goal
from ghostproof.suggest.source import Proposal, Tier
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import View
from ghostproof.verify.checker import Hypothesis
from ghostproof.verify.goal_text import parse_main
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

    def __init__(self, view: View) -> None:
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
        tags = [parse_goal(goal).tag for goal in goals]
        if any("✝" in name for name in self._view.goal.names) or not all(tags):
            return None
        alternatives, closers = [], []
        for tag, goal in zip(tags, goals, strict=True):
            hypotheses = parse_main(goal).hypotheses
            wishes = [_wish(h) for h in hypotheses if not h.accessible]
            names = fresh(wishes, {h.name for h in hypotheses if h.accessible})
            alternatives.append(" ".join(["|", tag, *names]))
            closers.append(self._closers([name for name in names if "ih" in name]))
        if len(set(alternatives)) != len(alternatives):
            return None
        return _Plan(head, alternatives, closers, [])

    def _closers(self, assumed: list[str]) -> list[str]:
        functions = ", ".join(f.name for f in self._view.functions)
        hypotheses = ", ".join([*assumed, *(h.name for h in self._view.propositions)])
        both = ", ".join(part for part in (functions, hypotheses) if part)
        found = ["rfl", "simp", "omega"]
        if both:
            found.append(f"simp [{both}]")
        found += ["simp_all", *([f"simp_all [{functions}]"] if functions else [])]
        found.append(f"grind [{functions}]" if functions else "grind")
        if both:
            found += [f"(simp [{both}]; omega)", f"(simp [{both}]; grind)"]
        return found


def _wish(h: Hypothesis) -> str:
    """The constructor's own name for the argument; what induction assumes is `ih` where it has no name."""
    plain = h.name.partition("✝")[0]
    return "ih" if plain == "a" and h.is_prop else plain
