"""How many workers there are, and those of this machine."""

import os
from collections.abc import Callable
from typing import Protocol

from ghostproof.host.memory import available_bytes
from ghostproof.work.pool import ItemT, ResultT, SaidT, Worker

# What a worker with a Lean of its own may grow to: the embedded Lean alone has 2 GB, and Python stands beside it.
WORKER_BYTES = 5 * 2**29
# In place of a cluster's address: one that is started for the work on this machine, and ended behind it.
LOCAL = "local"

# Makes a worker that keeps so many cores busy.
Make = Callable[[int], Worker[ItemT, SaidT, ResultT]]


class Crew(Protocol):
    """Where workers run."""

    def workers(self, make: "Make[ItemT, SaidT, ResultT]", items: int) -> list[Worker[ItemT, SaidT, ResultT]]:
        """As many as are of use for so many items; each is started and closed by whoever has it work."""
        ...


class LocalCrew:
    """Workers in this process, each of which starts its own Lean.

    Args:
        most: so many at most; None: as many as there are cores and memory for.
    """

    def __init__(self, most: int | None = None, cores: int | None = None, memory: int | None = None) -> None:
        self._cores = cores or os.cpu_count() or 1
        self._most = most or fitting(self._cores, memory if memory is not None else available_bytes())

    def workers(self, make: "Make[ItemT, SaidT, ResultT]", items: int) -> list[Worker[ItemT, SaidT, ResultT]]:
        number = min(self._most, items)
        return [make(max(1, self._cores // number)) for _ in range(number)]


def fitting(cores: int, memory: int | None) -> int:
    """How many workers have a core and room in memory (in bytes, None where that is not known); at least one."""
    return max(1, cores if memory is None else min(cores, memory // WORKER_BYTES))
