"""Trees of processes on Windows: a job object holds the head and whatever it starts, and ends with its last handle.

The job is this process's own, so that the tree ends with it however it ends. Where no job can be made, `taskkill`
walks the tree.
"""

import logging
import subprocess
from collections.abc import Callable, Mapping
from contextlib import suppress
from typing import Any, Protocol

from ghostproof.host.job_objects import Win32Jobs

log = logging.getLogger(__name__)

# As in WinBase.h; `subprocess` has them on Windows only.
CREATE_NEW_PROCESS_GROUP = 0x00000200
DETACHED_PROCESS = 0x00000008
CREATE_NO_WINDOW = 0x08000000
KILLED = 137  # the exit code that `kill` leaves
_FIRST_CRASH = 0xC0000000  # codes from here on are the system's: access violation, stack overflow, Ctrl-C

Run = Callable[[list[str]], object]


class Jobs(Protocol):
    """What is needed of the system. Everything raises `OSError`."""

    def create(self) -> int:
        """A job that ends what is in it when its last handle is closed; its handle."""
        ...

    def assign(self, job: int, pid: int) -> None: ...
    def terminate(self, job: int, code: int) -> None: ...
    def close(self, job: int) -> None: ...


def _taskkill(command: list[str]) -> None:
    subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


class WindowsTrees:
    """See `Trees`."""

    def __init__(self, jobs: Jobs | None = None, run: Run = _taskkill) -> None:
        self._system = jobs or Win32Jobs()
        self._run = run
        self._jobs: dict[int, int] = {}
        self._without_job: set[int] = set()

    def head(self) -> Mapping[str, Any]:
        return {"creationflags": CREATE_NEW_PROCESS_GROUP | CREATE_NO_WINDOW}

    def detached(self) -> Mapping[str, Any]:
        return {"creationflags": CREATE_NEW_PROCESS_GROUP | DETACHED_PROCESS}

    def adopt(self, pid: int) -> None:
        # What the head starts before it is in the job escapes; a Lean has not read its arguments by then.
        job = 0
        try:
            job = self._system.create()
            self._system.assign(job, pid)
        except OSError as problem:
            log.info("process %d has no job object: %s", pid, problem)
            self._without_job.add(pid)
            if job:
                self._close(job)
        else:
            self._jobs[pid] = job

    def kill(self, pid: int) -> None:
        job = self._jobs.pop(pid, 0)
        if job:
            with suppress(OSError):
                self._system.terminate(job, KILLED)
            self._close(job)
        elif pid in self._without_job:
            self._without_job.discard(pid)
            with suppress(OSError):
                self._run(["taskkill", "/T", "/F", "/PID", str(pid)])

    def was_ended(self, code: int) -> bool:
        return code == KILLED or code >= _FIRST_CRASH

    def was_killed(self, code: int) -> bool:
        return code == KILLED

    def _close(self, job: int) -> None:
        with suppress(OSError):
            self._system.close(job)
