"""What a goal says of a function, said of one that this is made of: of comparing lists, of comparing elements. Pure."""

from collections.abc import Iterator

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.mutual_statements import renamed
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.application import arguments, calls
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.proposition import sides_of
from ghostproof.verify.definitions import Definition, Definitions


def analogies(view: GoalView, known: Definitions) -> Iterator[Conjecture]:
    """The goal with another function in the place of one of its own, for all values of the variables.

    An induction over `cmpList xs ys` asks of `cmp x y` what is to be proved of lists.
    """
    data = {h.name: h.type for h in view.hypotheses if h.accessible and not h.is_prop}
    assumed = tuple(h.type for h in reversed(view.propositions))
    texts = (view.target, *assumed)
    for f in view.functions:
        mine = known.functions.get(f.name)
        for name in known.made_of([f.name]):
            its = known.functions[name]
            if mine is None or not _is_like(mine, its):
                continue
            kinds = _retyped(f.name, its, texts, data)
            if kinds is None:
                continue
            target, *given = (renamed(text, {f.name: name}) for text in texts)
            used = set(identifiers(" ".join((target, *given))))
            variables = tuple((one, kinds.get(one, kind)) for one, kind in data.items() if one in used)
            others = ((other.name, other.result) for other in view.functions if other.name in used)
            left, sign, right = sides_of(target)
            about = frozenset({(name, its.result), *others})
            yield Conjecture(variables, left, right, about=about, given=tuple(given), relation=sign.strip())


def _is_like(mine: Definition, its: Definition) -> bool:
    """Whether a call of the one can stand where one of the other does: as many arguments, and the same result."""
    return len(mine.arguments) == len(its.arguments) > 0 and mine.result == its.result and all(its.arguments)


def _retyped(name: str, its: Definition, texts: tuple[str, ...], data: dict[str, str]) -> dict[str, str] | None:
    """The types that variables have as arguments of the other function; None where something else is an argument."""
    kinds: dict[str, str] = {}
    for text in texts:
        for call in calls(name, text):
            given = arguments(call)
            if len(given) != len(its.arguments):
                return None
            for argument, kind in zip(given, its.arguments, strict=True):
                if argument not in data or kinds.setdefault(argument, kind) != kind:
                    return None
    return kinds or None
