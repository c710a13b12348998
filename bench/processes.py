"""The processes that a process has started, and the memory of each."""

from collections.abc import Mapping
from dataclasses import dataclass

import psutil

MB = 1e6


@dataclass(frozen=True)
class Family:
    """The descendants of a process at one moment: what each runs, and its resident memory in MB."""

    mb: Mapping[int, float]
    names: Mapping[int, str]


def own_mb(pid: int) -> float:
    """Resident memory of one process, in MB."""
    return float(psutil.Process(pid).memory_info().rss / MB)


def cpu_s(pid: int) -> float:
    """CPU time of a process and of all that it has started and that lives, in seconds."""
    process, used = psutil.Process(pid), 0.0
    for one in (process, *process.children(recursive=True)):
        try:
            times = one.cpu_times()
        except psutil.NoSuchProcess:
            continue
        used += times.user + times.system
    return used


def descendants(pid: int) -> Family:
    """What a process has started, directly or not. A process that ends meanwhile is left out."""
    mb, names = {}, {}
    for child in psutil.Process(pid).children(recursive=True):
        try:
            with child.oneshot():
                mb[child.pid], names[child.pid] = child.memory_info().rss / MB, describe(child.cmdline())
        except psutil.NoSuchProcess:
            mb.pop(child.pid, None)
    return Family(mb, names)


def describe(command: list[str]) -> str:
    """What tells one Lean process from another in a table."""
    for word, name in (("--run", "probe"), ("/probe-", "probe"), ("--worker", "file worker"), ("serve", "server")):
        if any(word in part for part in command):
            return name
    return command[0].rpartition("/")[2] if command else "?"
