"""What the scratch checker concludes from Lean's diagnostics and goals. Pure: nothing here talks to Lean."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ghostproof.errors import NoGoal
from ghostproof.lean.document import Diagnostic, Severity, stale_imports
from ghostproof.lean.extent import axioms_declared, used_unnamed
from ghostproof.lexical import mask
from ghostproof.verify import guard
from ghostproof.verify.checker import MainGoal
from ghostproof.verify.forbidden import mentions
from ghostproof.verify.messages import (
    STANDARD_AXIOMS,
    UNSOUND_AXIOMS,
    axioms,
    hints,
    is_parse_error,
    limit_hit,
    refusal,
    uses_sorry,
)
from ghostproof.verify.own_tactics import own_keywords
from ghostproof.verify.scratch_text import Filled, Hole
from ghostproof.verify.verdict import Cause, Inconclusive, Progress, Proved, Reason, Rejected, Verdict

# Where recursion is no circle Lean's termination check decides; these are named by nobody inside their own proof.
_PROVED_ONCE = frozenset({"theorem", "lemma", "instance"})
_SORRY = re.compile(r"(?<![\w.'])sorry(?![\w'])")
Anchor = tuple[str, str, int]


@dataclass(frozen=True)
class Said:
    """What Lean said about one filled text."""

    filled: Filled
    diagnostics: tuple[Diagnostic, ...]
    goals: tuple[str, ...] | None

    def offset(self, diagnostic: Diagnostic) -> int:
        return self.filled.source.offset(diagnostic.start)

    def inside(self, diagnostic: Diagnostic) -> bool:
        """Whether it is about the text in the hole."""
        return self.filled.start <= self.offset(diagnostic) <= self.filled.end

    def errors(self) -> list[Diagnostic]:
        """Errors in their order, those about the question behind the declaration left out."""
        found = (d for d in self.diagnostics if d.is_error and self.offset(d) < self.filled.tail + 1)
        return sorted(found, key=lambda d: d.start)

    def anchor(self, error: Diagnostic) -> Anchor:
        """Names an error outside the hole alike, whatever is in the hole."""
        at = self.offset(error)
        if at < self.filled.start:
            return error.message, "above", at
        return error.message, "below", self.filled.tail - at

    def new_errors(self, known: Iterable[Anchor]) -> list[Diagnostic]:
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
        answers = (axioms(d.message) for d in self.diagnostics if self.offset(d) > self.filled.tail)
        return next((answer for answer in answers if answer is not None), None)

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
        unproved: declarations of the file that rest on a `sorry`.
        broken: the goals hold a `sorry`, most likely Lean's own in place of something that it did not understand.
        excused: the declaration would rest on a `sorry` even if the hole were filled.
        axioms_before: what the declaration rests on with the hole left out; empty if Lean does not tell.
        untold: automation may use something unproved of the file without naming it.
    """

    path: Path
    hole: Hole
    goals: tuple[str, ...]
    main: MainGoal
    known: tuple[Anchor, ...]
    unproved: frozenset[str]
    broken: bool
    excused: bool
    axioms_before: frozenset[str]
    untold: bool


def make_handle(path: Path, hole: Hole, said: Said, main: MainGoal) -> Handle:
    own = range(hole.declaration.start, said.filled.tail + 1)
    source = said.filled.source
    unproved = frozenset(
        source.text[said.offset(d) : source.offset(d.end)]
        for d in said.diagnostics
        if uses_sorry(d.message) and said.offset(d) not in own
    ) - {"example", "instance"}
    errors = said.errors()
    excused = (
        any(word in mask(hole.rest)[0].split() for word in ("sorry", "admit", "stop"))
        or mentions(hole.rest, unproved)
        or any(said.offset(error) in own for error in errors)
    )
    known = tuple(said.anchor(error) for error in errors if not said.inside(error))
    goals = said.goals or ()
    broken = any(_SORRY.search(goal) for goal in goals)
    axioms_before = said.axioms() or frozenset()
    untold = used_unnamed(hole.text, unproved | axioms_declared(hole.text))
    return Handle(path, hole, goals, main, known, unproved, broken, excused, axioms_before, untold)


