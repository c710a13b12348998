"""Names for new hypotheses: the binder's own where it is free and can be written, `h`, `h₁`, … for propositions."""

import re
from collections.abc import Iterable

from ghostproof.syntax.names import PART
from ghostproof.syntax.quoting import extended, written

_SUBSCRIPTS = str.maketrans("0123456789", "₀₁₂₃₄₅₆₇₈₉")
_PART = re.compile(PART)
# What Lean calls the binders of arrows and of `fun _`.
_ANONYMOUS = frozenset({"a✝", "x✝"})


def fresh(wanted: Iterable[str], taken: Iterable[str]) -> list[str]:
    """One free name per wish. A wish that is empty, inaccessible or anonymous is a proposition's: `h`, `h₁`, ….

    A wish that is taken gets a prime.
    """
    used = set(taken)
    names: list[str] = []
    for wish in wanted:
        name = wish.partition("✝")[0]
        name = "" if not _PART.fullmatch(name) or wish in _ANONYMOUS else written(name)
        name = _primed(name, used) if name else _proposition(used)
        used.add(name)
        names.append(name)
    return names


def _primed(name: str, used: set[str]) -> str:
    while name in used or name.strip("«»") in used:
        name = extended(name, "'")
    return name


def _proposition(used: set[str]) -> str:
    if "h" not in used:
        return "h"
    number = 1
    while f"h{number}".translate(_SUBSCRIPTS) in used:
        number += 1
    return f"h{number}".translate(_SUBSCRIPTS)
