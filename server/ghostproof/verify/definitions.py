"""What Lean says of the user's functions, types and structures that a goal speaks of, and of what these rest on."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Protocol, runtime_checkable

from ghostproof.syntax.goal import identifiers
from ghostproof.verify.checker import GoalState, Limits


@dataclass(frozen=True)
class Definition:
    """A function of the user's, read from its equation.

    Names are as they can be written at the goal; arguments are counted from 0, explicit ones only.

    Attributes:
        variables: the names of its type variables.
        arguments: the types of its arguments, in the names of its own variables; "" for one that speaks of values.
        result: its type when it is applied to all of them.
        uses: functions of the user's in its equation, itself not among them.
        signs: what it takes from the library for guesses to be made of: `++`, `+`, `*`, `&&`, `||`, `==`, `max`, `min`;
            and `if`.
        recursive: it calls itself.
        matched: arguments that it takes apart.
        varying: arguments that stay whole and are others in a call of itself: accumulators.
        deep: it looks further than at the outermost constructor of an argument.
        block: the functions of its `mutual` block, in order, itself among them; none where it is in none.
        print: another one when its equation has changed, or that of anything that it is made of.
        measured: it recurses on something else than structure, such as a measure that gets smaller.
        reducible: it is an `abbrev` or the like.
    """

    name: str
    variables: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    result: str = ""
    uses: tuple[str, ...] = ()
    signs: frozenset[str] = frozenset()
    recursive: bool = False
    matched: tuple[int, ...] = ()
    varying: tuple[int, ...] = ()
    deep: bool = False
    block: tuple[str, ...] = ()
    print: str = ""
    measured: bool = False
    reducible: bool = False

    @property
    def in_its_own_way(self) -> bool:
        """Whether it recurses otherwise than an induction on one argument does."""
        return self.measured or self.deep or len(self.matched) > 1

    @property
    def chooses(self) -> bool:
        """Whether an `if` in its equation says what it gives."""
        return "if" in self.signs

    @property
    def unfolds_for_ever(self) -> bool:
        """Whether a simplifier that is told its equation may not come to an end: no argument has to be seen first."""
        return self.measured and not self.matched


@dataclass(frozen=True)
class Constructor:
    """One constructor of an inductive type.

    Attributes:
        name: as it can be written at the goal.
        fields: the types of its explicit fields.
        computed: a rule whose conclusion is about what a function makes, `p (xs ++ ys)`: it is seen in no other goal.
    """

    name: str
    fields: tuple[str, ...] = ()
    computed: bool = False


@dataclass(frozen=True)
class InductiveType:
    """An inductive type or predicate of the user's, or a structure.

    Attributes:
        name: as it can be written at the goal.
        parameters: the names of its parameters, in order, as the types of fields speak of them.
        arguments: the types of what it is applied to, explicit ones only; "" for one that speaks of values.
        is_prop: it is a predicate.
        block: the types of its `mutual` block, in order, itself among them; none where it is in none.
        print: another one when its declaration has changed, or one that it speaks of.
    """

    name: str
    parameters: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    is_prop: bool = False
    constructors: tuple[Constructor, ...] = ()
    block: tuple[str, ...] = ()
    print: str = ""


@dataclass(frozen=True)
class Law:
    """What the values of a structure or class of the user's fulfil, as one of its fields says.

    Attributes:
        name: of the field's projection, as it can be written at the goal.
        structure: full name of what it is a field of.
        direction: in which a simplifier can use it, "→" or "←"; "" where it would not come to an end.
        is_prop: the structure is a predicate: a law is of use as that of a proof of it.
    """

    name: str
    structure: str = ""
    direction: str = "→"
    is_prop: bool = False


@dataclass(frozen=True)
class Definitions:
    """All that is known of a file's functions and types, by their names, and of its structures.

    Attributes:
        laws: what the values of structures and classes fulfil.
        unfinished: what has a `sorry` in it, one of the person's or one for an error, so that little is known of it.
        operations: what classes ask for besides laws, in the names of their own parameters.
    """

    functions: Mapping[str, Definition] = field(default_factory=dict)
    families: Mapping[str, InductiveType] = field(default_factory=dict)
    laws: tuple[Law, ...] = ()
    unfinished: frozenset[str] = frozenset()
    operations: tuple[Definition, ...] = ()

    @cached_property
    def recursive(self) -> Mapping[str, Definition]:
        """The functions that call themselves."""
        return {name: one for name, one in self.functions.items() if one.recursive}

    @cached_property
    def reducible(self) -> frozenset[str]:
        """The functions that are an `abbrev` or the like."""
        return frozenset(name for name, one in self.functions.items() if one.reducible)

    @cached_property
    def choosing(self) -> frozenset[str]:
        """The functions that look at their arguments and call neither themselves nor each other."""
        found = (one for one in self.functions.values() if one.matched)
        return frozenset(one.name for one in found if not (one.recursive or one.block))

    @cached_property
    def endless(self) -> frozenset[str]:
        """The functions whose equations are no rules for a simplifier: see `Definition.unfolds_for_ever`."""
        return frozenset(name for name, one in self.functions.items() if one.unfolds_for_ever)

    def family(self, full: str) -> InductiveType | None:
        """The inductive type of this full name, which may be written in a shorter way."""
        return next((one for name, one in self.families.items() if full == name or full.endswith(f".{name}")), None)

    def joined(self, other: "Definitions") -> "Definitions":
        """What either of two says."""
        return Definitions(
            {**self.functions, **other.functions},
            {**self.families, **other.families},
            tuple(dict.fromkeys((*self.laws, *other.laws))),
            self.unfinished | other.unfinished,
            tuple(dict.fromkeys((*self.operations, *other.operations))),
        )

    def made_of(self, names: Iterable[str]) -> tuple[str, ...]:
        """What functions are made of besides themselves, those of the nearest first."""
        waiting = list(dict.fromkeys(names))
        met = set(waiting)
        found = []
        for name in waiting:
            for used in self._uses(name, met):
                met.add(used)
                waiting.append(used)
                found.append(used)
        return tuple(found)

    def in_rules(self, predicates: Iterable[str], own: Iterable[str]) -> tuple[str, ...]:
        """Functions that the rules of predicates have in their conditions, `below k l = true`, besides some."""
        words = (word for rule in self._rules(predicates) for field in rule.fields for word in identifiers(field))
        known = {*own}
        return tuple(dict.fromkeys(word for word in words if word in self.functions and word not in known))

    def rules_forward(self, predicates: Iterable[str]) -> tuple[str, ...]:
        """What `grind` is told of rules to go from their conditions to what follows, where no goal looks like that."""
        return tuple(f"→ {rule.name}" for rule in self._rules(predicates) if rule.computed and rule.fields)

    def _rules(self, predicates: Iterable[str]) -> Iterator[Constructor]:
        for name in predicates:
            if name in self.families:
                yield from self.families[name].constructors

    def _uses(self, name: str, met: Collection[str]) -> Iterator[str]:
        of = self.functions.get(name)
        yield from (used for used in (of.uses if of is not None else ()) if used not in met)


NONE = Definitions()


@runtime_checkable
class Definer(Protocol):
    """Tells what a goal's functions and types are."""

    async def define(self, state: GoalState, limits: Limits) -> Definitions:
        """The functions, inductive types and structures of the user's that the first goal of a state speaks of.

        With them what these are made of. Where nobody can tell, or it takes too long, none.
        """
        ...
