"""Proves what is missing at a place: the first of its spots where Lean sees a goal, with all strategies there are."""

from collections.abc import Sequence
from dataclasses import replace

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, NoGoal
from ghostproof.search.driver import ProofSearch
from ghostproof.search.lifted import lifted
from ghostproof.search.proof import Outcome
from ghostproof.search.remembered import Remembered
from ghostproof.search.strategies.automation import Automation
from ghostproof.search.strategies.counting import Counting
from ghostproof.search.strategies.exploration import Exploration
from ghostproof.search.strategies.generalisation import Generalisation
from ghostproof.search.strategies.induction import Induction
from ghostproof.search.strategies.laws import Laws
from ghostproof.search.strategies.model import ModelProofs
from ghostproof.search.strategies.monads import Monads
from ghostproof.search.strategies.mutual import MutualInduction
from ghostproof.search.strategies.nearest import Near, Nearest
from ghostproof.search.strategies.notation import Notations
from ghostproof.search.strategies.powers import Powers
from ghostproof.search.strategies.premises import Premises
from ghostproof.search.strategies.recursion import Recursion
from ghostproof.search.strategies.rules import Rules
from ghostproof.search.strategies.scrutinee import Scrutinee
from ghostproof.search.strategies.strong import StrongInduction
from ghostproof.search.strategies.unfolding import Unfolding
from ghostproof.search.strategies.witness import Witness
from ghostproof.search.strategy import Failure, Strategy
from ghostproof.search.task import Task
from ghostproof.syntax.spot import Spot

# Putting lemmas above goes on that much longer where the search has used up the budget.
LIFTING_SHARE = 0.1


def strategies(
    *,
    model: bool = False,
    failure: Failure | None = None,
    near: Near | None = None,
    lemmas: bool = False,
    remembered: Remembered | None = None,
) -> tuple[Strategy, ...]:
    """Fresh strategies for one search.

    Args:
        model: there is one to be asked.
        failure: a proof that is to be repaired.
        near: what the project's own proofs did, if any are known.
        lemmas: somebody tells the theorems in reach.
        remembered: what earlier searches in the file have found out, if there were any.
    """
    explored = Exploration(remembered)
    inductions: tuple[Strategy, ...] = (Induction(), Recursion(), MutualInduction(), StrongInduction())
    steps: tuple[Strategy, ...] = (
        Automation(),
        Laws(),
        Notations(),
        Rules(),
        Witness(),
        Scrutinee(),
        Unfolding(),
        Monads(),
        Powers(),
        Counting(),
    )
    own: tuple[Strategy, ...] = (*steps, *inductions, Generalisation(), explored)
    learned: tuple[Strategy, ...] = (Nearest(near),) if near is not None else ()
    if lemmas:
        learned = (*learned, Premises())
    return (*own, *learned, ModelProofs(failure)) if model else (*own, *learned)


async def prove(task: Task, spots: Sequence[Spot]) -> Outcome:
    """Search for a proof; what goes wrong is in the outcome. Cancelling ends all work in Lean."""
    problem: GhostproofError = NoGoal("There is nothing to prove here.", "Put the cursor where a proof is missing.")
    for spot in spots:
        try:
            known = strategies(
                model=task.adviser is not None,
                near=task.near,
                lemmas=task.lemmas is not None,
                remembered=task.remembered,
            )
            tried = [strategy for strategy in known if strategy.name not in task.without]
            search = search_at(task, spot, tried)
            outcome = await search.run(task.budget_s)
            return await _with_lemmas_above(task, spot, outcome, search.left_s) if task.lemmas_above else outcome
        except NoGoal as missing:
            problem = missing
        except GhostproofError as failed:
            problem = failed
            break
    return Outcome(done=True, error=problem)


async def _with_lemmas_above(task: Task, spot: Spot, outcome: Outcome, left_s: float) -> Outcome:
    """The outcome with the proof's lemmas above its declaration, as far as Lean accepts and comes to that."""
    if outcome.proof is None:
        return outcome

    def tell(doing: str) -> None:
        task.report(replace(outcome, proof=None, now=doing, trying=(), done=False, overview=None))

    seconds = max(left_s, LIFTING_SHARE * task.budget_s)
    try:
        proof = await lifted(task.checker, task.path, task.text, spot, outcome.proof, seconds, tell)
        return replace(outcome, proof=proof)
    except (NoGoal, LeanDied, LeanTimeout):
        return outcome


def search_at(task: Task, spot: Spot, tried: Sequence[Strategy], *, shorten: bool = True) -> ProofSearch:
    """The search at one spot of a task's text.

    Args:
        shorten: look for shorter forms of what was found.
    """
    return ProofSearch(
        task.checker,
        task.path,
        task.text,
        spot,
        tried,
        adviser=task.adviser,
        lemmas=task.lemmas,
        heartbeats=task.heartbeats,
        shorten=shorten,
        report=task.report,
    )
