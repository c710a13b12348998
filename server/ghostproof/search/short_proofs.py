"""Short proofs that a guess may have: one induction, or recursion along a call, and an automatic closer. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice, zip_longest
from types import MappingProxyType

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.operations import WORD, is_variable
from ghostproof.search.sorted_lists import OF_PAIRS, says_of_all_pairs
from ghostproof.search.strategies.induction import PRODUCTS
from ghostproof.suggest.sources.names import fresh
from ghostproof.syntax.application import arguments, calls
from ghostproof.syntax.goal import identifiers
from ghostproof.verify.definitions import Definition

CLOSERS = ("simp_all [{fs}]", "grind [{fs}]")
# The library's choices between two numbers, of which arithmetic knows more than `simp`.
CHOICES = ("max", "min")
_OF_BITS = "grind [{fs}, cases Bool]"
_ARITHMETIC = f"{CLOSERS[0]} <;> omega"
_POWERS = "simp_all [{fs}, Nat.pow_succ] <;> grind"
_DOUBLED = "simp_all [{fs}, Nat.pow_succ, Nat.pow_add, Nat.two_mul] <;> grind"
_NUMBERS, _SIGN = ("Nat", "Int"), re.compile(r" [-+/%≤<≥>] ")
# More variables than these are not split together: every one doubles the cases at least.
_MOST_SPLIT = 2
# Lean's own limit is 9.
_SPLITS = 14


def short_proofs(
    guessed: Conjecture,
    functions: str,
    known: Mapping[str, Definition],
    predicates: Sequence[str] = (),
    rules: Sequence[str] = (),
    chains: Mapping[str, str] = MappingProxyType({}),
    choosing: Collection[str] = (),
    in_order: Collection[str] = (),
    *,
    using: Callable[[str], str] = lambda kind: "",
) -> Iterator[str]:
    """Tactics that may prove a guess, the likeliest first.

    Args:
        functions: names of what the guess speaks of, as `simp` takes them.
        known: the functions that recurse.
        predicates: names of inductive predicates that the guess may speak of, and of laws.
        rules: laws as a simplifier takes them.
        chains: closers that have the rules of one predicate, by its name.
        choosing: names of functions that look at their arguments and do not recurse.
        in_order: names of functions that are known to say something of all pairs of a list's elements.
        using: what an induction on a value of some type says behind it.
    """
    names = [name for name, _ in guessed.variables]
    chain = chains.get(guessed.left.partition(" ")[0]) if not guessed.relation else None
    ends = closers_for(guessed.body, {name: of.result for name, of in known.items()})
    if guessed.is_endless:
        ends = CLOSERS[1:]
    if any("Bool" in identifiers(kind) for _, kind in guessed.variables):
        # A carry, or what stands in a list of bits, is looked at by no function alone.
        ends = tuple(_OF_BITS if end == CLOSERS[1] else end for end in ends)
    # Of a predicate a simplifier knows least.
    usual = ends if chain is None else (chain, *ends[::-1])
    wanted = (*usual, *for_products(guessed.statement))
    never = [name for name, of in known.items() if of.unfolds_for_ever]
    closers = [told(closer, functions, predicates, rules, never) for closer in wanted]
    if not names:
        yield from closers
        return
    whole = f"intro {' '.join((*guessed.types, *names))}"
    premises = [one.partition(" ")[0] for one in guessed.given]
    derived = next((nth for nth, head in enumerate(premises) if head in predicates), None)
    if derived is not None:
        assumed = fresh(("h",) * len(premises), names)
        over = f"{whole} {' '.join(assumed)}\n  induction {assumed[derived]}"
        yield from (f"{over} <;> {closer}" for closer in (closers[:2] if chain is not None else closers[1:2]))
    for chosen in _calls_of(choosing, guessed):
        yield from (f"{whole}\n  fun_cases {chosen} <;> {closer}" for closer in closers[: len(CLOSERS)])
    call = _call(guessed, known)
    first = _recursed_on(guessed, known)
    splitting = [
        told(closer, functions, predicates, rules, never)
        for closer in _splitting(guessed, known, call.split(" ")[1:] if call else filter(None, [first]))
    ]
    made = any(_makes(term, "", known) for name in in_order for call in _calls(name, guessed.body) for term in call)
    if made or says_of_all_pairs(guessed):
        of_pairs = told(OF_PAIRS, functions, predicates, rules, never)
        yield from (f"{whole}\n  fun_induction {one} <;> {of_pairs}" for one in islice(_followed(guessed, known), 2))
    wide = (*closers[: len(CLOSERS)], *splitting)
    along = [f"{whole}\n  fun_induction {call} <;> {closer}" for closer in wide] if call else []
    if free := [name for name, kind in guessed.variables if call and name not in call.split(" ") and "→" not in kind]:
        general = f"fun_induction {call} generalizing {' '.join(free)}"
        along += [f"{whole}\n  {general} <;> {closer}" for closer in closers[: len(CLOSERS)]]
    if call and known[call.partition(" ")[0]].unfolds_for_ever:
        yield f"{whole}\n  fun_induction {call} <;> first | grind | (rw [{call.partition(' ')[0]}]; grind)"
        yield from reversed(along)
        along = []
    elif call and known[call.partition(" ")[0]].measured:
        # What recurses on a measure comes to a stop in an induction on one argument.
        yield from along
        along = []
    if first is None:
        yield from (f"{whole}\n  {closer}" for closer in closers)
        return
    before, others = names[: names.index(first)], names[names.index(first) + 1 :]
    kinds = dict(guessed.variables)
    # A function that is an argument is the same one in every call.
    changing = [name for name in before if "→" not in kinds[name]]
    general = f" generalizing {' '.join(changing)}" if changing else ""
    begun = f"intro {' '.join((*guessed.types, *before, first))}\n  induction {first}{using(kinds[first])}{general}"
    plain = [f"{begun} <;> {closer}" for closer in (*closers, *splitting)]
    split = [name for name in (*before, *others) if name in _taken_apart(guessed, known)][:_MOST_SPLIT]
    further = call is not None and known[call.partition(" ")[0]].deep
    # Two steps at once are a matter for `grind` first.
    along = [*along[1:2], *along[:1], *along[2:]] if further else along
    if not split:
        yield from (_in_turns(plain, along) if further else (*plain, *along))
        return
    # What is matched together with the first one has a case of its own in each of its cases.
    cases = " <;> ".join((*([f"intro {' '.join(others)}"] if others else []), *(f"cases {name}" for name in split)))
    apart = [f"{begun} <;> {cases} <;> {closer}" for closer in closers[: len(CLOSERS)]]
    # A comparison comes to a stop in its next call where only one of its arguments is known.
    one_by_one = (*apart, *plain) if guessed.is_of_truths else tuple(_in_turns(plain, apart))
    yield from (_in_turns(one_by_one, along) if further else (*one_by_one, *along))


def _in_turns(*ways: Sequence[str]) -> Iterator[str]:
    for turn in zip_longest(*ways):
        yield from filter(None, turn)


def closers_for(text: str, results: Mapping[str, str]) -> tuple[str, ...]:
    """What may close the cases of a statement: where it is about numbers, with arithmetic for what is left.

    Args:
        results: the types of what functions give.
    """
    words = set(WORD.findall(text))
    numbers = _SIGN.search(text) or words & {*CHOICES} or any(results.get(word) in _NUMBERS for word in words)
    return (_ARITHMETIC, *CLOSERS[1:]) if numbers else CLOSERS


def for_products(text: str) -> tuple[str, ...]:
    """What knows more of products and powers than the usual closers, where a statement has some."""
    return (*((_POWERS,) if " ^ " in text else ()), *((PRODUCTS,) if " * " in text else ()))


def for_own_powers(text: str, given: Iterable[Conjecture]) -> tuple[str, ...]:
    """What knows more of powers where only a lemma says that there are some, as in `pw b n = b ^ n`."""
    return (_DOUBLED,) if " ^ " not in text and any(" ^ " in one.right for one in given) else ()


def told(
    closer: str, functions: str, predicates: Sequence[str], rules: Sequence[str] = (), never: Collection[str] = ()
) -> str:
    """A closer with the names that it is to know; `simp` knows nothing of the rules of predicates.

    Args:
        never: functions that a simplifier must not be told of.
    """
    names = functions.split(", ")
    if closer.startswith("grind"):
        names += predicates
    else:
        names = [*(name for name in names if name not in never), *rules]
    return closer.format(fs=", ".join(filter(None, names))).replace(" []", "").replace("[, ", "[")


def _recursed_on(guessed: Conjecture, known: Mapping[str, Definition]) -> str | None:
    """The variable that functions take apart most often, the first one of several; None where none has constructors.

    A function that looks at what another one makes beside it, as in `run n (code e)`, comes no further by it.
    """
    apart = Counter(
        call[at]
        for name, of in known.items()
        for call in _calls(name, guessed.body)
        if not any(_makes(call[at], name, known) for at in of.matched if at < len(call))
        for at in of.matched
        if at < len(call)
    )
    able = [name for name, kind in guessed.variables if not is_variable(kind) and "→" not in kind]
    return max(able, key=lambda name: apart[name], default=None)


def _splitting(guessed: Conjecture, known: Mapping[str, Definition], over: Iterable[str]) -> Iterator[str]:
    """Where a function looks two steps into what another one makes, `sorted (merge xs ys)`: what that is of, split.

    Args:
        over: the variables that an induction is over.
    """
    looking = (term for of in known.values() if of.deep for term in _looked_at(of, guessed))
    if any(_makes(term, "", known) for term in looking):
        kinds = dict(guessed.variables)
        types = dict.fromkeys(kinds[name].partition(" ")[0] for name in over if name in kinds)
        if split := ", ".join(f"cases {kind}" for kind in types if kind not in _NUMBERS and not is_variable(kind)):
            # The goal's own variables are split as well.
            yield f"grind (splits := {_SPLITS}) [{{fs}}, {split}]"


def _followed(guessed: Conjecture, known: Mapping[str, Definition]) -> Iterator[str]:
    """The calls of functions that recurse whose arguments are the guess's variables, those with most of them first."""
    names = {name for name, _ in guessed.variables}
    found = ((name, *call) for name in known for call in _calls(name, guessed.body) if names.issuperset(call))
    yield from map(" ".join, sorted(dict.fromkeys(found), key=len, reverse=True))


