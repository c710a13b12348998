"""Learns in the background: a file that rests is harvested, as long as nobody searches, and its steps are kept.

Whoever searches goes first: the harvest stops at once and goes on later where it was.
"""

import asyncio
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from ghostproof.errors import GhostproofError
from ghostproof.jobs import Turn, Turns
from ghostproof.learning.harvest import Harvester
from ghostproof.learning.learned import Learned, digest, open_learned
from ghostproof.learning.library import Pause
from ghostproof.learning.steps import TacticStep
from ghostproof.learning.store import store_path

log = logging.getLogger(__name__)

# How long a file must not change, and nobody search in it, before it is looked at.
REST_S = 2.0


class Learner:
    """Belongs to one event loop.

    Args:
        root_of: the project's folder for a file.
        harvester_of: who can harvest a file now, without being in anybody's way; None if nobody can.
        most: steps that are kept of one project.
        read: has what a file imports read, waiting for the pause that it is given before each piece of work.
    """

    def __init__(
        self,
        root_of: Callable[[Path], Path],
        harvester_of: Callable[[Path], Harvester | None],
        most: int,
        read: Callable[[Path, str, Pause], Awaitable[None]] | None = None,
        rest_s: float = REST_S,
    ) -> None:
        self._root_of, self._harvester_of = root_of, harvester_of
        self._most, self._read, self._rest_s = most, read, rest_s
        self._known: dict[Path, Learned | None] = {}
        self._done: dict[Path, str] = {}
        self._turns: Turns[Path] = Turns()
        self._tasks: set[asyncio.Task[None]] = set()
        self._harvests: set[asyncio.Task[list[TacticStep]]] = set()
        self._searches = 0
        self._free = asyncio.Event()
        self._free.set()

    def learned(self, path: Path) -> Learned | None:
        """What is known of the project that a file belongs to; None while nothing is."""
        return self._kept(path) if store_path(self._root_of(path)).is_file() else None

    def note(self, path: Path, text: str) -> None:
        """A file has this text: learn from it once it rests. The newest text of a file is the one that counts."""
        if self._done.get(path) == digest(text, ""):
            return
        task = asyncio.create_task(self._learn(self._turns.begin(path), path, text), name="learn")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def pause(self) -> None:
        """A search begins; each one is followed by a `resume`."""
        self._searches += 1
        self._free.clear()
        for harvest in self._harvests:
            harvest.cancel()

    def resume(self) -> None:
        """A search has ended."""
        self._searches -= 1
        if self._searches == 0:
            self._free.set()

    @contextmanager
    def paused(self) -> Iterator[None]:
        """While a search goes on."""
        self.pause()
        try:
            yield
        finally:
            self.resume()

    def drop(self, path: Path) -> None:
        """The file was closed."""
        self._turns.drop(path)

    async def close(self) -> None:
        """End what goes on, and let go of the databases. Idempotent."""
        for task in [*self._tasks, *self._harvests]:
            task.cancel()
        await asyncio.gather(*self._tasks, *self._harvests, return_exceptions=True)
        known, self._known = self._known, {}
        for learned in known.values():
            if learned is not None:
                learned.store.close()

    def _kept(self, path: Path) -> Learned | None:
        root = self._root_of(path)
        known = self._known.get(root)
        if known is not None and not known.store.path.is_file():
            known.store.close()  # it was told to forget
            del self._known[root]
        if root not in self._known:
            self._known[root] = open_learned(root, self._most)
        return self._known[root]

    async def _learn(self, turn: Turn, path: Path, text: str) -> None:
        if not await turn.rest(self._rest_s):
            return
        try:
            await self._harvest(turn, path, text)
            if self._read is not None and not turn.is_over:
                await self._read(path, text, self._free.wait)
        except (GhostproofError, sqlite3.Error, OSError) as problem:
            self._done.pop(path, None)
            log.info("nothing was learned from %s: %s", path.name, problem)

    async def _harvest(self, turn: Turn, path: Path, text: str) -> None:
        while True:
            await self._free.wait()
            harvester = self._harvester_of(path)
            if turn.is_over or harvester is None:
                return
            steps = await self._undisturbed(harvester, path, text)
            if steps is not None:
                break
        # Where there is no proof, nothing is made to keep some in.
        learned = self._kept(path) if steps else self.learned(path)
        if not turn.is_over and learned is not None:
            # The same digest as that of the command line's harvest, which then passes the file over.
            kept = digest(text, harvester.environment)
            self._done[path] = digest(text, "")
            await asyncio.to_thread(learned.store.replace, learned.name(path), kept, steps)

    async def _undisturbed(self, harvester: Harvester, path: Path, text: str) -> list[TacticStep] | None:
        """The steps of a file; None if a search came in between."""
        work = asyncio.create_task(harvester.steps(path, text), name="harvest")
        self._harvests.add(work)
        try:
            await asyncio.wait({work})
            return None if work.cancelled() else work.result()
        finally:
            self._harvests.discard(work)
            work.cancel()
