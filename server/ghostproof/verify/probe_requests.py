"""What the prober is asked about a state that it keeps, but for the verdict on a candidate: facts, and ways on."""

import asyncio
from collections.abc import Mapping, Sequence
from pathlib import Path

from ghostproof.errors import GhostproofError
from ghostproof.lean.probe import ProbeAnswer, ProbeRequest
from ghostproof.lean.probe_session import ProbeSession
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_states import ProbeHandle, ProbeStates


class ProbeRequests:
    """Requests about the states of one checker.

    Args:
        slots: as many as requests and candidates may be in Lean at the same time.
    """

    def __init__(self, session: ProbeSession, states: ProbeStates, slots: asyncio.Semaphore) -> None:
        self._session, self._states, self._slots = session, states, slots

    async def answer(self, handle: ProbeHandle, wanted: Mapping[str, object], limits: Limits) -> ProbeAnswer:
        """The answer to a request that elaborates no candidate; where there is none, one that says why."""
        running: ProbeRequest | None = None
        async with self._slots:
            try:
                saved, process = await self._states.saved(handle)
                running = process.request({**wanted, "state": saved.number, "heartbeats": limits.heartbeats})
                return await process.wait(running, limits.seconds)
            except GhostproofError as problem:
                return ProbeAnswer({"unknown": problem.message})
            except asyncio.CancelledError:
                if running is not None and self._session.process is not None:
                    self._session.process.abandon(running)
                raise

    async def advance(
        self, handle: ProbeHandle, step: str, path: Path, places: Sequence[Place | None], limits: Limits
    ) -> tuple[GoalState | None, ...]:
        """Run a step, and have the states kept that it leads to; see `Advancer.advance`."""
        async with self._slots:
            try:
                saved, process = await self._states.saved(handle)
                going = await self._states.advance(handle, saved, path, places)
                layout = going.site if saved.advanced else handle.spot
                into = [going.first + nth for nth in range(len(places))]
                asked = {"state": saved.number, "text": layout.laid_out(step), "into": into}
                running = process.request({"do": "advance", **asked, "heartbeats": limits.heartbeats})
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
