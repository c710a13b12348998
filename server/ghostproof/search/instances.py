"""Functions of the user's at the types that a goal speaks of. Pure.

`join : Bag α → Bag α → Bag α` stands in a file; a goal about `Bag Nat` needs it at `Nat`, and so do guesses about it.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace

from ghostproof.syntax.goal import identifiers
from ghostproof.verify.checker import Function

# Instances of one function: more types than this in one goal are rare, and guesses about each take time.
_MOST = 2


def at_types(function: Function, spoken: Sequence[str], variables: Collection[str]) -> Iterator[Function]:
    """The function with its type variables settled by types of the goal; as it is where nothing settles them.

    Args:
        spoken: types of the goal, as Lean prints them.
        variables: its type variables.
    """
    kinds = (*function.arguments, function.result)
    words = dict.fromkeys(word for kind in kinds for word in identifiers(kind))
    free = [word for word in words if word in variables]
    found = list(_settled(kinds, free, dict.fromkeys(spoken))) if free else []
    if not found:
        yield function
    for at in found[:_MOST]:
        yield replace(
            function,
            arguments=tuple(_replaced(kind, at) for kind in function.arguments),
            result=_replaced(function.result, at),
        )


def _settled(kinds: Sequence[str], variables: Sequence[str], spoken: Iterable[str]) -> Iterator[dict[str, str]]:
    """Ways to settle all variables by one type of the goal; each once."""
    seen = []
    for kind in dict.fromkeys(kinds):
        inside = [variable for variable in variables if variable in identifiers(kind)]
        if kind in variables or len(inside) != len(variables):
            continue
        form = re.compile(pattern(kind, inside))
        for other in spoken:
            match = form.fullmatch(other)
            if match is not None and match.groups() not in seen:
                seen.append(match.groups())
                yield dict(zip(inside, match.groups(), strict=True))


def pattern(kind: str, variables: Sequence[str]) -> str:
    """What matches the types of a form: each variable is one group, further occurrences of it are the same."""
    order: list[str] = []
    parts = []
    for part in re.split(r"([^\W\d][\w.']*)", kind):
        if part not in variables:
            parts.append(re.escape(part))
        elif part in order:
            parts.append(f"\\{order.index(part) + 1}")
        else:
            order.append(part)
            parts.append(r"(\([^()]*\)|[^\s()]+)")
    return "".join(parts)


def _replaced(kind: str, at: dict[str, str]) -> str:
    if kind in at:
        return at[kind].removeprefix("(").removesuffix(")")
    return re.sub(r"[^\W\d][\w.']*", lambda word: at.get(word[0], word[0]), kind)
