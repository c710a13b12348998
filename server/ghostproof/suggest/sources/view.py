"""A goal as the portfolio sees it: what the checker said about it, completed from the texts where it said nothing."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property

from ghostproof.suggest.declarations import Declarations
from ghostproof.suggest.goal_text import GoalText, identifiers, parse_goal
from ghostproof.verify.checker import Function, Hypothesis, MainGoal

# The library's inductive types that goals are full of; whether they are recursive.
_LIBRARY_DATA = {
    "Nat": True,
    "List": True,
    "ℕ": True,
    "Int": False,
    "ℤ": False,
    "Bool": False,
    "Option": False,
    "Sum": False,
    "Prod": False,
    "Fin": False,
    "Except": False,
    "Ordering": False,
    "Array": False,
    "Unit": False,
}
# Weakest first, as Lean binds them: the first one found outside brackets is the head.
_OPERATORS = (
    (("∃ ", "∃! "), "Exists"),
    (("∀ ", "Π "), "∀"),
    ((" ↔ ",), "Iff"),
    ((" → ",), "∀"),
    ((" ∨ ",), "Or"),
    ((" ∧ ",), "And"),
    (("¬",), "Not"),
    ((" = ",), "Eq"),
    ((" ≠ ",), "Ne"),
    ((" ≤ ", " ≥ "), "LE.le"),
    ((" < ", " > "), "LT.lt"),
    ((" ∈ ",), "Membership.mem"),
    ((" ∣ ",), "Dvd.dvd"),
    ((" × ",), "Prod"),
    ((" ⊕ ",), "Sum"),
)
_PREFIXES = ("∃ ", "∃! ", "∀ ", "Π ", "¬")
_BINDER_NAMES = re.compile(r"^[∀Π] (?P<names>[^,:({\[⦃]+)|^[∀Π] (?P<groups>(?:[({\[⦃][^)}\]⦄]*[)}\]⦄] ?)+)")


@dataclass(frozen=True)
class View:
    """The main goal with nothing left at "unknown"."""

    goal: GoalText
    head: str
    binders: tuple[str, ...]
    hypotheses: tuple[Hypothesis, ...]
    functions: tuple[Function, ...]

    @property
    def target(self) -> str:
        return self.goal.target

    @cached_property
    def taken(self) -> frozenset[str]:
        """Names that a new hypothesis must not have."""
        return frozenset(self.goal.names) | frozenset(identifiers(self.target))

    @cached_property
    def propositions(self) -> tuple[Hypothesis, ...]:
        """Accessible propositions, latest first: those were introduced for this goal."""
        return tuple(h for h in reversed(self.hypotheses) if h.is_prop and h.accessible)

    @cached_property
    def data(self) -> tuple[Hypothesis, ...]:
        """Accessible values of inductive types, those that functions of the goal are applied to first."""
        found = [h for h in self.hypotheses if not h.is_prop and h.inductive and h.accessible]
        words = identifiers(self.target)
        arguments = identifiers(" ".join(a for f in self.functions if f.recursive for a in f.applications))
        uses = {h.name: sum(w.partition(".")[0] == h.name for w in arguments) for h in found}
        mentioned = {h.name: any(w.partition(".")[0] == h.name for w in words) for h in found}
        return tuple(sorted(found, key=lambda h: (not mentioned[h.name], not h.recursive, -uses[h.name])))


def view_of(main: MainGoal, declared: Callable[[], Declarations]) -> View:
    """The view of a goal; `declared` is asked only where the checker said nothing."""
    goal = parse_goal(main.goal)
    if not goal.target:
        goal = replace(goal, target=main.target)
    told = any(h.is_prop or h.inductive for h in main.hypotheses) or bool(main.functions)
    if told or (main.head and main.hypotheses):
        return View(goal, main.head or head_of(goal.target), main.binders, main.hypotheses, main.functions)
    return guess(goal, declared())


def guess(goal: GoalText, declared: Declarations) -> View:
    """The view of a goal of which only the text is known."""
    kinds: dict[str, str] = {}
    hypotheses: list[Hypothesis] = []
    for line in goal.lines:
        for name in line.names:
            kinds[name] = line.type
            hypotheses.append(_hypothesis(name, line.type, kinds, declared))
    head = head_of(goal.target)
    binders = _binders(goal.target) if head == "∀" else ()
    return View(goal, head, binders, tuple(hypotheses), _functions(goal.target, declared))


def head_of(term: str) -> str:
    """The head constant of a printed term where an operator tells it, else its first identifier, or ""."""
    term = _bare(term)
    flat = _outside_brackets(term)
    if flat.startswith(_PREFIXES):
        return next(head for marks, head in _OPERATORS if flat.startswith(tuple(m for m in marks if m in _PREFIXES)))
    for marks, head in _OPERATORS:
        if any(mark in flat for mark in marks if mark not in _PREFIXES):
            return head
    match = re.match(r"[^\W\d][\w'.]*", flat)
    return match[0] if match else ""


def codomain(type_: str) -> str:
    """What remains of a printed type behind its arrows and binders."""
    while head_of(type_) == "∀":
        flat = _outside_brackets(type_)
        mark = ", " if flat.startswith(("∀", "Π")) else " → "
        at = flat.find(mark)
        if at < 0:
            return type_
        type_ = type_[at + len(mark) :]
    return type_


def _hypothesis(name: str, type_: str, kinds: dict[str, str], declared: Declarations) -> Hypothesis:
    result = codomain(type_)
    head = head_of(result)
    user = declared.types.get(head.rpartition(".")[2])
    is_prop = (
        head in ("Exists", "Iff", "Or", "And", "Not", "Eq", "Ne", "LE.le", "LT.lt", "Membership.mem", "Dvd.dvd")
        or head in ("True", "False")
        or codomain(kinds.get(head, "")) == "Prop"
        or (user is not None and user.is_prop)
    )
    if result != type_:
        return Hypothesis(name, type_, is_prop)
    if is_prop:
        inductive = head if head in ("Exists", "Or", "And", "Iff", "Eq", "False") or user else ""
        return Hypothesis(name, type_, True, inductive, user is not None and user.recursive)
    if user:
        return Hypothesis(name, type_, False, user.name, user.recursive)
    if head in _LIBRARY_DATA:
        return Hypothesis(name, type_, False, head, _LIBRARY_DATA[head])
    return Hypothesis(name, type_)


def _functions(target: str, declared: Declarations) -> tuple[Function, ...]:
    names = dict.fromkeys(word.rpartition(".")[2] for word in identifiers(target))
    found = [declared.functions[name] for name in names if name in declared.functions]
    return tuple(Function(f.name, f.recursive, _applications(target, f.name)) for f in found)


def _applications(target: str, name: str) -> tuple[str, ...]:
    """Applications to identifiers and bracketed terms, as `f x (g y)` is printed."""
    pattern = rf"(?<![\w.']){re.escape(name)}((?: (?:[^\W\d][\w'.]*|\d+|\([^()]*\)|\[[^\[\]]*\]))+)"
    return tuple(dict.fromkeys(name + match[1] for match in re.finditer(pattern, target)))


def _binders(target: str) -> tuple[str, ...]:
    names: list[str] = []
    while head_of(target) == "∀":
        flat = _outside_brackets(target)
        mark = ", " if flat.startswith(("∀", "Π")) else " → "
        at = flat.find(mark)
        if at < 0:
            break
        names += _bound(target[:at]) if mark == ", " else [""]
        target = target[at + len(mark) :]
    return tuple(names)


def _bound(head: str) -> list[str]:
    match = _BINDER_NAMES.match(head)
    if match and match["names"]:
        return match["names"].split()
    groups = re.findall(r"[({⦃]([^:)}⦄]*)", head)
    return [name for group in groups for name in group.split()]


def _outside_brackets(term: str) -> str:
    """The term with everything inside brackets, and behind `fun` or a binder's comma, blanked out; same length."""
    depth = 0
    out: list[str] = []
    for ch in term:
        depth -= ch in ")]}⟩⦄"
        out.append(ch if depth == 0 else "_")
        depth += ch in "([{⟨⦃"
    return re.sub(r"(?<=fun ).*", lambda m: "_" * len(m[0]), "".join(out))


def _bare(term: str) -> str:
    while term.startswith("(") and term.endswith(")") and _outside_brackets(term)[1:-1].strip("_") == "":
        term = term[1:-1]
    return term
