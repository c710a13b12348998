"""What happens to a candidate before Lean elaborates it: elaborating a tactic runs code, and a model's text is hostile.

Four gates, from the cheap to the exact. What is no text, or too much, is not read (`plain_text.py`). Tokens are read
(`forbidden.py`). Lean's own parser, in the prober or in the reader, reads the candidate in place, with nothing left
over, and its syntax tree is walked: only what `allowed.py` lists runs, and what the project itself defines, and what
Lean would evaluate may only be a plain value. Where no parser can be had, only texts of a closed grammar run
(`closed_grammar.py`).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ghostproof.verify.allowed import (
    CONSTRUCTORS,
    EVALUATING,
    HAZARDS,
    KEYWORDS,
    KINDS,
    LIBRARIES,
    PREFIXES,
    REDUCED_BY_RUNNING,
)
from ghostproof.verify.forbidden import CONSTANTS, REFUSED, forbidden
from ghostproof.verify.plain_text import unfit
from ghostproof.verify.verdict import Reason, Rejected

# As the prober takes it.
POLICY: dict[str, Any] = {
    "refused": sorted(REFUSED | EVALUATING),
    "unsound": sorted(CONSTANTS | REDUCED_BY_RUNNING),
    "kinds": sorted(KINDS),
    "prefixes": list(PREFIXES),
    "keywords": sorted(KEYWORDS),
    "libraries": sorted(LIBRARIES),
    "hazards": sorted(HAZARDS),
    "plainArgs": True,
    "dots": sorted(CONSTRUCTORS),
    "deepest": 1_000,
}


def refused_unread(text: str) -> Rejected | None:
    """The verdict on a candidate that Lean is not even asked to parse, or None."""
    if not text.strip():
        return Rejected(Reason.PARSE, "unexpected end of input; expected a tactic")
    rule = unfit(text) or forbidden(text)
    return Rejected(Reason.FORBIDDEN, rule) if rule else None


@dataclass(frozen=True)
class Guard:
    """What a checker asks before Lean elaborates a candidate.

    Attributes:
        unread: judges a text before Lean parses it.
        policy: what the prober refuses after parsing, as its `config` request takes it.
    """

    unread: Callable[[str], Rejected | None]
    policy: Mapping[str, Any]


GUARD = Guard(refused_unread, POLICY)
