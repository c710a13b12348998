"""Waiting for what other processes do, of which the system tells nobody. Everything else has an event to wait for."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import TypeVar

LOOK_S = 0.02
# For what comes in a moment on any machine, and never where something hangs.
HANGS_S = 120.0

T = TypeVar("T")


async def looks() -> AsyncIterator[None]:
    """Times to look, without end: what never happens is ended by the test's own limit."""
    while True:
        yield
        await asyncio.sleep(LOOK_S)


async def seen(look: Callable[[], T]) -> T:
    """What `look` finds as soon as it finds something that is true.

    Raises:
        TimeoutError: it never does.
    """
    async with asyncio.timeout(HANGS_S):
        async for _ in looks():
            if found := look():
                return found
    raise AssertionError("looks have no end")
