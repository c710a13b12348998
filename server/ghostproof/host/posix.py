"""Trees of processes on Linux and macOS: the head leads a session, and a signal reaches its whole process group."""

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

from ghostproof.host import descendants

# Windows knows none of them, and this module can be imported there.
SIGKILL = getattr(signal, "SIGKILL", 9)
SIGSTOP = getattr(signal, "SIGSTOP", 19)
KillGroup = Callable[[int, int], None]
EndBelow = Callable[[int], None]


def _killpg(group: int, number: int) -> None:
    os.killpg(group, number)


class PosixTrees:
    """See `Trees`. `kill_group` is `os.killpg`; `end_below` ends what has left the group, where the system can tell."""

    def __init__(self, kill_group: KillGroup = _killpg, end_below: EndBelow = descendants.end_below) -> None:
        self._kill_group = kill_group
        self._end_below = end_below

    def head(self) -> Mapping[str, Any]:
        return {"start_new_session": True}

    def detached(self) -> Mapping[str, Any]:
        return {"start_new_session": True}

    def adopt(self, pid: int) -> None:
        """Nothing: the session made the group."""

    def kill(self, pid: int) -> None:
        # Held first: a head that saw its children end would end by itself, or start new ones.
        self._signal(pid, SIGSTOP)
        # Lean's own workers lead groups of their own, and one that is frozen does not see that its parent has gone.
        self._end_below(pid)
        self._signal(pid, SIGKILL)

    def _signal(self, group: int, number: int) -> None:
        # macOS says that a group is not permitted where only ended processes are left in it.
        with suppress(ProcessLookupError, PermissionError):
            self._kill_group(group, number)

    def was_ended(self, code: int) -> bool:
        return code < 0

    def was_killed(self, code: int) -> bool:
        return code == -SIGKILL
