"""The tactics that theorems are proposed in, the likeliest first. Pure: goals and names in, texts out."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ghostproof.learning.selection import Selected
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.portfolio import Form, Over
from ghostproof.suggest.sources.slots import expand
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.statement import Statement

# Candidates that name one theorem; of those, how many go before everything that takes long, and how many are tried
# although the goal is closed already: a person may go that way.
SINGLE, FIRST, BESIDE = 24, 16, 8
# Terms that prove the goal.
APPLIED = 4
# Functions of the goal that are unfolded by their equations.
UNFOLDED = 3
# Theorems that are named together.
TOGETHER = 4

# What is proposed with one theorem `l`, and how likely each is to be what a person writes.
_FORWARD, _BACKWARD = "rw [{l}]", "rw [← {l}]"
_REWRITING = (("simp [{l}]", 0.9), ("exact {l} ..", 0.6), ("grind [{l}]", 0.6), ("simp_all [{l}]", 0.5))
_EQUATING = (("exact {l} ..", 0.6), ("apply {l}", 0.5))
_APPLYING = (("exact {l} ..", 0.9), ("apply {l}", 1.0), ("grind [{l}]", 0.7), ("simp_all [{l}]", 0.4))
_OTHERWISE = (("grind [{l}]", 0.6), ("simp_all [{l}]", 0.5), ("simp [{l}]", 0.4))

# What is proposed with several; `LS` stands for their names.
_ALL_TOGETHER = ("grind [LS]", "simp_all [LS]", "simp [LS]")
# With the definitions that the goal speaks of, which lemmas about other functions need unfolded.
_UNFOLDING = (Form("simp [{fs}, LS]"), Form("simp_all [{fs}, LS]"), Form("grind [{fs}, LS]"))
# The predicates that the hypotheses are about go with the lemmas about them.
_PREDICATES = (
    Form("grind [{pred}, LS]", over=Over.PREDICATE),
    Form("cases {h} <;> grind [{pred}, LS]", over=Over.PREDICATE),
    Form("induction {h} <;> grind [{pred}, LS]", over=Over.PREDICATE),
)
# What these are made of goes with them: `reverse` is unfolded to where `append` is stuck.
_DEEPER = (Form("simp_all [{fs}, MS, LS]"), Form("grind [{fs}, MS, LS]"))
_DEEPER_LATER = (
    Form("induction {x} <;> simp_all [{fs}, MS, LS]", over=Over.RECURSIVE, tier=Tier.SLOW),
    Form("induction {x} <;> grind [{fs}, MS, LS]", over=Over.RECURSIVE, tier=Tier.SLOW),
)
_LATER = (
    Form("induction {x} <;> simp_all [{fs}, LS]", over=Over.RECURSIVE, tier=Tier.SLOW),
    Form("induction {x} <;> grind [{fs}, LS]", over=Over.RECURSIVE, tier=Tier.SLOW),
    Form("fun_induction {call} <;> simp_all [LS]", over=Over.CALL, tier=Tier.SLOW),
    Form("fun_induction {call} <;> grind [LS]", over=Over.CALL, tier=Tier.SLOW),
    Form("induction {x} generalizing {rest} <;> simp_all [{fs}, LS]", over=Over.GENERAL, tier=Tier.SLOW),
    Form("induction {x} generalizing {rest} <;> grind [{fs}, LS]", over=Over.GENERAL, tier=Tier.SLOW),
)


def proposals(
    goal: Statement,
    premises: Sequence[tuple[Selected, str]],
    view: GoalView,
    applied: Sequence[str] = (),
    made_of: Sequence[str] = (),
) -> Iterator[tuple[str, Tier]]:
    """Tactics for a goal.

    Args:
        premises: theorems as they are written at the goal, the likeliest first.
        applied: terms that prove the goal by them.
        made_of: functions that those of the goal are made of.
    """
    yield from ((f"exact {term}", Tier.INSTANT) for term in applied[:APPLIED])
    if not premises:
        return
    rules = [name for selected, name in premises if not _equates_variables(selected.statement)]
    together, deeper = ", ".join(rules[:TOGETHER]), ", ".join(made_of)

    def written(forms: Sequence[Form]) -> list[str]:
        known = forms if rules else ()
        return [text.replace("MS", deeper).replace("LS", together) for _, text in expand(known, view)]

    several = [form.replace("LS", together) for form in _ALL_TOGETHER] if len(rules) > 1 else []
    unfolding = [*_UNFOLDING, *(_DEEPER if deeper else ())] if view.functions else []
    several += written([*unfolding, *_PREDICATES])
    for number, text in enumerate(_singles(goal, premises)[:SINGLE]):
        if number == 2:
            yield from ((f"rw [{function.name}]", Tier.INSTANT) for function in view.functions[:UNFOLDED])
            yield from ((each, Tier.QUICK) for each in several)
        yield text, Tier.INSTANT if number < BESIDE else Tier.QUICK if number < FIRST else Tier.SLOW
    later = [*_LATER, *(_DEEPER_LATER if deeper else ())]
    if not view.functions:
        later = [replace(form, text=form.text.replace("{fs}, ", "")) for form in _LATER]
    yield from ((text, Tier.SLOW) for text in written(later))


def _singles(goal: Statement, premises: Sequence[tuple[Selected, str]]) -> list[str]:
    scored = [
        (selected.score * prior, text.format(l=name))
        for selected, name in premises
        for text, prior in _forms(goal, selected.statement)
    ]
    return [text for _, text in sorted(scored, key=lambda pair: -pair[0])]


def _equates_variables(theorem: Statement) -> bool:
    """Whether it concludes that one variable is another: a simplifier would try it on every equation there is."""
    return bool(theorem.sides) and not any(theorem.sides)


def _forms(goal: Statement, theorem: Statement) -> Iterator[tuple[str, float]]:
    if _equates_variables(theorem):
        yield from _EQUATING if theorem.head == goal.head else ()
    elif theorem.sides:
        left, right = theorem.sides
        if left in goal.target:
            yield _FORWARD, 1.0
        if right and right != left and right in goal.target:
            yield _BACKWARD, 0.4
        yield from ((text, prior) for text, prior in _REWRITING if text != "exact {l} .." or theorem.head == goal.head)
    else:
        yield from _APPLYING if theorem.head == goal.head else _OTHERWISE
