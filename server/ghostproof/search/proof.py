"""What a search for a whole proof found: the proof with Lean's word for it, or what was tried."""

from dataclasses import dataclass, field, replace

from ghostproof.errors import GhostproofError
from ghostproof.search.edit import Edit
from ghostproof.search.overview import Overview
from ghostproof.search.unfinished import Unfinished
from ghostproof.syntax.spot import Spot
from ghostproof.verify.small_values import Refuted
from ghostproof.verify.verdict import Proved, Suggestion, Unverified
from ghostproof.wording import counted


@dataclass(frozen=True)
class Proof:
    """A proof of the goal at a spot of a text, accepted by Lean in that very place.

    Attributes:
        heartbeats: what running it took, in thousands; 0 if not known.
        above: theorems that it uses, to be put in above its declaration; None where it uses none but the text's own.

    Raises:
        Unverified: the suggestion leaves goals.
    """

    spot: Spot
    suggestion: Suggestion
    heartbeats: int = 0
    above: Edit | None = None

    def __post_init__(self) -> None:
        if not isinstance(self.suggestion.verdict, Proved):
            raise Unverified("a proof leaves no goal")

    @property
    def text(self) -> str:
        """Its tactics, relative to column 0."""
        return self.suggestion.text

    @property
    def replacement(self) -> str:
        """What replaces the text of the spot, laid out for it."""
        return self.spot.place(self.text)

    @property
    def shown(self) -> str:
        """The proof as a person reads it, what goes above its declaration first."""
        return (self.above.text if self.above else "") + self.spot.shown(self.text)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """All that it changes in the text, from the top."""
        own = Edit(self.spot.start, self.spot.end, self.replacement)
        return (own,) if self.above is None else (self.above, own)

    def put_into(self, text: str) -> str:
        """The text with the proof in it; the text must be the one that was searched."""
        for edit in reversed(self.edits):
            text = text[: edit.start] + edit.text + text[edit.end :]
        return text

    def moved(self, by: int) -> "Proof":
        """The proof for a text in which its declaration stands further down."""
        return replace(self, spot=self.spot.moved(by), above=self.above and self.above.moved(by))

    def without_above(self, text: str) -> "tuple[str, Proof]":
        """The text with what it puts in above, and the proof there, which is its hole's alone."""
        if self.above is None:
            return text, self
        edit = self.above
        own = replace(self, above=None).moved(len(edit.text))
        return text[: edit.start] + edit.text + text[edit.end :], own


@dataclass(frozen=True)
class Outcome:
    """What is known of a search at one moment.

    Attributes:
        goal: the goal at the hole, "" until Lean has told it.
        now: what goes on, as a person reads it.
        trying: the moves that are being judged, the first line of each.
        tried: moves with a verdict.
        goals: goals that were met.
        left: goals that stay open on the likeliest path, where there is no proof.
        refuted: values of the goal's variables for which it is false.
        clouded: what the goal speaks of and nothing is known of, in a sentence; "" if there is nothing.
        exhausted: everything that any strategy knows was tried; else time or a person ended the search.
        error: why the search could not go on.
        ms: milliseconds since it began.
        tokens: what a model has drawn for it.
        unfinished: the best part of a proof, when the search is done and there is no proof; only for whoever asks.
        overview: all goals and what was tried on each, when the search is done.
    """

    proof: Proof | None = None
    goal: str = ""
    now: str = ""
    trying: tuple[str, ...] = ()
    tried: int = 0
    goals: int = 0
    left: tuple[str, ...] = ()
    done: bool = False
    clouded: str = ""
    exhausted: bool = False
    refuted: Refuted | None = None
    error: GhostproofError | None = None
    ms: float = 0.0
    tokens: int = 0
    unfinished: Unfinished | None = None
    overview: Overview | None = field(default=None, repr=False, compare=False)

    @property
    def work(self) -> str:
        """How much was looked at."""
        return f"{counted(self.tried, 'step')} at {counted(self.goals, 'goal')}"

    @property
    def why(self) -> str:
        """Why there is no proof, in a sentence; "" where there is one."""
        if self.proof is not None:
            return ""
        if self.error is not None:
            return self.error.message
        if self.refuted is not None:
            where = f", for example for {self.refuted.shown}" if self.refuted.values else ""
            return f"This is false{where}."
        how = "everything that is known was tried" if self.exhausted else "the search was ended before all was tried"
        return f"No proof was found: {how} ({self.work})."

    @property
    def why_none(self) -> str:
        """The same for whoever has asked for this proof alone."""
        return self.why if self.proof is not None or self.error is not None else f"{self.why} Nothing was changed."

    @property
    def cure(self) -> str:
        """What the person can do where there is no proof; "" where there is one, or nothing can be said."""
        if self.proof is not None:
            return ""
        if self.error is not None:
            return self.error.hint
        if self.refuted is not None:
            return "Correct the statement, add a hypothesis that excludes this, or take back the step that led here."
        if self.clouded:
            return self.clouded
        if self.exhausted:
            return "State a lemma that it needs above it, or begin the proof: what stands there is kept."
        return "Give it more time, state a lemma that it needs above it, or begin the proof: what stands there is kept."
