"""A goal as the portfolio sees it: what the checker said about it, completed from the texts where it said nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from ghostproof.syntax.declarations import Declarations
from ghostproof.syntax.goal import GoalText, identifiers, parse_goal
from ghostproof.syntax.names import NAME
from ghostproof.syntax.proposition import head_of
from ghostproof.syntax.quoting import first_part, last_part, name_parts, written
from ghostproof.verify.checker import Function, Hypothesis, MainGoal

# Recursive types of the library; what recursion a user's type has is told by its declaration.
_RECURSIVE = frozenset({"Nat", "List", "ℕ"})


@dataclass(frozen=True)
class GoalView:
    """The main goal with nothing left at "unknown".

    Attributes:
        functions: the user's.
        library: the library's recursive ones in the target.
        witness: the type of what the target says to exist; "" where that is not told.
    """

    goal: GoalText
    head: str
    binders: tuple[str, ...]
    hypotheses: tuple[Hypothesis, ...]
    functions: tuple[Function, ...]
    library: tuple[Function, ...] = ()
    witness: str = ""

    @property
    def target(self) -> str:
        return self.goal.target

    @cached_property
    def taken(self) -> frozenset[str]:
        """Names that a new hypothesis must not have."""
        return frozenset(self.goal.names)

    @cached_property
    def reducible(self) -> frozenset[str]:
        """The user's functions that are an `abbrev` or the like."""
        return frozenset(f.name for f in self.functions if f.reducible)

    @cached_property
    def propositions(self) -> tuple[Hypothesis, ...]:
        """Accessible propositions, latest first: those were introduced for this goal."""
        return tuple(h for h in reversed(self.hypotheses) if h.is_prop and h.accessible)

    @cached_property
    def data(self) -> tuple[Hypothesis, ...]:
        """Accessible values of inductive types: those in the goal first, of recursive types first, most used first."""
        mentioned = {first_part(word) for word in identifiers(self.target)}
        applied = [a for f in self.functions if f.recursive for a in f.applications]
        arguments = [first_part(word) for word in identifiers(" ".join(applied))]
        found = [h for h in self.hypotheses if h.inductive and h.accessible and not h.is_prop]
        return tuple(sorted(found, key=lambda h: (h.name not in mentioned, not h.recursive, -arguments.count(h.name))))


def view_of(main: MainGoal, declared: Callable[[], Declarations]) -> GoalView:
    """The view of a goal; `declared` is asked only where the checker said too little."""
    goal = replace(parse_goal(main.goal), target=" ".join(main.target.split()))
    hypotheses, functions = main.hypotheses, main.functions
    if not functions and not any(h.recursive for h in hypotheses):
        known = declared()
        hypotheses = _completed(hypotheses, known)
        said = [goal.target, *(h.type for h in reversed(hypotheses) if h.is_prop)]
        functions = _functions(" , ".join(said), known)
    return GoalView(goal, main.head, main.binders, hypotheses, functions, main.library, main.witness)


def _completed(hypotheses: tuple[Hypothesis, ...], declared: Declarations) -> tuple[Hypothesis, ...]:
    """The hypotheses with what their types' names tell."""
    kinds = {h.name: h.type for h in hypotheses}
    return tuple(_complete(h, kinds, declared) for h in hypotheses)


def _complete(h: Hypothesis, kinds: dict[str, str], declared: Declarations) -> Hypothesis:
    head = head_of(h.type)
    if h.inductive:
        return replace(h, recursive=head in _RECURSIVE)
    result = head_of(h.type.rpartition(" → ")[2].rpartition(", ")[2]) if head == "∀" else head
    # `p : Prop` and `q : α → Prop` make `h : p` and `h : q x` propositions.
    is_prop = h.is_prop or kinds.get(result, "").rpartition(" → ")[2] == "Prop" or result in ("True", "False")
    user = declared.types.get(written(last_part(head)))
    if user:
        return replace(h, is_prop=user.is_prop, inductive=user.name, recursive=user.recursive)
    return replace(h, is_prop=is_prop)


def _functions(target: str, declared: Declarations) -> tuple[Function, ...]:
    """The user's functions in a target; `t.mirror.size` has two of them, if `t` is a variable."""
    words = dict.fromkeys(written(part) for word in identifiers(target) for part in name_parts(word))
    found = [declared.functions[word] for word in words if word in declared.functions]
    return tuple(Function(f.name, f.recursive, _applications(target, f.name), reducible=f.reducible) for f in found)


def _applications(target: str, name: str) -> tuple[str, ...]:
    """Applications to names and bracketed terms, as `f x (g y)` is printed. Behind a dot, a keyword needs no «»."""
    printed = r"\.".join(re.sub("[«»]", lambda quote: quote[0] + "?", re.escape(part)) for part in name_parts(name))
    pattern = rf"(?<![\w.'»]){printed}((?: (?:{NAME.pattern}|\d+|\([^()]*\)|\[[^\[\]]*\]))+)"
    return tuple(dict.fromkeys(match[0] for match in re.finditer(pattern, target)))
