"""What a checker is: something that asks a real Lean about candidates at one spot of one file.

Two implementations stand beside this file; `tests/contract` holds both to the same verdicts.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, Protocol

from ghostproof.errors import GhostproofError
from ghostproof.syntax.spot import Spot
from ghostproof.verify.error_above import ErrorAbove
from ghostproof.verify.verdict import Candidate, Checked


@dataclass(frozen=True)
class Limits:
    """What one candidate may use.

    Attributes:
        heartbeats: Lean's own measure, in thousands (the unit of the option `maxHeartbeats`).
        seconds: wall-clock time of the candidate, its final check not included (that has the same limit again).
        brief: whoever asks does not read what Lean says of a failure: it may leave goals and terms out (`…`), which
            often take as long to print as the tactic took to fail.
    """

    heartbeats: int = 200_000
    seconds: float = 5.0
    brief: bool = False


@dataclass(frozen=True)
class Hypothesis:
    """One hypothesis of a goal, as Lean describes it.

    Attributes:
        name: as printed; inaccessible ones end in a dagger.
        type: pretty-printed.
        is_prop: its type is a proposition.
        inductive: full name of the inductive type at the head of its type (`Nat`, `List`, `Or`, `And`, …), or "".
        recursive: that inductive type is recursive.
        implicit: the last names of those of its constructors that have implicit arguments of their own.
    """

    name: str
    type: str
    is_prop: bool = False
    inductive: str = ""
    recursive: bool = False
    implicit: tuple[str, ...] = ()

    @property
    def accessible(self) -> bool:
        return "✝" not in self.name


@dataclass(frozen=True)
class Function:
    """A function defined in the user's file or project that occurs in the goal.

    Attributes:
        name: as it can be written at the spot.
        recursive: it is defined by recursion, so that `fun_induction` has a principle.
        arguments: types of the explicit arguments in the first of the applications, pretty-printed.
        result: its type.
        applications: pretty-printed full applications in the goal, outermost first, e.g. `rev (xs ++ ys)`.
        reducible: it is an `abbrev` or the like.
    """

    name: str
    recursive: bool = False
    applications: tuple[str, ...] = ()
    arguments: tuple[str, ...] = ()
    result: str = ""
    reducible: bool = False


@dataclass(frozen=True)
class MainGoal:
    """The first goal, taken apart. What a checker can't tell stays at its default; the text in `goal` is always there.

    Attributes:
        goal: pretty-printed whole.
        target: pretty-printed target, behind `⊢`.
        head: full name of the target's head constant (`Eq`, `And`, `Exists`, `LT.lt`), `∀` for a pi type or arrow,
            or "".
        binders: names of the leading binders of a `∀` target as printed ("" for an arrow's).
        is_data: what is asked for is no proof of a proposition.
        library: the library's recursive functions in the target.
        witness: the type of what an `∃` says to exist, pretty-printed; "" for any other target.
    """

    goal: str
    target: str
    head: str = ""
    binders: tuple[str, ...] = ()
    hypotheses: tuple[Hypothesis, ...] = ()
    functions: tuple[Function, ...] = ()
    library: tuple[Function, ...] = ()
    is_data: bool = False
    witness: str = ""


@dataclass(frozen=True)
class GoalState:
    """The goals at a spot, kept by the checker that made them for as long as it likes: it re-opens them by itself.

    Attributes:
        goals: pretty-printed, first the main goal. Never empty.
        key: names the environment and the declaration up to the spot; equal keys mean the same state, whatever stands
            elsewhere in the file. Comparable between states of one checker only.
        handle: the checker's own; nobody else looks inside.
        error_above: the first error that Lean finds above, for people: what stands there is not as it reads.
    """

    goals: tuple[str, ...]
    main: MainGoal
    key: str
    handle: object = field(default=None, compare=False, repr=False)
    error_above: ErrorAbove | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Lives:
    """How the two checkers fare.

    Attributes:
        probe: `resting` before it is started and after it has died, `failed` when its last start failed.
        scratch: `serving` while it has a server, or has just been asked for one.
        error: why the probe could not be started, until it is up.
    """

    probe: Literal["resting", "starting", "ready", "failed"] = "resting"
    scratch: Literal["resting", "serving"] = "resting"
    error: GhostproofError | None = None


class Checker(Protocol):
    """Opens goal states and runs candidates from them. Safe to use from many tasks of one event loop."""

    @property
    def name(self) -> Literal["probe", "scratch"]: ...

    @property
    def width(self) -> int:
        """How many candidates it is worth having in flight at once."""
        ...

    @property
    def lives(self) -> Lives:
        """How the probe and the scratch document fare, as far as it uses them."""
        ...

    async def start(self) -> None:
        """Start what takes long, unless that is up; a checker that serves meanwhile does not wait for it. Idempotent.

        Raises:
            ToolchainBroken, LeanDied, LeanTimeout: it does not start.
        """
        ...

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        """The goal state at `spot` of `text`, the unsaved text of the file at `path`.

        Raises:
            NoGoal: Lean sees no tactic block there.
            LeanDied, LeanTimeout: no answer; the next call starts afresh.
        """
        ...

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        """Run one candidate from the state. Never raises for what Lean says or for a Lean that dies: see `Verdict`.

        Cancelling the awaiting task stops the work in Lean.
        """
        ...

    async def close(self) -> None:
        """End what it started. Idempotent."""
        ...
