"""Processes that somebody has started: what they are, ending them, and waiting for them to end."""

import contextlib
import signal
from collections.abc import Iterable

import psutil

from support.waiting import HANGS_S


def ended(*pids: int) -> None:
    """Return when none of the processes runs any more; ended ones that nobody waited for do not count."""
    waiting = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    _, left = psutil.wait_procs(waiting, timeout=HANGS_S)
    alive = [process for process in left if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert not alive, f"still there: {alive}"


def send(processes: Iterable[psutil.Process], number: signal.Signals = signal.SIGKILL) -> None:
    """Send a signal to each that is still there: any may have ended by itself since it was seen."""
    for process in processes:
        with contextlib.suppress(psutil.NoSuchProcess):
            process.send_signal(number)


def command_line(process: psutil.Process) -> list[str]:
    """Empty for one that has ended."""
    try:
        return process.cmdline()
    except psutil.NoSuchProcess:
        return []
