"""What has to be proved together with a goal about mutual types or functions. Pure.

Each of such functions calls the others, so that an induction needs the goal's counterpart about these as well.
"""

import re
from collections.abc import Iterator, Sequence

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.mutual_blocks import Mutual
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.proposition import sides_of
from ghostproof.verify.definitions import Definition

_WORD = re.compile(r"(?:«[^«»\n]*»|[^\W\d]|\.)(?:[\w.'!?]|«[^«»\n]*»)*")


def motives(
    view: GoalView, name: str, kind: str, blocks: Sequence[Mutual], free: Sequence[str] = (), *, crossed: bool = False
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The counterparts of a goal about a variable of a mutual or nested type: one function for each type of the block.

    Args:
        free: variables that they are said of all values of.
        crossed: they speak of the other one of mutual functions of the same types (`even` and `odd`).

    Returns:
        The functions in the order of the types, "" for the goal's own type, and the names of what they speak of that
        the goal does not; nothing where a counterpart is not known.
    """
    block = block_of(kind, blocks)
    alike = ((f.name, next(_alike(f.name, blocks), "")) for f in view.functions if crossed)
    crossing = {name: other for name, other in alike if other}
    if block is None or (crossed and not crossing):
        return (), ()
    variable = fresh(["k"], view.taken)[0]
    found: list[str] = []
    partners: dict[str, None] = {}
    for other in block.types:
        if other == block.plain(kind):
            found.append("")
            continue
        swapped = _counterparts(view, block, kind, other, blocks)
        if not swapped:
            return (), ()
        swapped = crossing | swapped
        partners |= dict.fromkeys(swapped.values())
        said = renamed(view.target, {**swapped, name: variable})
        all_of = f"∀ {' '.join(free)}, " if free else ""
        found.append(f"fun {variable} => {all_of}{said}")
    return tuple(found), tuple(partners)


def block_of(kind: str, blocks: Sequence[Mutual]) -> Mutual | None:
    """The block of several types of which this is one."""
    return next((block for block in blocks if len(block.types) > 1 and block.plain(kind) in block.types), None)


def recursor_for(kind: str, blocks: Sequence[Mutual]) -> str:
    """What an induction needs behind the variable where Lean's `induction` alone does not take its type, else "".

    Nothing is proved of the other types: that is enough for functions that recurse along this one alone. A list of
    nested values is a list.
    """
    block = block_of(kind, blocks)
    mine = block.plain(kind) if block is not None else ""
    if block is None or " " in mine:
        return ""
    others = (nth for nth, other in enumerate(block.types, 1) if other != mine)
    nothing = " ".join(f"(motive_{nth} := fun _ => True)" for nth in others)
    return f" using {block.recursor(kind)} {nothing}"


def _counterparts(view: GoalView, among: Mutual, kind: str, other: str, blocks: Sequence[Mutual]) -> dict[str, str]:
    mine = among.plain(kind)
    pairs = ((f.name, block.partner(f.name, mine, other, among.plain)) for f in view.functions for block in blocks)
    return {name: partner for name, partner in pairs if partner is not None}


def together(view: GoalView, blocks: Sequence[Mutual]) -> Iterator[Conjecture]:
    """An equation about one of several mutual functions over the same type, with the equation about another one."""
    left, _, right = sides_of(view.target)
    variables = [(h.name, h.type) for h in view.data if h.recursive]
    if view.head != "Eq" or not variables:
        return
    others = [(h.name, h.type) for h in view.hypotheses if h.accessible and not h.is_prop]
    mine = tuple(dict.fromkeys((*variables, *((name, kind) for name, kind in others if kind != "Type"))))
    about = frozenset((f.name, f.result) for f in view.functions)
    for f in view.functions:
        for name in _alike(f.name, blocks):
            swap = {f.name: name, name: f.name}
            side = renamed(right, swap)
            for behind in (side, f"!{side}") if _is_boolean(left, view) else (side,):
                first, second = f"({left} = {right})", f"({renamed(left, swap)} = {behind})"
                yield Conjecture(mine, first, second, about=about, relation="∧")


def _alike(name: str, blocks: Sequence[Mutual]) -> Iterator[str]:
    """Other functions of the block with the same types."""
    for block in blocks:
        mine = block.functions.get(name)
        if mine is not None:
            yield from (
                other for other, its in block.functions.items() if _types(its) == _types(mine) and other != name
            )


def _types(one: Definition) -> tuple[tuple[str, ...], str]:
    return one.arguments, one.result


def _is_boolean(term: str, view: GoalView) -> bool:
    return any(term == call and f.result == "Bool" for f in view.functions for call in f.applications)


def renamed(text: str, names: dict[str, str]) -> str:
    """The text with other names: of variables in front of a dot, and of functions, alone or behind it."""

    def word(match: re.Match[str]) -> str:
        if match[0] in names:
            return names[match[0]]
        first, *rest = match[0].split(".")
        return ".".join((names.get(first, first), *(names.get(part, part) for part in rest)))

    return _WORD.sub(word, text)
