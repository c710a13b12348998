"""What trying a statement on small values has shown, and what a checker that can do this is asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from ghostproof.verify.checker import GoalState, Limits

# Most instances of a goal, of a guess, and of terms that are compared; the smallest counterexample of what is false in
# practice is among the first.
INSTANCES, OF_A_GUESS, COMPARED = 500, 81, 16
# In Lean's words about a term that cannot be reduced in time.
_LIMITS = ("maximum number of heartbeats", "maximum recursion depth")


@dataclass(frozen=True)
class Refuted:
    """The statement is false.

    Attributes:
        values: of each variable its name and its value, as Lean prints them, in the order of the binders.
    """

    values: tuple[tuple[str, str], ...]

    @property
    def shown(self) -> str:
        """As a person reads it: `xs = [0], n = 1`; "" where the statement has no variables."""
        return ", ".join(f"{name} = {value}" for name, value in self.values)


@dataclass(frozen=True)
class Survived:
    """No instance that could be decided is false.

    Attributes:
        tested: instances that hold, those whose hypotheses fail among them.
        undecided: instances, or whole branches of them, that reduction does not decide.
    """

    tested: int
    undecided: int


@dataclass(frozen=True)
class Untested:
    """Nothing is known, and why."""

    reason: str

    @property
    def is_too_large(self) -> bool:
        """Whether the values of some instance were too large for Lean's limits; those before it hold."""
        return any(limit in self.reason for limit in _LIMITS)


Trial = Refuted | Survived | Untested


@dataclass(frozen=True)
class Valued:
    """What a term is on small values of its variables.

    Attributes:
        print: the same for two terms of one type only where they are equal in all instances; "" where nobody can tell.
    """

    print: str


@runtime_checkable
class Tester(Protocol):
    """Tries goals on small values of their variables."""

    async def refute(self, state: GoalState, limits: Limits, instances: int = INSTANCES) -> Trial:
        """Close the first goal of a state over its context, and try so many instances, the smallest first.

        Lean reduces terms by its own rules; nothing is compiled or run. Whatever goes wrong is `Untested`.
        """
        ...

    async def sift(self, state: GoalState, statements: Sequence[str], limits: Limits) -> tuple[Trial, ...]:
        """Try statements about what the first goal speaks of, each as `refute` tries a goal; one trial for each."""
        ...


@runtime_checkable
class Evaluator(Protocol):
    """Tells what terms are on small values of their variables."""

    async def values(self, state: GoalState, terms: Sequence[str], limits: Limits) -> tuple[Valued, ...]:
        """What terms about the first goal of a state are, each a function of its variables.

        Variables of one name have the same values in all of them. Lean reduces terms by its own rules.
        """
        ...
