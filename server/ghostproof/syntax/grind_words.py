"""Names that `grind` takes for words of its own where they stand in its list: a function may be called `norm`."""

import re

_LIST = re.compile(r"(?<![\w.'])grind(?: only)? \[[^\[\]\n]*\]")
# As of Lean 4.28; a name in «» is a name to all of them.
_WORDS = ("usr", "cases", "intro", "ext", "inj", "funCC", "gen", "norm", "unfold", "symbol")
_ALONE = re.compile(rf"(?<=[\[ ])(?:{'|'.join(_WORDS)})(?=[,\]])")


def names_to_grind(tactics: str) -> str:
    """The tactics with such names in «»."""
    return _LIST.sub(lambda found: _ALONE.sub(r"«\g<0>»", found[0]), tactics)
