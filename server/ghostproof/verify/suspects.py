"""Who ended a process that serves many candidates at once.

When it dies, whatever was being run is suspected, and run again alone: the innocent get their verdicts, and what ends
the process a second time is remembered and not run again.
"""

import asyncio
import contextlib
from collections import OrderedDict
from collections.abc import AsyncIterator

# More candidates that kill are met only where somebody makes them on purpose.
_REMEMBERED = 512


class Suspects:
    """The suspects of one process.

    Args:
        slots: what everybody who uses the process holds one of.
        width: how many slots there are.
    """

    def __init__(self, slots: asyncio.Semaphore, width: int) -> None:
        self._slots, self._width = slots, width
        self._alone = asyncio.Lock()
        self._guilty: OrderedDict[tuple[str, str], str] = OrderedDict()

    def convict(self, key: tuple[str, str], how: str) -> None:
        """Remember that this candidate at this state ended the process, and how."""
        self._guilty[key] = how
        while len(self._guilty) > _REMEMBERED:
            self._guilty.popitem(last=False)

    def conviction(self, key: tuple[str, str]) -> str | None:
        """How the candidate ended the process before, or None."""
        return self._guilty.get(key)

    @contextlib.asynccontextmanager
    async def one_slot_alone(self) -> AsyncIterator[None]:
        """Hold all slots but one, which the caller takes and gives back itself, so that nobody else is running."""
        held = 0
        async with self._alone:
            try:
                while held < self._width - 1:
                    await self._slots.acquire()
                    held += 1
                yield
            finally:
                for _ in range(held):
                    self._slots.release()
