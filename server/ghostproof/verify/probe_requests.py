"""What the prober is asked about a state that it keeps, but for the verdict on a candidate: facts, and ways on."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from ghostproof.errors import GhostproofError
from ghostproof.lean.probe import ProbeAnswer, ProbeRequest
from ghostproof.lean.probe_session import ProbeSession
from ghostproof.lean.probe_threads import ProbeThreads
from ghostproof.lean.theorems import reach_of, written_of
from ghostproof.syntax.statement import Reach, Spelling
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.defined import definitions_of
from ghostproof.verify.definitions import Definitions
from ghostproof.verify.probe_states import ProbeHandle, ProbeStates
from ghostproof.verify.probe_verdict import trial_of
from ghostproof.verify.small_values import COMPARED, OF_A_GUESS, Trial, Untested, Valued


class ProbeRequests:
    """Requests about the states of one checker.

    Args:
        threads: what they run in, beside candidates.
    """

    def __init__(self, session: ProbeSession, states: ProbeStates, threads: ProbeThreads) -> None:
        self._session, self._states, self._threads = session, states, threads
        self._slots = threads.slots

    async def refute(self, handle: ProbeHandle, limits: Limits, instances: int) -> Trial:
        """See `Tester.refute`."""
        return trial_of(await self._answer(handle, {"do": "test", "instances": instances}, limits))

    async def sift(self, handle: ProbeHandle, statements: Sequence[str], limits: Limits) -> tuple[Trial, ...]:
        """See `Tester.sift`."""
        wanted = {"do": "sift", "statements": list(statements), "instances": OF_A_GUESS}
        answer = await self._answer(handle, wanted, limits)
        found = tuple(trial_of(trial) for trial in answer.parts("trials"))[: len(statements)]
        return (*found, *(Untested("it was not tried") for _ in statements[len(found) :]))

    async def values(self, handle: ProbeHandle, terms: Sequence[str], limits: Limits) -> tuple[Valued, ...]:
        """See `Evaluator.values`."""
        answer = await self._answer(handle, {"do": "values", "terms": list(terms), "instances": COMPARED}, limits)
        found = tuple(Valued(one.text("print")) for one in answer.parts("prints"))[: len(terms)]
        return (*found, *(Valued("") for _ in terms[len(found) :]))

    async def define(self, handle: ProbeHandle, limits: Limits) -> Definitions:
        """See `Definer.define`."""
        return definitions_of(await self._answer(handle, {"do": "define"}, limits))

    async def reach(self, handle: ProbeHandle, limits: Limits) -> Reach | None:
        """See `TheoremTeller.reach`."""
        return reach_of(await self._answer(handle, {"do": "reach"}, limits))

    async def written(
        self, handle: ProbeHandle, names: Sequence[str], limits: Limits, *, types: bool
    ) -> tuple[Spelling, ...]:
        """See `TheoremTeller.written`."""
        wanted = {"do": "names", "names": list(names), "statements": types}
        return written_of(await self._answer(handle, wanted, limits), names)

    async def chained(self, handle: ProbeHandle, names: Sequence[str], limits: Limits) -> str:
        """See `TheoremTeller.chained`."""
        answer = await self._answer(handle, {"do": "chain", "names": list(names)}, limits)
        return answer.text("chained")

    async def advance(
        self, handle: ProbeHandle, step: str, path: Path, places: Sequence[Place | None], limits: Limits
    ) -> tuple[GoalState | None, ...]:
        """Run a step, and have the states kept that it leads to: see `Advancer.advance`."""
        async with self._slots:
            try:
                saved, process = await self._states.saved(handle)
                going = await self._states.advance(handle, saved, path, places)
                layout = going.site if saved.advanced else handle.spot
                into = [going.first + nth for nth in range(len(places))]
                asked = {"state": saved.number, "text": layout.laid_out(step), "into": into}
                wanted = {"do": "advance", **asked, "heartbeats": limits.heartbeats}
                running = self._threads.follow(process.request(wanted))
                try:
                    answer = await process.wait(running, limits.seconds)
                except asyncio.CancelledError:
                    process.abandon(running)
                    # What Lean has kept by the time it stops, nobody will ask for.
                    running.done.add_done_callback(lambda _: process.send({"do": "drop", "states": into}))
                    raise
                return self._states.keep(process, going, answer)
            except GhostproofError:
                return tuple(None for _ in places)

    async def _answer(self, handle: ProbeHandle, wanted: Mapping[str, object], limits: Limits) -> ProbeAnswer:
        """The answer to a request that elaborates no candidate; where there is none, one that says why."""
        running: ProbeRequest | None = None

        async def ask() -> ProbeAnswer:
            nonlocal running
            saved, process = await self._states.saved(handle)
            asked = {**wanted, "state": saved.number, "heartbeats": limits.heartbeats}
            running = self._threads.follow(process.request(asked))
            return await process.wait(running, limits.seconds)

        async with self._slots:
            try:
                # What has been opened in vain twice is not opened twice more.
                await self._states.saved(handle)
                return await self._session.unless_it_dies(ask)
            except GhostproofError as problem:
                return ProbeAnswer({"unknown": problem.message})
            except asyncio.CancelledError:
                if running is not None and self._session.process is not None:
                    self._session.process.abandon(running)
                raise
