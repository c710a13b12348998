"""The plainest constructors of a file's inductive types, read without Lean.

One without fields, a successor, and one that puts an element to the rest, as in a list.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from ghostproof.syntax.quoting import last_part
from ghostproof.syntax.words import KEPT_READINGS, heading

_TYPE = re.compile(
    rf"{heading('inductive')}(?P<head>[^\n|]*)(?P<body>(?:\s*\|[^|\n]*)*)",
    re.MULTILINE,
)
_CONSTRUCTOR = re.compile(r"\|\s*(?P<name>[\w']+)\s*(?P<fields>[^|\n]*)")
_FIELD = re.compile(r"\(\s*(?P<names>[^:()]+?)\s*:\s*(?P<kind>[^()]+?)\s*\)")


@dataclass(frozen=True)
class Plainest:
    """Of one type, as they are written behind its name; "" for one that it does not have.

    Attributes:
        zero: has no fields.
        successor: its one field is of the type itself.
        cons: has two fields, of which one is of the type itself.
        fields: the types of these, as written.
        parameters: the type's own, in their order.
    """

    zero: str = ""
    successor: str = ""
    cons: str = ""
    fields: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()


@lru_cache(maxsize=KEPT_READINGS)
def plain_constructors(text: str) -> dict[str, Plainest]:
    """By the last component of the type's name; predicates are none."""
    found = {}
    for match in _TYPE.finditer(text):
        if re.search(r"\bProp\b", match["head"]):
            continue
        found[last_part(match["name"])] = _plainest(match)
    return {name: plainest for name, plainest in found.items() if plainest != Plainest()}


def _plainest(type_: re.Match[str]) -> Plainest:
    parameters = tuple(name for group in _FIELD.finditer(type_["head"]) for name in group["names"].split())
    name = last_part(type_["name"])
    itself = " ".join((name, *parameters))
    zero, successor, cons = "", "", ""
    two: tuple[str, ...] = ()
    for constructor in _CONSTRUCTOR.finditer(type_["body"]):
        fields = constructor["fields"].strip()
        kinds = _kinds(fields)
        if not fields or (fields.startswith(":") and "→" not in fields):
            zero = zero or constructor["name"]
        elif kinds in ([name], [itself]):
            successor = successor or constructor["name"]
        elif not cons and len(kinds) == 2 and sum(kind in (name, itself) for kind in kinds) == 1:
            cons, two = constructor["name"], tuple(itself if kind == name else kind for kind in kinds)
    return Plainest(zero, successor, cons, two, parameters if two else ())


def _kinds(fields: str) -> list[str]:
    """The type of each field."""
    if ":" in fields and not fields.startswith(":"):
        kinds = [(len(field["names"].split()), field["kind"].strip()) for field in _FIELD.finditer(fields)]
        return [kind for count, kind in kinds for _ in range(count)]
    # `| s : N → N`
    return [part.strip() for part in fields.removeprefix(":").split("→")[:-1]]
