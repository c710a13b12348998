"""Names in «»: which need it, and how a name or a list of names is taken apart where it may have some."""

import re

from ghostproof.syntax.words import KEYWORDS


def written(name: str) -> str:
    """The name, each part of it in «» that is a keyword, which is never wrong; what Lean has quoted stays as it is."""
    if "✝" in name:
        return name
    return ".".join(f"«{part}»" if part in KEYWORDS else part for part in name_parts(name))


def extended(name: str, suffix: str) -> str:
    """The name with more at its end, inside of its quotes."""
    return f"{name[:-1]}{suffix}»" if name.endswith("»") else name + suffix


def name_parts(name: str) -> list[str]:
    """The parts of a name between its dots; a dot in «» parts nothing."""
    return re.findall(r"«[^«»]*»|[^.«»]+", name)


def first_part(name: str) -> str:
    """What stands before its first dot."""
    return (name_parts(name) or [""])[0]


def last_part(name: str) -> str:
    """What stands behind its last dot."""
    return (name_parts(name) or [""])[-1]


def blank_separated(names: str) -> list[str]:
    """The names of a list with blanks between them; a blank in «» parts nothing."""
    return re.findall(r"(?:«[^«»\n]*»|[^\s«»])+", names)
