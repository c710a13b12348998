"""The rules of an inductive predicate, backwards: one at a time, or as many as it takes, also in cases of a step."""

from collections.abc import Iterable, Iterator

from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.quoting import first_part
from ghostproof.verify.checker import Hypothesis
from ghostproof.verify.definitions import InductiveType
from ghostproof.verify.verdict import Checked

_COST, _PER_PLACE, _ONWARD = 1.3, 0.05, 0.8
_CHAIN, _IN_CASES = 0.9, 1.2
_DEEPEST, _MOST = 5, 3
# What joins statements, with its own rules.
_JOINS = dict.fromkeys(("Exists", "Or", "And"), ("Exists.intro", "Or.inl", "Or.inr", "And.intro"))


class Rules:
    """See `Strategy`."""

    name = "rule"

    def moves(self, goal: Goal) -> Iterator[Move]:
        if goal.depth > _DEEPEST:
            return
        rules = [rule for kind in _predicates(goal) for rule in kind.constructors]
        if not rules:
            return
        chain = f"solve_by_elim [{', '.join((*_JOINS.get(goal.view.head, ()), *(rule.name for rule in rules)))}]"
        for place, step in enumerate(_steps(goal)):
            text = f"{step} <;> {chain}" if step else chain
            yield Move(text, self.name, (_IN_CASES if step else _CHAIN) + _PER_PLACE * place, tier=Tier.INSTANT)
        for place, rule in enumerate(rules if goal.view.head not in _JOINS else ()):
            # A rule may ask for more than is true.
            extra = _PER_PLACE * place
            yield Move(f"apply {rule.name}", self.name, _COST + extra, _ONWARD + extra, doubtful=True)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def _predicates(goal: Goal) -> list[InductiveType]:
    """What is to be proved is of: one that has rules, or several in what is joined of such."""
    view = goal.view
    spoken = set(identifiers(view.target)) if view.head in _JOINS else set()
    found = (kind for name, kind in goal.known.families.items() if name in spoken)
    one = goal.known.family(view.head)
    return [kind for kind in (*found, *((one,) if one is not None else ())) if kind.is_prop]


def _steps(goal: Goal) -> Iterator[str]:
    """What may come before: nothing, what functions are, an induction over a derivation or over a value."""
    view = goal.view
    names = ", ".join(dict.fromkeys(f.name for f in view.functions))
    unfolded = f"simp only [{names}]" if names else ""
    yield from (unfolded, f"{unfolded} <;> split") if names else ("",)
    yield from (f"induction {h.name}" for h in view.propositions if _is_derivation(goal, h))
    spoken = {first_part(word) for word in identifiers(view.target)}
    in_cases = f" <;> (try {unfolded}) <;> (try split)" if names else ""
    yield from (f"induction {h.name}{in_cases}" for h in view.data[:_MOST] if h.recursive and h.name in spoken)


def _is_derivation(goal: Goal, h: Hypothesis) -> bool:
    kind = goal.known.family(h.inductive) if h.inductive else None
    return kind is not None and kind.is_prop and h.recursive
