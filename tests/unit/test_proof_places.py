"""What `prove` works on: places in their order, none twice, and a word about everything that it leaves out."""

from pathlib import Path

import pytest

from ghostproof.cli import parser
from ghostproof.commands.proof_places import wanted
from ghostproof.commands.repair import run as repair
from ghostproof.commands.whole_proofs import Asked, check_writable
from ghostproof.errors import BadInput, NoGoal

TWO = "theorem a : p := by\n  sorry\n\ntheorem b : q := by\n  simp\n  exact sorry\n"
NONE = "theorem a : p := by\n  simp\n"


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "A.lean").write_text(TWO)
    (tmp_path / "B.lean").write_text(NONE)
    return tmp_path


def lines(*named: str, every: bool = False) -> list[str]:
    return [f"{place.path.name}:{place.position.line + 1}" for place in wanted(named, every=every).places]


@pytest.mark.parametrize("every", [False, True])
def test_a_file_with_nothing_to_prove_does_not_stop_the_others(folder: Path, every: bool) -> None:
    assert lines("B.lean", "A.lean", every=every) == ["A.lean:2", "A.lean:6"]
    assert wanted(["B.lean", "A.lean"], every=every).left_out == ("B.lean has no `sorry` that a proof could replace.",)


def test_where_there_is_nothing_at_all_it_says_so(folder: Path) -> None:
    (folder / "C.lean").write_text("")
    with pytest.raises(NoGoal, match=r"B\.lean has no `sorry`"):
        wanted(["B.lean", "C.lean"], every=True)


@pytest.mark.parametrize("named", [("A.lean", "A.lean:2"), ("A.lean:6", "A.lean:2:4", "A.lean:1", "A.lean:4")])
def test_no_place_is_searched_twice(folder: Path, named: tuple[str, ...]) -> None:
    first, second = (place.spots[0] for place in wanted(named, every=False).places)
    assert (TWO[first.start : first.end], TWO[second.start : second.end]) == ("sorry", "exact sorry")


def test_a_declaration_stands_for_all_that_is_missing_in_it(folder: Path) -> None:
    (folder / "C.lean").write_text("theorem a : p := by\n  constructor\n  · sorry\n  · exact f sorry\n" + TWO)
    assert lines("C.lean:1") == lines("C.lean:2") == ["C.lean:3", "C.lean:4"]
    assert lines("C.lean:4") == lines("C.lean:4:14") == ["C.lean:4"]


def test_a_link_is_the_file_that_it_leads_to(folder: Path) -> None:
    (folder / "L.lean").symlink_to("A.lean")
    assert lines("L.lean", "A.lean") == ["A.lean:2", "A.lean:6"]


def test_what_stays_is_named(folder: Path) -> None:
    (folder / "C.lean").write_text("theorem a : n = sorry := rfl\n\ntheorem b : q := by\n\tsorry\n\n" + TWO)
    term, tabs = wanted(["C.lean"], every=False).left_out
    assert term.startswith("C.lean:1:17: this `sorry` stays")
    assert "(by sorry)" in term
    assert tabs == "C.lean:4:2: this `sorry` stays, as Lean takes no tabs."


def test_what_stays_is_named_where_nothing_else_is(folder: Path) -> None:
    (folder / "C.lean").write_text("theorem b : q := by\n\tsorry\n")
    with pytest.raises(NoGoal) as raised:
        wanted(["C.lean"], every=True)
    assert "Lean takes no tabs" in raised.value.hint


def test_a_byte_order_mark_is_named(folder: Path) -> None:
    (folder / "C.lean").write_text("\ufeff" + TWO)
    (said,) = wanted(["C.lean"], every=False).left_out
    assert "byte order mark" in said


def test_a_place_is_no_file(folder: Path) -> None:
    with pytest.raises(BadInput) as raised:
        wanted(["A.lean:2"], every=True)
    assert "--all" in raised.value.hint


@pytest.mark.parametrize("report", ["nowhere/r.html", "."])
def test_a_report_that_cannot_be_written_is_told_before_the_work(folder: Path, report: str) -> None:
    with pytest.raises(BadInput, match="report"):
        check_writable([], Asked(report=folder / report))
    check_writable([], Asked(report=folder / "r.html"))


def test_a_file_that_cannot_be_written_is_told_before_the_work(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read_only = folder / "A.lean"
    # The tests may run as a user whom no mode keeps from writing.
    monkeypatch.setattr("os.access", lambda path, mode: Path(path) != read_only)
    with pytest.raises(BadInput, match="cannot be written"):
        check_writable([read_only], Asked(write=True))
    check_writable([read_only], Asked())


def test_repair_takes_whole_files(folder: Path) -> None:
    with pytest.raises(BadInput) as raised:
        repair(parser().parse_args(["repair", "A.lean:2:3"]))
    assert raised.value.hint == "Give A.lean alone."
