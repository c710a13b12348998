"""What guesses about a goal may speak of: its functions and predicates, and what these are made of. Pure."""

import re
from collections.abc import Collection, Iterator, Sequence

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.instances import at_types
from ghostproof.search.laws import laws_for
from ghostproof.search.operations import WORD, Values
from ghostproof.search.plainest import plainest
from ghostproof.search.predicate_laws import CONDITION
from ghostproof.search.short_proofs import CHOICES, CLOSERS, told
from ghostproof.search.strategies.induction import predicates_in
from ghostproof.search.strategy import Goal
from ghostproof.search.theory import Vocabulary, vocabulary
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.goal import identifiers
from ghostproof.verify.checker import Function

# Those of a function of the library of which guesses are made: of a fold there would be too many.
_MOST_ARGUMENTS = 2
# Rules speak of constructors, so that functions are what they make.
_SIMPLIFIER = re.compile(r"(?<![\w.])simp(?:_all)?(?![\w.])")
_UNFOLDED, _CHAIN = "intros <;> (try simp only [{fs}]) <;> (try split)", "solve_by_elim ["


def types_of(view: GoalView) -> list[str]:
    """Type variables, but for those of which something is given: instances, or functions that something is assumed of.

    What speaks of these can only be said of the types that the goal has them for.
    """
    assumed = {word for h in view.propositions for word in identifiers(h.type)}
    local = (h.type for h in view.hypotheses if not h.is_prop and h.name in assumed and "→" in h.type)
    instances = (h.type for h in view.hypotheses if h.name.startswith("inst✝"))
    given = {word for kind in (*local, *instances) for word in identifiers(kind)}
    return [h.name for h in view.hypotheses if h.type == "Type" and h.accessible and h.name not in given]


def functions_of(goal: Goal, view: GoalView) -> Iterator[Function]:
    """The goal's functions, then at its other types what is told of them and of those that they are made of.

    Lean tells the types of one application; `flat (cat xss yss) = cat (flat xss) (flat yss)` needs `cat` at two.
    """
    spoken = [kind for f in view.functions for kind in (*f.arguments, f.result)] + [h.type for h in view.data]
    seen = {(f.name, f.arguments, f.result) for f in view.functions}
    yield from view.functions
    for name in _names(goal, view):
        told = goal.known.functions.get(name)
        if told is None or not told.arguments or not all(told.arguments):
            continue
        for function in at_types(Function(name, True, (), told.arguments, told.result), spoken, told.variables):
            if (name, function.arguments, function.result) not in seen:
                seen.add((name, function.arguments, function.result))
                yield function
    used = {sign for f in view.functions if (of := goal.known.functions.get(f.name)) is not None for sign in of.signs}
    yield from (Function(name, True, (), ("Nat", "Nat"), "Nat") for name in CHOICES if name in used and "Nat" in spoken)


def beside(view: GoalView) -> tuple[Function, ...]:
    """The library's functions in the goal of which guesses may speak, as `List.length` and `List.map`."""
    return tuple(f for f in view.library if 0 < len(f.arguments) <= _MOST_ARGUMENTS and all((*f.arguments, f.result)))


def rules_of(goal: Goal, view: GoalView) -> Iterator[Function]:
    """The user's inductive predicates in the goal, at the goal's types."""
    spoken = [h.type for h in view.data]
    for name in predicates_of(goal, view):
        said = goal.known.families[name]
        if said.arguments and all(said.arguments):
            yield from at_types(Function(name, True, (), said.arguments, "Prop"), spoken, said.parameters)


def predicates_of(goal: Goal, view: GoalView) -> tuple[str, ...]:
    """The names of the user's inductive predicates in the goal, then of those in the rules of these."""
    spoken = dict.fromkeys(predicates_in(view, goal.known))
    rules = (rule for name in spoken for rule in goal.known.families[name].constructors)
    words = (word for rule in rules for field in rule.fields for word in identifiers(field))
    inside = (goal.known.family(word) for word in words)
    return tuple(dict.fromkeys((*spoken, *(one.name for one in inside if one is not None and one.is_prop))))


def chains_of(goal: Goal) -> dict[str, str]:
    """For each inductive predicate in reach, by its name, what may prove it by its rules alone, as a closer."""
    kinds = (kind for kind in goal.known.families.values() if kind.is_prop and kind.constructors)
    rules = {kind.name: ", ".join(rule.name for rule in kind.constructors) for kind in kinds}
    return {name: f"{_UNFOLDED} <;> {_CHAIN}{said}]" for name, said in rules.items()}


