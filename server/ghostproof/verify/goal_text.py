"""A goal taken apart from its printed text alone, for a checker that has nothing but Lean's words."""

from collections.abc import Iterator

from ghostproof.syntax.goal import HypothesisLine, parse_goal
from ghostproof.syntax.proposition import PROPOSITIONS, binders_of, head_of, top_level
from ghostproof.verify.checker import Hypothesis, MainGoal

# Heads that are names only. Whether another constant is an inductive type can't be told from its name.
_INDUCTIVES = frozenset(
    {"Nat", "Int", "List", "Option", "Bool", "Prod", "Sum", "Fin", "Array", "Unit", "Empty", "String"}
)
_PROP_INDUCTIVES = frozenset({"And", "Or", "Exists", "Iff", "Eq"})


def parse_main(goal: str) -> MainGoal:
    """The goal as far as its text tells: hypotheses, target, head and binders. Unknown parts stay empty."""
    parts = parse_goal(goal)
    hypotheses = tuple(hypothesis for line in parts.lines for hypothesis in _hypotheses(line))
    return MainGoal(goal, parts.printed_target, head_of(parts.target), tuple(binders_of(parts.target)), hypotheses)


def _hypotheses(line: HypothesisLine) -> Iterator[Hypothesis]:
    value = top_level(line.type, " := ")
    type_ = line.type[:value] if value >= 0 else line.type
    head = head_of(type_)
    for name in line.names:
        yield Hypothesis(name, type_, is_prop=head in PROPOSITIONS, inductive=_inductive(type_, head))


def _inductive(type_: str, head: str) -> str:
    if head in _PROP_INDUCTIVES:
        return head
    if " × " in type_ and top_level(type_, " × ") >= 0:
        return "Prod"
    return head if head in _INDUCTIVES else ""
