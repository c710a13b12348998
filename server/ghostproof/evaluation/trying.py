"""Tries one hidden theorem in every way that there is, and takes down what each came to."""

import asyncio
import re
from collections.abc import Collection, Iterable, Mapping
from time import perf_counter

from ghostproof.app import App
from ghostproof.errors import GhostproofError
from ghostproof.evaluation.result import Ending, ShownSuggestion, StepRank, TheoremResult, Way, WayResult
from ghostproof.evaluation.theorem import HiddenStep, HiddenTheorem
from ghostproof.search.proof import Outcome
from ghostproof.suggest.job import Snapshot
from ghostproof.syntax.goal import identifiers, parse_goal
from ghostproof.syntax.lexical import mask
from ghostproof.syntax.quoting import last_part, name_parts
from ghostproof.syntax.tactic_form import first_tactics, tactic_form
from ghostproof.verify.verdict import Suggestion

_ACCEPTED = frozenset({"leaves goals", "proved"})


async def tried(apps: Mapping[Way, App], theorem: HiddenTheorem, budget_s: float) -> TheoremResult:
    """Try a theorem in each of the ways, one after the other, each with a budget of its own."""
    snapshot, first_ms = Snapshot(), None
    ways: dict[Way, WayResult] = {}
    named: set[str] = set()
    for way, app in apps.items():
        if way is Way.SUGGESTION:
            ways[way], snapshot, first_ms = await _by_suggestion(app, theorem, budget_s)
            named |= _names(suggestion.text for suggestion in snapshot.suggestions)
        else:
            ways[way], outcome = await _by_search(app, theorem, budget_s, counts=way is Way.MODEL)
            named |= _names(_steps(outcome))
    shown = tuple(ShownSuggestion(one.text, one.source, one.kind) for one in snapshot.suggestions)
    goal = snapshot.state.goals[0] if snapshot.state else ""
    steps = [await _step(apps[Way.SUGGESTION], theorem, step) for step in theorem.steps]
    return TheoremResult(
        key=theorem.key,
        file=theorem.file,
        full_name=theorem.full_name,
        line=theorem.line,
        lines=theorem.lines,
        lemmas=theorem.lemmas,
        next_tactic=next(iter(theorem.next_tactics), ""),
        rank=rank_of(theorem.next_tactics, [one.text for one in shown], parse_goal(goal).names),
        shown=shown,
        first_ms=first_ms,
        ways=ways,
        steps=tuple(steps),
        missing=tuple(lemma for lemma in theorem.lemmas if last_part(lemma) not in named),
    )


def rank_of(wanted: Collection[str], shown: Iterable[str], hypotheses: Collection[str]) -> int | None:
    """Where what a person wrote next stands in a list, from 1; None where it does not.

    A suggestion of several tactics counts as the one that it begins with, with everything that is done behind `<;>`.

    Args:
        wanted: the step that the person wrote, and what it begins with.
        hypotheses: names that the goal has.
    """
    forms = {tactic_form(tactic, hypotheses) for tactic in wanted}
    for place, text in enumerate(shown, 1):
        if any(tactic_form(tactic, hypotheses) in forms for tactic in first_tactics(text)[:1]):
            return place
    return None


async def _by_suggestion(app: App, theorem: HiddenTheorem, budget_s: float) -> tuple[WayResult, Snapshot, float | None]:
    """The first suggestion that closes the goal, the list when all is tried or the time is over, and when it began."""
    job = app.suggest(theorem.path, theorem.text, theorem.spots, budget_s)
    longest = budget_s + app.config.lean.document_s
    ready = await job.wait(lambda snapshot: snapshot.state is not None or snapshot.done, longest)
    proving = await job.wait(lambda snapshot: _closer(snapshot) is not None, longest)
    snapshot = await job.wait(lambda snapshot: snapshot.done, longest)
    app.forget(theorem.path)
    first_ms = None if snapshot.first_ms is None else snapshot.first_ms - ready.total_ms
    return _told(snapshot, proving.total_ms - ready.total_ms, proving.checked, longest), snapshot, first_ms


