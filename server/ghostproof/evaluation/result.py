"""What trying one theorem came to, and how it is written as a line of JSON."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from enum import Enum
from typing import Any, Literal


class Way(Enum):
    """How a proof is looked for."""

    SUGGESTION = "suggestion"  # one suggestion that closes the goal
    SEARCH = "search"  # a search for a whole proof, without a model
    MODEL = "model"  # whole proofs that a model writes


class Failing(Enum):
    """What can be said of a theorem that no way has proved. Several may hold."""

    NO_CLOSER = "no candidate closes it"  # everything was tried
    TIMEOUT = "the time was over"
    LEMMA_MISSING = "lemma missing"  # the person's proof needs own lemmas; no accepted step names one of them
    USELESS = "valid but useless"  # steps were accepted, and none of them led to a proof
    FAILED = "Lean or the model failed"


Ending = Literal["proved", "exhausted", "time", "failed"]


@dataclass(frozen=True)
class WayResult:
    """What one way came to.

    Attributes:
        ms: from when Lean knew the goal to the proof, or to the end.
        checks: candidates with a verdict until then.
        tokens: drawn from the model; None where none is asked.
        source: whose the proof is, so far as it has one author.
        accepted: steps that Lean accepted and that left goals.
        message: why it failed.
    """

    ending: Ending
    ms: float
    checks: int
    tokens: int | None = None
    proof: str = ""
    source: str = ""
    accepted: int = 0
    message: str = ""

    @property
    def proved(self) -> bool:
        return self.ending == "proved"


@dataclass(frozen=True)
class ShownSuggestion:
    """One suggestion of the list that a person would have seen; `kind` is `proved` or `progress`."""

    text: str
    source: str
    kind: str


@dataclass(frozen=True)
class StepRank:
    """A later step of the person's proof: its line, its tactic, and where that stood among what was shown there."""

    line: int
    tactic: str
    rank: int | None


@dataclass(frozen=True)
class TheoremResult:
    """What is known of one theorem.

    Attributes:
        key: see `HiddenTheorem.key`.
        lines: of the person's proof.
        lemmas: of the project that the person's proof names.
        next_tactic: what the person wrote first, "" where the proof has no tactics.
        rank: where that stood among what was shown, from 1; None where it did not.
        shown: what was shown first, best first.
        first_ms: to the first suggestion; None where there was none.
        missing: own lemmas of the person's proof that no accepted step named.
        steps: later steps of the person's proof, where they were looked at.
    """

    key: str
    file: str
    full_name: str
    line: int
    lines: int
    lemmas: tuple[str, ...]
    next_tactic: str
    rank: int | None
    shown: tuple[ShownSuggestion, ...]
    first_ms: float | None
    ways: Mapping[Way, WayResult] = field(default_factory=dict)
    missing: tuple[str, ...] = ()
    steps: tuple[StepRank, ...] = ()

    @property
    def ranks(self) -> tuple[int | None, ...]:
        """Where the person's tactic stood at each place that was looked at."""
        first = (self.rank,) if self.next_tactic else ()
        return (*first, *(step.rank for step in self.steps))

    @property
    def proved(self) -> bool:
        return any(way.proved for way in self.ways.values())

    @property
    def proved_by(self) -> tuple[Way, ...]:
        return tuple(way for way, result in self.ways.items() if result.proved)

    @property
    def failings(self) -> tuple[Failing, ...]:
        """What can be said of why it was not proved; nothing where it was."""
        if self.proved:
            return ()
        endings = {result.ending for result in self.ways.values()}
        holds = {
            Failing.LEMMA_MISSING: bool(self.missing) and len(self.missing) == len(self.lemmas),
            Failing.USELESS: any(result.accepted for result in self.ways.values()),
            Failing.TIMEOUT: "time" in endings,
            Failing.NO_CLOSER: endings == {"exhausted"},
            Failing.FAILED: "failed" in endings,
        }
        return tuple(failing for failing, does in holds.items() if does)


def to_json(result: TheoremResult) -> str:
    """One line."""
    fields = asdict(result) | {
        "ways": {way.value: asdict(found) for way, found in result.ways.items()},
        "proved": result.proved,
        "failings": [failing.name.lower().replace("_", "-") for failing in result.failings],
    }
    return json.dumps(fields, ensure_ascii=False)


def from_json(fields: Mapping[str, Any]) -> TheoremResult:
    """What `to_json` has written, read as JSON.

    Raises:
        ValueError: it is nothing of that kind.
    """
    try:
        return TheoremResult(
            key=str(fields["key"]),
            file=str(fields["file"]),
            full_name=str(fields["full_name"]),
            line=int(fields["line"]),
            lines=int(fields["lines"]),
            lemmas=_texts(fields["lemmas"]),
            next_tactic=str(fields["next_tactic"]),
            rank=_rank(fields["rank"]),
            shown=tuple(ShownSuggestion(str(s["text"]), str(s["source"]), str(s["kind"])) for s in fields["shown"]),
            first_ms=None if fields["first_ms"] is None else float(fields["first_ms"]),
            ways={Way(name): WayResult(**way) for name, way in fields["ways"].items()},
            missing=_texts(fields["missing"]),
            steps=tuple(StepRank(int(s["line"]), str(s["tactic"]), _rank(s["rank"])) for s in fields["steps"]),
        )
    except (KeyError, TypeError, ValueError, AttributeError) as problem:
        raise ValueError(f"this is no result of an evaluation: {problem!r}") from problem


def _texts(values: Sequence[object]) -> tuple[str, ...]:
    return tuple(map(str, values))


def _rank(value: object) -> int | None:
    return None if value is None else int(str(value))
