"""The index of imported theorems: what is found, what a changed module costs, what goes, and what is broken."""

import random
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from ghostproof.learning.library import InReach, promising
from ghostproof.learning.premise_index import VERSION, Module, PremiseIndex, index_path
from ghostproof.syntax.statement import Statement

INIT, MINE, CHANGED = Module("Init"), Module("Mine", "1"), Module("Mine", "2")
PLAIN = {"Eq", "List"}


def theorem(name: str, *target: str, asked: tuple[str, ...] = ()) -> Statement:
    return Statement(name, "Eq", (target[0], ""), frozenset({*PLAIN, *target}), frozenset(asked))


LENGTH, REVERSE = theorem("length_nil", "length", "nil"), theorem("reverse_nil", "reverse", "nil", asked=("length",))
OWN = theorem("double_nil", "double", "nil")


@pytest.fixture
def index(tmp_path: Path) -> Iterator[PremiseIndex]:
    made = PremiseIndex(tmp_path / "premises" / "a.sqlite")
    yield made
    made.close()


def names(index: PremiseIndex, goal: Statement, *modules: Module) -> list[str]:
    known = index.known(modules)
    own = frozenset(number for module, number in known.items() if module.print)
    found = promising(index, InReach(frozenset(known.values()), own), goal, (), {}, 8)
    return [one.statement.name for one in found]


def test_what_speaks_of_the_same_is_found_as_it_was_kept(index: PremiseIndex) -> None:
    index.add([(INIT, [LENGTH, REVERSE])])
    assert names(index, theorem("", "reverse", "nil"), INIT)[0] == "reverse_nil"
    visible = list(index.known([INIT]).values())
    assert index.named(["reverse_nil"], visible) == [(REVERSE, visible[0])]


def test_only_imported_modules_are_looked_at(index: PremiseIndex) -> None:
    index.add([(INIT, [LENGTH]), (MINE, [OWN])])
    goal = theorem("", "double", "nil")
    assert "double_nil" in names(index, goal, INIT, MINE)
    assert "double_nil" not in names(index, goal, INIT)
    assert names(index, goal, Module("Not.There")) == []


def test_what_says_just_this_is_found_among_many_that_say_more(index: PremiseIndex) -> None:
    wide = [theorem(f"a{number}", "double", "nil", *(f"c{number}.{k}" for k in range(6))) for number in range(500)]
    index.add([(INIT, [*wide, theorem("z_just_this", "double", "nil")])])
    assert names(index, theorem("", "double", "nil"), INIT)[0] == "z_just_this"


def test_a_theorem_of_the_project_is_known_as_such(index: PremiseIndex) -> None:
    index.add([(INIT, [theorem("a_of_the_library", "double")]), (MINE, [theorem("z_of_mine", "double")])])
    assert names(index, theorem("", "double"), INIT, MINE)[0] == "z_of_mine"


def test_a_module_that_says_something_else_is_another_one(index: PremiseIndex) -> None:
    index.add([(MINE, [OWN])])
    assert index.known([CHANGED]) == {}
    index.add([(CHANGED, [theorem("double_cons", "double", "cons")])])
    goal = theorem("", "double", "nil", "cons")
    assert names(index, goal, CHANGED) == ["double_cons"]
    assert names(index, goal, MINE) == ["double_nil"]
    index.add([(Module("Mine", "3"), [])])
    assert index.size().modules == 2
    assert index.known([MINE]) == {}


def test_a_module_is_kept_once(index: PremiseIndex) -> None:
    index.add([(INIT, [LENGTH])])
    index.add([(INIT, [LENGTH, REVERSE])])
    assert index.size().theorems == 1


def test_counts_go_back_when_modules_go(index: PremiseIndex) -> None:
    index.add([(INIT, [LENGTH]), (MINE, [OWN])])
    assert index.forget_own() == 1
    counts, total = index.holders(["nil", "double", "length"])
    assert (counts["nil"], counts.get("double", 0), counts["length"], total) == (1, 0, 1, 1)
    assert index.known([INIT, MINE]).keys() == {INIT}


def test_the_modules_that_nobody_asked_for_lately_go_first(tmp_path: Path) -> None:
    index = PremiseIndex(tmp_path / "premises" / "a.sqlite", most=4)
    modules = [Module(f"M{number}") for number in range(3)]
    for module in modules[:2]:
        index.add([(module, [theorem(f"{module.name}.{number}", "f") for number in range(2)])])
    index.touch([modules[0]])
    index.add([(modules[2], [theorem("last", "f")])])
    assert index.known(modules).keys() == {modules[0], modules[2]}
    index.close()


@pytest.mark.parametrize("content", [b"", b"no database at all", b"SQLite format 3\0" + bytes(4096)])
def test_what_is_no_database_is_made_anew(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "premises" / "a.sqlite"
    path.parent.mkdir(mode=0o700)
    path.write_bytes(content)
    index = PremiseIndex(path)
    index.add([(INIT, [LENGTH])])
    assert index.size().theorems == 1
    index.close()


def test_one_of_an_older_version_is_made_anew(tmp_path: Path) -> None:
    """Of the same tables, too: what counts as somebody's theorem has changed."""
    path = tmp_path / "premises" / "a.sqlite"
    older = PremiseIndex(path)
    older.add([(INIT, [LENGTH])])
    older.close()
    with closing(sqlite3.connect(path)) as database:
        database.execute(f"PRAGMA user_version = {VERSION - 1}")
    index = PremiseIndex(path)
    assert not index.known([INIT])
    index.add([(INIT, [LENGTH])])
    index.close()
    again = PremiseIndex(path)
    assert again.known([INIT])
    again.close()


def test_one_that_breaks_later_is_removed_and_made_anew(tmp_path: Path) -> None:
    path = tmp_path / "premises" / "a.sqlite"
    index = PremiseIndex(path)
    index.add([(Module(f"M{n}"), [theorem(f"t{n}.{k}", f"f{k}") for k in range(50)]) for n in range(40)])
    index.close()
    data = bytearray(path.read_bytes())
    noise = random.Random(1)
    data[4096:] = noise.randbytes(len(data) - 4096)
    path.write_bytes(data)
    index = PremiseIndex(path)
    with pytest.raises(sqlite3.DatabaseError):
        index.known([INIT])
    assert not path.exists()
    again = PremiseIndex(path)
    again.add([(INIT, [LENGTH])])
    with pytest.raises(sqlite3.ProgrammingError):
        index.known([INIT])
    assert again.known([INIT])
    again.close()


def test_each_lean_with_its_libraries_has_an_index_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path))
    paths = {index_path(environment) for environment in ("4.28.0", "4.28.0+abc", "4.28.0+def", "4.29.0")}
    assert len(paths) == 4
    assert {path.parent for path in paths} == {tmp_path / "premises"}
