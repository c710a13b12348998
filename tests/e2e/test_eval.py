"""`ghostproof eval` with a real Lean: what stands above helps, what only a hidden proof would tell does not."""

import json
from pathlib import Path

import pytest

from ghostproof.cli import run
from ghostproof.commands.harvest import HarvestWorker
from ghostproof.learning import store

pytestmark = [pytest.mark.lean, pytest.mark.slow]

# No automation comes upon the number: whoever proves it has seen it. The first theorem stands above all that tell it.
_SECRET = "exact ⟨{}, rfl, by decide⟩"
FIRST = "theorem first : ∃ x : Nat, x * x = 21316 ∧ x < 1000 := by\n  " + _SECRET.format(146)
AGAIN = "theorem again : ∃ y : Nat, y * y = 21316 ∧ y < 2000 := by\n  " + _SECRET.format(146)
OTHER = "theorem other : ∃ x : Nat, x * x = 22801 ∧ x < 1000 := by\n  " + _SECRET.format(151)
LATER = "theorem later : ∃ y : Nat, y * y = 22801 ∧ y < 2000 := by\n  " + _SECRET.format(151)
EASY = "theorem easy (p : Prop) (h : p) : p := h"


async def never(worker: HarvestWorker) -> None:
    raise AssertionError("nothing has changed")


def test_a_library_is_proved_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(store, "cache_root", lambda: tmp_path / "cache")
    folder = tmp_path / "library"
    folder.mkdir()
    (folder / "A.lean").write_text("\n\n".join((EASY, FIRST, OTHER, AGAIN)) + "\n", "utf-8")
    (folder / "B.lean").write_text(LATER + "\n", "utf-8")
    found, page = tmp_path / "found.json", tmp_path / "page.html"
    # The library's theorems are not asked for: to read all of them takes a minute.
    command = ["eval", str(folder), "--toolchain", "embedded", "--checker", "probe", "--workers", "1"]
    command += ["--budget", "20", "--without", "premises"]
    assert run([*command, "--json", str(found), "--report", str(page)]) == 0
    lines = [json.loads(line) for line in found.read_text("utf-8").splitlines()]
    results = {line["full_name"]: line for line in lines[1:]}
    # What stands above helps, in this file and in an earlier one; a hidden proof or one from below never does.
    assert {name: result["ways"]["suggestion"]["ending"] == "proved" for name, result in results.items()} == {
        "easy": True, "first": False, "other": False, "again": True, "later": True
    }  # fmt: skip
    for name in ("again", "later"):
        assert {way: (told["ending"], told["source"]) for way, told in results[name]["ways"].items()} == {
            "suggestion": ("proved", "nearest"),
            "search": ("proved", "nearest"),
        }
    assert results["first"]["ways"]["search"]["source"] != "nearest"
    assert results["again"]["rank"] == 1
    assert results["later"]["rank"] == 1
    assert results["first"]["rank"] is None
    out = capsys.readouterr().out
    assert "proved in some way" in out
    assert "easy" in page.read_text("utf-8")
    assert not store.store_path(folder).exists()
    assert not found.with_name("found.json.part").exists()

    # A run that was killed goes on: what its journal has is not tried again, whatever it says.
    kept = [line for line in lines[1:] if line["full_name"] != "easy"]
    for line in kept:
        line["rank"] = 7
    journal = found.with_name("found.json.part")
    journal.write_text("".join(json.dumps(line) + "\n" for line in (lines[0], *kept)), "utf-8")
    monkeypatch.setattr(HarvestWorker, "start", never)
    assert run([*command, "--json", str(found)]) == 0
    again = {r["full_name"]: r["rank"] for r in map(json.loads, found.read_text("utf-8").splitlines()[1:])}
    assert [again[name] for name in ("first", "other", "again", "later")] == [7, 7, 7, 7]
    assert list(again) == ["easy", "first", "other", "again", "later"]
    assert again["easy"] == results["easy"]["rank"]
    # What was harvested for it goes with what is known of the project.
    assert store.evaluation_path(folder).is_file()
    assert run(["learned", "forget", str(folder)]) == 0
    assert not store.evaluation_path(folder).exists()
