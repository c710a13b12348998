"""What `FILE:LINE:COL` names, drive letters and line ends of Windows included."""

from pathlib import Path

import pytest

from ghostproof.commands.suggest import places
from ghostproof.errors import BadInput
from ghostproof.text import Position

TEXT = "theorem α : p := by\r\n  sorry\r\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["A.lean", r"C:\p\A.lean", "A:1:1.lean", "a b/α.lean"])
@pytest.mark.parametrize("place", ["", ":2:3"])
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
