"""Which guesses about a goal are worth a try, and which of them first. Pure."""

from collections.abc import Iterable, Iterator, Sequence

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.short_proofs import CHOICES
from ghostproof.suggest.sources.view import GoalView

_MANY = 4


def promising(view: GoalView, types: Sequence[str], guesses: Iterable[Conjecture]) -> list[Conjecture]:
    """The guesses that say something else than the goal, and not of the library alone.

    Where the goal claims something of a value, an induction asks for the same of what this is made by: what keeps it
    true comes behind those guesses alone that say all about a function.

    Args:
        types: the type variables of the goal that guesses are made for all of.
    """
    goal = {one.for_all_types(types).said for one in _closed(view)}
    found = [one for one in guesses if one.said not in goal and not _is_of_library(one)]
    # Rarely does a lemma that is needed speak of so many values at once.
    found.sort(key=lambda one: len(one.variables) > _MANY)
    claimed = view.target.partition(" ")[0]

    def keeps(one: Conjecture) -> bool:
        alone = {name for name, _ in one.about} == {claimed}
        return bool(one.given) and not (alone or one.relation) and one.left.partition(" ")[0] == claimed

    if any(map(keeps, found)):
        found.sort(key=lambda one: 0 if one.settles else 1 if keeps(one) else 2)
    return found


def _is_of_library(guess: Conjecture) -> bool:
    return bool(guess.about) and {name for name, _ in guess.about} <= set(CHOICES)


def _closed(view: GoalView) -> Iterator[Conjecture]:
    """The goal as guesses would have it, for all values of its variables."""
    variables = tuple((h.name, h.type) for h in view.hypotheses if not h.is_prop and not h.type.startswith("Type"))
    given = tuple(h.type for h in view.hypotheses if h.is_prop)
    left, sign, right = view.target.partition(" = ")
    yield Conjecture(variables, view.target, "", given=given, relation="")
    if sign:
        yield Conjecture(variables, left, right, given=given)
