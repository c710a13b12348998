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
# nearly all that proves an existential, a choice or what has rules does.
_FIRST, _EAGER, _EITHER = 0.3, 0.6, 0.5
# A simplifier that is told of a recursion on a measure takes seconds to be stopped.
_ENDLESS, _SIMPLY = 3.0, re.compile(r"simp(?:_all)? \[\{fs\}")
_FOR_PARTS = {Over.PACKED: 0.05, Over.EQ: 0.05, Over.OR: 0.1}
_SPLITS = {Over.PACKED: 0, Over.EQ: 1, Over.OR: 2}
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
        needs_parts, forms = _needs_parts(goal), list(expand(self._forms, view))
        first = min((part for form, text in forms if (part := _part(form, text, goal)) is not None), default=None)
        endless = not goal.known.endless.isdisjoint(f.name for f in view.functions)
        for place, (form, text) in enumerate(forms):
            if form.source in self._missing:
                continue
            onward = _onward(form, text, goal, needs_parts) if "<;>" not in text else None
            cost = _COST[form.tier] + _PER_PLACE * place
            lossless = onward is not None and first is not None and text == first[1]
            if onward is not None:
                cost = min(cost, 1.5 + onward / 10)
            if lossless:
                cost = _FIRST if needs_parts else _EAGER
            if endless and _SIMPLY.search(form.text):
                cost += _ENDLESS
            doubtful = form.source in _DOUBTFUL
            yield Move(text, self.name, cost, onward, form.tier, doubtful=doubtful, lossless=lossless)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        verdict = checked.verdict
        if isinstance(verdict, Rejected) and verdict.reason is Reason.PARSE and re.fullmatch(r"\w+\??", move.text):
            self._missing.add(move.text)
        if move.text.partition(" ")[0].endswith("?"):
            yield from (Move(hint, move.text, 0.5, tier=Tier.HINT) for hint in checked.hints if hint.strip())


def _needs_parts(goal: Goal) -> bool:
    """Whether what is proved is made of parts of what is known."""
    kind = goal.known.family(goal.view.head)
    return goal.view.head in ("Exists", "Or") or (kind is not None and kind.is_prop)


def _part(form: Form, text: str, goal: Goal) -> tuple[int, str] | None:
    """What takes something apart and loses nothing, with its place among such: splits come last.

    One of them is enough at a goal: the others come behind it, and in any order they lead to the same.
    """
    if form.over not in _SPLITS or "<;>" in text or _STEPS.get(form.source) is None:
        return None
    if form.over is Over.EQ and not (form.source == "subst" and _says_what_is(text.split()[-1], goal)):
        return None
    return _SPLITS[form.over], text


def _says_what_is(name: str, goal: Goal) -> bool:
    """Whether a hypothesis says what a variable is."""
    values = {h.name for h in goal.view.hypotheses if not h.is_prop}
    return any(h.name == name and not values.isdisjoint(h.type.split(" = ")) for h in goal.view.propositions)


def _onward(form: Form, text: str, goal: Goal, needs_parts: bool) -> float | None:
    """What a step adds to the cost of what it leaves. A function that only names a term is as well that term."""
    if needs_parts and _part(form, text, goal) is not None:
        return _FOR_PARTS[form.over]
    told = goal.known.functions.get(text.removeprefix("unfold "))
    if form.source == "unfold" and told is not None and not told.recursive and not told.matched:
        return _NAMED
    return _EITHER if form.over is Over.OR else _STEPS.get(form.source)
