"""Several streams at once as one, until it is over or a newer request takes its turn."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing
from typing import TypeVar

from ghostproof.jobs import Turn
from ghostproof.prover.client.errors import Superseded

T = TypeVar("T")


async def merged(streams: Sequence[AsyncGenerator[T, None]], turn: Turn) -> AsyncGenerator[T, None]:
    """The items of all streams as they come. Whatever way it ends, every stream is closed then.

    Raises:
        Superseded: the turn is over.
        What the first failing stream raises.
    """
    items: asyncio.Queue[T] = asyncio.Queue()

    async def drain(stream: AsyncGenerator[T, None]) -> None:
        async with aclosing(stream):
            async for item in stream:
                items.put_nowait(item)

    over = asyncio.create_task(turn.ended())
    running = {asyncio.create_task(drain(stream)) for stream in streams}
    waiting = asyncio.create_task(items.get())
    try:
        while running or not items.empty() or waiting.done():
            done, _ = await asyncio.wait({waiting, over, *running}, return_when=asyncio.FIRST_COMPLETED)
            if over in done:
                raise Superseded
            if waiting in done:
                yield waiting.result()
                waiting = asyncio.create_task(items.get())
            for task in running & done:
                running.discard(task)
                task.result()
    finally:
        rest: list[asyncio.Task[T] | asyncio.Task[None]] = [waiting, over, *running]
        for each in rest:
            each.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
