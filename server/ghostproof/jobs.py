"""Small concurrency policies: the newest request of a key supersedes the older ones."""

import asyncio
from collections.abc import Awaitable, Hashable
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")


class Turn:
    """A request's turn: it lasts until a newer request of the same key begins, or the key is dropped."""

    def __init__(self) -> None:
        self._over = asyncio.Event()

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    def end(self) -> None:
        self._over.set()

    async def ended(self) -> None:
        """Return as soon as the turn is over."""
        await self._over.wait()

    async def rest(self, seconds: float) -> bool:
        """Wait; true if the turn lasted, false as soon as it is over."""
        try:
            async with asyncio.timeout(seconds):
                await self._over.wait()
        except TimeoutError:
            return True
        return False

    async def run(self, work: Awaitable[T]) -> T | None:
        """The result of the work, or None as soon as the turn is over; the work is cancelled then."""
        task = asyncio.ensure_future(work)
        over = asyncio.ensure_future(self._over.wait())
        try:
            await asyncio.wait({task, over}, return_when=asyncio.FIRST_COMPLETED)
            return task.result() if task.done() and not self.is_over else None
        finally:
            over.cancel()
            task.cancel()


class Turns(Generic[K]):
    """Gives out turns, one at a time per key."""

    def __init__(self) -> None:
        self._current: dict[K, Turn] = {}

    def begin(self, key: K) -> Turn:
        """End the key's current turn and begin a new one."""
        self.drop(key)
        turn = self._current[key] = Turn()
        return turn

    def drop(self, key: K) -> None:
        """End the key's current turn, if there is one."""
        if turn := self._current.pop(key, None):
            turn.end()
