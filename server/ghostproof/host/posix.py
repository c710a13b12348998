"""Trees of processes on Linux and macOS: the head leads a session, and a signal reaches its whole process group."""

import os
import signal
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any

# Windows knows neither, and this module can be imported there.
SIGKILL = getattr(signal, "SIGKILL", 9)
KillGroup = Callable[[int, int], None]


def _killpg(group: int, number: int) -> None:
    os.killpg(group, number)


class PosixTrees:
    """See `Trees`. `kill_group` is `os.killpg`."""

    def __init__(self, kill_group: KillGroup = _killpg) -> None:
        self._kill_group = kill_group

    def head(self) -> Mapping[str, Any]:
        return {"start_new_session": True}

    def detached(self) -> Mapping[str, Any]:
        return {"start_new_session": True}

    def adopt(self, pid: int) -> None:
        """Nothing: the session made the group."""

    def kill(self, pid: int) -> None:
        # macOS says that a group is not permitted where only ended processes are left in it.
        with suppress(ProcessLookupError, PermissionError):
            self._kill_group(pid, SIGKILL)

    def was_ended(self, code: int) -> bool:
        return code < 0

    def was_killed(self, code: int) -> bool:
        return code == -SIGKILL
