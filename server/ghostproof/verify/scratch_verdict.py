"""What the scratch checker concludes from Lean's diagnostics and goals. Pure: nothing here talks to Lean."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ghostproof.errors import NoGoal
from ghostproof.lean.document import Diagnostic, Severity, stale_imports
from ghostproof.syntax.extent import axioms_declared
from ghostproof.syntax.given_up import SORRY
from ghostproof.syntax.lexical import mask
from ghostproof.verify.checker import MainGoal
from ghostproof.verify.closed_words import known_names
from ghostproof.verify.forbidden import mentions
from ghostproof.verify.messages import (
    STANDARD_AXIOMS,
    UNSOUND_AXIOMS,
    axioms,
    hints,
    is_about_code,
    is_circular,
    is_parse_error,
    limit_hit,
    refusal,
    uses_sorry,
)
from ghostproof.verify.scratch_text import NOWHERE, REST, Filled, Hole
from ghostproof.verify.scratch_trust import is_plain, sealed
from ghostproof.verify.verdict import Cause, Inconclusive, Progress, Proved, Reason, Rejected, Verdict

MessageAnchor = tuple[str, str, int]


@dataclass(frozen=True)
class Said:
    """What Lean said about one filled text.

    Attributes:
        tells_axioms: its answer to `#print axioms` is one.
    """

    filled: Filled
    diagnostics: tuple[Diagnostic, ...]
    goals: tuple[str, ...] | None
    tells_axioms: bool = True

    def offset(self, diagnostic: Diagnostic) -> int:
        return self.filled.source.offset(diagnostic.start)

    def inside(self, diagnostic: Diagnostic) -> bool:
        """Whether it is about the text in the hole."""
        return self.filled.start <= self.offset(diagnostic) <= self.filled.end

    def errors(self) -> list[Diagnostic]:
        """Errors in their order, those about the question behind the declaration left out."""
        found = (d for d in self.diagnostics if d.is_error and self.offset(d) < self.filled.tail + 1)
        return sorted(found, key=lambda d: d.start)

    def own_errors(self, hole: Hole) -> list[Diagnostic]:
        """Errors of the declaration that holds the spot, for which Lean may have put a `sorry` of its own."""
        own = [error for error in self.errors() if self.offset(error) >= hole.declaration.start]
        return [error for error in own if not is_about_code(error.message)]

    def anchor(self, error: Diagnostic) -> MessageAnchor:
        """Names an error outside the hole alike, whatever is in the hole."""
        at = self.offset(error)
        if at < self.filled.start:
            return error.message, "above", at
        return error.message, "below", self.filled.tail - at

    def new_errors(self, known: Iterable[MessageAnchor]) -> list[Diagnostic]:
        """Errors in the hole, and those elsewhere that are not among the known ones."""
        left = Counter(known)
        fresh = []
        for error in self.errors():
            anchor = self.anchor(error)
            if self.inside(error) or left[anchor] == 0:
                fresh.append(error)
            else:
                left[anchor] -= 1
        return fresh

    def axioms(self) -> frozenset[str] | None:
        """The axioms of the declaration; None where Lean does not tell (a `module`, a declaration without a name)."""
        if not self.tells_axioms:
            return None
        told = [axioms(d.message) for d in self.diagnostics if self.offset(d) > self.filled.tail]
        answers = [answer for answer in told if answer is not None]
        return frozenset[str]().union(*answers) if answers else None

    def hints(self) -> tuple[str, ...]:
        offers = (
            text
            for d in self.diagnostics
            if d.severity is Severity.INFORMATION and self.inside(d)
            for text in hints(d.message)
        )
        return tuple(dict.fromkeys(offers))


@dataclass(frozen=True)
class Handle:
    """A goal state of this checker.

    Attributes:
        known: errors that are there with a `sorry` in the hole.
        unproved: declarations of the file that rest on a `sorry`, and its axioms.
        broken: the goals hold a `sorry`, most likely Lean's own in place of something that it did not understand.
        unfinished: the declaration would rest on a `sorry` even if the hole were filled: another one, or an error.
        told: Lean has told axioms here.
        axioms_before: what the declaration rests on with the hole left out; empty if Lean does not tell.
        plain: nothing in the file can hide from Lean that something is unproved.
        sealed: the text above the declaration without what is unproved there, if it can be taken out.
        names: words that are certainly names here.
    """

    path: Path
    hole: Hole
    goals: tuple[str, ...]
    main: MainGoal
    known: tuple[MessageAnchor, ...]
    unproved: frozenset[str]
    broken: bool
    unfinished: bool
    told: bool
    axioms_before: frozenset[str]
    plain: bool
    sealed: str | None
    names: frozenset[str]

    @property
    def tells(self) -> bool:
        """Whether Lean may tell axioms here: it has, or nothing had a name to ask about."""
        return self.told or not self.hole.declaration.name

    @property
    def proved_above(self) -> bool:
        """Whether nothing above the declaration is known to be unproved."""
        return self.sealed == self.hole.text[: self.hole.declaration.start]


def make_handle(path: Path, hole: Hole, said: Said, main: MainGoal, *, silenced: bool = False) -> Handle:
    """The state behind what Lean said about the opening text.

    Args:
        silenced: the project's options may keep Lean from telling of a `sorry`.
    """
    own = range(hole.declaration.start, said.filled.tail + 1)
    source = said.filled.source
    warned = [d for d in said.diagnostics if uses_sorry(d.message) and said.offset(d) not in own]
    unproved = frozenset(source.text[said.offset(d) : source.offset(d.end)] for d in warned) - {"example", "instance"}
    errors = said.errors()
    goals = said.goals or ()
    start = hole.declaration.start
    faults = [said.offset(d) for d in (*warned, *errors) if said.offset(d) < start]
    return Handle(
        path,
        hole,
        goals,
        main,
        known=tuple(said.anchor(error) for error in errors if not said.inside(error)),
        unproved=unproved | axioms_declared(hole.text),
        broken=any(SORRY.search(goal) for goal in goals),
        unfinished=_unfinished(hole) or any(not said.inside(error) for error in said.own_errors(hole)),
        told=said.axioms() is not None,
        axioms_before=said.axioms() or frozenset(),
        plain=not silenced and is_plain(hole.text),
        sealed=sealed(hole.text, start, faults),
        names=known_names(goals, mask(hole.text)[0]),
    )


def _unfinished(hole: Hole) -> bool:
    return any(word in mask(hole.rest)[0].split() for word in ("admit", "stop")) or bool(
        SORRY.search(mask(hole.rest)[0])
    )


def reaches(said: Said) -> bool:
    """Whether Lean comes to the hole, from what it says about `Hole.unreached`."""
    return any(said.inside(error) and NOWHERE in error.message for error in said.errors())


def is_proposition(said: Said) -> bool:
    """Whether the goal is to be proved rather than to be given, from what Lean says about `Hole.proposition`."""
    return not any(said.inside(error) for error in said.errors())


def _blame(errors: list[Diagnostic]) -> Diagnostic:
    """The error that tells most: a limit, then a parse error, then the first."""
    limit = next((error for error in errors if limit_hit(error.message)), None)
    return limit or next((error for error in errors if is_parse_error(error.message)), errors[0])


def trial_verdict(handle: Handle, said: Said, tactic: str) -> Verdict:
    """What the candidate does to the goals, whatever follows it in the declaration."""
    fresh = said.new_errors(handle.known)
    # What stands behind the hole meets goals that the `sorry` of the trial closed; only its syntax counts.
    blamed = [error for error in fresh if said.inside(error) or is_parse_error(error.message)]
    if blamed or (said.goals is None and fresh):
        return _about_itself(handle, tactic, refusal(_blame(blamed or fresh).message))
    if said.goals is None:
        return Rejected(Reason.ERROR, "Lean did not get to the end of it.")
    if not said.goals:
        return Proved()
    if said.goals == handle.goals:
        return Rejected(Reason.NO_PROGRESS, "The goals are what they were.")
    circle = next((error for error in fresh if is_circular(error.message)), None)
    if circle is not None:
        return refusal(circle.message)
    return Progress(said.goals, closed_main=not Counter(said.goals) - Counter(handle.goals[1:]))


def _about_itself(handle: Handle, tactic: str, verdict: Verdict) -> Verdict:
    """A candidate that names what is being proved by a name that means nothing inside its own proof is a circle too."""
    declaration = handle.hole.declaration
    hidden = {h.name for h in handle.main.hypotheses}
    names = [name for name in declaration.full_names if name not in hidden]
    if isinstance(verdict, Rejected) and verdict.reason is Reason.ERROR and mentions(tactic, names):
        return Rejected(Reason.CIRCULAR, f"it uses `{declaration.name}`, which is being proved")
    return verdict


def step_verdict(handle: Handle, said: Said, accepted: Verdict) -> Verdict:
    """Whether a step is read and elaborated as it would stand in the user's file; what it leaves may be unsolved."""
    fresh = [error for error in said.new_errors(handle.known) if is_parse_error(error.message) or said.inside(error)]
    return refusal(_blame(fresh).message, Reason.FINAL) if fresh else accepted


