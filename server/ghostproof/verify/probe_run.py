"""Running one candidate in a state that the prober keeps, to its verdict, also where it ends the process.

It holds a slot until Lean has left it.
"""

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, replace

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout
from ghostproof.lean.probe import ProbeAnswer, ProbeProcess, ProbeRequest
from ghostproof.lean.probe_session import ProbeSession
from ghostproof.lean.probe_threads import ProbeThreads
from ghostproof.verify.checker import Limits
from ghostproof.verify.probe_states import ProbeHandle, ProbeStates
from ghostproof.verify.probe_verdict import (
    final_verdict,
    is_closed,
    is_recursive,
    of_a_step,
    offers,
    premises_used,
    trial_verdict,
)
from ghostproof.verify.suspects import Suspects
from ghostproof.verify.verdict import Candidate, Cause, Checked, Inconclusive, Verdict


class _EndedWhileRunning(Exception):
    """Lean ended, or had to be ended, while it ran a candidate.

    Args:
        problem: says how.
        oldest: it ended by itself, and had run nothing for longer.
    """

    def __init__(self, problem: LeanDied | LeanTimeout, *, oldest: bool) -> None:
        super().__init__(problem.message)
        self.problem, self.oldest = problem, oldest


@dataclass
class _Run:
    """What the requests about a candidate share. The last one is `running`: then the candidate may be to blame."""

    candidate: Candidate
    limits: Limits
    threads: ProbeThreads
    running: ProbeRequest | None = None
    process: ProbeProcess | None = None  # which it was asked of
    waited: float = 0.0  # seconds for a thread

    async def ask(self, process: ProbeProcess, fields: Mapping[str, object]) -> ProbeAnswer:
        sent = time.monotonic()
        self.running, self.process = self.threads.follow(process.request(fields)), process
        answer = await process.wait(self.running, self.limits.seconds)
        self.waited += max(0.0, self.running.began - sent)
        return answer


class ProbeRuns:
    """Runs candidates of one checker.

    Args:
        threads: what they run in.
    """

    def __init__(self, session: ProbeSession, states: ProbeStates, threads: ProbeThreads) -> None:
        self._session, self._states, self._threads = session, states, threads
        self._slots = threads.slots
        self._suspects = Suspects(threads.slots, threads.width)

    async def check(self, handle: ProbeHandle, candidate: Candidate, limits: Limits) -> Checked:
        """Run a candidate, again and alone where Lean died meanwhile; one that it died of then is not run any more.

        In a search, one that had run for longest when Lean died is not run again.
        """
        key = (handle.opened, candidate.text)
        before = self._suspects.conviction(key)
        if before is not None:
            return Checked(candidate, Inconclusive(Cause.CRASH, before))
        started = time.monotonic()
        closes, guessed = self._session.closes, False
        try:
            try:
                return await self._judge(handle, candidate, limits)
            except _EndedWhileRunning as end:
                # Most of what ends Lean takes some seconds for it. A search has others to try, and does without a
                # verdict; whether it was this one is not known, so that nobody else is kept from running it.
                guessed = limits.brief and end.oldest
                if guessed or isinstance(end.problem, LeanTimeout) or self._session.closes != closes:
                    raise
            async with self._suspects.one_slot_alone():
                return await self._judge(handle, candidate, limits)
        except _EndedWhileRunning as end:
            if not guessed and self._session.closes == closes:
                self._suspects.convict(key, end.problem.message)
            verdict = _no_verdict(end.problem)
        except GhostproofError as problem:
            verdict = _no_verdict(problem)
        return Checked(candidate, verdict, (), (time.monotonic() - started) * 1000)

    async def _judge(self, handle: ProbeHandle, candidate: Candidate, limits: Limits) -> Checked:
        """Run a candidate in a slot, and give the slot back when Lean has left it.

        Raises:
            _EndedWhileRunning: there is no verdict, and the candidate may be the cause.
            GhostproofError: Lean did not come to running it.
        """
        await self._slots.acquire()
        started = time.monotonic()
        run = _Run(candidate, limits, self._threads)
        try:
            verdict, answer = await self._verdict(handle, run)
            ms = (time.monotonic() - started - run.waited) * 1000
            return Checked(candidate, verdict, offers(answer), ms, premises_used(answer), answer.number("heartbeats"))
        except (LeanDied, LeanTimeout) as problem:
            if run.running is None:
                raise
            oldest = run.process is not None and run.process.oldest is run.running
            raise _EndedWhileRunning(problem, oldest=oldest) from problem
        except asyncio.CancelledError:
            if run.running is not None and self._session.process is not None:
                self._session.process.abandon(run.running)
            raise
        finally:
            if run.running is None:
                self._slots.release()
            else:
                run.running.done.add_done_callback(lambda _: self._slots.release())

    async def _verdict(self, handle: ProbeHandle, run: _Run) -> tuple[Verdict, ProbeAnswer]:
        """The verdict, and what the prober has answered about the trial."""
        text = run.candidate.text
        while True:
            saved, process = await self._states.saved(handle)
            layout = handle.site if saved.advanced and handle.site is not None else handle.spot
            asked = {"state": saved.number, "text": layout.laid_out(text)}
            limits = {"heartbeats": run.limits.heartbeats, "brief": run.limits.brief}
            answer = await run.ask(process, {"do": "run", **asked, **limits})
            if self._is_gone(handle, run, answer):
                continue
            verdict = trial_verdict(answer, text, saved.owner)
            if saved.advanced:
                if not is_recursive(answer):
                    return of_a_step(verdict), answer
                # Lean has to say in place whether that ends.
                handle, run.running = replace(handle, site=None), None
                continue
            left_open = not is_closed(answer)
            if left_open and not is_recursive(answer):
                return verdict, answer
            term = "" if left_open else handle.spot.laid_out(handle.spot.term(text))
            final = {"do": "term", **asked, "text": term} if term else {"do": "final", **asked}
            said = await run.ask(process, {**final, "open": left_open})
            if self._is_gone(handle, run, said):
                continue
            return final_verdict(said, saved.errors, verdict, recursive=left_open), answer

    def _is_gone(self, handle: ProbeHandle, run: _Run, answer: ProbeAnswer) -> bool:
        """Whether the prober no longer has the state; it is opened again, then."""
        if answer.flag("gone"):
            self._states.drop(handle)
            run.running = None
        return answer.flag("gone")


def _no_verdict(problem: GhostproofError) -> Inconclusive:
    """What a failure of the process means for a candidate."""
    if isinstance(problem, LeanTimeout):
        return Inconclusive(Cause.TIMEOUT, problem.message)
    return Inconclusive(Cause.MEMORY if "out of memory" in problem.message else Cause.CRASH, problem.message)
