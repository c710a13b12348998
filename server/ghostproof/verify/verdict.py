"""What Lean said about a candidate, and the only way to make a suggestion out of it."""

from dataclasses import dataclass, field
from enum import Enum
from typing import Literal

from ghostproof.wording import counted


@dataclass(frozen=True)
class Proved:
    """No goal is left at the spot, and the edited declaration passed the final check in place."""


@dataclass(frozen=True)
class Progress:
    """The candidate runs and leaves goals.

    Attributes:
        goals: the remaining goals, pretty-printed as Lean's infoview does (hypotheses, `⊢ target`; `case tag` line
            first where the goal is tagged). Never empty.
        closed_main: the goal that was first is closed, and only goals that were there before remain.
    """

    goals: tuple[str, ...]
    closed_main: bool = False


class Reason(Enum):
    """Why a candidate was rejected."""

    PARSE = "parse"  # Lean's parser does not read it as a tactic sequence at this place
    ERROR = "error"  # Lean's elaborator or the kernel reported an error
    FORBIDDEN = "forbidden"  # syntax or axioms that no suggestion may have, or a leftover search tactic
    CIRCULAR = "circular"  # it uses the theorem under proof
    NO_PROGRESS = "no-progress"  # it runs, and the goals are what they were
    FINAL = "final"  # the goal closes in isolation, but the declaration in place is not accepted


@dataclass(frozen=True)
class Rejected:
    """Lean, or the rules on what a suggestion may contain, refused it.

    `message` is Lean's own text where there is one.
    """

    reason: Reason
    message: str


class Cause(Enum):
    """Why there is no verdict."""

    TIMEOUT = "timeout"
    HEARTBEATS = "heartbeats"
    MEMORY = "memory"
    CRASH = "crash"
    CANCELLED = "cancelled"
    UNREAD = "unread"  # no parser of Lean's was there to read it, so that it was not elaborated
    AXIOMS = "axioms"  # this Lean does not tell what the proof rests on, and it may rest on something unproved


# Causes that say how Lean fared; any other says that this checker cannot tell.
FARED = frozenset({Cause.TIMEOUT, Cause.HEARTBEATS, Cause.MEMORY, Cause.CRASH, Cause.CANCELLED})


@dataclass(frozen=True)
class Inconclusive:
    """Lean did not come to an answer. Neither valid nor invalid; never shown."""

    cause: Cause
    message: str

    @property
    def is_undecided(self) -> bool:
        """Whether another checker may know better: nothing went wrong, this one cannot tell."""
        return self.cause not in FARED


Verdict = Proved | Progress | Rejected | Inconclusive


@dataclass(frozen=True)
class Candidate:
    """A text that may be a tactic sequence; hostile until checked.

    Attributes:
        text: lines joined by `\\n`, relative to column 0 (continuation lines carry only their own extra indentation).
        source: where it came from, as a person reads it: `simp`, `exact?`, `model`.
        score: the source's own preference; higher is better. Comparable only within one source.
    """

    text: str
    source: str
    score: float = 0.0


@dataclass(frozen=True)
class Checked:
    """A candidate with its verdict.

    Attributes:
        hints: replacement texts that Lean offered ("Try this"), in Lean's order; unverified candidates themselves.
        ms: wall-clock milliseconds that Lean spent on it.
        heartbeats: what running it took, in thousands, its final check not included; 0 if not known.
        premises: of a text that begins with `have : A → B → C`, whether its proof uses `A`, and `B`; () if not known.
    """

    candidate: Candidate
    verdict: Verdict
    hints: tuple[str, ...] = ()
    ms: float = 0.0
    premises: tuple[bool, ...] = ()
    heartbeats: int = 0


class Unverified(TypeError):
    """Something tried to show a candidate that Lean has not accepted."""


@dataclass(frozen=True)
class Suggestion:
    """A candidate that Lean accepted at its spot. Made by `Suggestion.of` only."""

    text: str
    source: str
    verdict: Proved | Progress
    ms: float
    score: float = 0.0
    _seal: object = field(default=None, repr=False, compare=False)

    def __post_init__(self) -> None:
        if self._seal is not _SEAL or not isinstance(self.verdict, Proved | Progress):
            raise Unverified("a Suggestion is made from an accepted verdict, by Suggestion.of")

    @staticmethod
    def of(checked: Checked) -> "Suggestion":
        """The suggestion of an accepted candidate.

        Raises:
            Unverified: the verdict is not an acceptance.
        """
        if not isinstance(checked.verdict, Proved | Progress):
            raise Unverified(f"not accepted by Lean: {checked.verdict}")
        candidate = checked.candidate
        return Suggestion(candidate.text, candidate.source, checked.verdict, checked.ms, candidate.score, _SEAL)

    @property
    def kind(self) -> Literal["proved", "progress"]:
        return "proved" if isinstance(self.verdict, Proved) else "progress"

    @property
    def goals(self) -> tuple[str, ...]:
        """The goals that remain after it; empty when proved."""
        return self.verdict.goals if isinstance(self.verdict, Progress) else ()

    @property
    def outcome(self) -> str:
        """What it does to the goal, in words: `✓ closes the goal`, `→ 2 goals`."""
        left = len(self.goals)
        if isinstance(self.verdict, Proved):
            return "✓ closes the goal"
        if self.verdict.closed_main:
            return f"✓ closes the goal, {left} left"
        return f"→ {counted(left, 'goal')}"


_SEAL = object()