def final_verdict(handle: Handle, said: Said, tactic: str) -> Rejected | Inconclusive | None:
    """Why the declaration as it would stand in the user's file is not accepted; None: `axioms_verdict` tells."""
    fresh = said.new_errors(handle.known)
    if fresh:
        verdict = refusal(_blame(fresh).message, Reason.FINAL)
        return verdict if isinstance(verdict, Inconclusive) else _named(handle, tactic) or verdict
    if (named := _named(handle, tactic)) is not None:
        return named
    if not handle.unfinished and _admits(handle, said):
        return Rejected(Reason.FINAL, "the declaration still uses `sorry`")
    return None


def axioms_verdict(handle: Handle, said: Said, accepted: Verdict) -> Verdict | None:
    """Whether the proof rests on nothing that is unproved, as far as the declaration in place tells.

    None: Lean must be asked about the candidate alone, with what else is unproved out of the way.
    """
    told = said.axioms()
    if handle.unfinished or (told is None and not handle.hole.declaration.name):
        return None
    if told is not None:
        extra = told - STANDARD_AXIOMS - (handle.axioms_before - UNSOUND_AXIOMS)
        if extra == {"sorryAx"}:
            return None  # which may be the statement's
        if extra:
            return _resting(extra)
        if not handle.hole.aside:
            return accepted
    return accepted if handle.plain and handle.proved_above and not _faults(said) else None


