"""Induction on what the goal's functions take apart, with what changes in their calls left general.

Structural induction needs the hypothesis for other values of an accumulator than the one in the goal; one that keeps
everything fixed gets stuck there, and one that generalises everything gives hypotheses that automation can't use.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import permutations, product

from ghostproof.search.graph import MOST_CASES
from ghostproof.search.laws import laws_for
from ghostproof.search.skeleton import after
from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.application import arguments
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.proposition import head_of
from ghostproof.syntax.quoting import first_part
from ghostproof.verify.checker import Function, Hypothesis
from ghostproof.verify.definitions import Definition, Definitions
from ghostproof.verify.verdict import Checked

# An induction is dearer than an automatic closer and cheaper than a search of the library.
_COST, _ONWARD = 1.2, 1.3
_PER_PLACE = 0.05
_CLOSERS = ("simp_all [{fs}]", "grind [{fs}]")
# An induction on a number leaves sums in which a function does not see the successor that it matches on.
SUMS = "simp_all [{fs}, Nat.add_right_comm _ 1]"
# What `simp` needs to see that two products are the same.
PRODUCTS = (
    "simp_all [{fs}, Nat.mul_add, Nat.add_mul, Nat.mul_comm, Nat.mul_left_comm, Nat.mul_assoc, "
    "Nat.add_comm, Nat.add_left_comm, Nat.add_assoc]"
)
_LATER = ("simp_all [{fs}] <;> omega", "simp_all [{fs}] <;> grind [{all}]", "simp_all +arith [{fs}]")
# A hypothesis about a program that may fail says that each of its steps does not.
_OPTIONS = "simp_all [{fs}, Bind.bind, Option.bind] <;> grind [{all}]"
# So many are tried behind splits of what is left general, and so many things are split.
_WITH_CASES, _MOST_CASES = 2, 2
# What is tried on each case alone, before other strategies have their turn there.
_CASE, _PER_CLOSER, _SIMPLIFIED = 0.1, 0.1, 0.5
_EQUATION = re.compile(r"^generalize (\S+) : ", re.MULTILINE)
# What speaks of variables of its own, and a type of types.
_BINDS, _SORT = re.compile(r"[∀∃λ]|\bfun "), re.compile(r"(Type|Sort|Prop)\b.*")
# Inductions inside of inductions are rare below this depth, and their goals many.
_DEEPEST = 4


class Induction:
    """See `Strategy`."""

    name = "induction"

    def moves(self, goal: Goal) -> Iterator[Move]:
        if goal.depth > _DEEPEST:
            return
        view = goal.view
        closers, later = tuple(closers_of(view, goal.known)), tuple(later_closers(view, goal.known))
        for place, text in enumerate(dict.fromkeys(inductions(view, goal.known.recursive))):
            extra = _PER_PLACE * place
            splits = splits_of(view, text)
            at_a_case = (*self._equations_first(text), *self._at_a_case(splits, closers, later))
            yield Move(text, self.name, _COST + extra, _ONWARD + extra, plan=(at_a_case,) * MOST_CASES)
            for more, closer in enumerate((*closers, *later)):
                yield Move(f"{text} <;> {closer}", self.name, _COST + extra + 0.15 * more, tier=Tier.QUICK)
            for more, closer in enumerate(_with_cases(closers) if splits else ()):
                whole = f"{text} <;> {splits} <;> {closer}"
                yield Move(whole, self.name, _COST + extra + 0.15 * more + 0.1, tier=Tier.QUICK)
        yield from self._further_in(goal, closers)

    def _further_in(self, goal: Goal, closers: Sequence[str]) -> Iterator[Move]:
        """In a case, what a function looks at that does not stop at the outermost constructor."""
        view, known = goal.view, goal.known.recursive
        if not goal.depth or not any(known[f.name].deep for f in view.functions if f.name in known):
            return
        said = set(identifiers(view.target))
        inside = [h.name for h in view.data if h.recursive and h.name in said][:_MOST_CASES]
        for place, (name, closer) in enumerate(product(inside, closers[:_WITH_CASES])):
            yield Move(f"cases {name} <;> {closer}", self.name, _SIMPLIFIED + _PER_PLACE * place, tier=Tier.QUICK)
        # What stands beside it may recurse by itself, as how often an element is repeated in front of it does.
        further = [f"induction {main} <;> cases {name}" for main, name in permutations(inside, 2)]
        for place, (way, closer) in enumerate(product(further, closers[:_WITH_CASES])):
            yield Move(f"{way} <;> {closer}", self.name, _COST + _PER_PLACE * place, tier=Tier.QUICK)

    def _equations_first(self, text: str) -> Iterator[Move]:
        """What an index was against what it is in a case: it is another one, or says what variables are."""
        equations = _EQUATION.findall(text)
        splits = [f"cases {name}" for name in equations]
        for some in dict.fromkeys(("\n".join(splits), *splits)) if splits else ():
            yield Move(some, self.name, _CASE, _CASE, skeleton=after(some, 1))

    def _at_a_case(self, splits: str, closers: Sequence[str], later: Sequence[str]) -> Iterator[Move]:
        """What may close one case where nothing closes all of them. The induction does not run again for each."""
        split = [f"{splits} <;> {closer}" for closer in _with_cases(closers)] if splits else []
        for place, text in enumerate((*closers, *split, *later)):
            # What is left of a case that is simplified may be stuck at something that is not recursive.
            onward = _SIMPLIFIED if place == 0 else None
            yield Move(text, self.name, _CASE + _PER_CLOSER * place, onward, tier=Tier.QUICK)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterable[Move]:
        return ()


def inductions(view: GoalView, known: Mapping[str, Definition]) -> Iterator[str]:
    """The inductions that a goal's applications ask for, the plainest first; the same one may come twice.

    Where each of several applications has others vary, what all of them have is left general too.
    """
    data = {h.name for h in view.data if h.recursive}
    asked: dict[str, list[tuple[str, ...]]] = {}
    for function in (*view.functions, *view.library):
        recursion = known.get(function.name)
        if recursion is not None:
            for main, free in _of_function(view, function, recursion, data):
                asked.setdefault(main, []).append(free)
    for main, frees in asked.items():
        yield _induction(main, frees[0])
        yield _induction(main, tuple(dict.fromkeys(name for free in frees for name in free if name != main)))
    for main, frees in asked.items():
        yield from (_induction(main, free) for free in frees)
        if related := [name for name in _related(view, main) if name not in frees[0]]:
            yield _induction(main, (*frees[0], *related))
    for h in view.propositions:
        if (h.inductive and h.recursive) or _is_order(view, h):
            others = " ".join(_beside(view, h))
            found = [f"induction {h.name}", *([f"induction {h.name} generalizing {others}"] if others else [])]
            yield from found
            if above := "".join(f"{line}\n" for line in _indices_free(view, h)):
                # What the terms are made of is something else in the assumption of the induction.
                inside = " ".join((*_made_of(view, h), *_beside(view, h)))
                yield from (above + induction for induction in (*found, f"induction {h.name} generalizing {inside}"))
    if not asked:
        spoken = set(identifiers(view.target))
        on = [h.name for h in view.data if h.recursive and h.name in spoken]
        yield from (_induction(name, ()) for name in on)
        # What relates two values is mostly needed for all of the second one.
        yield from (_induction(name, [other for other in on if other != name]) for name in on if len(on) > 1)


def _related(view: GoalView, main: str) -> Iterator[str]:
    """Values that something is assumed to have to do with the one that is taken apart: of its parts, others have.

    From `eval t = some v`, for the sub-terms of `t`, other values follow than `v`.
    """
    said = (h.type for h in view.propositions if not _BINDS.search(h.type))
    assumed = [set(map(first_part, identifiers(text))) for text in said]
    related = set[str]().union(*(words for words in assumed if main in words)) - {main}
    spoken = related & set(map(first_part, identifiers(view.target)))
    for h in view.hypotheses:
        is_value = not h.is_prop and "→" not in h.type and not _SORT.fullmatch(h.type)
        if h.name in spoken and h.accessible and is_value:
            yield h.name


def _induction(main: str, free: Sequence[str]) -> str:
    return f"induction {main} generalizing {' '.join(free)}" if free else f"induction {main}"


def _is_order(view: GoalView, h: Hypothesis) -> bool:
    """Whether it says that a number is at least another one, which is an inductive predicate behind its notation."""
    left, sign, right = h.type.partition(" ≤ ")
    numbers = {one.name for one in view.hypotheses if one.type == "Nat"}
    return bool(sign) and left in numbers and right in numbers


def _indices_free(view: GoalView, proved: Hypothesis) -> Iterator[str]:
    """What makes variables of the terms that a derivation is about: an induction over it asks for that.

    From `[] = xs ++ ys` a simplifier may not come back; of `xs ++ ys = []` it knows what it means.
    """
    variables = {h.name for h in view.hypotheses}
    terms = [term for term in dict.fromkeys(arguments(proved.type)) if term not in variables]
    taken = set(view.taken)
    for term in terms if not _is_order(view, proved) else ():
        variable, equation = fresh(["x", "e"], taken)
        taken |= {variable, equation}
        turned = "" if " " in term else f"\nreplace {equation} := {equation}.symm"
        yield f"generalize {equation} : {term} = {variable} at {proved.name}{turned}"


def _made_of(view: GoalView, proved: Hypothesis) -> Iterator[str]:
    """The values that a derivation's terms are made of."""
    said = {first_part(word) for term in arguments(proved.type) if " " in term for word in identifiers(term)}
    yield from (h.name for h in view.hypotheses if h.name in said and h.accessible and not h.is_prop and h.inductive)


