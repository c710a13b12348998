"""The order of the portfolio's forms for each project, read in the background: nobody waits for it."""

import asyncio
import logging
import sqlite3
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from ghostproof.learning.learned import Learned
from ghostproof.suggest.sources.form_order import FormOrder
from ghostproof.syntax.goal import parse_goal
from ghostproof.syntax.proposition import head_of

log = logging.getLogger(__name__)

# Steps that are looked at, the newest of a project; and how long what was read is good for.
MOST_STEPS = 3000
FRESH_S = 60.0


class LearnedOrder:
    """Belongs to one event loop.

    Args:
        root_of: the project's folder for a file.
        learned: what is known of the project that a file belongs to; None while nothing is.
        accepted: events of the log of use, where the user has one; what was deleted within a minute does not count.
        clock: seconds.
    """

    def __init__(
        self,
        root_of: Callable[[Path], Path],
        learned: Callable[[Path], Learned | None],
        accepted: Callable[[], Iterable[Mapping[str, object]]] = lambda: (),
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._root_of, self._learned, self._accepted, self._clock = root_of, learned, accepted, clock
        self._known: dict[Path, FormOrder] = {}
        self._read_at: dict[Path, float] = {}
        self._reading: set[asyncio.Task[None]] = set()

    def of(self, path: Path) -> FormOrder:
        """What is known by now."""
        return self._known.get(self._root_of(path), FormOrder())

    def refresh(self, path: Path) -> None:
        """Read it anew in the background, if that is long ago."""
        root, now = self._root_of(path), self._clock()
        if now - self._read_at.get(root, -FRESH_S) < FRESH_S:
            return
        self._read_at[root] = now
        task = asyncio.get_running_loop().create_task(self._read(root, self._learned(path)), name="form order")
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)

    async def settled(self) -> None:
        """Wait for what is being read."""
        await asyncio.gather(*self._reading)

    async def _read(self, root: Path, learned: Learned | None) -> None:
        try:
            self._known[root] = await asyncio.to_thread(lambda: FormOrder.of(self._steps(learned)))
        except (sqlite3.Error, OSError) as problem:
            log.warning("the forms are tried in their usual order: %s", problem)

    def _steps(self, learned: Learned | None) -> Iterator[tuple[str, str]]:
        """Heads of goals, and the tactics that were taken there."""
        for step in learned.store.latest(MOST_STEPS) if learned is not None else ():
            if step.goals_before:
                yield head_of(" ".join(parse_goal(step.goals_before[0]).printed_target.split())), step.tactic
        logged = list(self._accepted())
        gone = {event.get("id") for event in logged if event.get("event") == "deleted"}
        for event in logged:
            head, text = event.get("head"), event.get("text")
            kept = event.get("event") == "accepted" and event.get("id") not in gone
            if kept and isinstance(head, str) and isinstance(text, str):
                yield head, text
