"""The log of use: what was shown, taken, and what became of it. Only where the user wants it, and only on this machine.

One JSON object a line, in a file that nobody else may read, of bounded size: the older half goes when it is full.
"""

import json
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from ghostproof.host.folders import make_private, state_folder

log = logging.getLogger(__name__)

MOST_BYTES = 4 * 2**20


def usage_path() -> Path:
    """Where the log stands. A test, or a person, may have it elsewhere by `XDG_STATE_HOME`."""
    return state_folder() / "usage" / "usage.jsonl"


class UsageLog:
    """Appends events; what can't be written is given up, as nobody's work may wait for it.

    Args:
        most_bytes: size at which the older half is dropped.
        clock: the time of day that events are written with, in seconds since 1970.
    """

    def __init__(self, path: Path, most_bytes: int = MOST_BYTES, clock: Callable[[], float] = time.time) -> None:
        self._path, self._most, self._clock = path, most_bytes, clock

    def write(self, event: Mapping[str, object]) -> None:
        line = json.dumps({"at": self._clock(), **event}, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
        try:
            if not make_private(self._path.parent):
                raise OSError("its folder is not private")
            if self._path.is_file() and self._path.stat().st_size + len(line) > self._most:
                self._halve()
            with os.fdopen(os.open(self._path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "wb") as file:
                file.write(line)
        except OSError as problem:
            log.warning("the log of use can't be written: %s", problem)

    def _halve(self) -> None:
        kept = self._path.read_bytes()[-self._most // 2 :].partition(b"\n")[2]
        beside = self._path.with_name(f".{self._path.name}.new")
        with os.fdopen(os.open(beside, os.O_WRONLY | os.O_TRUNC | os.O_CREAT, 0o600), "wb") as file:
            file.write(kept)
        beside.replace(self._path)


def events(path: Path) -> Iterator[dict[str, object]]:
    """The events of a log, the oldest first; lines that are none are left out. A log that is not there has none."""
    try:
        text = path.read_text("utf-8", "replace")
    except OSError:
        return
    for line in text.split("\n"):
        try:
            event = json.loads(line)
        except ValueError:
            continue
        if isinstance(event, dict):
            yield event
