"""Where the steps of one project's proofs are kept: a SQLite database in the user's own cache, which nobody else reads.

Steps are found by the features of their goals through an inverted index, the rarest features first. A file that is
harvested again costs what has changed in it. The database is bounded: the files that were harvested longest ago go.
"""

import hashlib
import math
import threading
import zlib
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from heapq import nlargest
from pathlib import Path
from typing import Any

from ghostproof.lean.embedded.paths import cache_root
from ghostproof.learning.database import bytes_of, open_database, rows_in
from ghostproof.learning.features import features, rarity
from ghostproof.learning.steps import TacticStep, from_json, to_json

VERSION = 1
# Rows of the index that one look-up reads, and steps that are compared as a whole. Together about 8 ms.
_ROWS = 3_000
_COMPARED = 48
_NOWHERE = (0, 0)

_SCHEMA = """
CREATE TABLE files (id INTEGER PRIMARY KEY, path TEXT UNIQUE NOT NULL, digest TEXT NOT NULL, turn INTEGER NOT NULL);
CREATE TABLE steps (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, identity BLOB NOT NULL, record BLOB NOT NULL,
  features BLOB NOT NULL, line INTEGER, col INTEGER, end_line INTEGER, end_col INTEGER, decl_line INTEGER,
  decl_col INTEGER);
CREATE INDEX steps_of_file ON steps (file);
CREATE TABLE features (id INTEGER PRIMARY KEY, text TEXT UNIQUE NOT NULL, holders INTEGER NOT NULL);
CREATE TABLE postings (feature INTEGER NOT NULL, step INTEGER NOT NULL, PRIMARY KEY (feature, step)) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class StoreSize:
    """How much is kept: numbers of files and steps, and bytes on disk."""

    files: int
    steps: int
    bytes: int


@dataclass(frozen=True)
class Neighbour:
    """A step at a goal like the one that was asked about; `likeness` is 1 where they have the same features."""

    step: TacticStep
    likeness: float


def learned_folder() -> Path:
    """The folder of all projects' databases."""
    return cache_root() / "learned"


def store_path(root: Path) -> Path:
    """The database of the project at `root`."""
    root = root.expanduser().absolute()
    return learned_folder() / f"{root.name or 'root'}-{hashlib.sha256(str(root).encode()).hexdigest()[:12]}.sqlite"


def evaluation_path(root: Path) -> Path:
    """The database of what evaluations of the project at `root` have harvested, which nobody is shown anything of."""
    path = store_path(root)
    return path.with_name(f"{path.stem}-eval.sqlite")


