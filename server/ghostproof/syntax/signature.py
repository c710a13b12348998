"""The types of a function's explicit arguments and of its result, read from the head of its definition.

A head that has no type, or says it in another way, has no signature: nothing is said rather than something wrong.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from ghostproof.syntax import brackets

_NAMES = re.compile(r"\s*(?P<names>[^\s:](?:[^:]*[^\s:])?)\s*:(?P<kind>[\s\S]+)")


@dataclass(frozen=True)
class Signature:
    """What a function takes and gives, as written."""

    arguments: tuple[str, ...]
    result: str


def signature(head: str) -> Signature | None:
    """The signature in what stands between a function's name and its body: `(xs : List α) : List α → Nat`."""
    binders = brackets.before(head, ":")
    kind = head[len(binders) + 1 :]
    *more, result = (part.strip() for part in brackets.split_outside(kind, "→"))
    if not result:
        return None
    taken = tuple(_explicit(binders)) + tuple(_unbracketed(part) for part in more)
    result = (_unbracketed(result) if "→" in result else "") or result
    return Signature(taken, result) if all(taken) and "∀" not in kind else None


def _explicit(binders: str) -> Iterator[str]:
    """The type of each explicit argument left of the colon."""
    start, depth = 0, 0
    for at, character in enumerate(binders):
        if character in brackets.OPENERS and depth == 0:
            start = at
        depth += brackets.step(character)
        if character == ")" and depth == 0 and binders[start] == "(":
            found = _NAMES.fullmatch(binders[start + 1 : at])
            yield from [found["kind"].strip()] * len(found["names"].split()) if found else [""]


def _unbracketed(part: str) -> str:
    """`α → β` of `(α → β)`; "" for an argument with a name, whose type others may speak of."""
    if not part.startswith("("):
        return "" if part.startswith(("{", "[", "⦃")) else part
    inside = part[1:-1] if part.endswith(")") else ""
    return "" if ":" in inside or not inside else inside
