"""What the library's operators stand for in a file, read without Lean.

`instance : Add N := ⟨N.add⟩` names a function, `instance : Mul Z := ⟨fun z w => ⟨z.re * w.re, z.im * w.im⟩⟩` says it.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from ghostproof.syntax import brackets
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.words import KEPT_READINGS

_SIGNS = {"Add": "+", "Mul": "*", "Sub": "-", "Div": "/", "Mod": "%", "Append": "++", "LE": "≤", "LT": "<"}
_NAME = r"[^\W\d][\w.'!?]*"
_INSTANCE = re.compile(
    rf"^[ \t]*(?:@\[[^\]\n]*\]\s*)?(?:(?:local|scoped|private|protected)\s+)*instance\b[^\n]*?:\s*"
    rf"(?P<kind>{'|'.join(_SIGNS)})\s+(?P<type>\([^()\n]*\)|[\w.']+)\s*(?P<begins>:=\s*(?=[⟨{{])|where\b)",
    re.MULTILINE,
)
_FIELD = re.compile(rf"\s*\w+(?P<names>(?:\s+{_NAME})*)\s*:=\s*(?P<value>\S[\s\S]*)")
_FUNCTION = re.compile(rf"(?:fun|λ)\s+(?P<first>{_NAME})\s+(?P<second>{_NAME})\s*(?:=>|↦)\s*(?P<body>\S[\s\S]*)")
_WHOLE_NAME = re.compile(_NAME)


@dataclass(frozen=True)
class Notation:
    """An operator at one type.

    Attributes:
        kind: the class that it comes from, `Add`.
        sign: as it stands between its sides.
        type: whose values it joins, as written.
        function: what it stands for, as written where it was said; "" where that is no name.
        names: what its sides are called in `body`.
        body: what it makes of them, on one line; "" where a function does.
    """

    kind: str
    sign: str
    type: str
    function: str = ""
    names: tuple[str, ...] = ()
    body: str = ""


@lru_cache(maxsize=KEPT_READINGS)
def notations(text: str) -> tuple[Notation, ...]:
    """Those of which a text says what they stand for in one of these ways; others are not listed."""
    masked = mask(text)[0]
    return tuple(one for found in _INSTANCE.finditer(masked) for one in _declared(found, masked))


def _declared(found: re.Match[str], text: str) -> Iterator[Notation]:
    kind, type_ = found["kind"], found["type"].strip("()").strip()
    names, value = _meaning(found["begins"], text, found.end())
    if len(names) == 2 and value:
        yield Notation(kind, _SIGNS[kind], type_, names=names, body=" ".join(value.split()))
    elif not names and _WHOLE_NAME.fullmatch(value):
        yield Notation(kind, _SIGNS[kind], type_, value)


def _meaning(begins: str, text: str, at: int) -> tuple[tuple[str, ...], str]:
    """The names of the sides, none where they are not named, and what stands for the operator."""
    if begins == "where":
        value = _block(text, at)
    else:
        last = brackets.closing(text, at)
        value = text[at + 1 : last] if last is not None else ""
    if begins == "where" or text[at : at + 1] == "{":
        field = _FIELD.fullmatch(value)
        if field is None:
            return (), ""
        names, value = tuple(field["names"].split()), field["value"]
        if names:
            return names, value.strip()
    said = _FUNCTION.fullmatch(value.strip())
    return ((said["first"], said["second"]), said["body"]) if said is not None else ((), value.strip())


def _block(text: str, at: int) -> str:
    """The lines below `where`, as far as they are its only field."""
    lines = text[at:].split("\n")[1:]
    depths = [len(line) - len(line.lstrip()) if line.strip() else None for line in lines]
    first = next(iter(depths), None)
    end = next((nth for nth, depth in enumerate(depths) if depth is None or depth < (first or 1)), len(lines))
    if not first or any(depth == first for depth in depths[1:end]):
        return ""
    return "\n".join(lines[:end])