def alone_verdict(handle: Handle, said: Said | None, accepted: Verdict) -> Verdict:
    """As `axioms_verdict`, from what Lean says about `Hole.alone`; None where there is no such text."""
    if said is None or any(not is_about_code(error.message) for error in said.errors()):
        return Inconclusive(Cause.AXIOMS, "Lean does not tell here whether it rests on something unproved")
    told = said.axioms()
    if told is not None:
        extra = told - STANDARD_AXIOMS - {REST} - (handle.axioms_before - UNSOUND_AXIOMS)
        if extra:
            return _resting(extra)
        if not handle.hole.aside:
            return accepted
    if handle.plain and not _faults(said):
        return accepted
    return Inconclusive(Cause.AXIOMS, "Lean does not tell here whether it rests on something unproved of the file")


def _resting(axioms_found: Iterable[str]) -> Rejected:
    return Rejected(Reason.FINAL, f"it rests on {', '.join(sorted(axioms_found))}")


def _faults(said: Said) -> bool:
    """Whether anything in the whole text is unproved, as far as Lean says."""
    return any(uses_sorry(d.message) for d in said.diagnostics) or any(
        not is_about_code(error.message) for error in said.errors()
    )


def _named(handle: Handle, tactic: str) -> Rejected | None:
    if mentions(tactic, handle.unproved):
        return Rejected(Reason.FINAL, "it rests on a declaration that is not proved")
    return None


def _admits(handle: Handle, said: Said) -> bool:
    own = range(handle.hole.declaration.start, said.filled.tail + 1)
    return any(uses_sorry(d.message) and said.offset(d) in own for d in said.diagnostics)


def no_goal(said: Said, hole: Hole) -> NoGoal:
    """Why there is no goal, with the error of Lean's that most likely kept it from coming there."""
    outside = [error for error in said.errors() if not said.inside(error)]
    if hint := stale_imports(said.diagnostics):
        return NoGoal("Lean could not load what the file imports.", hint)
    if outside and outside[0].start.line == 0 and "import" in said.filled.source.line(0):
        return NoGoal("Lean could not load what the file imports.", outside[0].message)
    # What is left open is what comes of it.
    own = [error for error in said.own_errors(hole) if not said.inside(error)]
    telling = [e for e in (*own, *outside) if not e.message.startswith("unsolved goals")] or outside
    return NoGoal("Lean sees no tactic goal there.", f"Its first error: {telling[0].message}" if telling else "")
