"""The prober's program: put together from its parts, written where nobody else writes, and explained by their lines."""

import re
import stat
from collections import Counter
from pathlib import Path

import pytest

from ghostproof.errors import ToolchainBroken
from ghostproof.lean.probe_script import PARTS, PROBER, READER, Script, assemble


@pytest.fixture
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def test_every_line_of_the_program_is_a_line_of_the_part_that_it_is_said_to_be_of() -> None:
    script = assemble()
    lines = script.text.removesuffix("\n").split("\n")
    parts = {part: (PARTS / part).read_text("utf-8").split("\n") for part in script.parts}
    assert lines[0] == "import Lean"
    for number, line in enumerate(lines[1:], start=2):
        part, there = script.locate(number)
        assert parts[part][there - 1] == line


def test_each_part_stands_once_and_behind_what_it_needs() -> None:
    script = assemble()
    assert len(set(script.parts)) == len(script.parts)
    for part in script.parts:
        needed = re.findall(r"^import (\w+)$", (PARTS / part).read_text("utf-8"), re.MULTILINE)
        for other in set(needed) - {"Lean"}:
            assert script.parts.index(f"{other}.lean") < script.parts.index(part)


@pytest.mark.parametrize("main", [PROBER, READER])
def test_no_two_parts_define_the_same(main: str) -> None:
    """All parts have one namespace, and a part may be written without a look at the others."""
    begins = r"^(?:@\[.*\] )?(?:partial )?(?:def|abbrev|structure|inductive) (\S+)"
    names = re.findall(begins, assemble(main).text, re.MULTILINE)
    assert len(names) > 50
    assert [name for name, count in Counter(names).items() if count > 1] == []


def test_parsing_in_place_and_refusing_need_nothing_of_the_machinery_that_runs() -> None:
    for main in ("Place", "Refuse"):
        assert not {"Elaborate.lean", "Hole.lean", "Run.lean", "State.lean"} & set(assemble(main).parts)


def test_the_reader_has_nothing_that_could_run_a_candidate() -> None:
    parts = set(assemble("Reader").parts)
    assert {"Documents.lean", "Place.lean", "Refuse.lean"} <= parts
    assert not {"Hole.lean", "Run.lean", "Requests.lean", "State.lean", "Main.lean"} & parts


def test_what_lean_says_about_the_program_is_told_by_part_and_line() -> None:
    script = assemble()
    number = script.text.split("\n").index("def holeKind : Name := `Ghostproof.hole") + 1
    there = (PARTS / "Place.lean").read_text("utf-8").split("\n").index("def holeKind : Name := `Ghostproof.hole") + 1
    said = f"/home/user/.cache/x/{script.name}:{number}:4: error: no such thing\n{script.name}:{number}:9: warning"
    assert script.explain(said) == f"Place.lean:{there}:4: error: no such thing\nPlace.lean:{there}:9: warning"
    assert script.explain("other.lean:7:1: error") == "other.lean:7:1: error"


def test_the_program_is_written_once_and_for_its_user_alone(cache: Path) -> None:
    script = assemble()
    path = script.write()
    assert path.read_text("utf-8") == script.text
    assert cache in path.parents
    before = path.stat()
    assert assemble().write() == path
    assert path.stat().st_ino == before.st_ino
    assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0
    assert [left for left in path.parent.iterdir() if left != path] == []


def test_a_program_that_was_tampered_with_is_written_again(cache: Path) -> None:
    script = assemble()
    path = script.write()
    path.write_text("def main : IO Unit := evil\n", "utf-8")
    assert script.write().read_text("utf-8") == script.text


def test_other_parts_make_another_file() -> None:
    assert Script("a\n", ("A.lean",), (1,), (1,)).name != Script("b\n", ("A.lean",), (1,), (1,)).name


def test_a_cache_that_cannot_be_written_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    blocker = tmp_path / "file"
    blocker.write_text("", "utf-8")
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(blocker / "cache"))
    with pytest.raises(ToolchainBroken, match="can't be written"):
        assemble().write()
