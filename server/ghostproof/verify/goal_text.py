"""A goal taken apart from its printed text alone, for a checker that has nothing but Lean's words."""

import re
from collections.abc import Iterator

from ghostproof.verify.checker import Hypothesis, MainGoal

_CASE = re.compile(r"case [^\n]*\n")
# Names, a colon, a type; what follows a line break belongs to the line above when it is indented.
_HYPOTHESIS = re.compile(r"(?P<names>\S+(?: \S+)*?) : (?P<type>.+)", re.DOTALL)
_BINDER = re.compile(r"[∀Π]\s*")
_WORD = re.compile(r"[^\s()\[\]{}⟨⟩,:∀∃λ⊢]+")
_OPENERS, _CLOSERS = "([{⟨⦃", ")]}⟩⦄"

# Operators that may stand between the two sides of a target, loosest first, with the constant they stand for.
_RELATIONS = (
    (" = ", "Eq"),
    (" ≠ ", "Ne"),
    (" ≤ ", "LE.le"),
    (" < ", "LT.lt"),
    (" ≥ ", "GE.ge"),
    (" > ", "GT.gt"),
    (" ∈ ", "Membership.mem"),
    (" ∉ ", "Not"),
    (" ∣ ", "Dvd.dvd"),
    (" ≍ ", "HEq"),
    (" ⊆ ", "HasSubset.Subset"),
)
_OPERATORS: tuple[tuple[tuple[str, str], ...], ...] = (
    ((" → ", "∀"),),
    ((" ↔ ", "Iff"),),
    ((" ∨ ", "Or"),),
    ((" ∧ ", "And"),),
    _RELATIONS,
)


def parse_main(goal: str) -> MainGoal:
    """The goal as far as its text tells: hypotheses, target, head and binders. Unknown parts stay empty."""
    context, target = split_goal(goal)
    hypotheses = tuple(_hypotheses(context))
    flat = re.sub(r"\s*\n\s*", " ", target).strip()
    return MainGoal(goal, target, head_of(flat), tuple(_binders(flat)), hypotheses)


def split_goal(goal: str) -> tuple[str, str]:
    """What stands above the target, its `case` line left out, and the target behind `⊢`."""
    body = _CASE.sub("", goal, count=1) if _CASE.match(goal) else goal
    above, found, target = body.rpartition("\n⊢ ")
    if not found:
        target = body.removeprefix("⊢ ")
    return above, target


def head_of(target: str) -> str:
    """Full name of the constant at the head of a one-line proposition, `∀` for a pi type or an arrow, or ""."""
    text = target.strip()
    while text.startswith("(") and _closing(text, 0) == len(text) - 1:
        text = text[1:-1].strip()
    if text.startswith("∀"):
        return "∀"
    if text.startswith("∃!"):
        return "ExistsUnique"
    if text.startswith("∃"):
        return "Exists"
    for level in _OPERATORS:
        if level is _RELATIONS and text.startswith("¬"):
            return "Not"  # `¬a = b` is the negation of an equation, `¬a ∧ b` a conjunction
        found = min(((at, name) for sign, name in level if (at := _top_level(text, sign)) >= 0), default=None)
        if found:
            return found[1]
    word = _WORD.match(text)
    return word.group() if word and re.match(r"[^\W\d]", word.group()) else ""


def _hypotheses(context: str) -> Iterator[Hypothesis]:
    entries: list[str] = []
    for line in context.split("\n"):
        if line.startswith(" ") and entries:
            entries[-1] += " " + line.strip()
        elif line:
            entries.append(line)
    for entry in entries:
        found = _HYPOTHESIS.fullmatch(entry)
        if found is None:
            continue
        type_ = found["type"]
        value = _top_level(type_, " := ")
        type_ = type_[:value] if value >= 0 else type_
        head = head_of(type_)
        for name in found["names"].split(" "):
            yield Hypothesis(name, type_, is_prop=head in _PROPOSITIONS, inductive=_inductive(type_, head))


_PROPOSITIONS = frozenset(name for level in _OPERATORS[1:] for _, name in level) | {"Exists", "ExistsUnique", "Not"}
# Heads that are names only. Whether another constant is an inductive type can't be told from its name.
_INDUCTIVES = frozenset(
    {"Nat", "Int", "List", "Option", "Bool", "Prod", "Sum", "Fin", "Array", "Unit", "Empty", "String"}
)
_PROP_INDUCTIVES = frozenset({"And", "Or", "Exists", "Iff", "Eq"})


def _inductive(type_: str, head: str) -> str:
    if head in _PROP_INDUCTIVES:
        return head
    if " × " in type_ and _top_level(type_, " × ") >= 0:
        return "Prod"
    return head if head in _INDUCTIVES else ""


def _binders(target: str) -> Iterator[str]:
    """Names of the leading binders; "" for an arrow's."""
    text = target
    while True:
        quantifier = _BINDER.match(text)
        if quantifier:
            comma = _top_level(text, ", ")
            if comma < 0:
                return
            yield from _binder_names(text[quantifier.end() : comma])
            text = text[comma + 2 :]
            continue
        arrow = _top_level(text, " → ")
        if arrow < 0 or any(0 <= _top_level(text, sign) < arrow for sign in (" ↔ ", "∃")):
            return
        yield ""
        text = text[arrow + 3 :]


def _binder_names(group: str) -> Iterator[str]:
    """Names in `x y`, `x y : Nat`, `(x : Nat) {y : Nat} [inst : Group G]`, `x > 0` or `x ∈ s`."""
    if group[:1] not in _OPENERS:
        names = re.split(r" : | > | ≥ | < | ≤ | ∈ | ≠ ", group, maxsplit=1)[0]
        yield from names.split()
        if " : " not in group and names != group:
            yield ""  # `∀ x > 0, p` has the bound as a hypothesis of its own
        return
    at = 0
    while at < len(group) and group[at] in _OPENERS:
        end = _closing(group, at)
        names, colon, _ = group[at + 1 : end].partition(" : ")
        yield from names.split() if colon else [""]
        at = end + 1
        while at < len(group) and group[at] == " ":
            at += 1


def _top_level(text: str, sign: str) -> int:
    """Offset of the first `sign` outside brackets and not in the scope of a quantifier or a lambda; -1 if none."""
    depth = 0
    for at, ch in enumerate(text):
        if ch in _OPENERS:
            depth += 1
        elif ch in _CLOSERS:
            depth -= 1
        elif depth == 0 and text.startswith(sign, at):
            return at
        elif depth == 0 and at and (ch in "∀∃λ" or text.startswith("fun ", at)) and sign != ", ":
            return -1
    return -1


def _closing(text: str, at: int) -> int:
    """Offset of the bracket that closes the one at `at`; the text's last one if none does."""
    depth = 0
    for end in range(at, len(text)):
        depth += (text[end] in _OPENERS) - (text[end] in _CLOSERS)
        if depth == 0:
            return end
    return len(text) - 1
