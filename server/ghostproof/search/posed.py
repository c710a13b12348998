"""A goal posed as a theorem of its own, for whoever proves theorems: read by a model, never by Lean."""

import re

from ghostproof.search.strategy import Goal
from ghostproof.syntax.extent import declaration_at
from ghostproof.syntax.goal import parse_goal

_DAGGER = re.compile(r"([^\W\d][\w']*)✝([¹²³⁴⁵⁶⁷⁸⁹⁰]*)")
_DIGITS = str.maketrans("¹²³⁴⁵⁶⁷⁸⁹⁰", "1234567890")
_PROOF_BEGINS = re.compile(r":=\s*(?:by\s*)?\Z")


def posed(goal: Goal) -> str:
    """The file up to where the goal's proof begins: its own theorem, or one with the goal's hypotheses as binders."""
    above = goal.above
    if goal.number == 0 and (begins := _PROOF_BEGINS.search(above)):
        return above[: begins.start()] + ":= by\n  "
    start = declaration_at(above, len(above)).start
    binders, target = _binders(goal.main.goal), _target(goal.main.goal)
    return f"{above[:start]}theorem goal_{goal.number}{binders} :\n    {target} := by\n  "


def _binders(goal: str) -> str:
    found = []
    for line in parse_goal(goal).lines:
        type_ = _named(line.type.partition(" := ")[0])
        if all(name.startswith("inst✝") for name in line.names):
            found += [f"[{type_}]"] * len(line.names)
        else:
            found.append(f"({' '.join(map(_named, line.names))} : {type_})")
    return "".join(f" {binder}" for binder in found)


def _target(goal: str) -> str:
    return _named(parse_goal(goal).printed_target)


def _named(text: str) -> str:
    """Inaccessible names as names that can be written."""
    return _DAGGER.sub(lambda found: f"{found[1]}_{found[2].translate(_DIGITS) or '0'}", text)
