"""Repairs proofs that Lean refuses: a search for a whole proof that begins with what stands there and still works."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from ghostproof.errors import GhostproofError
from ghostproof.search.attempt import Attempt, attempts, follow, learnt
from ghostproof.search.broken import Broken
from ghostproof.search.in_place import WHOLE
from ghostproof.search.polish import plain_terms
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.prove import search_at, strategies
from ghostproof.search.strategies.model import ModelProofs
from ghostproof.search.strategy import Goal, Idea, Move, Strategy
from ghostproof.search.task import Task
from ghostproof.syntax.kept_comments import with_comments
from ghostproof.syntax.written_proofs import WrittenProof
from ghostproof.verify.verdict import Candidate, Checked, Progress, Proved, Suggestion

WRITTEN = "as written"
# The part of the time in which goals are left to what is written, before the proof is sought afresh.
KEEPING_SHARE = 0.6
# The part of it for what is broken, before what stands around it is replaced.
PART_SHARE = 0.5
# What it adds to the cost of other ways at a goal that something written is kept for.
KEPT_FIRST = 4.0


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
    """A strategy that leaves goals alone for which something is written, until it is known how much of it is kept."""

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
        elif goal.number in self._held and _is_known(move, checked):
            kept = isinstance(move, Attempt) and any(follow(move, checked))
            if kept and goal.number == 0:
                return  # what is kept of all of it comes first; after that the proof is sought afresh
            self._held.discard(goal.number)
            # What is kept may lead nowhere.
            yield from map(_behind, self._strategy.moves(goal)) if kept else self._strategy.moves(goal)


def _behind(idea: Idea) -> Idea:
    """The same when what is kept has had its turn."""
    return replace(idea, cost=idea.cost + KEPT_FIRST, patient=True)


def _is_known(move: Move, checked: Checked) -> bool:
    """Whether it is known how much of what is written is kept, and that this is not all."""
    if not isinstance(move, Attempt):
        return not isinstance(checked.verdict, Proved | Progress)
    told = learnt(move, checked)
    return told is not None and told.is_settled


async def repair(task: Task, broken: Broken) -> Outcome:
    """Search for a proof in place of a broken one; what goes wrong is in the outcome. Cancelling ends all work in Lean.

    Where there is none, one in place of what stands around it is sought.
    """
    around = broken.around
    budget_s = task.budget_s if around is None else PART_SHARE * task.budget_s
    outcome = await _replaced(replace(task, budget_s=budget_s), broken)
    if outcome.proof is not None or outcome.error is not None or around is None:
        return outcome
    return await repair(replace(task, budget_s=max(1.0, task.budget_s - outcome.ms / 1000)), around)


async def _replaced(task: Task, broken: Broken) -> Outcome:
    outcome, spent_s, unfinished = Outcome(), 0.0, None
    try:
        for keep in (True, False):
            left_s = KEEPING_SHARE * task.budget_s if keep else task.budget_s - spent_s
            tried = _strategies(task, broken, keep=keep)
            outcome = await search_at(task, broken.proof.spot, tried, shorten=not keep).run(max(1.0, left_s))
            spent_s += outcome.ms / 1000
            if outcome.proof is not None:
                return replace(outcome, proof=await _as_before(task, broken.proof, outcome.proof))
            if outcome.refuted is not None:
                return replace(outcome, ms=spent_s * 1000)
            unfinished = unfinished or outcome.unfinished  # what keeps most of what is written
    except GhostproofError as problem:
        return Outcome(done=True, error=problem)
    return replace(outcome, ms=spent_s * 1000, unfinished=unfinished)


def _strategies(task: Task, broken: Broken, *, keep: bool) -> tuple[Strategy, ...]:
    """What is written first, and everybody else where that is of no use; or all as for a proof that is missing."""
    model, remembered = task.adviser is not None, task.remembered
    if not keep:
        return strategies(model=model, failure=broken.failure, remembered=remembered)
    asked = (ModelProofs(broken.failure),) if model else ()
    return (Written(broken.proof.script), *map(Patient, strategies(remembered=remembered)), *asked)


async def _as_before(task: Task, before: WrittenProof, proof: Proof) -> Proof:
    """The proof with terms as terms, and with the comments of the one before, as far as Lean accepts it so."""
    found = proof.suggestion.text
    for script in dict.fromkeys(with_comments(text, before.script) for text in (plain_terms(found), found)):
        if script == found:
            break
        state = await task.checker.open(task.path, task.text, proof.spot)
        checked = await task.checker.check(state, Candidate(script, "prove"), WHOLE)
        if isinstance(checked.verdict, Proved):
            return Proof(proof.spot, Suggestion.of(checked))
    return proof
