"""Which words are names in a text of the closed grammar (`closed_grammar.py`), and which never are."""

import re
from collections.abc import Collection

from ghostproof.syntax.words import DECLARATIONS, KEYWORDS, one_of, words

# Words that are no names, in whatever text they are found: `known_names` leaves them out. The further ones are
# none that Lean reserves.
NO_NAMES = KEYWORDS | words("admit conv idbg native_decide obtain only run_tac stop")
COMMON = words(
    "absurd congrArg congrFun dif_neg dif_pos funext id if_neg if_pos not_not propext rfl trivial True False Nat Int"
)
# Constructors and arguments that the goal does not show before it is split.
COMMON_NEW = words(
    "cons nil zero succ inl inr some none intro mk refl left right mp mpr head tail fst snd val property tail_ih"
)
NEW = re.compile(r"[A-Za-zα-κμ-ορςτ-ω]{1,2}[0-9₀-₉]*'*|ih_?[a-z]{0,3}[0-9₀-₉]*'*|[a-z]{1,8}_ih[0-9₀-₉]*'*")

# Constants that make proofs of nothing or stand for code that something else is run in place of, in whatever namespace.
DANGEROUS = re.compile(
    r"(?i:unsafe|ptrAddr|dbg|sorry|ofReduce|reduceBool|reduceNat|trustCompiler|implemented_by|native)|^lc[A-Z]"
)

LETTER = r"A-Za-z_α-κμ-ορςτ-ωΑ-ΟΡΤ-Ω𝒜-𝖟ℕℤℚℝ"
_NAME = re.compile(rf"[{LETTER}][{LETTER}0-9'₀-₉]*")
_DECLARED = re.compile(
    rf"(?:\b{one_of(DECLARATIONS)}\s+|\|\s*)"
    rf"((?:{_NAME.pattern})(?:\.{_NAME.pattern})*)"
)


def known_names(goals: Collection[str], file: str) -> frozenset[str]:
    """Words that are names at a spot: what its goals are printed with, and what the file (masked) declares."""
    found = {word for goal in goals for word in _NAME.findall(goal)}
    found.update(part for name in _DECLARED.findall(file) for part in name.split("."))
    return frozenset(found) - NO_NAMES
