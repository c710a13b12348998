"""Proofs of the project as a source: what worked at goals like this one, carried over to it, the likeliest first."""

import asyncio
import logging
import sqlite3
from collections import defaultdict
from collections.abc import AsyncGenerator, Callable, Iterable, Sequence
from pathlib import Path

from ghostproof.learning.learned import Learned
from ghostproof.learning.steps import TacticStep
from ghostproof.learning.store import Neighbour
from ghostproof.learning.transfer import Here, transfers
from ghostproof.suggest.source import Context, Proposal, Tier
from ghostproof.syntax.namespaces import open_namespaces
from ghostproof.verify.checker import GoalState
from ghostproof.verify.verdict import Candidate, Checked

log = logging.getLogger(__name__)

ORIGIN = "nearest"
NEIGHBOURS = 32
PROPOSED = 24
# Goals that have less in common have their constants in common at most.
_LEAST = 0.1
# Of a goal this much like another one, what worked there is tried before anything else.
_THE_SAME = 0.9
# What the next way to carry a tactic over is worth, compared with the one before.
_NEXT_WAY = 0.7
_INSTANT = 8  # proposals that go with the portfolio's first ones


def anything(step: TacticStep, context: Context) -> bool:
    """For a source that may learn from every proof there is."""
    return True


class NearestSource:
    """Proposes what worked nearby.

    Args:
        learned: what is known of the project that a file belongs to; None while nothing is.
        allowed: whether a step may be learned from at a place; an evaluation leaves out what stands below.
    """

    def __init__(
        self,
        learned: Callable[[Path], Learned | None],
        allowed: Callable[[TacticStep, Context], bool] = anything,
    ) -> None:
        self._learned, self._allowed = learned, allowed

    @property
    def name(self) -> str:
        return ORIGIN

    @property
    def ready(self) -> bool:
        return True

    async def likely(self, path: Path, goal: str, above: str) -> list[tuple[str, float]]:
        """See `likely_texts`, for a printed goal below a text of a file; nothing where nothing is known."""
        learned = self._learned(path)
        if learned is None:
            return []

        def read() -> list[tuple[str, float]]:
            here = Here(goal, learned.name(path), open_namespaces(above))
            return likely_texts(learned.store.near(goal, NEIGHBOURS), here)

        try:
            # SQLite waits for the disk, and for whoever writes.
            return await asyncio.to_thread(read)
        except sqlite3.Error as problem:
            log.warning("what was learned of the project can't be read: %s", problem)
            return []

    def begin(self, state: GoalState, context: Context) -> "NearestInquiry":
        return NearestInquiry(self._learned(context.path), self._allowed, state, context)


class NearestInquiry:
    """One goal, and the proofs of goals like it."""

    def __init__(
        self,
        learned: Learned | None,
        allowed: Callable[[TacticStep, Context], bool],
        state: GoalState,
        context: Context,
    ) -> None:
        self._learned, self._allowed, self._state, self._context = learned, allowed, state, context

    async def propose(self) -> AsyncGenerator[Proposal, None]:
        if self._learned is None:
            return
        try:
            # SQLite waits for the disk, and for whoever writes.
            likely = await asyncio.to_thread(self._likely, self._learned)
        except sqlite3.Error as problem:
            log.warning("what was learned of the project can't be read: %s", problem)
            return
        for place, (text, likeness) in enumerate(likely[:PROPOSED]):
            tier = Tier.HINT if likeness >= _THE_SAME else Tier.INSTANT if place < _INSTANT else Tier.QUICK
            yield Proposal(Candidate(text, ORIGIN), tier)

    def learn(self, checked: Checked) -> Iterable[Proposal]:
        """It learns from whole proofs, when they are done."""
        return ()

    def _likely(self, learned: Learned) -> list[tuple[str, float]]:
        goal, context = self._state.goals[0], self._context
        near = [n for n in learned.store.near(goal, NEIGHBOURS) if self._allowed(n.step, context)]
        here = Here(goal, learned.name(context.path), open_namespaces(context.text[: context.spot.start]))
        return likely_texts(near, here)


def likely_texts(near: Sequence[Neighbour], here: Here) -> list[tuple[str, float]]:
    """What the neighbours' tactics become here, the likeliest first; each with the likeness of its likest neighbour.

    A text that several neighbours propose is likelier than one that a single one does.
    """
    score: defaultdict[str, float] = defaultdict(float)
    likest: defaultdict[str, float] = defaultdict(float)
    for neighbour in near:
        if neighbour.likeness < _LEAST:
            continue
        for way, text in enumerate(transfers(neighbour.step, here)):
            score[text] += neighbour.likeness**2 * _NEXT_WAY**way
            likest[text] = max(likest[text], neighbour.likeness)
    return [(text, likest[text]) for text in sorted(score, key=lambda text: (-score[text], len(text)))]
