"""Which guesses about a goal are worth a try, and which of them first. Pure."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from itertools import product

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.short_proofs import CHOICES
from ghostproof.search.sorted_lists import says_of_all_pairs
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax import brackets
from ghostproof.syntax.application import arguments
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.proposition import sides_of
from ghostproof.verify.definitions import NONE, Definitions
from ghostproof.verify.small_values import Refuted, Survived, Trial, Untested

_MANY = 4
# A value and one part of it.
_PARTS = 2
# What the library joins two values with, of those that more is to be known of than Lean does.
_SIGNS = frozenset({"++"})


def promising(
    view: GoalView, types: Sequence[str], guesses: Iterable[Conjecture], known: Definitions = NONE
) -> list[Conjecture]:
    """The guesses that say something else than the goal, and not of the library alone.

    First come those that say all about a function, then what any comparison may be. Where the goal claims something of
    a value, an induction asks for the same of what this is made by: what keeps it true is next. So is what a function,
    or one that it is made of, makes of another one that a step of the induction puts in its way: of `rev (rev xs)` this
    makes `rev (snoc (rev xs) x)`.

    Args:
        types: the type variables of the goal that guesses are made for all of.
        known: what the goal's functions are made of.
    """
    goal = {one.for_all_types(types).said for one in _closed(view)}
    found = [one for one in guesses if one.said not in goal and not _is_of_library(one)]
    # Rarely does a lemma that is needed speak of so many values at once.
    found.sort(key=lambda one: len(one.variables) > _MANY)
    # An equation of truth values claims neither of them.
    claimed = view.target.partition(" ")[0] if sides_of(view.target)[2] in ("", "true", "false") else ""
    pairs = in_the_way(view, known)

    def rank(one: Conjecture) -> int:
        if one.settles or says_of_all_pairs(one):
            return 0
        head, about = one.left.partition(" ")[0], {name for name, _ in one.about}
        if one.is_of_truths and _is_plain(one):
            # What any relation may be: reflexive, total, transitive, the contrary of another one. Of inductive
            # predicates small values know little, and proofs that fail take long: those that are not claimed wait.
            is_rule = any(result == "Prop" for _, result in one.about)
            return 1 if (head == claimed if is_rule else head != claimed or one.relation) else 2
        # Where something beside the value is compared, what holds with an element more is no matter of unfolding.
        compares = len(one.variables) > _PARTS or about != {head}
        keeps = not one.relation and head == claimed and one.given and compares
        of_elements = any(" ∈ " in said and not said.startswith("¬") for said in (one.left, *one.given))
        return 2 if keeps or of_elements or says_of(one, pairs) else 3

    ranks = {one: rank(one) for one in found}
    if {1, 2} & set(ranks.values()):
        found.sort(key=ranks.__getitem__)
    return found


def _is_plain(one: Conjecture) -> bool:
    """Whether functions are applied to variables alone in it."""
    return not any("(" in said for said in (one.left, one.right, *one.given))


def in_the_way(view: GoalView, known: Definitions) -> frozenset[tuple[str, str]]:
    """Functions of the goal, or that one is made of, each with one that a step of an induction puts inside of it."""
    return frozenset(_in_the_way(view, known))


def says_of(guess: Conjecture, pairs: Collection[tuple[str, str]]) -> bool:
    """Whether it says what the first function of a pair makes of the second one."""
    return any(_applies(guess.left, outer, inner) for outer, inner in pairs)


def unrefuted(
    tried: Sequence[tuple[Conjecture, Trial]], assumed: Collection[str], wanted: Collection[str] = ()
) -> list[Conjecture]:
    """The guesses that small values leave, those that nothing could be tried on last; all where nobody tries values.

    Args:
        assumed: names that more is known of than whoever tries values knows.
        wanted: what is said by guesses that are worth a proof when their values get too large.
    """
    if all(isinstance(trial, Untested) for _, trial in tried):
        return [guess for guess, _ in tried]
    survived = [(guess, trial.tested) for guess, trial in tried if isinstance(trial, Survived)]
    refuted = [guess for guess, trial in tried if isinstance(trial, Refuted)]
    too_large = [guess for guess, trial in tried if isinstance(trial, Untested) and trial.is_too_large]
    return [
        *(guess for guess, tested in survived if tested),
        *(guess for guess in too_large if guess.said in wanted),
        *(guess for guess, tested in survived if not tested),
        *(guess for guess in refuted if guess.speaks_of(assumed)),
    ]


def _in_the_way(view: GoalView, known: Definitions) -> Iterator[tuple[str, str]]:
    """Functions of the goal and what these are made of, each with what those are made of that they are applied to.

    So are those in the rules of a predicate: that `t` with something put in is a search tree rests on bounds of that.
    """
    names = {f.name for f in view.functions}
    if (family := known.family(view.head)) is not None and family.is_prop:
        for name in sorted(names & known.functions.keys() & set(identifiers(view.target))):
            yield from product(known.in_rules((family.name,), names), (name, *known.made_of([name])))
    for outer in (*view.functions, *view.library):
        inside = {word for call in outer.applications for argument in arguments(call) for word in identifiers(argument)}
        parts = known.made_of([outer.name])
        for name in sorted(inside & names & known.functions.keys()):
            # What the equations of these speak of is in the way next.
            met = (name, *known.made_of([name]))
            signs = {sign for one in met if one in known.functions for sign in known.functions[one].signs & _SIGNS}
            # Of one function inside of two others, what any two of them make is a part of the goal.
            further = met if len(inside & names) > 1 else met[1:]
            yield from ((outer.name, one) for one in (*further, *sorted(signs)))
            # Of the whole, a step asks for what the outer one is made of: of `sorted (x :: merge xs ys)` a bound.
            yield from product(parts, met)


def _applies(term: str, outer: str, inner: str) -> bool:
    """Whether a function, or a sign between two values, stands right inside of another one, as in `(f x).length`."""
    last = brackets.closing(term, 0) if term.startswith(f"({inner} ") else None
    if last is not None and term[last + 1 :].partition(" ")[0] == f".{outer.rpartition('.')[2]}":
        return True
    if not term.startswith(f"{outer} "):
        return False
    return any(one.startswith(f"({inner} ") or f" {inner} " in one for one in arguments(term))


def _is_of_library(guess: Conjecture) -> bool:
    return bool(guess.about) and {name for name, _ in guess.about} <= set(CHOICES)


def _closed(view: GoalView) -> Iterator[Conjecture]:
    """The goal as guesses would have it, for all values of its variables."""
    variables = tuple((h.name, h.type) for h in view.hypotheses if not h.is_prop and not h.type.startswith("Type"))
    given = tuple(h.type for h in view.hypotheses if h.is_prop)
    left, sign, right = sides_of(view.target)
    yield Conjecture(variables, view.target, "", given=given, relation="")
    if sign:
        yield Conjecture(variables, left, right, given=given)