class StepStore:
    """One project's steps. Safe to use from several threads; several processes may have it open.

    Args:
        most: steps that are kept.

    Raises:
        OSError, sqlite3.Error: it can't be opened; see `open_database`.
    """

    def __init__(self, path: Path, most: int) -> None:
        self.path, self._most = path, most
        self._lock = threading.Lock()
        self._database = open_database(path, _SCHEMA, VERSION)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def digests(self) -> dict[str, str]:
        """What each file held when it was harvested, as `replace` was told."""
        with self._lock:
            return dict(self._database.execute("SELECT path, digest FROM files"))

    def size(self) -> StoreSize:
        with self._lock:
            files, steps = (self._one(f"SELECT count(*) FROM {table}") for table in ("files", "steps"))
        return StoreSize(files, steps, bytes_of(self.path))

    def replace(self, file_path: str, digest: str, steps: Sequence[TacticStep]) -> None:
        """Keep these as all steps of a file. Steps that only moved are not written again."""
        with self._writing():
            file = self._file(file_path, digest)
            known: defaultdict[bytes, list[int]] = defaultdict(list)
            for step, identity in self._database.execute("SELECT id, identity FROM steps WHERE file = ?", (file,)):
                known[identity].append(step)
            added: list[tuple[bytes, bytes, TacticStep]] = []
            for step in steps[-self._most :]:
                record = to_json(_without_place(step)).encode()
                identity = hashlib.sha256(record).digest()[:16]
                if known[identity]:
                    self._move(known[identity].pop(), step)
                else:
                    added.append((identity, record, step))
            self._add(file, added)
            self._delete(step for left in known.values() for step in left)
            self._shrink(file)

    def forget(self, file_path: str) -> None:
        """Drop a file that is no more."""
        with self._writing():
            self._drop_files(self._database.execute("SELECT id FROM files WHERE path = ?", (file_path,)).fetchall())

    def steps(self, file_path: str) -> list[TacticStep]:
        """The steps of a file, in its order."""
        with self._lock:
            rows = self._database.execute(
                f"SELECT {_COLUMNS} FROM steps JOIN files ON files.id = file WHERE path = ?", (file_path,)
            ).fetchall()
        return sorted(map(_step, rows), key=lambda step: (step.start, step.end))

    def latest(self, most: int) -> list[TacticStep]:
        """The steps that came last, the newest first."""
        with self._lock:
            rows = self._database.execute(
                f"SELECT {_COLUMNS} FROM steps JOIN files ON files.id = file ORDER BY steps.id DESC LIMIT ?", (most,)
            ).fetchall()
        return [_step(row) for row in rows]

    def near(self, goal: str, most: int) -> list[Neighbour]:
        """The steps at goals most like this one, the likest first, the latest harvested first among equals."""
        with self._lock:
            total = self._one("SELECT count(*) FROM steps")
            wanted = features(goal)
            sought = self._weighted(wanted, total)
            met = self._met(sought)
            likest = [step for _, step in nlargest(_COMPARED, zip(met.values(), met, strict=True))]
            masses = self._masses(likest, total)
            unheard_of = (len(wanted) - len(sought)) * rarity(0, total)
            mine = unheard_of + sum(weight for _, weight in sought.values())
            found: dict[int, float] = {}
            for step, (mass, shared) in masses.items():
                both = sum(sought[feature][1] for feature in shared if feature in sought)
                found[step] = both / (mine + mass - both) if mine + mass > both else 1.0
            best = [step for _, step in nlargest(most, zip(found.values(), found, strict=True))]
            rows = {row[0]: row for row in self._in(f"SELECT {_COLUMNS} FROM steps WHERE id IN ", best)}
        return [Neighbour(_step(rows[step]), found[step]) for step in best if step in rows]

    def _weighted(self, wanted: Iterable[str], total: int) -> dict[int, tuple[int, float]]:
        """Known features by their ids: how many steps have each, and its weight."""
        rows = self._in("SELECT id, holders FROM features WHERE text IN ", sorted(wanted))
        return {feature: (having, rarity(having, total)) for feature, having in rows}

    def _met(self, sought: dict[int, tuple[int, float]]) -> dict[int, float]:
        """Steps that share rare features with what is sought, by the weight of these."""
        met: defaultdict[int, float] = defaultdict(float)
        left = _ROWS
        for feature, (_, weight) in sorted(sought.items(), key=lambda item: item[1][0]):
            rows = self._database.execute(
                "SELECT step FROM postings WHERE feature = ? ORDER BY step DESC LIMIT ?", (feature, left)
            ).fetchall()
            for (step,) in rows:
                met[step] += weight
            left -= len(rows)
            if left <= 0:
                break
        return met

    def _masses(self, steps: Sequence[int], total: int) -> dict[int, tuple[float, "array[int]"]]:
        """For each step the weight of all its features, and which they are."""
        having = {
            step: array("I", blob) for step, blob in self._in("SELECT id, features FROM steps WHERE id IN ", steps)
        }
        named = sorted({feature for each in having.values() for feature in each})
        weights = {
            feature: rarity(count, total)
            for feature, count in self._in("SELECT id, holders FROM features WHERE id IN ", named)
        }
        return {step: (math.fsum(weights.get(f, 0.0) for f in each), each) for step, each in having.items()}

    def _file(self, file_path: str, digest: str) -> int:
        turn = self._one("SELECT coalesce(max(turn), 0) + 1 FROM files")
        self._database.execute(
            "INSERT INTO files (path, digest, turn) VALUES (?1, ?2, ?3)"
            " ON CONFLICT (path) DO UPDATE SET digest = ?2, turn = ?3",
            (file_path, digest, turn),
        )
        return self._one("SELECT id FROM files WHERE path = ?", file_path)

    def _add(self, file: int, added: Sequence[tuple[bytes, bytes, TacticStep]]) -> None:
        """Write steps that are new, each with its identity and its record."""
        found = [features(step.main_goal) for _, _, step in added]
        holders = Counter(feature for each in found for feature in each)
        self._database.executemany(
            "INSERT INTO features (text, holders) VALUES (?1, ?2)"
            " ON CONFLICT (text) DO UPDATE SET holders = holders + ?2",
            holders.items(),
        )
        known = dict(self._in("SELECT text, id FROM features WHERE text IN ", list(holders)))
        for (identity, record, step), each in zip(added, found, strict=True):
            ids = array("I", sorted(known[feature] for feature in each))
            row = self._database.execute(
                "INSERT INTO steps"
                " (file, identity, record, features, line, col, end_line, end_col, decl_line, decl_col)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                (file, identity, zlib.compress(record), ids.tobytes(), *_places(step)),
            ).lastrowid
            self._database.executemany("INSERT INTO postings VALUES (?, ?)", [(feature, row) for feature in ids])

    def _move(self, known: int, step: TacticStep) -> None:
        self._database.execute(
            "UPDATE steps SET line = ?, col = ?, end_line = ?, end_col = ?, decl_line = ?, decl_col = ? WHERE id = ?",
            (*_places(step), known),
        )

    def _delete(self, steps: Iterable[int]) -> None:
        gone = list(steps)
        for step in gone:
            ids = array("I", self._database.execute("SELECT features FROM steps WHERE id = ?", (step,)).fetchone()[0])
            self._database.executemany("DELETE FROM postings WHERE feature = ? AND step = ?", [(f, step) for f in ids])
            self._database.executemany("UPDATE features SET holders = holders - 1 WHERE id = ?", [(f,) for f in ids])
            self._database.execute("DELETE FROM steps WHERE id = ?", (step,))
        if gone:
            self._database.execute("DELETE FROM features WHERE holders <= 0")

    def _drop_files(self, files: Iterable[tuple[int]]) -> None:
        for (file,) in files:
            self._delete(row[0] for row in self._database.execute("SELECT id FROM steps WHERE file = ?", (file,)))
            self._database.execute("DELETE FROM files WHERE id = ?", (file,))

    def _shrink(self, kept: int) -> None:
        """Drop the files that were harvested longest ago, but not this one, until the rest is within bounds."""
        over = self._one("SELECT count(*) FROM steps") - self._most
        for file, steps in self._database.execute(
            "SELECT files.id, count(steps.id) FROM files LEFT JOIN steps ON file = files.id"
            " WHERE files.id != ? GROUP BY files.id ORDER BY turn",
            (kept,),
        ).fetchall():
            if over <= 0:
                return
            self._drop_files([(file,)])
            over -= steps

    def _one(self, query: str, *values: object) -> int:
        return int(self._database.execute(query, values).fetchone()[0])

    def _in(self, query: str, values: Sequence[object]) -> Iterator[Any]:
        return rows_in(self._database, query, values)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction: all of it, or nothing."""
        with self._lock, self._database:
            self._database.execute("BEGIN IMMEDIATE")
            yield


_COLUMNS = "steps.id, record, line, col, end_line, end_col, decl_line, decl_col"


def _without_place(step: TacticStep) -> TacticStep:
    return replace(step, start=_NOWHERE, end=_NOWHERE, decl_start=_NOWHERE)


def _places(step: TacticStep) -> tuple[int, ...]:
    return (*step.start, *step.end, *step.decl_start)


def _step(row: Sequence[object]) -> TacticStep:
    _, record, line, col, end_line, end_col, decl_line, decl_col = row
    assert isinstance(record, bytes)
    step = from_json(zlib.decompress(record).decode())
    places = [int(str(place)) for place in (line, col, end_line, end_col, decl_line, decl_col)]
    return replace(step, start=(places[0], places[1]), end=(places[2], places[3]), decl_start=(places[4], places[5]))
