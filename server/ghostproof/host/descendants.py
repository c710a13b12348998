"""Which processes descend from one, what memory they hold, and how all of them are ended. Reads Linux's /proc.

Cheap to import: it runs in the supervisor of every Lean.
"""

import os
import signal
from contextlib import suppress

# A process that starts others faster than they are ended is met again in the next round.
_ROUNDS = 50


def children(pid: int) -> list[int]:
    """The direct children of a process, ended ones that nobody waited for included; none where it is gone."""
    found: list[int] = []
    with suppress(OSError):
        for thread in os.listdir(f"/proc/{pid}/task"):
            with suppress(OSError), open(f"/proc/{pid}/task/{thread}/children", "rb") as file:
                found += map(int, file.read().split())
    return found


def descendants(pid: int) -> list[int]:
    """Everything below a process, parents before their children."""
    found: list[int] = []
    waiting = [pid]
    while waiting:
        below = children(waiting.pop())
        found += below
        waiting += below
    return found


def own_memory(pid: int) -> int:
    """Bytes that a process holds for itself: what is mapped from files does not count. 0 where it is gone."""
    try:
        with open(f"/proc/{pid}/statm", "rb") as file:
            _, resident, shared, *_ = map(int, file.read().split())
    except (OSError, ValueError):
        return 0
    return (resident - shared) * _PAGE


_PAGE = os.sysconf("SC_PAGE_SIZE")


def is_running(pid: int) -> bool:
    """Whether a process is there and has not ended; one that is stopped runs."""
    try:
        with open(f"/proc/{pid}/stat", "rb") as file:
            return file.read().rpartition(b")")[2].split()[0] not in (b"Z", b"X")
    except (OSError, IndexError):
        return False


def end_below(pid: int) -> None:
    """Kill everything below a process, and what that starts meanwhile. The processes are still to be waited for."""
    for _ in range(_ROUNDS):
        running = [below for below in descendants(pid) if is_running(below)]
        if not running:
            return
        for below in running:
            with suppress(OSError):
                os.kill(below, signal.SIGKILL)
