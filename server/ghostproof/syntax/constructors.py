"""The plainest constructors of a file's inductive types, read without Lean: one without fields, and a successor."""

import re
from dataclasses import dataclass

from ghostproof.syntax.quoting import last_part

_TYPE = re.compile(
    r"^[ \t]*(?:(?:private|protected|public)\s+)*inductive\s+(?P<name>[^\s:({\[]+)(?P<head>[^\n|]*)"
    r"(?P<body>(?:\s*\|[^|\n]*)*)",
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
    """

    zero: str = ""
    successor: str = ""


def plain_constructors(text: str) -> dict[str, Plainest]:
    """By the last component of the type's name; predicates are none."""
    found = {}
    for match in _TYPE.finditer(text):
        if re.search(r"\bProp\b", match["head"]):
            continue
        name, zero, successor = last_part(match["name"]), "", ""
        for constructor in _CONSTRUCTOR.finditer(match["body"]):
            fields = constructor["fields"].strip()
            if not fields or (fields.startswith(":") and "→" not in fields):
                zero = zero or constructor["name"]
            elif _kinds(fields) == [name]:
                successor = successor or constructor["name"]
        if zero or successor:
            found[name] = Plainest(zero, successor)
    return found


def _kinds(fields: str) -> list[str]:
    """The head of each field's type, one for each name."""
    if ":" in fields and not fields.startswith(":"):
        kinds = [(len(field["names"].split()), field["kind"].split()[0]) for field in _FIELD.finditer(fields)]
        return [kind for count, kind in kinds for _ in range(count)]
    # `| s : N → N`
    return [part.strip() for part in fields.removeprefix(":").split("→")[:-1]]
