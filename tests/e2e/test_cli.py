"""The command line as a person uses it: real processes, real Lean, exit codes and messages."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

LOGIC = """theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by
  sorry

theorem big (a b c : Nat) (h : a < b) (h' : b < c) : a + 2 ≤ c := by
  sorry
"""


def ghostproof(*argv: str, cwd: Path | None = None, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "ghostproof", *argv],
        capture_output=True,
        text=True,
        cwd=cwd,
        env={**os.environ, **env},
        check=False,
    )


@pytest.fixture
def logic(tmp_path: Path) -> Path:
    file = tmp_path / "Logic.lean"
    file.write_text(LOGIC, "utf-8")
    return file


def one(stdout: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(stdout)
    return found


@pytest.mark.lean
class TestSuggest:
    def test_json_is_one_object_with_everything_in_it(self, embedded_root: Path, logic: Path) -> None:
        done = ghostproof("suggest", f"{logic}:2:3", "--json", "--toolchain", "embedded")
        assert done.returncode == 0, done.stderr
        answer = one(done.stdout)
        assert set(answer) == {
            "file", "line", "column", "goals", "suggestions", "first_ms", "total_ms", "checker", "toolchain",
        }  # fmt: skip
        assert (answer["file"], answer["line"], answer["column"]) == (str(logic), 2, 3)
        assert answer["goals"] == ["p q : Prop\nh : p ∧ q\n⊢ q ∧ p"]
        best = answer["suggestions"][0]
        assert best["verdict"] == "proved"
        assert best["goals"] == []
        assert {"text", "verdict", "goals", "source", "ms"} == set(best)
        assert answer["first_ms"] <= answer["total_ms"]
        assert "embedded" in answer["toolchain"]

    def test_what_is_suggested_is_accepted_by_lean_when_written_into_the_file(
        self, embedded_root: Path, logic: Path
    ) -> None:
        done = ghostproof("suggest", str(logic), "--json", "--toolchain", "embedded")
        assert done.returncode == 0, done.stderr
        answers = [one(line) for line in done.stdout.splitlines()]
        assert [a["line"] for a in answers] == [2, 5]
        text = LOGIC
        for answer in answers:
            lines = answer["suggestions"][0]["text"].split("\n")
            text = text.replace("sorry", "\n  ".join(lines), 1)
        logic.write_text(text, "utf-8")
        checked = subprocess.run([embedded_root / "bin" / "lean", logic], capture_output=True, text=True, check=False)
        assert checked.returncode == 0, checked.stdout
        assert "sorry" not in checked.stdout

    def test_the_scratch_checker_serves_too(self, embedded_root: Path, logic: Path) -> None:
        done = ghostproof("suggest", f"{logic}:5:3", "--json", "--checker", "scratch", "--toolchain", "embedded")
        assert done.returncode == 0, done.stderr
        assert one(done.stdout)["checker"] == "scratch"

    def test_text_names_the_goal_and_what_each_suggestion_does(self, embedded_root: Path, logic: Path) -> None:
        done = ghostproof("suggest", f"{logic}:5:3", "--toolchain", "embedded")
        assert done.returncode == 0, done.stderr
        assert "⊢ a + 2 ≤ c" in done.stdout
        assert "✓ closes the goal" in done.stdout
        assert "omega" in done.stdout

    def test_a_false_goal_is_not_proved(self, embedded_root: Path, tmp_path: Path) -> None:
        file = tmp_path / "False.lean"
        file.write_text("theorem no (a b : Nat) : a = b := by\n  sorry\n", "utf-8")
        done = ghostproof("suggest", f"{file}:2:3", "--json", "--toolchain", "embedded")
        assert all(s["verdict"] == "progress" for s in one(done.stdout)["suggestions"])

    def test_a_file_that_does_not_parse_further_up_is_served(self, embedded_root: Path, tmp_path: Path) -> None:
        file = tmp_path / "Broken.lean"
        file.write_text("theorem broken : := )\n\ntheorem fine : 1 + 1 = 2 := by\n  sorry\n", "utf-8")
        done = ghostproof("suggest", f"{file}:4:3", "--json", "--toolchain", "embedded")
        assert done.returncode == 0, done.stderr
        assert one(done.stdout)["suggestions"][0]["verdict"] == "proved"


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("Missing.lean:1:1", "There is no file Missing.lean"),
        ("Logic.lean:99:1", "Logic.lean has 6 lines; there is no line 99"),
        ("Logic.lean:2:99", "Line 2 of Logic.lean has 7 characters, so no column 99"),
        ("Logic.lean:0:1", "there is no line 0"),
        (".", "is a folder"),
        ("Latin.lean:1:1", "is not UTF-8"),
    ],
)
def test_bad_places_say_what_is_wrong(logic: Path, place: str, says: str) -> None:
    (logic.parent / "Latin.lean").write_bytes(b"-- \xe9\n")
    done = ghostproof("suggest", place, cwd=logic.parent)
    assert done.returncode == 2
    assert says in done.stderr.replace("\n", " ")
    assert "Traceback" not in done.stderr


def test_errors_are_json_too(logic: Path) -> None:
    done = ghostproof("suggest", "Missing.lean:1:1", "--json", cwd=logic.parent)
    assert done.returncode == 2
    assert one(done.stdout)["error"]["message"] == "There is no file Missing.lean."


def test_a_place_without_a_tactic_says_so(logic: Path) -> None:
    done = ghostproof("suggest", f"{logic}:1:3")
    assert done.returncode == 1
    assert "No tactic can go at line 1, column 3" in done.stderr


def test_without_any_lean_it_names_the_command_that_installs_one(logic: Path, tmp_path: Path) -> None:
    bare = tmp_path / "home"
    bare.mkdir()
    python_only = tmp_path / "bin"
    python_only.mkdir()
    done = ghostproof(
        "suggest", f"{logic}:2:3", PATH=str(python_only), HOME=str(bare), GHOSTPROOF_CACHE=str(bare / "cache")
    )
    assert done.returncode == 3
    assert "ghostproof toolchain install" in done.stderr


def test_bad_settings_are_all_named(logic: Path, tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text('[suggest]\nlimit = 0\nlimits = 1\n[lean]\nchecker = "magic"\n', "utf-8")
    done = ghostproof("--config", str(settings), "suggest", f"{logic}:2:3")
    assert done.returncode == 2
    for part in ("`suggest.limit` must be at least 1", "`suggest.limits` is not a setting", "`lean.checker` must be"):
        assert part in done.stderr.replace("\n", " ")


@pytest.mark.lean
def test_doctor_tries_both_checkers(embedded_root: Path, logic: Path, tmp_path: Path) -> None:
    settings = tmp_path / "config.toml"
    settings.write_text('[lean]\ntoolchain = "embedded"\n', "utf-8")
    done = ghostproof("--config", str(settings), "doctor", str(logic), "--json")
    assert done.returncode == 0, done.stdout
    rows = {row["name"]: row for row in json.loads(done.stdout)}
    assert rows["probe"]["value"].startswith("works")
    assert rows["scratch"]["value"].startswith("works")
    assert "embedded" in rows["lean"]["value"]