def refused_unread(handle: Handle, tactic: str) -> Rejected | None:
    """The verdict on a candidate that Lean is not asked about."""
    refused = guard.refused_unread(tactic) or guard.refused_head(tactic, own_keywords(handle.path, handle.hole.text))
    if refused is not None:
        return refused
    declaration = handle.hole.declaration
    # A hypothesis of the same name hides the theorem.
    hidden = {h.name for h in handle.main.hypotheses}
    names = [name for name in declaration.full_names if name not in hidden]
    if declaration.keyword in _PROVED_ONCE and mentions(tactic, names):
        return Rejected(Reason.CIRCULAR, f"it uses `{declaration.name}`, which is being proved")
    return None


def _blame(errors: list[Diagnostic]) -> Diagnostic:
    """The error that tells most: a limit, then a parse error, then the first."""
    limit = next((error for error in errors if limit_hit(error.message)), None)
    return limit or next((error for error in errors if is_parse_error(error.message)), errors[0])


def trial_verdict(handle: Handle, said: Said) -> Verdict:
    """What the candidate does to the goals, whatever follows it in the declaration."""
    fresh = said.new_errors(handle.known)
    # What stands behind the hole meets goals that the `sorry` of the trial closed; only its syntax counts.
    blamed = [error for error in fresh if said.inside(error) or is_parse_error(error.message)]
    if blamed or (said.goals is None and fresh):
        return refusal(_blame(blamed or fresh).message)
    if said.goals is None:
        return Rejected(Reason.ERROR, "Lean did not get to the end of it.")
    if not said.goals:
        return Proved()
    if said.goals == handle.goals:
        return Rejected(Reason.NO_PROGRESS, "The goals are what they were.")
    return Progress(said.goals, closed_main=not Counter(said.goals) - Counter(handle.goals[1:]))


def final_verdict(handle: Handle, said: Said, tactic: str) -> Verdict:
    """Whether Lean accepts the declaration as it would stand in the user's file."""
    fresh = said.new_errors(handle.known)
    if fresh:
        return refusal(_blame(fresh).message, Reason.FINAL)
    declared = axioms_declared(handle.hole.text)
    if mentions(tactic, declared):
        return Rejected(Reason.FINAL, "it rests on an axiom of the file")
    if mentions(tactic, handle.unproved):
        return Rejected(Reason.FINAL, "it rests on a declaration that is not proved")
    own = range(handle.hole.declaration.start, said.filled.tail + 1)
    if not handle.excused and any(uses_sorry(d.message) and said.offset(d) in own for d in said.diagnostics):
        return Rejected(Reason.FINAL, "the declaration still uses `sorry`")
    if handle.untold and said.axioms() is None:
        return Inconclusive(Cause.AXIOMS, "Lean does not tell here whether it rests on something unproved of the file")
    excused = handle.axioms_before - (UNSOUND_AXIOMS if not handle.excused else frozenset())
    extra = (said.axioms() or frozenset()) - STANDARD_AXIOMS - excused
    if extra:
        return Rejected(Reason.FINAL, f"it rests on {', '.join(sorted(extra))}")
    return Proved()


def no_goal(said: Said) -> NoGoal:
    first = next((e for e in said.errors() if not said.inside(e)), None)
    if hint := stale_imports(said.diagnostics):
        return NoGoal("Lean could not load what the file imports.", hint)
    if first is not None and first.start.line == 0 and "import" in said.filled.source.line(0):
        return NoGoal("Lean could not load what the file imports.", first.message)
    return NoGoal("Lean sees no tactic goal there.", f"Its first error in the file: {first.message}" if first else "")
