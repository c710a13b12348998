"""What stands in a list of `grind`'s: names that it takes for words of its own, and what it refuses to be told."""

import re
from collections.abc import Collection

_LIST = re.compile(r"(?<![\w.'])(?P<word>grind(?: only)?) \[(?P<named>[^\[\]\n]*)\]")
# As of Lean 4.28; a name in «» is a name to all of them.
_WORDS = ("usr", "cases", "intro", "ext", "inj", "funCC", "gen", "norm", "unfold", "symbol")
_ALONE = re.compile(rf"(?:(?<= )|^)(?:{'|'.join(_WORDS)})(?=,|$)")


def told_to_grind(tactics: str, reducible: Collection[str] = ()) -> str:
    """The tactics with such names in «», and without the functions that `grind` unfolds by itself.

    A function may be called `norm`. One that is reducible is an error there.
    """

    def told(found: re.Match[str]) -> str:
        named = found["named"]
        if reducible:
            named = ", ".join(one for one in named.split(", ") if one not in reducible)
        named = _ALONE.sub(r"«\g<0>»", named)
        return f"{found['word']} [{named}]" if named else found["word"]

    return _LIST.sub(told, tactics)
