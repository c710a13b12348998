"""Which parts of a proof that stands in a text Lean refuses: the smallest ones without which the rest holds."""

from dataclasses import dataclass, replace
from pathlib import Path

from ghostproof.errors import NoGoal
from ghostproof.search.in_place import WHOLE
from ghostproof.search.strategy import Failure
from ghostproof.syntax.given_up import has_sorry
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.syntax.written_proofs import WrittenProof
from ghostproof.verify.checker import Checker, GoalState
from ghostproof.verify.verdict import Candidate, Progress, Proved, Reason, Rejected, Verdict

# What Lean itself does not accept. What our own rules refuse may be right all the same, and is none of our business.
_BROKEN = frozenset({Reason.ERROR, Reason.PARSE})


@dataclass(frozen=True)
class Broken:
    """A part of a proof that Lean refuses.

    Attributes:
        failure: the part as it is written, and what Lean says of it.
        around: the part around it, which has to be replaced where this one can't be.
    """

    proof: WrittenProof
    failure: Failure
    around: "Broken | None" = None

    def moved(self, by: int) -> "Broken":
        """The same in a text that has more above it."""
        around = self.around.moved(by) if self.around is not None else None
        return replace(self, proof=self.proof.moved(by), around=around)


async def broken(checker: Checker, path: Path, text: str, proof: WrittenProof) -> tuple[Broken, ...]:
    """What Lean refuses of a proof, from the top; nothing where it refuses none of it, or the proof is unfinished.

    Raises:
        LeanDied, LeanTimeout: Lean does not come to it.
    """
    if has_sorry(proof.script):
        return ()
    try:
        state = await checker.open(path, text, _judged(proof))
    except NoGoal:
        return ()
    failure = _failure(proof.script, await _verdict(checker, state, proof.script))
    if failure is None:
        return ()
    whole = Broken(proof, failure)
    inner = [found for part in proof.parts for found in await broken(checker, path, text, part)]
    if state.main.is_data:
        return tuple(inner)
    if not inner or not _holds(await _verdict(checker, state, proof.without([each.proof for each in inner]))):
        return (whole,)
    return tuple(_within(found, whole) for found in inner)


def _holds(verdict: Verdict) -> bool:
    """Whether Lean accepts a term with holes, which it may fill by itself."""
    return isinstance(verdict, Progress | Proved)


def _within(found: Broken, whole: Broken) -> Broken:
    return replace(found, around=whole if found.around is None else _within(found.around, whole))


def _judged(proof: WrittenProof) -> Spot:
    """Where a proof is judged: a term as the tactic that gives it."""
    return replace(proof.spot, kind=SpotKind.TACTIC) if proof.is_term else proof.spot


async def _verdict(checker: Checker, state: GoalState, script: str) -> Verdict:
    return (await checker.check(state, Candidate(script, "written"), WHOLE)).verdict


def _failure(script: str, verdict: Verdict) -> Failure | None:
    if isinstance(verdict, Rejected) and verdict.reason in _BROKEN:
        return Failure(script, verdict.message)
    if isinstance(verdict, Progress):
        return Failure(script, "unsolved goals\n" + "\n\n".join(verdict.goals))
    return None
