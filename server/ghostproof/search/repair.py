"""Repairs proofs that Lean refuses: a search for a whole proof that begins with what stands there and still works."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from ghostproof.errors import GhostproofError, NoGoal
from ghostproof.search.attempt import Attempt, attempts, follow, learnt
from ghostproof.search.driver import WHOLE
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.prove import search_at, strategies
from ghostproof.search.strategies.model import ModelProofs
from ghostproof.search.strategy import Failure, Goal, Idea, Move, Strategy
from ghostproof.search.task import Task
from ghostproof.syntax.script import has_sorry
from ghostproof.syntax.written_proofs import WrittenProof, with_comments
from ghostproof.verify.checker import Checker
from ghostproof.verify.verdict import Candidate, Checked, Progress, Proved, Reason, Rejected, Suggestion

# What Lean itself does not accept. What our own rules refuse may be right all the same, and is none of our business.
_BROKEN = frozenset({Reason.ERROR, Reason.PARSE})

WRITTEN = "as written"
# The part of the time in which goals are left to what is written, before the proof is sought afresh.
KEEPING_SHARE = 0.6


class Written:
    """See `Strategy`: the proof that stands there, of which everything is kept that Lean accepts."""

    def __init__(self, script: str) -> None:
        self._script = script

    @property
    def name(self) -> str:
        return WRITTEN

    def moves(self, goal: Goal) -> Iterable[Move]:
        return () if goal.number else attempts(self._script, self.name)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterator[Move]:
        if isinstance(move, Attempt) and move.strategy == WRITTEN:
            yield from follow(move, checked)


class Patient:
    """A strategy that leaves goals alone for which something is written, until it is known that none of it is kept."""

    def __init__(self, strategy: Strategy) -> None:
        self._strategy = strategy
        self._held: set[int] = set()

    @property
    def name(self) -> str:
        return self._strategy.name

    def moves(self, goal: Goal) -> Iterator[Idea]:
        if goal.number == 0 or WRITTEN in goal.planned:
            self._held.add(goal.number)
        else:
            yield from self._strategy.moves(goal)

    def follow(self, goal: Goal, move: Move, checked: Checked) -> Iterator[Idea]:
        if move.strategy != WRITTEN:
            yield from self._strategy.follow(goal, move, checked)
        elif goal.number in self._held and _nothing_kept(move, checked):
            self._held.discard(goal.number)
            yield from self._strategy.moves(goal)


def _nothing_kept(move: Move, checked: Checked) -> bool:
    if not isinstance(move, Attempt):
        return not isinstance(checked.verdict, Proved | Progress)
    told = learnt(move, checked)
    return told is not None and told.is_settled and not any(follow(move, checked))


async def broken(checker: Checker, path: Path, text: str, proof: WrittenProof) -> Failure | None:
    """Why Lean refuses a proof that stands in a text; None where it does not, or the proof is only unfinished.

    Raises:
        LeanDied, LeanTimeout: Lean does not come to it.
    """
    if has_sorry(proof.script):
        return None
    try:
        state = await checker.open(path, text, proof.spot)
    except NoGoal:
        return None
    verdict = (await checker.check(state, Candidate(proof.script, "written"), WHOLE)).verdict
    if isinstance(verdict, Rejected) and verdict.reason in _BROKEN:
        return Failure(proof.script, verdict.message)
    if isinstance(verdict, Progress):
        return Failure(proof.script, "unsolved goals\n" + "\n\n".join(verdict.goals))
    return None


async def repair(task: Task, proof: WrittenProof, failure: Failure) -> Outcome:
    """Search for a proof in place of a broken one; what goes wrong is in the outcome. Cancelling ends all work in Lean.

    Args:
        failure: what `broken` said of it.
    """
    outcome = Outcome()
    try:
        for keep in (True, False):
            left_s = KEEPING_SHARE * task.budget_s if keep else task.budget_s - outcome.ms / 1000
            tried = _strategies(proof, failure, keep=keep, model=task.adviser is not None)
            outcome = await search_at(task, proof.spot, tried, shorten=not keep).run(max(1.0, left_s))
            if outcome.proof is not None:
                return replace(outcome, proof=await _commented(task, proof, outcome.proof))
    except GhostproofError as problem:
        return Outcome(done=True, error=problem)
    return outcome


def _strategies(proof: WrittenProof, failure: Failure, *, keep: bool, model: bool) -> tuple[Strategy, ...]:
    """What is written first, and everybody else where that is of no use; or all as for a proof that is missing."""
    if not keep:
        return strategies(model=model, failure=failure)
    asked = (ModelProofs(failure),) if model else ()
    return (Written(proof.script), *map(Patient, strategies()), *asked)


async def _commented(task: Task, before: WrittenProof, proof: Proof) -> Proof:
    """The proof with the comments of the one before, if Lean accepts it so."""
    script = with_comments(proof.suggestion.text, before.script)
    if script == proof.suggestion.text:
        return proof
    state = await task.checker.open(task.path, task.text, proof.spot)
    checked = await task.checker.check(state, Candidate(script, "prove"), WHOLE)
    return Proof(proof.spot, Suggestion.of(checked)) if isinstance(checked.verdict, Proved) else proof
