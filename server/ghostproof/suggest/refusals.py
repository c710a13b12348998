"""Why nothing was accepted, where it was for a reason that a person should know.

That a tactic does not apply is the usual fate of a candidate and says nothing. That a proof was found and refused, or
that Lean did not come to a verdict, does.
"""

from collections import Counter
from dataclasses import dataclass

from ghostproof.verify.forbidden import TRUSTS_COMPILER
from ghostproof.verify.verdict import Cause, Inconclusive, Reason, Rejected, Verdict

# A candidate that was refused for one of these did what it should: the goal was closed.
_CLOSED_AND_REFUSED = (Reason.FINAL, Reason.CIRCULAR)
_SEVERAL = 3
_NO_VERDICT = {
    Cause.TIMEOUT: "Lean took too long",
    Cause.HEARTBEATS: "Lean took too long",
    Cause.MEMORY: "Lean ran out of memory",
    Cause.CRASH: "Lean ended",
}


@dataclass(frozen=True)
class _Kind:
    """Candidates of which the same is to be said.

    Attributes:
        proved: they closed the goal.
        undecided: another checker may know better.
    """

    proved: bool
    undecided: bool
    why: str


class Refusals:
    """Counts the verdicts of one search that are worth a word."""

    def __init__(self) -> None:
        self._all = 0
        self._kinds: Counter[_Kind] = Counter()
        self._errors: dict[str, list[str]] = {}  # who had it
        self._untried = ""

    def count(self, verdict: Verdict, source: str = "") -> None:
        """Take note of what became of a candidate of this source."""
        self._all += 1
        match verdict:
            case Rejected(reason, message) if reason in _CLOSED_AND_REFUSED:
                self._kinds[_Kind(True, False, _line(message))] += 1
            case Rejected(_, message) if message.endswith(TRUSTS_COMPILER):
                self._untried = message
            case Rejected(Reason.ERROR, message):
                self._errors.setdefault(_line(message), []).append(source)
            case Inconclusive(Cause.CANCELLED):
                pass
            case Inconclusive(Cause.AXIOMS, message):
                self._kinds[_Kind(True, True, _line(message))] += 1
            case Inconclusive(cause, message):
                self._kinds[_Kind(False, verdict.is_undecided, _NO_VERDICT.get(cause) or _line(message))] += 1

    def forget_undecided(self) -> int:
        """Whatever this checker could not tell is asked again; how many there were."""
        kinds = [kind for kind in self._kinds if kind.undecided]
        gone = sum(self._kinds.pop(kind) for kind in kinds)
        self._all -= gone
        return gone

    @property
    def why(self) -> str:
        """The commonest of the reasons, as a sentence; "" if there is none, or it is a rare one among many others.

        A proof that was refused is always worth it, and one of which Lean does not tell what it rests on. A lack of
        verdicts is where at least half have none, an error where all have the same.
        """
        telling = [(kind, n) for kind, n in self._kinds.items() if kind.proved or 2 * n >= self._all]
        if not telling:
            return self._common_error or (f"{self._untried}." if self._untried else "")
        kind, n = max(telling, key=lambda pair: (pair[0].proved, pair[1]))
        if kind.proved and kind.undecided:
            return f"{n} would close the goal, without a verdict: {kind.why}."
        if kind.proved:
            return f"{n} would close the goal and {'was' if n == 1 else 'were'} refused: {kind.why}."
        return f"{n} without a verdict: {kind.why}."

    @property
    def _common_error(self) -> str:
        """The error that all candidates of several sources had: it is no candidate's fault."""
        for error, sources in self._errors.items():
            if len(sources) == self._all and len(set(sources)) >= _SEVERAL:
                return f"All {len(sources)} had the same error: {error}."
        return ""


def _line(message: str) -> str:
    lines = message.strip().splitlines()
    return lines[0].rstrip(" .:") if lines else "no reason is known"
