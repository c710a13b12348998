"""What guesses about a goal may speak of: its functions and predicates, and what these are made of. Pure."""

from collections.abc import Collection, Iterator

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.instances import at_types
from ghostproof.search.operations import WORD, Values
from ghostproof.search.short_proofs import CHOICES
from ghostproof.search.strategies.induction import helpers, predicates_in
from ghostproof.search.strategy import Goal
from ghostproof.search.theory import Vocabulary, vocabulary
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.constructors import plain_constructors
from ghostproof.syntax.declarations import scan
from ghostproof.syntax.definitions import definitions, made_of
from ghostproof.syntax.goal import identifiers
from ghostproof.syntax.predicates import predicates
from ghostproof.syntax.quoting import last_part
from ghostproof.syntax.recursion import recursions
from ghostproof.verify.checker import Function


def types_of(view: GoalView) -> list[str]:
    """Type variables; those that instances are given for keep these only where they stay what they are."""
    given = {word for h in view.hypotheses if h.name.startswith("inst✝") for word in identifiers(h.type)}
    return [h.name for h in view.hypotheses if h.type == "Type" and h.accessible and h.name not in given]


def functions_of(goal: Goal, view: GoalView) -> Iterator[Function]:
    """The goal's functions, then at its other types what the file tells of them and of those that they are made of.

    Lean tells the types of one application; `flat (cat xss yss) = cat (flat xss) (flat yss)` needs `cat` at two.
    """
    known, named = definitions(goal.above), scan(goal.above).types
    spoken = [kind for f in view.functions for kind in (*f.arguments, f.result)] + [h.type for h in view.data]
    seen = {(last_part(f.name), f.arguments, f.result) for f in view.functions}
    yield from view.functions
    for name in (*(f.name for f in view.functions), *helpers(goal.above, view.functions)):
        definition = known.get(last_part(name))
        if definition is None or definition.signature is None:
            continue
        types = definition.signature
        for function in at_types(Function(name, True, (), types.arguments, types.result), spoken, named):
            if (last_part(name), function.arguments, function.result) not in seen:
                seen.add((last_part(name), function.arguments, function.result))
                yield function
    used = {word for f in view.functions if (of := known.get(last_part(f.name))) is not None for word in of.uses}
    yield from (Function(name, True, (), ("Nat", "Nat"), "Nat") for name in CHOICES if name in used and "Nat" in spoken)


def rules_of(goal: Goal, view: GoalView) -> Iterator[Function]:
    """The file's inductive predicates in the goal, at the goal's types."""
    known, named, spoken = predicates(goal.above), scan(goal.above).types, [h.type for h in view.data]
    for name in predicates_of(goal, view):
        if said := known.get(last_part(name)):
            yield from at_types(Function(name, True, (), said.arguments, "Prop"), spoken, named)


def predicates_of(goal: Goal, view: GoalView) -> tuple[str, ...]:
    """The names of the file's inductive predicates in the goal."""
    return tuple(dict.fromkeys(predicates_in(view, goal.above)))


def names_for_simp(goal: Goal, view: GoalView) -> str:
    """The goal's functions with what they are made of, as a simplifier takes them."""
    return ", ".join(dict.fromkeys((*(f.name for f in view.functions), *helpers(goal.above, view.functions))))


def _signs(goal: Goal, view: GoalView) -> frozenset[str]:
    """The operators of the library in the goal, and in what its functions are made of."""
    known, own = definitions(goal.above), (f.name for f in view.functions)
    made = (known.get(last_part(name)) for name in (*own, *helpers(goal.above, view.functions)))
    texts = (view.target, *(definition.body for definition in made if definition is not None))
    return frozenset(sign for sign in ("++", "+", "*", "&&", "||", "==") if any(f" {sign} " in text for text in texts))


def words_of(goal: Goal) -> Vocabulary:
    """What short terms about the goal are made of."""
    functions, values = list(functions_of(goal, goal.view)), Values(plain_constructors(goal.above))
    return vocabulary(functions, values, _signs(goal, goal.view), recursions(goal.above))


def speaking_of(goal: Goal, guessed: Conjecture, proved: Collection[Conjecture]) -> tuple[Conjecture, ...]:
    """The lemmas about functions that a guess speaks of, or that these are made of: others only slow its proof down."""
    known, words = definitions(goal.above), {last_part(word) for word in WORD.findall(guessed.body)}
    own = frozenset(words & {last_part(name) for one in (guessed, *proved) for name, _ in one.about})
    if own - known.keys():
        return tuple(proved)  # it is not told here what they are made of
    spoken = {*own, *made_of(own, known)}
    return tuple(one for one in proved if {last_part(name) for name, _ in one.about} <= spoken)
