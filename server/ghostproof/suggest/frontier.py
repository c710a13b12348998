"""The proposals of several sources as one stream: fair to each source, never waiting for a batch, no text twice."""

import asyncio
import heapq
import logging
from collections.abc import Iterable, Sequence
from contextlib import aclosing
from itertools import count

from ghostproof.errors import GhostproofError
from ghostproof.suggest.source import Inquiry, Proposal, Tier
from ghostproof.verify.verdict import Checked

log = logging.getLogger(__name__)


class _Lane:
    """What one source has proposed and nobody has taken yet, cheapest tier first."""

    def __init__(self, inquiry: Inquiry) -> None:
        self.inquiry = inquiry
        self.finished = False
        self.failed = False
        self._heap: list[tuple[Tier, int, Proposal]] = []
        self._numbers = count()

    @property
    def tier(self) -> Tier | None:
        """Of the next proposal, if there is one."""
        return self._heap[0][0] if self._heap else None

    def put(self, proposal: Proposal) -> None:
        heapq.heappush(self._heap, (proposal.tier, next(self._numbers), proposal))

    def pop(self) -> Proposal:
        return heapq.heappop(self._heap)[2]


class Frontier:
    """Merges inquiries. `start` begins to read them, `close` ends that."""

    def __init__(self, inquiries: Sequence[Inquiry]) -> None:
        self._lanes = [_Lane(inquiry) for inquiry in inquiries]
        self._pumps: list[asyncio.Task[None]] = []
        self._turn = 0
        self._given: set[str] = set()
        self._urgent: list[Proposal] = []
        self.changed = asyncio.Event()

    def start(self, first: Iterable[Proposal] = ()) -> None:
        """Begin; `first` goes before everything else."""
        self._urgent = list(first)
        self._pumps = [asyncio.get_running_loop().create_task(self._pump(lane)) for lane in self._lanes]

    @property
    def failed(self) -> bool:
        """A source could not do its work; another time it may have more to say."""
        return any(lane.failed for lane in self._lanes)

    def is_through(self, most: Tier) -> bool:
        """Nothing of at most this tier is left. While all tiers count, a source that still thinks is waited for."""
        if self._urgent or any(lane.tier is not None and lane.tier <= most for lane in self._lanes):
            return False
        return most < Tier.SLOW or all(lane.finished for lane in self._lanes)

    def take(self, most: Tier) -> Proposal | None:
        """The next proposal of at most this tier, or None if there is none now. Sources take turns."""
        while proposal := self._next(most):
            text = proposal.candidate.text.strip()
            if text and text not in self._given:
                self._given.add(text)
                return proposal
        return None

    def learn(self, checked: Checked) -> None:
        """Pass a verdict to every source and queue what follows from it."""
        for lane in self._lanes:
            for proposal in lane.inquiry.learn(checked):
                lane.put(proposal)

    def again(self, proposal: Proposal) -> None:
        """Queue a proposal that was taken and got no verdict."""
        self._given.discard(proposal.candidate.text.strip())
        self._urgent.append(proposal)

    async def close(self) -> None:
        for pump in self._pumps:
            pump.cancel()
        await asyncio.gather(*self._pumps, return_exceptions=True)

    def _next(self, most: Tier) -> Proposal | None:
        if self._urgent:
            return self._urgent.pop(0)
        turns = self._lanes[self._turn :] + self._lanes[: self._turn]
        ready = [lane for lane in turns if lane.tier is not None and lane.tier <= most]
        if not ready:
            return None
        # Lean's own advice does not wait for its source's turn.
        lane = next((lane for lane in ready if lane.tier is Tier.HINT), ready[0])
        self._turn = (self._lanes.index(lane) + 1) % len(self._lanes)
        return lane.pop()

    async def _pump(self, lane: _Lane) -> None:
        try:
            async with aclosing(lane.inquiry.propose()) as stream:
                async for proposal in stream:
                    lane.put(proposal)
                    self.changed.set()
        except GhostproofError as problem:
            # The other sources go on.
            lane.failed = True
            log.info("a source gave up: %s", problem.message)
        finally:
            lane.finished = True
            self.changed.set()