async def _step(app: App, theorem: HiddenTheorem, step: HiddenStep) -> StepRank:
    """Where the person's tactic stands in what an editor would show at a later step, in the time that it waits."""
    seconds = app.config.lsp.action_budget_s
    job = app.suggest(theorem.path, step.text, step.spots, seconds)
    snapshot = await job.wait(lambda snapshot: snapshot.done, seconds + app.config.lean.document_s)
    app.forget(theorem.path)
    goal = snapshot.state.goals[0] if snapshot.state else ""
    shown = [suggestion.text for suggestion in snapshot.suggestions]
    return StepRank(step.line, step.tactics[0], rank_of(step.tactics, shown, parse_goal(goal).names))


def _told(snapshot: Snapshot, ms: float, checks: int, longest: float) -> WayResult:
    """What a list of suggestions came to.

    Args:
        ms, checks: until the goal was closed, or the end.
        longest: seconds that the list was waited for.
    """
    accepted = sum(one.kind == "progress" for one in snapshot.suggestions)
    problem = snapshot.error or snapshot.unfinished(longest)
    if (found := _closer(snapshot)) is not None:
        return WayResult("proved", ms, checks, proof=found.text, source=found.source)
    if problem is not None:
        return WayResult("failed", ms, checks, accepted=accepted, message=problem.message)
    ended: Ending = "time" if snapshot.out_of_time else "exhausted"
    return WayResult(ended, ms, checks, accepted=accepted, message=snapshot.why_none)


def _closer(snapshot: Snapshot) -> Suggestion | None:
    return next((one for one in snapshot.suggestions if one.kind == "proved"), None)


async def _by_search(app: App, theorem: HiddenTheorem, budget_s: float, *, counts: bool) -> tuple[WayResult, Outcome]:
    """A whole proof; `counts`: a model is asked, and the tokens it draws are counted."""
    began = perf_counter()
    try:
        async with asyncio.timeout(2 * budget_s + app.config.lean.document_s):
            outcome = await app.proving.prove(theorem.path, theorem.text, theorem.spots, budget_s)
    except (GhostproofError, TimeoutError) as problem:
        outcome = Outcome(done=True, error=problem if isinstance(problem, GhostproofError) else None)
    ms = outcome.ms or (perf_counter() - began) * 1000
    tokens = outcome.tokens if counts else None
    accepted = sum(1 for _ in _steps(outcome))
    if outcome.proof is not None:
        script = outcome.proof.suggestion.text
        return WayResult("proved", ms, outcome.tried, tokens, script, _author(outcome)), outcome
    if outcome.error is not None or not outcome.done:
        message = outcome.error.message if outcome.error else ""
        return WayResult("failed", ms, outcome.tried, tokens, accepted=accepted, message=message), outcome
    ended: Ending = "exhausted" if outcome.exhausted else "time"
    return WayResult(ended, ms, outcome.tried, tokens, accepted=accepted, message=outcome.why_none), outcome


def _author(outcome: Outcome) -> str:
    """Whose step the proof begins with."""
    goals = outcome.overview.goals if outcome.overview else ()
    return goals[0].closed_by if goals else ""


def _steps(outcome: Outcome) -> Iterable[str]:
    """Steps that Lean accepted at any goal of the search."""
    goals = outcome.overview.goals if outcome.overview else ()
    return (trial.text for goal in goals for trial in goal.trials if trial.outcome in _ACCEPTED)


def _names(texts: Iterable[str]) -> set[str]:
    """The last parts of all names in some tactics."""
    words = {part for text in texts for word in identifiers(mask(text)[0]) for part in name_parts(word)}
    return {word for word in words if re.match(r"[^\W\d]", word)}
