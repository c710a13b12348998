"""The theorems of imported modules, found by the constants that they speak of: a SQLite database in the user's cache.

One database serves everything that is checked with one Lean and one set of libraries. A module is read once; one of the
user's that says something else since is another module. What can't be read any more is made anew: nothing is lost but
the time.
"""

import hashlib
import logging
import sqlite3
import threading
from array import array
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from heapq import nlargest
from pathlib import Path
from typing import Any

from ghostproof.lean.embedded.paths import cache_root
from ghostproof.learning.database import bytes_of, open_database, remove, rows_in
from ghostproof.syntax.statement import Statement

log = logging.getLogger(__name__)

# Of the tables, and of which theorems are told for them (`isUsable` in the prober): of either's change another one.
VERSION = 4
MOST_THEOREMS = 400_000
MOST_INDEXES = 8
# Rows of the index that one look-up reads, and theorems that are compared as a whole. Together about 6 ms.
_ROWS = 3_000
_COMPARED = 64

_SCHEMA = """
CREATE TABLE modules (id INTEGER PRIMARY KEY, name TEXT NOT NULL, print TEXT NOT NULL, turn INTEGER NOT NULL,
  theorems INTEGER NOT NULL, UNIQUE (name, print));
CREATE TABLE constants (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, holders INTEGER NOT NULL);
CREATE TABLE theorems (id INTEGER PRIMARY KEY, module INTEGER NOT NULL, name TEXT NOT NULL, head INTEGER NOT NULL,
  sides BLOB NOT NULL, target BLOB NOT NULL, asked BLOB NOT NULL);
CREATE INDEX theorems_of_name ON theorems (name);
CREATE INDEX theorems_of_module ON theorems (module);
CREATE TABLE postings (constant INTEGER NOT NULL, theorem INTEGER NOT NULL, module INTEGER NOT NULL,
  size INTEGER NOT NULL, PRIMARY KEY (constant, theorem)) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Module:
    """A module that a file imports, itself or by another one.

    Attributes:
        print: another one where the module says something else; "" for a library's, whose version tells.
    """

    name: str
    print: str = ""


@dataclass(frozen=True)
class IndexSize:
    """How much is kept: numbers of modules and theorems, and bytes on disk."""

    modules: int
    theorems: int
    bytes: int


def indexes_folder() -> Path:
    """The folder of all indexes."""
    return cache_root() / "premises"


def index_path(environment: str) -> Path:
    """The index for a Lean with its libraries, named by `environment_of`."""
    digest = hashlib.sha256(environment.encode()).hexdigest()[:12]
    return indexes_folder() / f"{environment.partition('+')[0]}-{digest}.sqlite"


class PremiseIndex:
    """The theorems of modules. Safe to use from several threads; several processes may have it open.

    Args:
        most: theorems that are kept; the modules that were asked for longest ago go first.

    Raises:
        OSError, sqlite3.Error: it can't be opened; see `open_database`.
    """

    def __init__(self, path: Path, most: int = MOST_THEOREMS) -> None:
        self.path, self._most = path, most
        self._lock = threading.Lock()
        self._database = open_database(path, _SCHEMA, VERSION)

    def close(self) -> None:
        with self._lock:
            self._database.close()

    def size(self) -> IndexSize:
        with self._using():
            modules, theorems = (self._one(f"SELECT count(*) FROM {table}") for table in ("modules", "theorems"))
        return IndexSize(modules, theorems, bytes_of(self.path))

    def known(self, modules: Iterable[Module]) -> dict[Module, int]:
        """Those of the modules that have been read, with their numbers."""
        with self._using():
            rows = self._database.execute("SELECT name, print, id FROM modules").fetchall()
        numbers = {Module(name, print_): number for name, print_, number in rows}
        return {module: numbers[module] for module in modules if module in numbers}

    def add(self, read: Iterable[tuple[Module, Sequence[Statement]]]) -> None:
        """Keep these as all theorems of each module. A module that is there already stays as it is."""
        with self._writing():
            turn = self._turn()
            for module, theorems in read:
                self._drop_older(module)
                made = self._database.execute(
                    "INSERT OR IGNORE INTO modules (name, print, turn, theorems) VALUES (?, ?, ?, ?)",
                    (module.name, module.print, turn, len(theorems)),
                )
                if made.rowcount == 1 and theorems:
                    self._insert(int(made.lastrowid or 0), theorems)
            self._shrink(turn)

    def touch(self, modules: Iterable[Module]) -> None:
        """Note that these modules are asked for now."""
        with self._writing():
            turn = self._turn()
            rows = [(turn, module.name, module.print) for module in modules]
            self._database.executemany("UPDATE modules SET turn = ? WHERE name = ? AND print = ?", rows)

    def forget_own(self) -> int:
        """Drop the modules that are the user's own; how many there were."""
        with self._writing():
            own = self._database.execute("SELECT id FROM modules WHERE print != ''").fetchall()
            for (number,) in own:
                self._drop(number)
        return len(own)

    def holders(self, constants: Collection[str]) -> tuple[Mapping[str, int], int]:
        """How many theorems speak of each constant, and how many theorems there are."""
        with self._using():
            total = self._one("SELECT coalesce(sum(theorems), 0) FROM modules")
            return dict(self._in("SELECT name, holders FROM constants WHERE name IN ", list(constants))), total

    def near(self, shares: Mapping[str, float], visible: Collection[int]) -> list[tuple[Statement, int]]:
        """Theorems of visible modules that speak of the rarest of some constants, each with its module's number.

        Args:
            shares: what each constant counts.
        """
        with self._using():
            rows = self._in("SELECT id, name, holders FROM constants WHERE name IN ", list(shares))
            sought = sorted((holders, number, shares[name]) for number, name, holders in rows)
            met: dict[int, float] = {}
            left = _ROWS
            for _, constant, share in sought:
                read = self._database.execute(
                    "SELECT theorem, module, size FROM postings WHERE constant = ? LIMIT ?", (constant, left)
                ).fetchall()
                for theorem, module, size in read:
                    if module in visible:
                        # What speaks of much else as well shares less of itself.
                        met[theorem] = met.get(theorem, 0.0) + share / size
                left -= len(read)
                if left <= 0:
                    break
            best = nlargest(_COMPARED, met, key=met.__getitem__)
            return self._statements("id", best, visible)

    def named(self, names: Collection[str], visible: Collection[int]) -> list[tuple[Statement, int]]:
        """Theorems of visible modules by their names, each with its module's number."""
        with self._using():
            return self._statements("name", list(names), visible)

    def _statements(
        self, column: str, values: Sequence[object], visible: Collection[int]
    ) -> list[tuple[Statement, int]]:
        query = f"SELECT name, head, sides, target, asked, module FROM theorems WHERE {column} IN "
        rows = [row for row in self._in(query, values) if row[5] in visible]
        lists = [[array("I", blob) for blob in row[2:5]] for row in rows]
        used = {row[1] for row in rows}.union(*(each for three in lists for each in three))
        names = dict(self._in("SELECT id, name FROM constants WHERE id IN ", list(used)))
        return [
            (
                Statement(
                    row[0],
                    names.get(row[1], ""),
                    tuple(names.get(side, "") for side in sides),
                    frozenset(names[number] for number in target),
                    frozenset(names[number] for number in asked),
                ),
                row[5],
            )
            for row, (sides, target, asked) in zip(rows, lists, strict=True)
        ]

    def _insert(self, module: int, theorems: Sequence[Statement]) -> None:
        counted = Counter(name for statement in theorems for name in statement.target | statement.asked)
        mentioned = {name for s in theorems for name in (s.head, *s.sides) if name}
        self._database.executemany(
            "INSERT INTO constants (name, holders) VALUES (?1, ?2)"
            " ON CONFLICT (name) DO UPDATE SET holders = holders + ?2",
            [(name, counted.get(name, 0)) for name in {*counted, *mentioned}],
        )
        wanted = [*{*counted, *mentioned}]
        numbers: dict[str, int] = dict(self._in("SELECT name, id FROM constants WHERE name IN ", wanted))
        for statement in theorems:
            target = sorted(numbers[name] for name in statement.target)
            row = self._database.execute(
                "INSERT INTO theorems (module, name, head, sides, target, asked) VALUES (?, ?, ?, ?, ?, ?)",
                (
                    module,
                    statement.name,
                    numbers.get(statement.head, 0),
                    array("I", [numbers.get(side, 0) for side in statement.sides]).tobytes(),
                    array("I", target).tobytes(),
                    array("I", sorted(numbers[name] for name in statement.asked)).tobytes(),
                ),
            ).lastrowid
            size = len(statement.target | statement.asked)
            self._database.executemany(
                "INSERT INTO postings VALUES (?, ?, ?, ?)", [(constant, row, module, size) for constant in target]
            )

    def _drop_older(self, module: Module) -> None:
        """A module of the user's has its last two states only: two projects may have one of the same name."""
        rows = self._database.execute(
            "SELECT id FROM modules WHERE name = ? AND print != ? ORDER BY turn DESC", (module.name, module.print)
        ).fetchall()
        for (number,) in rows[1:]:
            self._drop(number)

    def _shrink(self, turn: int) -> None:
        """Drop the modules that were asked for longest ago, but none of this turn, until the rest is within bounds."""
        over = self._one("SELECT coalesce(sum(theorems), 0) FROM modules") - self._most
        if over <= 0:
            return
        rows = self._database.execute(
            "SELECT id, theorems FROM modules WHERE turn < ? ORDER BY turn", (turn,)
        ).fetchall()
        for number, theorems in rows:
            if over <= 0:
                return
            self._drop(number)
            over -= theorems

    def _drop(self, module: int) -> None:
        rows = self._database.execute("SELECT id, target, asked FROM theorems WHERE module = ?", (module,)).fetchall()
        lost: Counter[int] = Counter()
        for theorem, target, asked in rows:
            ids = array("I", target)
            lost.update({*ids, *array("I", asked)})
            self._database.executemany(
                "DELETE FROM postings WHERE constant = ? AND theorem = ?", [(constant, theorem) for constant in ids]
            )
        gone = [(count, constant) for constant, count in lost.items()]
        self._database.executemany("UPDATE constants SET holders = holders - ? WHERE id = ?", gone)
        self._database.execute("DELETE FROM theorems WHERE module = ?", (module,))
        self._database.execute("DELETE FROM modules WHERE id = ?", (module,))

    def _turn(self) -> int:
        return self._one("SELECT coalesce(max(turn), 0) + 1 FROM modules")

    def _one(self, query: str) -> int:
        return int(self._database.execute(query).fetchone()[0])

    def _in(self, query: str, values: Sequence[object]) -> Iterator[Any]:
        return rows_in(self._database, query, values)

    @contextmanager
    def _using(self) -> Iterator[None]:
        """One thread's turn. A database that turns out to be broken is removed: the next one is made anew."""
        with self._lock:
            try:
                yield
            except (sqlite3.OperationalError, sqlite3.ProgrammingError):
                raise  # somebody else has it for too long, the disk is full; or it has been closed
            except sqlite3.DatabaseError as problem:
                log.warning("the index of theorems %s is broken and will be made anew: %s", self.path, problem)
                self._database.close()
                remove(self.path)
                raise

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction: all of it, or nothing."""
        with self._using(), self._database:
            self._database.execute("BEGIN IMMEDIATE")
            yield
