"""Waiting for processes to end, whoever started them."""

import psutil

from support.waiting import HANGS_S


def ended(*pids: int) -> None:
    """Return when none of the processes runs any more; ended ones that nobody waited for do not count."""
    waiting = [psutil.Process(pid) for pid in pids if psutil.pid_exists(pid)]
    _, left = psutil.wait_procs(waiting, timeout=HANGS_S)
    alive = [process for process in left if process.is_running() and process.status() != psutil.STATUS_ZOMBIE]
    assert not alive, f"still there: {alive}"
