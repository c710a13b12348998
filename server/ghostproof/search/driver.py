"""Drives a search for a whole proof: keeps Lean busy with the work of the graph, within the budget, until cancelled."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, NoGoal
from ghostproof.search.adviser import Adviser
from ghostproof.search.attempt import Attempt
from ghostproof.search.graph import SearchGraph
from ghostproof.search.in_place import InPlace
from ghostproof.search.lexicon import Lexicon
from ghostproof.search.opened import clouded, opened
from ghostproof.search.overview import Journal
from ghostproof.search.place import block_spot, inner, script_mark
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.questions import Questions
from ghostproof.search.strategies.premises import Lemmas
from ghostproof.search.strategy import (
    Answered,
    Compare,
    Compared,
    Consult,
    Finding,
    Look,
    Looked,
    Preparing,
    Sift,
    Sifted,
    Strategy,
    Tried,
    Try,
    Work,
)
from ghostproof.search.task import ReportOutcome
from ghostproof.search.unfinished import unfinished
from ghostproof.syntax.spot import Spot
from ghostproof.verify.advance import Advancer, Place
from ghostproof.verify.checker import Checker, GoalState, Limits, MainGoal
from ghostproof.verify.small_values import OF_A_GUESS, Evaluator, Refuted, Tester, Trial, Untested, Valued
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive

log = logging.getLogger(__name__)

T = TypeVar("T")

# A move may take that many times as long as a suggestion of its tier: nobody looks at a cursor here.
PATIENCE = 2.0
# A step that was tried already, once more.
STEP = Limits(400_000, 10.0)
# Beyond this share of its time the search doesn't make a proof shorter.
POLISH_SHARE, POLISH_S = 0.5, 10.0
# Who waits for a proof waits that much longer for a shorter one.
GRACE_S = 1.0
MOST_DEATHS = 4
# What trying small values may use, beside the search.
TRIAL = Limits(400_000, 5.0)
# What trying one guess may use, and a few of them together: the first ones are known before a slow one ends its turn.
SIFTING, SIFTED_AT_ONCE, COMPARED_AT_ONCE = Limits(5_000, 4.0), 8, 32
# A model that answers one question fills the device; a second one keeps it busy while the first one ends.
MOST_QUESTIONS = 2


class ProofSearch:
    """The search for a proof at one spot of one text.

    Args:
        adviser: answers what strategies ask, while Lean works; None where nobody does.
        lemmas: knows the theorems in reach of a goal; None where nobody does.
        heartbeats: what one move may use at most, in thousands.
        shorten: look for a shorter proof for a moment, and for shorter forms of what was found.
        report: told what is known whenever that has changed.
    """

    def __init__(
        self,
        checker: Checker,
        path: Path,
        text: str,
        spot: Spot,
        strategies: Sequence[Strategy],
        *,
        adviser: Adviser | None = None,
        lemmas: Lemmas | None = None,
        heartbeats: int = 200_000,
        shorten: bool = True,
        report: ReportOutcome = lambda outcome: None,
    ) -> None:
        self._questions = Questions(adviser, lemmas)
        self._checker, self._path, self._text = checker, path, text
        self._spot, self._strategies = spot, strategies
        self._heartbeats, self._shorten, self._report = heartbeats, shorten, report
        self._states: dict[int, GoalState] = {}
        self._running: dict[asyncio.Task[Finding | None], Work] = {}
        self._journal = Journal()
        self._deaths = 0
        self._began = self._deadline = 0.0
        self._goal = self._clouded = ""
        self._trial: asyncio.Task[Trial] | None = None

    async def run(self, budget_s: float) -> Outcome:
        """Search for so long at most, once Lean has told the goal. Cancelling ends all work in Lean.

        Meanwhile the goal is tried on small values: an instance that refutes it ends the search.

        Raises:
            NoGoal: Lean sees no goal at the spot, or none that a proof closes.
            LeanDied, LeanTimeout: Lean does not come to the goal, or dies again and again.
        """
        self._began = asyncio.get_running_loop().time()
        state, self._spot = await opened(self._checker, self._path, self._text, self._spot)
        self._goal, self._states[0] = state.goals[0], state
        self._known = Lexicon(self._checker)
        self._in_place = InPlace(self._checker, self._path, self._text, self._spot, state)
        known = await self._known.at(state)
        self._clouded = clouded(state, known)
        above = self._text[: self._spot.start]
        graph = SearchGraph(await self._prepared(state.main), above, self._strategies, known)
        deadline = self._deadline = asyncio.get_running_loop().time() + budget_s
        proof: Proof | None = None
        if isinstance(self._checker, Tester):
            self._trial = asyncio.create_task(self._checker.refute(state, TRIAL), name="trial")
        try:
            async with asyncio.timeout_at(deadline):
                while (proof := await self._whole(graph)) is None and not (graph.exhausted or self._refuted):
                    if not await self._advance(graph):
                        break
                if proof is None and self._trial is not None:
                    await asyncio.wait([self._trial])
            if proof is not None and self._shorten:
                proof = await self._shortest(graph, proof, deadline)
        except TimeoutError:
            pass
        finally:
            await self._stop()
        if proof is not None and self._shorten:
            self._report(self._outcome(graph, None, now="a shorter form"))
            proof = await self._in_place.polished(proof, max(1.0, min(POLISH_S, POLISH_SHARE * self.left_s)))
        return self._outcome(graph, proof, done=True)

    @property
    def left_s(self) -> float:
        """What is left of the time, below 0 where it took longer."""
        return self._deadline - asyncio.get_running_loop().time()

    # ------------------------------------------------------------------------------------------------------ the search

    async def _advance(self, graph: SearchGraph) -> bool:
        """Start what there is room for and take in what has come; false where there is nothing to do any more."""
        while self._in_lean < max(1, self._checker.width):
            work = graph.next_work(questions=len(self._questions) < MOST_QUESTIONS, alone=not self._in_lean)
            if work is None:
                break
            if isinstance(work, Consult):
                self._questions.put(work, self._states.get(work.number))
            self._start(graph, work)
        if not self._running:
            return False
        self._report(self._outcome(graph, None))
        await asyncio.wait(self._awaited, return_when=asyncio.FIRST_COMPLETED)
        for task in [task for task in self._running if task.done()]:
            work = self._running.pop(task)
            finding = task.result()
            if finding is None:
                graph.again(work)
            else:
                self._journal.note(finding)
                graph.absorb(finding)
            if isinstance(finding, Answered) and finding.answer is not None:
                self._start(graph, finding.work)
        await self._leave(graph)
        return True

    @property
    def _awaited(self) -> list[asyncio.Task[Any]]:
        trial = [self._trial] if self._trial is not None and not self._trial.done() else []
        return [*self._running, *trial]

    @property
    def _refuted(self) -> Refuted | None:
        """The instance that refutes the goal, if one was found."""
        trial = self._trial
        if trial is None or not trial.done() or trial.cancelled() or trial.exception() is not None:
            return None
        found = trial.result()
        return found if isinstance(found, Refuted) else None

    @property
    def _in_lean(self) -> int:
        return sum(not isinstance(work, Consult) for work in self._running.values())

    def _start(self, graph: SearchGraph, work: Work) -> None:
        self._running[asyncio.create_task(self._do(graph, work))] = work

    async def _leave(self, graph: SearchGraph) -> None:
        """End work on goals that no longer matter, such as those beside one that was given up."""
        running = self._running.items()
        left = {task: work for task, work in running if not isinstance(work, Look) and not graph.wants(work)}
        for task in left:
            del self._running[task]
            task.cancel()
        await asyncio.gather(*left, return_exceptions=True)
        for work in left.values():
            if isinstance(work, Consult):
                await self._questions.drop(work)
                graph.absorb(Answered(work, None))
            else:
                graph.again(work)

    async def _do(self, graph: SearchGraph, work: Work) -> Finding | None:
        """What Lean says about the work; None where it died and the work is to be done again."""
        match work:
            case Look():
                try:
                    return await self._look(graph, work)
                except NoGoal:
                    return Looked(work, None)
                except (LeanDied, LeanTimeout) as problem:
                    self._died(problem)
                    return Looked(work, None)
            case Try():
                return await self._try(graph, work)
            case Consult():
                return await self._questions.hear(work)
            case Sift():
                return Sifted(work, await self._sifted(work))
            case Compare():
                return Compared(work, await self._compared(work))

    async def _look(self, graph: SearchGraph, work: Look) -> Looked:
        state = await self._open(graph, work.number)
        if graph.is_doubtful(work.number) and isinstance(self._checker, Tester):
            trial = await self._checker.refute(state, SIFTING, OF_A_GUESS)
            if isinstance(trial, Refuted):
                return Looked(work, None, trial)
        known = await self._known.at(state)
        return Looked(work, await self._prepared(state.main), known=known)

    async def _prepared(self, main: MainGoal) -> MainGoal:
        """The goal, once the strategies that have to read something for it have done so."""
        for strategy in self._strategies:
            if isinstance(strategy, Preparing):
                await strategy.prepare(main.goal, self._text[: self._spot.start])
        return main

    async def _sifted(self, work: Sift) -> tuple[Trial, ...]:
        statements = work.doubt.statements
        if not isinstance(self._checker, Tester):
            return tuple(Untested("this checker tries no values") for _ in statements)
        sift, state = self._checker.sift, self._states[work.number]
        return await _in_parts(statements, SIFTED_AT_ONCE, lambda some: sift(state, some, SIFTING))

    async def _compared(self, work: Compare) -> tuple[Valued, ...]:
        terms = work.terms.texts
        if not isinstance(self._checker, Evaluator):
            return tuple(Valued("") for _ in terms)
        values, state = self._checker.values, self._states[work.number]
        return await _in_parts(terms, COMPARED_AT_ONCE, lambda some: values(state, some, SIFTING))

    async def _open(self, graph: SearchGraph, number: int) -> GoalState:
        """The state of a goal: one step on from that of the goal above, or else opened in the file."""
        known = self._states.get(number) or await self._advanced(graph, number)
        if known is not None:
            return known
        place = self._place(graph, number)
        state = await self._checker.open(self._path, place.text, place.spot)
        self._states[number] = state
        return state

    async def _advanced(self, graph: SearchGraph, number: int) -> GoalState | None:
        """Have the step run that leads to a goal; the states of all goals that it leaves are known then."""
        origin = graph.origin(number)
        above = self._states.get(origin.above) if origin is not None else None
        if origin is None or above is None or not isinstance(self._checker, Advancer):
            return None
        places = [self._place(graph, goal) if goal is not None else None for goal in origin.goals]
        found = await self._checker.advance(above, origin.step, self._path, places, STEP)
        for goal, state in zip(origin.goals, found, strict=True):
            if goal is not None and state is not None:
                self._states.setdefault(goal, state)
        return self._states.get(number)

    def _place(self, graph: SearchGraph, number: int) -> Place:
        """Where a goal stands in the file with the proof so far in it."""
        mark = script_mark()
        spot = block_spot(self._text, self._spot)
        return inner(self._text, spot, graph.script(number, mark), mark)

    async def _try(self, graph: SearchGraph, work: Try) -> Finding | None:
        state = self._states[work.number]
        most = self._heartbeats if work.share is None else min(self._heartbeats, work.share)
        # What Lean says of a script's failure is told to the model that wrote it.
        limits = replace(work.move.tier.limits(most, PATIENCE), brief=not isinstance(work.move, Attempt))
        candidate = Candidate(work.move.text, work.move.strategy)
        checked = await self._checker.check(state, candidate, limits)
        if work.number == 0 and self._in_place.counts_with_the_rest(checked):
            checked = await self._checker.check(await self._in_place.as_block(), candidate, limits)
        verdict = checked.verdict
        if isinstance(verdict, Inconclusive) and verdict.cause is Cause.CRASH:
            self._died(LeanDied(verdict.message))
        return Tried(work, checked, len(state.goals) - 1)

    def _died(self, problem: GhostproofError) -> None:
        self._deaths += 1
        if self._deaths > MOST_DEATHS:
            raise problem

    async def _stop(self) -> None:
        for task in self._awaited:
            task.cancel()
        await asyncio.gather(*self._awaited, return_exceptions=True)
        self._running.clear()
        await self._questions.close()
        if isinstance(self._checker, Advancer):
            self._checker.release([state for number, state in self._states.items() if number])

    # ------------------------------------------------------------------------------------------------------- the whole

    async def _whole(self, graph: SearchGraph) -> Proof | None:
        """The proof that the graph knows, if Lean accepts it as a whole in place; one that it does not is given up."""
        script = graph.proof
        if script is None:
            return None
        self._report(self._outcome(graph, None, now="the whole proof"))
        proof = await self._in_place.accepted(script)
        if proof is None:
            log.info("a proof that was put together is not accepted as a whole:\n%s", script)
            graph.reject(script)
        return proof

    async def _shortest(self, graph: SearchGraph, proof: Proof, deadline: float) -> Proof:
        """The shortest of the proofs that are found within a grace time.

        One of a single line has none, but which of two moves it is made of doesn't hang on whose Lean was quicker.
        """
        with suppress(TimeoutError):
            async with asyncio.timeout_at(deadline):
                while any(graph.is_ahead(work) for work in self._running.values()):
                    proof = await self._further(graph, proof) or proof
            async with asyncio.timeout_at(min(deadline, asyncio.get_running_loop().time() + GRACE_S)):
                while "\n" in (graph.proof or "") and (further := await self._further(graph, proof)):
                    proof = further
        return proof

    async def _further(self, graph: SearchGraph, proof: Proof) -> Proof | None:
        """The shortest proof after one step more; None where there is nothing to do any more."""
        known = graph.proof
        if not await self._advance(graph):
            return None
        return proof if graph.proof == known else await self._whole(graph) or proof

    def _outcome(self, graph: SearchGraph, proof: Proof | None, *, done: bool = False, now: str = "") -> Outcome:
        works = self._running.values()
        trying = tuple(work.move.text.split("\n")[0] for work in works if isinstance(work, Try))
        asked = [f"asked for a {work.query.kind.value}" for work in works if isinstance(work, Consult)]
        in_vain = done and proof is None and self._refuted is None
        return Outcome(
            proof=proof,
            goal=self._goal,
            now=now or ", ".join((*trying, *asked)),
            trying=trying,
            tried=graph.tried,
            goals=graph.met,
            left=graph.open_goals if in_vain else (),
            unfinished=unfinished(graph.nodes, self._text, self._spot) if in_vain else None,
            done=done,
            clouded=self._clouded if in_vain else "",
            exhausted=graph.exhausted,
            overview=self._journal.overview(graph) if done else None,
            refuted=self._refuted if proof is None else None,
            tokens=self._questions.tokens,
            ms=(asyncio.get_running_loop().time() - self._began) * 1000,
        )


async def _in_parts(
    texts: Sequence[str], at_once: int, ask: Callable[[Sequence[str]], Awaitable[Sequence[T]]]
) -> tuple[T, ...]:
    """The answers to all texts, asked for so many at a time: others have their turn between."""
    found: list[T] = []
    for at in range(0, len(texts), at_once):
        found += await ask(texts[at : at + at_once])
    return tuple(found)
