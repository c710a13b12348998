"""Lean's automation and the plain steps of the portfolio: closers first, then splits whose cases are goals again."""

import re
from collections.abc import Iterable, Iterator, Sequence

from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.portfolio import FORMS, Form, Over
from ghostproof.suggest.sources.slots import expand
from ghostproof.verify.verdict import Checked, Reason, Rejected

# What the assumption of an induction and all hypotheses are good for together.
WITH_HYPOTHESES: tuple[Form, ...] = (
    Form("simp [{fs}, {hs}]", tier=Tier.INSTANT),
    Form("simp_all [{fs}]", tier=Tier.INSTANT),
    Form("grind [{fs}]", tier=Tier.INSTANT),
    Form("simp [{fs}, {hs}] <;> omega"),
    Form("simp [{fs}, {hs}] <;> grind"),
    Form("split <;> simp_all [{fs}]", marks=("if ", "match ")),
    Form("split <;> grind [{fs}]", marks=("if ", "match ")),
    # The assumption of an induction serves from left to right and from right to left.
    Form("rw [{h}]", over=Over.LAW),
    Form("rw [← {h}]", over=Over.LAW),
    # An induction on a number leaves sums in which a function does not see the successor that it matches on.
    Form("simp_all [{fs}, Nat.add_right_comm _ 1]", marks=(" + 1 + ",)),
    Form("cases {x} <;> simp_all [{fs}, Nat.add_right_comm _ 1]", over=Over.DATA, marks=(" + 1 + ",)),
    Form("rw [Nat.add_right_comm _ 1]", marks=(" + 1 + ",)),
)
_COST = {Tier.HINT: 0.5, Tier.INSTANT: 1.0, Tier.QUICK: 2.0, Tier.SLOW: 4.0}
# How much likelier a form is than the last of its tier.
_PER_PLACE = 0.02
# Steps whose goals are worth a search, and what each adds to the cost of what it leaves.
_STEPS = {
    "intro": 0.1, "funext": 0.3, "obtain": 0.3, "subst": 0.3, "split": 1.0, "constructor": 1.0, "cases": 1.5,
    "induction": 1.5, "fun_induction": 1.5, "fun_cases": 2.0, "ext": 1.5, "left": 1.5, "right": 1.5, "apply": 3.0,
    "exists": 3.0, "rw": 2.5, "simp": 2.0, "unfold": 3.0,
}  # fmt: skip
_NAMED = 0.3
# Taking apart what says that something exists, or one of two things, comes before everything that needs its parts:
# nearly all that proves an existential does.
_LOSSLESS, _EAGER, _EITHER = frozenset({Over.PACKED, Over.OR}), 0.6, 0.5
# A simplifier that is told of a recursion on a measure takes seconds to be stopped.
_ENDLESS, _SIMPLY = 3.0, re.compile(r"simp(?:_all)? \[\{fs\}")
_FOR_WITNESS = {Over.PACKED: 0.05, Over.OR: 0.1}
# What is left by these may be false.
_DOUBTFUL = frozenset({"left", "right", "exists"})


class Automation:
    """See `Strategy`."""

    name = "automation"

    def __init__(self, forms: Sequence[Form] = (*FORMS, *WITH_HYPOTHESES)) -> None:
        self._forms = forms
        self._missing: set[str] = set()  # tactics that Lean does not parse under this file's imports

    def moves(self, goal: Goal) -> Iterator[Move]:
        view = goal.view
        endless = not goal.known.endless.isdisjoint(f.name for f in view.functions)
        for place, (form, text) in enumerate(expand(self._forms, view)):
            if form.source in self._missing:
                continue
            onward = _onward(form, text, goal) if "<;>" not in text else None
            cost = _COST[form.tier] + _PER_PLACE * place
            if onward is not None:
                cost = _EAGER if form.over in _LOSSLESS else min(cost, 1.5 + onward / 10)
            if endless and _SIMPLY.search(form.text):
                cost += _ENDLESS
            yield Move(text, self.name, cost, onward, form.tier, doubtful=form.source in _DOUBTFUL)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        verdict = checked.verdict
        if isinstance(verdict, Rejected) and verdict.reason is Reason.PARSE and re.fullmatch(r"\w+\??", move.text):
            self._missing.add(move.text)
        if move.text.partition(" ")[0].endswith("?"):
            yield from (Move(hint, move.text, 0.5, tier=Tier.HINT) for hint in checked.hints if hint.strip())


def _onward(form: Form, text: str, goal: Goal) -> float | None:
    """What a step adds to the cost of what it leaves. A function that only names a term is as well that term."""
    if goal.view.head == "Exists" and form.over in _FOR_WITNESS and "<;>" not in text:
        return _FOR_WITNESS[form.over]
    told = goal.known.functions.get(text.removeprefix("unfold "))
    if form.source == "unfold" and told is not None and not told.recursive and not told.matched:
        return _NAMED
    return _EITHER if form.over is Over.OR else _STEPS.get(form.source)
