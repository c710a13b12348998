"""The types of a function's explicit arguments and of its result, read from the head of its definition.

A head that has no type, or says it in another way, has no signature: nothing is said rather than something wrong.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

_OPENING, _CLOSING = "([{⦃⟨", ")]}⦄⟩"
_NAMES = re.compile(r"\s*(?P<names>[^\s:](?:[^:]*[^\s:])?)\s*:(?P<kind>[\s\S]+)")


@dataclass(frozen=True)
class Signature:
    """What a function takes and gives, as written."""

    arguments: tuple[str, ...]
    result: str


def signature(head: str) -> Signature | None:
    """The signature in what stands between a function's name and its body: `(xs : List α) : List α → Nat`."""
    binders, colon, kind = _at_colon(head)
    *more, result = (part.strip() for part in _arrows(kind))
    if not colon or not result:
        return None
    taken = tuple(_explicit(binders)) + tuple(_unbracketed(part) for part in more)
    return Signature(taken, result) if all(taken) and "∀" not in kind else None


def _at_colon(head: str) -> tuple[str, str, str]:
    """The head parted at the colon of its type."""
    depth = 0
    for at, character in enumerate(head):
        depth += (character in _OPENING) - (character in _CLOSING)
        if character == ":" and depth == 0:
            return head[:at], ":", head[at + 1 :]
    return head, "", ""


def _explicit(binders: str) -> Iterator[str]:
    """The type of each explicit argument left of the colon."""
    start, depth = 0, 0
    for at, character in enumerate(binders):
        if character in _OPENING and depth == 0:
            start = at
        depth += (character in _OPENING) - (character in _CLOSING)
        if character == ")" and depth == 0 and binders[start] == "(":
            found = _NAMES.fullmatch(binders[start + 1 : at])
            yield from [found["kind"].strip()] * len(found["names"].split()) if found else [""]


def _arrows(kind: str) -> list[str]:
    """A type parted at the arrows outside of brackets."""
    parts, depth = [""], 0
    for character in kind:
        depth += (character in _OPENING) - (character in _CLOSING)
        if character == "→" and depth == 0:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def _unbracketed(part: str) -> str:
    """`α → β` of `(α → β)`; "" for an argument with a name, whose type others may speak of."""
    if not part.startswith("("):
        return "" if part.startswith(("{", "[", "⦃")) else part
    inside = part[1:-1] if part.endswith(")") else ""
    return "" if ":" in inside or not inside else inside