def _beside(view: GoalView, proved: Hypothesis) -> Iterator[str]:
    """Values that the goal or other hypotheses speak of, and the one that is taken apart does not."""
    said = {first_part(word) for word in identifiers(proved.type)}
    spoken = {
        first_part(word) for text in (view.target, *(h.type for h in view.propositions)) for word in identifiers(text)
    }
    for h in view.hypotheses:
        if h.accessible and not h.is_prop and h.inductive and h.name in spoken - said:
            yield h.name


def splits_of(view: GoalView, induction: str) -> str:
    """The splits of what an induction leaves general, for functions that match on several arguments at once."""
    general = induction.partition(" generalizing ")[2].split()
    data = [h.name for h in view.data if h.recursive and h.name in general]
    return " <;> ".join(f"cases {name}" for name in data[:_MOST_CASES])


def _with_cases(closers: Sequence[str]) -> list[str]:
    """The closers that are worth a try behind splits as well."""
    return [
        *closers[:_WITH_CASES],
        *(closer for closer in closers[_WITH_CASES:] if "_ 1]" in closer or "cases " in closer),
    ]


def closers_of(view: GoalView, known: Definitions) -> Iterator[str]:
    """What ends a case: with the goal's functions, then with what these are made of."""
    own = tuple(dict.fromkeys(function.name for function in view.functions))
    everything = (*own, *known.made_of(own))
    predicates = tuple(dict.fromkeys(predicates_in(view, known)))
    named = (*predicates, *known.rules_forward(predicates))
    for closer in _CLOSERS:
        laws = laws_for(closer, view, known)
        for functions in dict.fromkeys((own, everything)):
            names = functions if closer.startswith("grind") else _as_rules(functions, known)
            told = (*names, *laws, *(named if closer.startswith("grind") else ()))
            if told:
                yield closer.format(fs=", ".join(told))
    if told_by_rules := tuple(known.in_rules(predicates, own)):
        yield _CLOSERS[1].format(
            fs=", ".join((*everything, *told_by_rules, *laws_for(_CLOSERS[1], view, known), *named))
        )
    if split := tuple(f"cases {name}" for name in _of_few_forms(view, known)):
        yield _CLOSERS[1].format(fs=", ".join((*everything, *laws_for(_CLOSERS[1], view, known), *named, *split)))
    if _as_rules(everything, known) and " + " in view.target:
        yield SUMS.format(fs=", ".join(_as_rules(everything, known)))


