"""Finds the engine processes that a test has started."""

from collections.abc import Iterator
from pathlib import Path

import psutil


def holders(lock: Path) -> Iterator[psutil.Process]:
    """The engines of this test: their command line says `prover`, and they hold the lock open."""
    for process in psutil.process_iter():
        try:
            if any(Path(file.path) == lock for file in process.open_files()) and "prover" in process.cmdline():
                yield process
        except (psutil.NoSuchProcess, psutil.AccessDenied):
            continue
