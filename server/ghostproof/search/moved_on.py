"""A goal whose calls all start at the same later point. Pure.

`rank 0 (xs ++ ys) = rank 0 xs + rank xs.length ys` has no proof by induction, as the 0 is a 1 in the next call; with
`acc` for 0 and `acc + xs.length` for `xs.length` it has one. What is assumed of the same calls moves on with them.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import product

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.operations import bracketed
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.application import arguments, calls
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.proposition import head_of, sides_of
from ghostproof.syntax.quoting import first_part
from ghostproof.verify.checker import Function
from ghostproof.verify.definitions import Definition

_ZERO = {"Nat": "0", "Int": "0", "List": "[]"}
_JOINED = {"Nat": ("{0} + {1}",), "Int": ("{0} + {1}",), "List": ("{1} ++ {0}", "{0} ++ {1}")}


def moved_on(view: GoalView, known: Mapping[str, Definition]) -> Iterator[Conjecture]:
    """Such statements, for each value that is taken apart: of one function's calls, and of those of all that can."""
    movable: dict[str, list[tuple[Function, int]]] = {}
    for function in view.functions:
        recursion = known.get(function.name)
        for at in dict.fromkeys((*recursion.varying, *recursion.matched)) if recursion else ():
            if at < len(function.arguments):
                movable.setdefault(function.arguments[at], []).append((function, at))
    for kind, several in movable.items():
        forms = _JOINED.get(kind.partition(" ")[0], ())
        alone = product(([one] for one in several), view.data, forms)
        together = [several] if len({function.name for function, _ in several}) > 1 else []
        for some, h, form in (*alone, *product(together, view.data, forms[:1])):
            if h.recursive:
                yield from _moved(view, some, kind, h.name, form)


def _moved(
    view: GoalView, movable: Sequence[tuple[Function, int]], kind: str, on: str, form: str
) -> Iterator[Conjecture]:
    variables = {h.name: h.type for h in view.hypotheses if not h.is_prop and h.accessible}
    (start,) = fresh(["acc"], view.taken)

    def further(text: str) -> tuple[str, bool]:
        """A text with calls about that value moved on, and whether one of them began at a fixed point."""
        fixed = False
        for function, at in movable:
            for call in dict.fromkeys(calls(function.name, text)):
                given = list(arguments(call))
                if at < len(given) and on in _words(given):
                    fixed |= not _words([given[at]]) & variables.keys()
                    is_zero = given[at] == _ZERO[kind.partition(" ")[0]]
                    given[at] = start if is_zero else bracketed(form.format(start, given[at]))
                    text = text.replace(call, " ".join((function.name, *given)))
        return text, fixed

    target, begins = further(view.target)
    if not begins or target == view.target:
        return
    # What is assumed of other values is assumed of all of them, as the goal's own may be refuted without it.
    assumed = [h.type for h in view.propositions if head_of(h.type) != "∀"]
    given = tuple(further(one)[0] if on in _words([one]) else one for one in assumed)
    said = _words([target, *given])
    others = [name for name in variables if name in said and name != on and "→" not in variables[name]]
    kinds = tuple((name, variables[name]) for name in (on, *others) if variables[name] != "Type")
    left, sign, right = sides_of(target) if view.head == "Eq" else (target, "", "")
    about = frozenset((f.name, f.result) for f in view.functions if f.name in identifiers(target))
    yield Conjecture((*kinds, (start, kind)), left, right, about=about, given=given[::-1], relation=sign.strip())


def _words(texts: Sequence[str]) -> set[str]:
    return {first_part(word) for text in texts for word in identifiers(text)}