def by_rules(goal: Goal, inductions: Sequence[str], along: Sequence[str]) -> Iterator[str]:
    """What may prove a claim of an inductive predicate with lemmas about what stands in its rules.

    The goal's own functions are out of sight when `grind` comes to the rules: with both, it splits too much.

    Args:
        inductions, along: inductions on values or derivations, and along calls of the goal's functions.
    """
    view = goal.view
    own = tuple(f.name for f in view.functions)
    inside = goal.known.in_rules(predicates_in(view, goal.known), own)
    facts, rules = facts_of(goal)
    names = ", ".join((*inside, *goal.known.made_of(inside)))
    closing = told(CLOSERS[1], names, facts)
    yield from (f"{way} <;> {closing}" for way in along)
    simply = told(CLOSERS[0], ", ".join(own), (), rules, goal.known.endless)
    yield from (f"{way} <;> {simply} <;> {closing}" for way in inductions)
    if plain := ", ".join(_unconditional(goal)):
        yield from (f"{way} <;> grind [{plain}]" for way in inductions)


def _unconditional(goal: Goal) -> Iterator[str]:
    """The rules that ask for nothing, of all predicates in reach: with the others, `grind` goes on from everything."""
    known = goal.known
    for _, family in sorted(known.families.items()):
        for rule in family.constructors if family.is_prop else ():
            words = [word for field in rule.fields for word in identifiers(field)]
            said = (known.family(word) for word in words)
            given = {field.partition(" ")[0] for field in rule.fields if " " in field} & set(family.parameters)
            if not given and not any(map(CONDITION.search, rule.fields)) and not any(of and of.is_prop for of in said):
                yield rule.name


def usable(given: Sequence[Conjecture], proof: str) -> tuple[Conjecture, ...]:
    """The lemmas that a proof may have as premises: in a chain of rules one with a condition is a rule too many.

    A simplifier has none that it would use for ever, for which it would guess a value, or that it could use anywhere.
    """
    chained, simplified = _CHAIN in proof, _SIMPLIFIER.search(proof) is not None

    def is_unfit(one: Conjecture) -> bool:
        return bool(one.given and chained) or (simplified and (one.is_endless or one.has_middle or one.is_anywhere))

    return tuple(one for one in given if not is_unfit(one))


def facts_of(goal: Goal) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """What `grind` is told besides functions, and what a simplifier is."""
    laws, rules = (laws_for(closer, goal.view, goal.known) for closer in CLOSERS[::-1])
    predicates = predicates_of(goal, goal.view)
    return (*predicates, *goal.known.rules_forward(predicates), *laws), rules


def names_for_simp(goal: Goal, view: GoalView) -> str:
    """The goal's functions with what they are made of, as a simplifier takes them."""
    return ", ".join(_names(goal, view))


def _names(goal: Goal, view: GoalView) -> tuple[str, ...]:
    own = tuple(dict.fromkeys(f.name for f in view.functions))
    # What the goal claims by a rule, it claims of what stands in the rule's conditions too.
    spoken = (*own, *goal.known.in_rules(predicates_in(view, goal.known), own))
    return (*spoken, *goal.known.made_of(spoken))


def _signs(goal: Goal, view: GoalView) -> frozenset[str]:
    """The operators of the library in the goal, and in what its functions are made of."""
    made = (goal.known.functions.get(name) for name in _names(goal, view))
    told = frozenset().union(*(one.signs for one in made if one is not None))
    return told | {sign for sign in ("++", "+", "*", "&&", "||", "==") if f" {sign} " in view.target}


def words_of(goal: Goal) -> Vocabulary:
    """What short terms about the goal are made of."""
    functions, values = list(functions_of(goal, goal.view)), Values(plainest(goal.known))
    return vocabulary(functions, values, _signs(goal, goal.view), goal.known.recursive)


def speaking_of(goal: Goal, guessed: Conjecture, proved: Collection[Conjecture]) -> tuple[Conjecture, ...]:
    """The lemmas about functions that a guess speaks of, or that these are made of: others only slow its proof down."""
    known, words = goal.known, set(WORD.findall(guessed.body))
    own = words & {name for one in (guessed, *proved) for name, _ in one.about}
    if own - known.functions.keys():
        return tuple(proved)  # it is not told here what they are made of
    spoken = {*own, *known.made_of(sorted(own))}
    return tuple(one for one in proved if {name for name, _ in one.about} <= spoken)