def _makes(term: str, outer: str, known: Mapping[str, Definition]) -> bool:
    """Whether a term is made by a function that recurses, another one than the one around it."""
    return any(word != outer and word in known for word in identifiers(term))


def _taken_apart(guessed: Conjecture, known: Mapping[str, Definition]) -> set[str]:
    """The variables on which some function matches together with another argument."""
    return {term for of in known.values() if len(of.matched) > 1 for term in _looked_at(of, guessed)}


def _looked_at(function: Definition, guessed: Conjecture) -> Iterator[str]:
    """What a function takes apart in the calls of it."""
    for call in _calls(function.name, guessed.body):
        yield from (call[at] for at in function.matched if at < len(call))


def _call(guessed: Conjecture, known: Mapping[str, Definition]) -> str | None:
    """A call of a function that takes several of the guess's variables apart, or one further than induction does."""
    names = {name for name, _ in guessed.variables}
    for name, recursion in sorted(known.items(), key=lambda item: not item[1].measured):
        if not recursion.in_its_own_way:
            continue
        for call in _calls(name, guessed.body):
            if call and set(call) <= names and len(call) > max(recursion.matched, default=len(recursion.arguments) - 1):
                return " ".join((name, *call))
    return None


def _calls_of(functions: Collection[str], guessed: Conjecture) -> Iterator[str]:
    """The calls of some functions whose arguments are the guess's variables, the first of each."""
    names = {name for name, _ in guessed.variables}
    for name in sorted(functions):
        found = (call for call in _calls(name, guessed.left) if call and names.issuperset(call))
        yield from (" ".join((name, *call)) for call in islice(found, 1))


def _calls(name: str, text: str) -> Iterator[tuple[str, ...]]:
    """What a function is applied to wherever it stands."""
    yield from map(arguments, calls(name, text))