def _of_few_forms(view: GoalView, known: Definitions) -> Iterator[str]:
    """The user's types that do not recurse and are inside of others that the goal speaks of, or of their lists.

    So are truth values in a list.
    """
    made_of = {
        name: {word for one in family.constructors for field in one.fields for word in identifiers(field)}
        for name, family in known.families.items()
        if not family.is_prop
    }
    spoken = {word for h in view.data for word in identifiers(h.type)} & made_of.keys()
    inside = spoken.union(*(made_of[name] for name in spoken)) & made_of.keys()
    yield from sorted(name for name in inside - {h.type for h in view.data} if name not in made_of[name])
    if any("Bool" in identifiers(h.type) for h in view.data if h.recursive):
        yield "Bool"


def later_closers(view: GoalView, known: Definitions) -> Iterator[str]:
    """What is slower, and closes less."""
    own = tuple(dict.fromkeys(function.name for function in view.functions))
    everything = (*own, *known.made_of(own))
    rules, laws = (laws_for(closer, view, known) for closer in ("simp_all", "grind"))
    programs = [_OPTIONS] if any(head_of(one.result) == "Option" for one in known.functions.values()) else []
    for closer in (*_LATER, *programs, *([PRODUCTS] if " * " in view.target else [])):
        if simply := ", ".join((*_as_rules(everything, known), *rules)):
            yield closer.format(fs=simply, all=", ".join((*everything, *laws)))


def _as_rules(functions: Iterable[str], known: Definitions) -> tuple[str, ...]:
    """Functions that a simplifier may be told of."""
    return tuple(name for name in functions if name not in known.endless)


def predicates_in(view: GoalView, known: Definitions) -> Iterator[str]:
    """The user's inductive predicates in the goal; one may come twice."""
    for name in (view.head, *identifiers(view.target), *(h.inductive for h in view.propositions)):
        family = known.family(name)
        if family is not None and family.is_prop:
            yield family.name


def _of_function(
    view: GoalView, function: Function, recursion: Definition, data: set[str]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """What to induct on, and what is left general for it."""
    values = {h.name for h in view.hypotheses if h.accessible and not h.is_prop}
    for application in function.applications:
        given = arguments(application)
        for at in recursion.matched:
            if at >= len(given) or given[at] not in data:
                continue
            main = given[at]
            # Another argument that is taken apart too is another one in the recursive call.
            others = [given[k] for k in (*recursion.varying, *recursion.matched) if k < len(given) and k != at]
            inside = [first_part(word) for other in others for word in identifiers(other)]
            yield main, tuple(name for name in dict.fromkeys(inside) if name in values and name != main)
