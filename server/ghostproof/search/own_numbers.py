"""The user's own natural numbers, and what their functions are in the library's, of which Lean knows everything. Pure.

A type of a zero and a successor is counted by a function to `Nat`. Where every function of it is a sum, a difference, a
comparison of what its arguments count, a goal about them is one of arithmetic.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from ghostproof.search.lemma_texts import premised
from ghostproof.suggest.sources.names import fresh
from ghostproof.suggest.sources.view import GoalView
from ghostproof.syntax.quoting import last_part
from ghostproof.verify.checker import Function
from ghostproof.verify.definitions import Definition, Definitions

# What a function may be in the library's numbers, by its arguments and whether it gives a number or a truth value.
_FORMS = {
    (1, "Nat"): (
        *("{0}", "{0} + 1", "{0} - 1", "2 * {0}", "{0} / 2", "{0} % 2", "{0} * {0}", "2 ^ {0}"),
        *("3 * {0}", "{0} / 3", "{0} * ({0} + 1) / 2"),
    ),
    (2, "Nat"): (
        *("{0} + {1}", "{0} * {1}", "{0} - {1}", "{1} - {0}", "max {0} {1}", "min {0} {1}", "{0} ^ {1}", "{1} ^ {0}"),
        *("{0} - {1} + ({1} - {0})", "{0} / {1}", "{0} % {1}"),
    ),
    (3, "Nat"): ("{0} + {1} + {2}", "{0} * {1} + {2}", "{0} + {1} * {2}", "{0} * {2} + {1}"),
    (1, "Bool"): ("decide ({0} % 2 = 0)", "decide ({0} % 2 = 1)", "decide ({0} = 0)", "decide (0 < {0})"),
    (2, "Bool"): (
        *("decide ({0} = {1})", "decide ({0} ≤ {1})", "decide ({0} < {1})", "decide ({1} ≤ {0})"),
        *("decide ({1} < {0})", "!decide ({0} = {1})"),
    ),
}
# What counts a value, for small values to be put in; the zero counts as one.
_COUNTED = "(sizeOf {0} - 1)"
# What makes sums of products.
_PRODUCTS = (
    "Nat.add_mul",
    "Nat.mul_add",
    "Nat.mul_comm",
    "Nat.mul_left_comm",
    "Nat.mul_assoc",
    "Nat.pow_succ",
    "Nat.pow_add",
)
_MOST_LAWS = 8
# What the count is called; its facts are called after it.
_COUNTS = ("toNat", "asNat", "counted")
_VARIABLES = (("m", "n", "k"), ("a", "b", "c"), ("x", "y", "z"), ("i", "j", "k"))


@dataclass(frozen=True)
class OwnNumbers:
    """A type that is the natural numbers under another name.

    Attributes:
        zero, successor: its constructors.
        count: the name of what counts its values.
        bound: names for variables.
    """

    kind: str
    zero: str
    successor: str
    count: str
    bound: tuple[str, ...]

    @property
    def facts(self) -> tuple[tuple[str, str], ...]:
        """What is known of the count, each under its name."""
        m, n, *_ = self.bound
        return (
            (f"{self.count}_zero", f"{self.count} {self.zero} = 0"),
            (f"{self.count}_succ", f"∀ {n}, {self.count} ({self.successor} {n}) = {self.count} {n} + 1"),
            (f"{self.count}_inj", f"∀ {m} {n}, {m} = {n} ↔ {self.count} {m} = {self.count} {n}"),
        )

    @property
    def step(self) -> str:
        """Lines that make the count and prove its facts."""
        m, n, *_ = self.bound
        (zero, _), (succ, _), (inj, said) = self.facts
        count = self.count
        exists = f"{count} {self.zero} = 0 ∧ ∀ {n}, {count} ({self.successor} {n}) = {count} {n} + 1"
        return "\n".join(
            (
                f"obtain ⟨{self.count}, {zero}, {succ}⟩ :",
                f"    ∃ {count} : {self.kind} → Nat, {exists} :=",
                f"  ⟨fun {n} => sizeOf {n} - 1, by simp, fun {n} => by cases {n} <;> simp +arith⟩",
                f"have {inj} : {said} := by",
                f"  intro {m} {n}",
                f"  induction {m} generalizing {n} <;> cases {n} <;> simp_all",
            )
        )


@dataclass(frozen=True)
class NumberLaw:
    """What a function of own numbers is in the library's.

    Attributes:
        tried: the same with what can be computed in place of the count.
    """

    name: str
    function: str
    said: str
    tried: str


def own_numbers(known: Definitions, taken: Iterable[str]) -> Iterator[OwnNumbers]:
    """The types of a goal that have a zero and a successor, and nothing else.

    Args:
        taken: names that mean something at the goal.
    """
    names = set(taken)
    for kind in known.families.values():
        by_fields = {one.fields: one.name for one in kind.constructors}
        is_plain = not kind.is_prop and not kind.parameters and len(kind.constructors) == len(by_fields)
        if is_plain and by_fields.keys() == {(), (kind.name,)}:
            free = (some for some in _VARIABLES if names.isdisjoint(some))
            bound = next(free, tuple(fresh(_VARIABLES[0], names)))
            zero, successor = by_fields[()], by_fields[kind.name,]
            named = [OwnNumbers(kind.name, zero, successor, fresh((wish,), names)[0], bound) for wish in _COUNTS]
            yield next((one for one in named if names.isdisjoint(name for name, _ in one.facts)), named[0])


def counts_in(view: GoalView, known: Definitions) -> Iterator[str]:
    """The names of what counts own numbers in a goal."""
    kinds = {f"{numbers.kind} → Nat" for numbers in own_numbers(known, ())}
    yield from (h.name for h in view.hypotheses if h.type in kinds)


def possible_laws(
    numbers: OwnNumbers, functions: Sequence[Function], taken: Iterable[str]
) -> Iterator[tuple[NumberLaw, ...]]:
    """For each function of own numbers alone, what it may be, the likeliest first."""
    names, seen = {*taken, numbers.count, *(name for name, _ in numbers.facts)}, set[str]()
    for function in functions:
        arguments = function.arguments
        counts = function.result == numbers.kind
        result = "Nat" if counts else function.result
        forms = _FORMS.get((len(arguments), result), ())
        if set(arguments) != {numbers.kind} or function.name in seen or not forms or len(seen) >= _MOST_LAWS:
            continue
        seen.add(function.name)
        (name,) = fresh((f"{numbers.count}_{last_part(function.name)}",), names)
        names.add(name)
        bound = numbers.bound[: len(arguments)]
        call = " ".join((function.name, *bound))
        counted = [f"{numbers.count} {one}" for one in bound]
        computed = [_COUNTED.format(one) for one in bound]
        mine = (f"{numbers.count} ({call})", _COUNTED.format(f"({call})")) if counts else (call, call)
        binders = " ".join(bound)
        yield tuple(
            NumberLaw(
                name,
                function.name,
                f"∀ {binders}, {mine[0]} = {form.format(*_as_arguments(form, counted))}",
                f"∀ ({binders} : {numbers.kind}), {mine[1]} = {form.format(*computed)}",
            )
            for form in forms
        )


def _as_arguments(form: str, terms: Sequence[str]) -> Sequence[str]:
    """The terms as they stand in a form: `max` takes them in brackets."""
    return [f"({term})" for term in terms] if form.startswith(("max ", "min ")) else terms


def proofs_of(numbers: OwnNumbers, function: Function, known: Definitions, lawful: Collection[str]) -> Iterator[str]:
    """Ways to prove a law, by the function's own recursion, the plainest first.

    Args:
        lawful: functions that have one already, which says all about them.
    """
    bound = numbers.bound[: len(function.arguments)]
    intro = f"intro {' '.join(bound)}"
    ways = [f"{intro}\n  {way} <;> " for way in _inductions(function.name, bound, known.recursive.get(function.name))]
    for ending in endings(unfolded((function.name,), known, lawful)):
        yield from (f"{way}{ending}" for way in ways or [f"{intro}\n  "])


def _inductions(name: str, bound: Sequence[str], recursion: Definition | None) -> Iterator[str]:
    if recursion is None:
        return
    for at in (at for at in recursion.matched[:1] if at < len(bound)):
        others = [one for one in bound if one != bound[at]]
        taken_apart = [bound[k] for k in recursion.matched[1:] if k < len(bound)]
        splits = "".join(f" <;> cases {one}" for one in taken_apart)
        general = f" generalizing {' '.join(others)}" if others else ""
        yield f"induction {bound[at]}{general}{splits}"
    if recursion.in_its_own_way:
        yield f"fun_induction {' '.join((name, *bound))}"


def unfolded(functions: Sequence[str], known: Definitions, lawful: Collection[str]) -> list[str]:
    """Functions with what they are made of, but for those of which a law says all, or that unfold for ever."""
    everything = (*functions, *known.made_of(functions))
    return [name for name in everything if name not in lawful and name not in known.endless]


def endings(functions: Sequence[str]) -> Iterator[str]:
    """What ends a case where all is counted."""
    told = f" [{', '.join(functions)}]" if functions else ""
    yield f"simp_all{told} <;> omega"
    yield f"simp_all +arith [{', '.join((*functions, *_PRODUCTS))}]"


def under(numbers: OwnNumbers, laws: Sequence[NumberLaw], statement: str, proof: str) -> str:
    """A statement with its proof, for whatever counts the numbers, with the laws for premises."""
    known = (*numbers.facts, *((law.name, law.said) for law in laws))
    return premised(known, statement, proof, numbers.count, f"{numbers.kind} → Nat")


def stated(law: NumberLaw, proof: str) -> str:
    """A law with its proof, as a step."""
    return f"have {law.name} : {law.said} := by\n  {proof}"
