"""Names for what a split brings into each case, as a person who writes the cases out would choose them."""

import re
from collections.abc import Sequence

from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.goal import parse_goal
from ghostproof.syntax.proposition import head_of
from ghostproof.syntax.quoting import blank_separated, extended, written
from ghostproof.verify.checker import Hypothesis
from ghostproof.verify.goal_text import parse_main

_SPLIT = re.compile(r"(?P<tactic>induction|cases|fun_induction|fun_cases) (?P<on>[^<\n]+?)(?: generalizing [^<\n]+)?")
# What Lean calls an argument that its constructor does not name.
_NAMELESS = frozenset({"a", "x"})
_ASSUMED = re.compile(r"(?:\w+_)?ih\d*")
# What values of well-known types are called. A type variable's are called `x`.
_USUAL = {"Nat": "n", "ℕ": "n", "Int": "i", "ℤ": "i", "Bool": "b", "List": "xs", "Array": "xs", "Option": "o", "∀": "f"}


def alternatives(split: str, goals: Sequence[str], view: GoalView) -> list[str]:
    """The left sides `| cons x xs ih` of the cases that `split` leaves, in its last line, in their order.

    Empty where they can't be written: a case without a tag, or names above the split that can't be written either,
    which would stand among the new ones; instances stay above them.
    """
    match = _SPLIT.fullmatch(split.rpartition("\n")[2])
    # Within a case, Lean puts the outer case's tag before that of the inner one.
    tags = [parse_goal(goal).tag.removeprefix(f"{view.goal.tag}.") for goal in goals]
    hidden = [name for name in view.goal.names if "✝" in name]
    if match is None or not all(tags) or len(set(tags)) != len(tags) or not all(map(_is_instance, hidden)):
        return []
    if any(sum(map(_is_instance, parse_goal(goal).names)) != len(hidden) for goal in goals):
        return []
    split_on = next((h for h in view.hypotheses if h.name == match["on"]), Hypothesis("", ""))
    inductive = match["tactic"] == "induction"
    names = [new_names(goal, split_on.name, split_on.type, inductive=inductive) for goal in goals]
    # All that a case brings is named, also what its constructor takes without being told.
    marked = [f"@{written(tag)}" if tag in split_on.implicit else written(tag) for tag in tags]
    return [" ".join(["|", tag, *new]) for tag, new in zip(marked, names, strict=True)]


def taken_apart(left: str, term: str) -> str:
    """The `obtain` of a split that leaves one case, by its left side."""
    _, tag, *names = blank_separated(left)
    return f"obtain {'@' if tag.startswith('@') else ''}⟨{', '.join(names)}⟩ := {term}"


def structured(split: str, goals: Sequence[str], view: GoalView) -> str | None:
    """The split with a name for all that it brings and `_` for what is to be done in each case.

    None where the bare form is as good, or where the names can't be written.
    """
    if not any("✝" in name and not _is_instance(name) for goal in goals for name in parse_goal(goal).names):
        return None
    if split == "split":
        return _split_renamed(goals, view)
    lefts = alternatives(split, goals, view)
    if not lefts:
        return None
    if len(lefts) == 1 and split.startswith("cases "):
        return taken_apart(lefts[0], split.removeprefix("cases "))
    return "\n".join([f"{split} with", *(f"{left} => _" for left in lefts)])


def _is_instance(name: str) -> bool:
    return name.startswith("inst✝")


def _split_renamed(goals: Sequence[str], view: GoalView) -> str | None:
    """`split <;> rename_i h`, where all cases bring equally many things."""
    known = sum("✝" in name and not _is_instance(name) for name in view.goal.names)
    found = [new_names(goal, "", "")[known:] for goal in goals]
    longest = max(found, key=len)
    if len({len(names) for names in found}) != 1 or not longest:
        return None
    taken = {name for goal in goals for name in parse_goal(goal).names}
    return f"split <;> rename_i {' '.join(fresh(longest, taken))}"


def new_names(goal: str, on: str, kind: str, *, inductive: bool = False) -> list[str]:
    """Names for the hypotheses of a case that have none, in their order.

    Args:
        on: the variable that is split, or "".
        kind: its type.
        inductive: the split is by induction, so that a case may come with assumptions.
    """
    hypotheses = parse_main(goal).hypotheses
    hidden = [h for h in hypotheses if not h.accessible and not _is_instance(h.name)]
    taken = {h.name for h in hypotheses if h.accessible}
    smaller = [h for h in hidden if kind and h.type == kind]
    assumed = [h for h in hidden if _ASSUMED.fullmatch(_plain(h))]
    if inductive and not assumed:  # the principle of `Nat` leaves its assumption, which is the last, without a name
        assumed = [h for h in hidden[-len(smaller) or len(hidden) :] if h not in smaller and _plain(h) in _NAMELESS]
    names = dict(zip(smaller, _smaller_names(smaller, on, taken), strict=True))
    names |= zip(assumed, _assumption_names(assumed, [names[h] for h in smaller]), strict=True)
    return fresh([names[h] if h in names else _wish(h, on) for h in hidden], taken)


def _plain(h: Hypothesis) -> str:
    return h.name.partition("✝")[0]


def _smaller_names(smaller: Sequence[Hypothesis], on: str, taken: set[str]) -> list[str]:
    """Names of the parts that are of the split variable's own type: its own name is free again for one of them."""
    if len(smaller) == 1 and _plain(smaller[0]) in _NAMELESS | {"tail"}:
        return [on]
    names: list[str] = []
    for nth, h in enumerate(smaller):
        name = _plain(h)
        if name in _NAMELESS:
            name = chr(ord(on) + nth) if len(on) == 1 and "a" <= on < "w" else extended(on, "₁₂₃₄₅₆₇₈₉"[nth % 9])
        names.append(name)
    return names


def _assumption_names(assumed: Sequence[Hypothesis], smaller: Sequence[str]) -> list[str]:
    """`ih` for a single one; else after the part that each is about, if Lean has not numbered them."""
    if len(assumed) == 1:
        return ["ih"]
    if len(assumed) != len(smaller) or any(_plain(h).startswith("ih") for h in assumed):
        return [name if (name := _plain(h)).startswith("ih") else "ih" for h in assumed]
    return [f"ih{name}" if len(name) < 3 else f"ih_{name}" for name in smaller]


def _wish(h: Hypothesis, on: str) -> str:
    name = _plain(h)
    if name == "head":
        return on.removesuffix("s") if len(on) == 2 and on.endswith("s") else "x"
    if name not in _NAMELESS or h.is_prop:
        return "" if name in _NAMELESS else name
    kind = head_of(h.type)
    return _USUAL.get(kind) or (kind[0].lower() if kind[:1].isascii() and len(kind) > 1 else "x")
