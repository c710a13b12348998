"""What `FILE:LINE[:COL]` names, drive letters and line ends of Windows included."""

from pathlib import Path

import pytest

from ghostproof.commands.positions import places
from ghostproof.errors import BadInput, NoGoal
from ghostproof.syntax.missing import find_places
from ghostproof.text import Position

TEXT = "theorem α : p := by\r\n  sorry\r\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["A.lean", r"C:\p\A.lean", "A:1:1.lean", "a b/α.lean"])
@pytest.mark.parametrize("place", ["", ":2:3", ":2"])
def test_a_place_of_a_file(folder: Path, name: str, place: str) -> None:
    (folder / name).parent.mkdir(exist_ok=True)
    (folder / name).write_bytes(TEXT.encode())
    (found,) = places(f"{name}{place}")
    assert found.path == folder / name
    assert found.position == Position(1, 2)
    assert "\r" not in found.source.text


def test_a_column_behind_the_carriage_return_is_none(folder: Path) -> None:
    (folder / "A.lean").write_bytes(TEXT.encode())
    with pytest.raises(BadInput, match="has 7 characters"):
        places("A.lean:2:9")


@pytest.mark.parametrize(
    ("line", "columns"),
    [(1, [20, 27]), (2, [0]), (3, [2])],
    ids=["each sorry", "else where it begins", "which its declaration knows"],
)
def test_a_line_alone(folder: Path, line: int, columns: list[int]) -> None:
    (folder / "A.lean").write_text("example : p ∧ q := ⟨sorry, sorry⟩\n" + "theorem a : p := by\n  simp\n")
    found = places(f"A.lean:{line}", find_places)
    assert [place.position.column for place in found] == columns


def test_a_line_on_which_nothing_is_missing(folder: Path) -> None:
    (folder / "A.lean").write_text("theorem a : p := foo\n")
    with pytest.raises(NoGoal, match="line 1, column 1 of"):
        places("A.lean:1", find_places)
    with pytest.raises(BadInput, match="there is no line 7"):
        places("A.lean:7", find_places)
