"""What fills the slots of the portfolio's forms on one goal."""

from collections.abc import Callable, Iterator, Sequence
from itertools import combinations, islice

from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.portfolio import Form, Over
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.grind_words import told_to_grind
from ghostproof.syntax.proposition import conclusion_of, head_of
from ghostproof.syntax.quoting import first_part

# Things of one kind that a form is tried for. The first two are the right ones in all goals of the corpus but one.
MOST = 3
# How many forms of a tier a second thing of a kind waits for.
LATER = 12

Slots = dict[str, str]

_UNSIGNED = ("UInt8", "UInt16", "UInt32", "UInt64", "USize")

# What is most likely to exist of a type where no variable has it.
_PLAINEST = {"Nat": "0", "ℕ": "0", "Int": "0", "ℤ": "0", "Bool": "true", "List": "[]", "Option": "none", "String": '""'}
_CONNECTIVES = frozenset({"And", "Or", "Exists", "Iff", "Eq", "Ne", "Not", "True", "HEq", "Nat.le", "LE.le"})


def expand(
    forms: Sequence[Form], view: GoalView, earlier: Callable[[Form], float] = lambda form: 0.0
) -> Iterator[tuple[Form, str]]:
    """What the forms become on this goal, in the order of trial: the most promising variable well before the next.

    Args:
        earlier: by how many places a form moves up, within its tier.
    """
    found = [
        (form.tier, place + LATER * nth - earlier(form), place, form, text)
        for place, form in enumerate(forms)
        for nth, text in enumerate(_texts(form, view))
    ]
    for _, _, _, form, text in sorted(found, key=lambda entry: entry[:3]):
        yield form, text


def _texts(form: Form, view: GoalView) -> Iterator[str]:
    if (form.heads and view.head not in form.heads) or view.head in form.no:
        return
    if form.marks and not any(mark in view.target for mark in form.marks):
        return
    if form.about and not any(word in text for word in form.about for text in _said(view)):
        return
    common = _common(view)
    for slots in _assignments(form.over, view):
        filled = {**common, **slots}
        if all(slot in filled for slot in form.slots):
            yield told_to_grind(form.text.format_map(filled), view.reducible)


def _said(view: GoalView) -> tuple[str, ...]:
    return (view.target, *(h.type for h in view.hypotheses))


def _common(view: GoalView) -> Slots:
    slots: Slots = {}
    if view.functions:
        slots["fs"] = ", ".join(f.name for f in view.functions)
    if view.binders:
        slots["names"] = " ".join(fresh(view.binders, view.taken))
    elif view.head in ("Not", "Ne"):
        slots["names"] = fresh([""], view.taken)[0]
    slots["arg"] = fresh(["x"], view.taken)[0]
    if witness := _witness(view):
        slots["witness"] = witness
    return slots


def _assignments(over: Over, view: GoalView) -> Iterator[Slots]:
    match over:
        case Over.GOAL:
            yield {}
        case Over.PROP:
            yield from ({"h": h.name} for h in view.propositions[: 2 * MOST])
        case Over.EQ:
            yield from ({"h": h.name} for h in view.propositions if head_of(h.type) == "Eq")
        case Over.LAW:
            laws = (h for h in view.propositions if head_of(conclusion_of(h.type)) == "Eq")
            yield from ({"h": h.name} for h in islice(laws, MOST))
        case Over.OR:
            yield from ({"h": h.name} for h in view.propositions if head_of(h.type) == "Or")
        case Over.PACKED:
            yield from _packed(view)
        case Over.PREDICATE:
            yield from (
                {"h": h.name, "pred": h.inductive}
                for h in view.propositions
                if h.inductive and h.inductive not in _CONNECTIVES
            )
        case Over.RECURSIVE:
            yield from ({"x": h.name} for h in view.data[:MOST] if h.recursive)
        case Over.GENERAL:
            yield from _general(view)
        case Over.DATA:
            yield from ({"x": h.name} for h in view.data[:MOST])
        case Over.PAIR:
            yield from ({"x": x.name, "y": y.name} for x, y in combinations(view.data[:MOST], 2))
        case Over.CALL:
            yield from _calls(view)
        case Over.FUNCTION:
            yield from ({"f": f.name} for f in view.functions[:MOST])
        case Over.WORD:
            said = {name for text in _said(view) for name in identifiers(text)}
            yield from ({"word": word} for word in _UNSIGNED if word in said)


def _packed(view: GoalView) -> Iterator[Slots]:
    for h in view.propositions:
        if pattern := _pattern(h.type, view.taken - {h.name}):
            yield {"h": h.name, "pattern": pattern}


def _pattern(type_: str, taken: frozenset[str]) -> str:
    """The anonymous-constructor pattern of a conjunction or an existential, or ""."""
    wishes: list[str] = []
    while True:
        head = head_of(type_)
        if head == "Exists" and ", " in type_:
            names, _, type_ = type_.removeprefix("∃ ").partition(", ")
            wishes += identifiers(names.partition(" : ")[0])
        elif head == "And" and not type_.startswith("("):
            _, _, type_ = type_.partition(" ∧ ")
            wishes.append("")
        else:
            break
    if not wishes:
        return ""
    return f"⟨{', '.join(fresh([*wishes, ''], taken))}⟩"


def _general(view: GoalView) -> Iterator[Slots]:
    mentioned = {first_part(word) for word in identifiers(view.target)}
    for x in (h for h in view.data[:MOST] if h.recursive):
        rest = [
            h.name
            for h in view.hypotheses
            if h.accessible and not h.is_prop and h.name != x.name and h.name in mentioned and _is_value(h.type)
        ]
        if rest:
            also = [h.name for h in view.data if h.name in rest and h.inductive]
            yield {"x": x.name, "rest": " ".join(rest), **({"y": also[0]} if also else {})}


def _is_value(type_: str) -> bool:
    return head_of(type_) not in ("∀", "Type", "Sort", "Prop")


def _calls(view: GoalView) -> Iterator[Slots]:
    recursive = [f for f in view.functions if f.recursive]
    yield from ({"call": f.name} for f in recursive[:MOST])
    for f in recursive[:MOST]:
        yield from ({"call": call} for call in f.applications[:MOST])


def _witness(view: GoalView) -> str:
    """A value that an existential most likely asks for: a variable of its type, or the plainest value."""
    if view.head != "Exists":
        return ""
    _, colon, rest = view.target.partition(" : ")
    wanted = view.witness or (rest.partition(",")[0] if colon else "")
    same = [h.name for h in view.hypotheses if h.accessible and not h.is_prop and (h.type == wanted or not wanted)]
    return same[-1] if same else _PLAINEST.get(wanted.split()[0] if wanted else "Nat", "")
