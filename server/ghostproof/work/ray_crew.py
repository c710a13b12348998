"""Workers on a Ray cluster: each is an actor with a Lean of its own, wherever Ray finds room for it.

The nodes need this package at the same version, and files under the same paths where a project is more than one file.
"""

import asyncio
import logging
import socket
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import dataclass
from typing import Any, Generic

import ray
from ray.exceptions import RayError

from ghostproof.errors import BadInput, GhostproofError
from ghostproof.work.crew import LOCAL, WORKER_BYTES, Make
from ghostproof.work.pool import ItemT, ResultT, SaidT, Worker, WorkerLost

# A worker that does not end its Lean by itself in that time is ended by force.
_CLOSE_S = 15.0
_STORE_BYTES = 2**27
# How long a cluster's port may take to answer, before it is taken for none.
_REACH_S = 10.0


@contextmanager
def cluster(address: str, most: int | None) -> Iterator["RayCrew"]:
    """The cluster at an address; `local` starts one on this machine, which nobody else reaches, and ends it.

    Raises:
        BadInput: there is none.
    """
    quiet: dict[str, Any] = {"logging_level": logging.ERROR, "log_to_driver": False, "configure_logging": False}
    if address == LOCAL:
        own: dict[str, Any] = {"include_dashboard": False, "object_store_memory": _STORE_BYTES, "num_cpus": most}
        quiet |= own
    try:
        _reach(address)
        ray.init(address=address, **quiet)
    except (OSError, RuntimeError, ValueError) as problem:
        raise BadInput(
            f"There is no Ray cluster to be had at {address}: {str(problem).splitlines()[0]}",
            "`ray start --head` starts one and prints its address; `--ray local` needs none.",
        ) from None
    try:
        yield RayCrew(most)
    finally:
        ray.shutdown()


def _reach(address: str) -> None:
    """Ray itself tries for a minute, and then ends the process.

    Raises:
        OSError: nobody answers at a HOST:PORT.
    """
    host, colon, port = address.rpartition(":")
    if colon and port.isdecimal() and "/" not in host:
        socket.create_connection((host.strip("[]"), int(port)), _REACH_S).close()


class RayCrew:
    """See `Crew`: workers on the cluster that this process has joined."""

    def __init__(self, most: int | None) -> None:
        self._most = most

    def workers(self, make: "Make[ItemT, SaidT, ResultT]", items: int) -> list[Worker[ItemT, SaidT, ResultT]]:
        room: dict[str, float] = ray.cluster_resources()
        memory = int(room.get("memory", WORKER_BYTES)) // WORKER_BYTES
        fitting = max(1, min(int(room.get("CPU", 1)), memory))
        return [RayWorker(make) for _ in range(min(self._most or fitting, items))]


class RayWorker(Generic[ItemT, SaidT, ResultT]):
    """See `Worker`: one whose work is done by an actor. It takes items once Ray has found room for the actor."""

    def __init__(self, make: "Make[ItemT, SaidT, ResultT]") -> None:
        self._make = make
        self._actor: Any = None

    async def start(self) -> None:
        # It may be closed while it works.
        self._actor = ray.remote(_Actor).options(num_cpus=1, max_concurrency=4).remote(self._make)
        try:
            await self._actor.start.remote()
        except RayError as problem:
            raise WorkerLost(_lost(problem)) from None

    async def work(self, item: ItemT, tell: Callable[[SaidT], None]) -> AsyncGenerator[ResultT, None]:
        stream = self._actor.work.options(num_returns="streaming").remote(item)
        try:
            async for reference in stream:
                what = await reference
                if isinstance(what, _Said):
                    tell(what.what)
                else:
                    yield what.result
        except GhostproofError:
            raise  # Ray has it raised here as what it was there
        except RayError as problem:
            raise WorkerLost(_lost(problem)) from None

    async def close(self) -> None:
        actor, self._actor = self._actor, None
        if actor is None:
            return
        with suppress(RayError, TimeoutError):
            async with asyncio.timeout(_CLOSE_S):
                await actor.close.remote()
        ray.kill(actor)


@dataclass(frozen=True)
class _Said(Generic[SaidT]):
    """What goes on with an item."""

    what: SaidT


@dataclass(frozen=True)
class _Came(Generic[ResultT]):
    """What comes of an item."""

    result: ResultT


class _Actor(Generic[ItemT, SaidT, ResultT]):
    """A worker in a process of Ray's. What goes on and what comes of it go the same way."""

    def __init__(self, make: "Make[ItemT, SaidT, ResultT]") -> None:
        self._worker = make(1)
        self._working: asyncio.Task[None] | None = None

    async def start(self) -> None:
        await self._worker.start()

    async def work(self, item: ItemT) -> AsyncGenerator[_Said[SaidT] | _Came[ResultT], None]:
        come: asyncio.Queue[_Said[SaidT] | _Came[ResultT] | None] = asyncio.Queue()

        async def work() -> None:
            try:
                async with aclosing(self._worker.work(item, lambda said: come.put_nowait(_Said(said)))) as results:
                    async for result in results:
                        come.put_nowait(_Came(result))
            finally:
                come.put_nowait(None)

        self._working = asyncio.create_task(work())
        try:
            while (what := await come.get()) is not None:
                yield what
            await self._working
        finally:
            self._working.cancel()

    async def close(self) -> None:
        if self._working is not None:
            self._working.cancel()
            await asyncio.wait([self._working])
        await self._worker.close()


def _lost(problem: Exception) -> str:
    return f"A worker of the Ray cluster was lost: {str(problem).splitlines()[0] if str(problem) else 'it ended'}"
