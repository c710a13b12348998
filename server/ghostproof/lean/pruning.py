"""Keeps a folder of the cache small: what no version of Ghostproof or Lean has used for long is removed.

An entry's time of modification is the time of its last use. What was used within a day may be in use, and stays.
"""

import os
import shutil
from contextlib import suppress
from pathlib import Path
from time import time

# One for each version of Ghostproof and of Lean that somebody switches between.
MOST = 8
FRESH_S = 24 * 3600.0
LONGEST_UNUSED_S = 60 * 24 * 3600.0
# In the name of what is still being made.
PARTIAL = "-partial-"


def used(entry: Path) -> None:
    """Note that an entry is used now."""
    with suppress(OSError):
        os.utime(entry)


def prune(folder: Path, most: int = MOST) -> None:
    """Remove all but the `most` entries used last, and what nobody has used for very long. Never raises.

    What is still being made counts as an entry, and goes when it has been left alone for a day.
    """
    ages: list[tuple[float, Path]] = []
    with suppress(OSError):
        for entry in folder.iterdir():
            with suppress(OSError):  # another process prunes too
                ages.append((time() - entry.lstat().st_mtime, entry))
    ages.sort(key=lambda pair: pair[0])
    for place, (age, entry) in enumerate(ages):
        is_one_too_many = place >= most or PARTIAL in entry.name
        if age > LONGEST_UNUSED_S or (is_one_too_many and age > FRESH_S):
            _remove(entry)


def _remove(entry: Path) -> None:
    with suppress(OSError):
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
