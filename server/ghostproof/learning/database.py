"""SQLite databases in the user's own cache, which nobody else reads: how they are opened, read in bulk, and removed.

What is there and can't be read, or is another version's, is made anew: these databases hold what can be had again.
"""

import logging
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from ghostproof.host.folders import make_private

log = logging.getLogger(__name__)

_BUSY_S = 5.0
_VARIABLES = 500  # of one statement; old SQLites take 999


def open_database(path: Path, schema: str, version: int) -> sqlite3.Connection:
    """The database at a path, with its tables; for use from several threads, one at a time.

    Raises:
        OSError, sqlite3.Error: it can't be opened: the disk is full, or somebody else has it for too long.
    """
    if not make_private(path.parent):
        raise PermissionError(f"{path.parent} is not a folder of this user's alone")
    try:
        return _opened(path, schema, version)
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError as problem:
        log.warning("%s can't be read and is made anew: %s", path, problem)
        remove(path)
        return _opened(path, schema, version)


def rows_in(database: sqlite3.Connection, query: str, values: Sequence[object]) -> Iterator[Any]:
    """The rows of a query that ends in `IN`, for any number of values."""
    for at in range(0, len(values), _VARIABLES):
        some = values[at : at + _VARIABLES]
        yield from database.execute(f"{query}({','.join('?' * len(some))})", some)


def bytes_of(path: Path) -> int:
    """What a database takes on disk."""
    return sum(file.stat().st_size for file in _files_of(path) if file.is_file())


def remove(path: Path) -> None:
    """Remove a database, with what SQLite keeps beside it."""
    for file in _files_of(path):
        file.unlink(missing_ok=True)


def _files_of(path: Path) -> Iterator[Path]:
    return (path.with_name(path.name + ending) for ending in ("", "-wal", "-shm"))


def _opened(path: Path, schema: str, wanted: int) -> sqlite3.Connection:
    database = sqlite3.connect(path, timeout=_BUSY_S, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode = WAL")
        database.execute("PRAGMA synchronous = NORMAL")
        with closing(database.execute("PRAGMA user_version")) as rows:
            version = int(rows.fetchone()[0])
        if version not in (0, wanted):
            raise sqlite3.DatabaseError("another version's")
        if version == 0:
            database.executescript(f"BEGIN IMMEDIATE; {schema} PRAGMA user_version = {wanted}; COMMIT;")
    except BaseException:
        database.close()
        raise
    return database
