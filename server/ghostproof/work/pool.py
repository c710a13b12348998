"""Works over independent items with several workers at once.

A worker that is cancelled or done is closed, whatever else happens: nothing that it started is left over.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from functools import partial
from typing import Protocol, TypeVar

from ghostproof.errors import GhostproofError

ItemT = TypeVar("ItemT")
SaidT = TypeVar("SaidT")
ResultT = TypeVar("ResultT")
ItemOf = TypeVar("ItemOf", contravariant=True)
SaidOf = TypeVar("SaidOf", covariant=True)
ResultOf = TypeVar("ResultOf", covariant=True)


class Worker(Protocol[ItemOf, SaidOf, ResultOf]):
    """Works on one item at a time."""

    async def start(self) -> None:
        """Be ready for items; a worker takes none before.

        Raises:
            GhostproofError: it can't be.
        """
        ...

    def work(self, item: ItemOf, tell: Callable[[SaidOf], None]) -> AsyncGenerator[ResultOf, None]:
        """Yield what comes of an item.

        Args:
            tell: hears at once what goes on, for whoever watches; nothing of it is kept.

        Raises:
            GhostproofError: nothing more comes of this item.
            WorkerLost: nor of any other.
        """
        ...

    async def close(self) -> None:
        """End everything that was started. Idempotent."""
        ...


class WorkerLost(GhostproofError):
    """A worker is gone, and the item with it that it had."""


@dataclass(frozen=True)
class Failed:
    """In place of what more would have come of an item."""

    problem: GhostproofError


@dataclass(frozen=True)
class _Ended:
    """Nothing more comes of the item."""


async def in_order(
    items: Sequence[ItemT],
    workers: Sequence[Worker[ItemT, SaidT, ResultT]],
    tell: Callable[[ItemT, SaidT], None] = lambda item, said: None,
) -> AsyncGenerator[tuple[ItemT, ResultT | Failed], None]:
    """What comes of the items, each with its item, in their order: as soon as everything before it is known.

    Whoever leaves early closes the generator, which ends all work and closes the workers.
    """
    held: dict[int, list[ResultT | Failed | _Ended]] = {number: [] for number in range(len(items))}
    turn = 0
    async with aclosing(_work(items, workers, tell)) as come:
        async for number, what in come:
            held[number].append(what)
            while turn < len(items) and held[turn]:
                known = held[turn].pop(0)
                if isinstance(known, _Ended):
                    turn += 1
                else:
                    yield items[turn], known


async def as_they_come(
    items: Sequence[ItemT],
    workers: Sequence[Worker[ItemT, SaidT, ResultT]],
    tell: Callable[[ItemT, SaidT], None] = lambda item, said: None,
) -> AsyncGenerator[tuple[ItemT, ResultT | Failed], None]:
    """The same at once, in no order, for whoever keeps what is done."""
    async with aclosing(_work(items, workers, tell)) as come:
        async for number, what in come:
            if not isinstance(what, _Ended):
                yield items[number], what


async def _work(
    items: Sequence[ItemT], workers: Sequence[Worker[ItemT, SaidT, ResultT]], tell: Callable[[ItemT, SaidT], None]
) -> AsyncGenerator[tuple[int, ResultT | Failed | _Ended], None]:
    come: asyncio.Queue[tuple[int, ResultT | Failed | _Ended]] = asyncio.Queue()
    waiting = deque(enumerate(items))
    tasks = [asyncio.create_task(_serve(worker, waiting, come, tell), name="worker") for worker in workers]
    left = len(items)
    try:
        while left:
            number, what = await _next(come, tasks, waiting)
            left -= isinstance(what, _Ended)
            yield number, what
        # They close: whatever goes wrong then is told, too.
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def _next(
    come: "asyncio.Queue[tuple[int, ResultT | Failed | _Ended]]",
    tasks: Sequence["asyncio.Task[GhostproofError | None]"],
    waiting: "deque[tuple[int, ItemT]]",
) -> tuple[int, ResultT | Failed | _Ended]:
    """What comes next. Where no worker is left, what waits has failed by the last one's failure.

    Raises:
        Exception: a worker's own, if it is no expected failure.
    """
    getting = asyncio.create_task(come.get())
    try:
        while come.empty() and not getting.done():
            living = [task for task in tasks if not task.done()]
            for task in tasks:
                if task.done() and (bug := task.exception()) is not None:
                    raise bug
            if not living:
                break
            await asyncio.wait([getting, *living], return_when=asyncio.FIRST_COMPLETED)
        if getting.done() or not come.empty():
            return await getting
    finally:
        getting.cancel()
    number, _ = waiting.popleft()
    problem = next((problem for task in tasks if (problem := task.result()) is not None), None)
    come.put_nowait((number, _Ended()))
    return number, Failed(problem or WorkerLost("There is no worker."))


async def _serve(
    worker: Worker[ItemT, SaidT, ResultT],
    waiting: "deque[tuple[int, ItemT]]",
    come: "asyncio.Queue[tuple[int, ResultT | Failed | _Ended]]",
    tell: Callable[[ItemT, SaidT], None],
) -> GhostproofError | None:
    """Let a worker work as long as there is something to do; why it had to stop before that."""
    try:
        await worker.start()
        while waiting:
            number, item = waiting.popleft()
            try:
                async with aclosing(worker.work(item, partial(tell, item))) as results:
                    async for result in results:
                        come.put_nowait((number, result))
            except GhostproofError as problem:
                come.put_nowait((number, Failed(problem)))
                if isinstance(problem, WorkerLost):
                    return problem
            finally:
                come.put_nowait((number, _Ended()))
    except GhostproofError as problem:  # it does not start
        return problem
    finally:
        await worker.close()
    return None
