"""Lean's own automation as a source: the portfolio's forms on the goal at hand, and what follows from their answers."""

import re
from collections.abc import AsyncGenerator, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from cachetools import LRUCache

from ghostproof.suggest.source import Context, Proposal, Tier
from ghostproof.suggest.sources.case_names import structured
from ghostproof.suggest.sources.cases import CaseByCase
from ghostproof.suggest.sources.form_order import FormOrder
from ghostproof.suggest.sources.portfolio import FOLLOW_UPS, FORMS, Form
from ghostproof.suggest.sources.slots import expand
from ghostproof.suggest.sources.view import GoalView, view_of
from ghostproof.syntax.declarations import Declarations, scan
from ghostproof.syntax.header import read_imports
from ghostproof.verify.checker import GoalState
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.verdict import Candidate, Cause, Checked, Inconclusive, Progress, Reason, Rejected

# Steps that lose nothing and leave one goal, behind which the search goes on.
_OPENERS = ("intro ", "obtain ", "subst ", "funext ")
MOST_OPENERS = 2

# The search of the library that stops at its first find, the one that goes on, and how many of its finds are tried.
_FIRST_FIND, _ALL_FINDS = "exact?", "exact? +all"
_MOST_FINDS = 8


class AutomationSource:
    """The portfolio. Remembers which tactics Lean cannot even parse under a file's imports.

    Args:
        order: what is known of the forms in the project of a file.
    """

    def __init__(
        self,
        forms: Sequence[Form] = FORMS,
        follow_ups: Sequence[Form] = FOLLOW_UPS,
        order: Callable[[Path], FormOrder] = lambda path: FormOrder(),
    ) -> None:
        self._forms, self._order = forms, order
        self._follow_ups = follow_ups
        self._missing: LRUCache[object, set[str]] = LRUCache(maxsize=64)

    @property
    def name(self) -> str:
        return "automation"

    @property
    def ready(self) -> bool:
        return True

    def begin(self, state: GoalState, context: Context) -> "AutomationInquiry":
        environment = (context.path, read_imports(context.text))
        missing = self._missing.setdefault(environment, set())
        return AutomationInquiry(self._forms, self._follow_ups, missing, state, context, self._order(context.path))


class AutomationInquiry:
    """The portfolio at work on one goal."""

    def __init__(
        self,
        forms: Sequence[Form],
        follow_ups: Sequence[Form],
        missing: set[str],
        state: GoalState,
        context: Context,
        order: FormOrder,
    ) -> None:
        self._forms, self._order = forms, order
        self._follow_ups = follow_ups
        self._missing = missing
        self._context = context
        self._declarations: Declarations | None = None
        self._view = view_of(state.main, self._declared)
        self._others = len(state.goals) - 1
        self._cases = CaseByCase(self._view)
        self._found_by: dict[str, str] = {}  # what Lean advised -> the candidate that it was advised for

    async def propose(self) -> AsyncGenerator[Proposal, None]:
        for form, text in expand(self._forms, self._view, lambda form: self._order.places(form, self._view.head)):
            if form.source not in self._missing:
                yield Proposal(Candidate(text, form.source), form.tier)

    def learn(self, checked: Checked) -> Iterable[Proposal]:
        yield from self._hints(checked)
        yield from self._search_on(checked)
        yield from self._in_a_block(checked)
        text, verdict = checked.candidate.text, checked.verdict
        if isinstance(verdict, Rejected) and verdict.reason is Reason.PARSE and re.fullmatch(r"\w+\??", text):
            self._missing.add(text)
        if not isinstance(verdict, Progress):
            return
        fresh_goals = verdict.goals[: len(verdict.goals) - self._others]
        lines = text.split("\n")
        if len(lines) <= MOST_OPENERS and all(line.startswith(_OPENERS) for line in lines) and len(fresh_goals) == 1:
            yield from self._behind(text, fresh_goals[0])
        if named := structured(text, fresh_goals, self._view):
            yield Proposal(replace(checked.candidate, text=named), Tier.HINT)
        yield from self._cases.learn(text, fresh_goals)

    def _declared(self) -> Declarations:
        if self._declarations is None:
            self._declarations = scan(self._context.text[: self._context.spot.start])
        return self._declarations

    def _hints(self, checked: Checked) -> Iterator[Proposal]:
        """Lean's advice in place of the search that gave it, as the last line of the candidate."""
        before, newline, last = checked.candidate.text.rpartition("\n")
        if not last.partition(" ")[0].endswith("?"):
            return
        for hint in checked.hints[:_MOST_FINDS]:
            text = before + newline + hint
            if hint.strip() and text not in self._found_by:
                self._found_by[text] = checked.candidate.text
                yield Proposal(Candidate(text, last.split(" ")[0]), Tier.HINT)

    def _in_a_block(self, checked: Checked) -> Iterator[Proposal]:
        """A term that goes in a block of tactics only: where it stands alone, its type may not be known yet."""
        text, spot = checked.candidate.text, self._context.spot
        refused = isinstance(checked.verdict, Rejected) and checked.verdict.reason is Reason.FINAL
        if refused and spot.term(text):
            yield Proposal(Candidate("refine " + spot.term(text), checked.candidate.source), Tier.HINT)

    def _search_on(self, checked: Checked) -> Iterator[Proposal]:
        """The library searched further where its first find closes the goal and may not be used, as a lemma that is
        not proved may not, or one of which Lean does not tell."""
        before, newline, last = self._found_by.get(checked.candidate.text, "").rpartition("\n")
        match checked.verdict:
            case Rejected(reason=Reason.FINAL | Reason.CIRCULAR) | Inconclusive(cause=Cause.AXIOMS):
                unusable = True
            case _:
                unusable = False
        if unusable and last == _FIRST_FIND:
            yield Proposal(Candidate(before + newline + _ALL_FINDS, _FIRST_FIND), Tier.SLOW)

    def _behind(self, opener: str, goal: str) -> Iterator[Proposal]:
        view = self._later_view(goal)
        for form, text in expand(self._follow_ups, view):
            if form.source not in self._missing:
                yield Proposal(Candidate(f"{opener}\n{text}", opener.split()[0]), form.tier, step=True)

    def _later_view(self, goal: str) -> GoalView:
        """The view of a later goal: what is known of this one's hypotheses and functions still holds there."""
        main = parse_main(goal)
        known = {(h.name, h.type): h for h in self._view.hypotheses}
        hypotheses = tuple(known.get((h.name, h.type), h) for h in main.hypotheses)
        return replace(view_of(replace(main, hypotheses=hypotheses), self._declared), functions=self._view.functions)
