"""The term that a tactic gives, where it is `exact` and nothing else."""

import re

from ghostproof.syntax import brackets
from ghostproof.syntax.lexical import mask, tokens

_WORD = re.compile(r"[\w.'!?«»]+")
_EXACT = re.compile(r"exact\s+(?=\S)")


def exact_term(tactic: str) -> str:
    """`h x` of `exact h x`; "" of any other tactic, and of several."""
    found = _EXACT.match(tactic)
    return tactic[found.end() :] if found is not None and _is_one_tactic(tactic) else ""


def is_word(term: str) -> bool:
    """Whether a term is a single name or literal, which stands as an argument without brackets."""
    return _WORD.fullmatch(term) is not None


def _is_one_tactic(text: str) -> bool:
    """Whether nothing in the text but what is in brackets could be a further tactic."""
    masked, regions = mask(text)
    if any(region.is_comment for region in regions) or any(re.match(r"\S", line) for line in text.split("\n")[1:]):
        return False
    depth = 0
    for token in tokens(masked, 0, len(masked)):
        depth += brackets.step(token.text)
        if depth == 0 and token.text in (";", "<;>", "<|>"):
            return False
    return True
