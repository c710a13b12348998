"""A proposition as Lean prints it on one line: its head constant, its binders, and what stands outside brackets."""

import re
from collections.abc import Iterator

from ghostproof.syntax import brackets
from ghostproof.syntax.quoting import blank_separated

_BINDER = re.compile(r"[∀Π]\s*")
_WORD = re.compile(r"(?:«[^«»\n]*»|[^\s()\[\]{}⟨⟩,:∀∃λ⊢«»])+")

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


# Heads that make a proposition of whatever stands beside them.
PROPOSITIONS = frozenset(name for level in _OPERATORS[1:] for _, name in level) | {"Exists", "ExistsUnique", "Not"}


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
        found = min(((at, name) for sign, name in level if (at := top_level(text, sign)) >= 0), default=None)
        if found:
            return found[1]
    word = _WORD.match(text)
    return word.group() if word and re.match(r"[^\W\d]|«", word.group()) else ""


def binders_of(target: str) -> Iterator[str]:
    """Names of the leading binders; "" for an arrow's."""
    text = target
    while True:
        quantifier = _BINDER.match(text)
        if quantifier:
            comma = top_level(text, ", ")
            if comma < 0:
                return
            yield from _binder_names(text[quantifier.end() : comma])
            text = text[comma + 2 :]
            continue
        arrow = top_level(text, " → ")
        if arrow < 0 or any(0 <= top_level(text, sign) < arrow for sign in (" ↔ ", "∃")):
            return
        yield ""
        text = text[arrow + 3 :]


def conclusion_of(target: str) -> str:
    """What is claimed behind all binders and hypotheses."""
    text = target
    while head_of(text) == "∀":
        sign = ", " if text.startswith("∀") else " → "
        at = top_level(text, sign)
        if at < 0:
            break
        text = text[at + len(sign) :]
    return text


def _binder_names(group: str) -> Iterator[str]:
    """Names in `x y`, `x y : Nat`, `(x : Nat) {y : Nat} [inst : Group G]`, `x > 0` or `x ∈ s`."""
    if group[:1] not in brackets.OPENERS:
        names = re.split(r" : | > | ≥ | < | ≤ | ∈ | ≠ ", group, maxsplit=1)[0]
        yield from blank_separated(names)
        if " : " not in group and names != group:
            yield ""  # `∀ x > 0, p` has the bound as a hypothesis of its own
        return
    at = 0
    while at < len(group) and group[at] in brackets.OPENERS:
        end = _closing(group, at)
        names, colon, _ = group[at + 1 : end].partition(" : ")
        yield from blank_separated(names) if colon else [""]
        at = end + 1
        while at < len(group) and group[at] == " ":
            at += 1


def sides_of(text: str, sign: str = " = ") -> tuple[str, str, str]:
    """A text up to the first such sign outside of brackets, the sign, and what is behind it: see `str.partition`."""
    at = top_level(text, sign)
    return (text, "", "") if at < 0 else (text[:at], sign, text[at + len(sign) :])


def top_level(text: str, sign: str) -> int:
    """Offset of the first `sign` outside brackets and not in the scope of a quantifier or a lambda; -1 if none."""
    depth = 0
    for at, character in enumerate(text):
        change = brackets.step(character)
        depth += change
        if change or depth:
            continue
        if text.startswith(sign, at):
            return at
        if at and (character in "∀∃λ" or text.startswith("fun ", at)) and sign != ", ":
            return -1
    return -1


def _closing(text: str, at: int) -> int:
    """Offset of the bracket that closes the one at `at`; the text's last one if none does."""
    found = brackets.closing(text, at)
    return len(text) - 1 if found is None else found
