"""A source that proposes a list, and how tests read the search it takes part in."""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field

from ghostproof.suggest.job import Snapshot, SuggestJob
from ghostproof.suggest.source import Context, Proposal, Tier
from ghostproof.verify.checker import GoalState
from ghostproof.verify.verdict import Candidate, Checked


def proposal(text: str, tier: Tier = Tier.QUICK, *, step: bool = False) -> Proposal:
    return Proposal(Candidate(text, "list"), tier, step)


@dataclass
class Listed:
    """A source that proposes a list, and after each of some texts, more."""

    proposals: list[Proposal]
    after: dict[str, list[Proposal]] = field(default_factory=dict)
    slow: asyncio.Event | None = None
    begun: int = 0
    name: str = "list"
    ready: bool = True

    def begin(self, state: GoalState, context: Context) -> "Listed":
        self.begun += 1
        return self

    async def propose(self) -> AsyncGenerator[Proposal, None]:
        for each in self.proposals:
            yield each
            if self.slow is not None:
                await self.slow.wait()

    def learn(self, checked: Checked) -> Iterable[Proposal]:
        return self.after.get(checked.candidate.text, [])


async def finished(job: SuggestJob) -> Snapshot:
    return await job.wait(lambda s: s.done, 60)


def texts(snapshot: Snapshot) -> list[str]:
    return [s.text for s in snapshot.suggestions]
