"""What happens to a candidate before Lean elaborates it: elaborating a tactic runs code, and a model's text is hostile.

Three gates, from the cheap to the exact. Its tokens are read (`forbidden.py`). The prober has Lean's own parser read it
in place, with nothing left over, and walks the syntax tree: only what `allowed.py` lists runs, and what the project
itself defines. The scratch checker has no parser of Lean's before elaboration, and judges by the keywords that tactics
begin with.
"""

from collections.abc import Collection
from typing import Any

from ghostproof.verify.allowed import KEYWORDS, KINDS, LIBRARIES, PREFIXES
from ghostproof.verify.forbidden import CONSTANTS, REFUSED, forbidden, malformed, tactic_heads
from ghostproof.verify.verdict import Reason, Rejected

# As the prober takes it.
POLICY: dict[str, Any] = {
    "refused": sorted(REFUSED),
    "unsound": sorted(CONSTANTS),
    "kinds": sorted(KINDS),
    "prefixes": list(PREFIXES),
    "keywords": sorted(KEYWORDS),
    "libraries": sorted(LIBRARIES),
}


def refused_unread(text: str) -> Rejected | None:
    """The verdict on a candidate that Lean is not even asked to parse, or None."""
    broken = malformed(text)
    if broken:
        return Rejected(Reason.PARSE, broken)
    rule = forbidden(text)
    return Rejected(Reason.FORBIDDEN, rule) if rule else None


def refused_head(text: str, own: Collection[str]) -> Rejected | None:
    """The verdict on a candidate with a tactic of no known keyword, where nothing but tokens can be judged.

    Args:
        own: keywords of tactics that the project defines.
    """
    for head in tactic_heads(text):
        if head not in KEYWORDS and head not in own:
            return Rejected(Reason.PARSE, f"`{head}` is no tactic that is known")
    return None
