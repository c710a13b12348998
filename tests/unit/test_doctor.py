"""What `doctor` says of a Lean that the probe does not run on, with a Lean that is a script."""

import json
from pathlib import Path
from typing import Literal

import pytest

from ghostproof.cli import run
from ghostproof.commands import doctor
from ghostproof.config import Config
from ghostproof.errors import GhostproofError, LeanDied, ToolchainBroken
from ghostproof.lean.probe_script import assemble
from ghostproof.lean.toolchain import Project, Toolchain
from ghostproof.syntax.spot import Spot
from ghostproof.verify.checker import GoalState, Limits, Lives, MainGoal
from ghostproof.verify.verdict import Candidate, Checked, Proved

REFUSES = "error: unknown constant `Lean.Options.setNat`"
# Where it is in the program of which this Lean does not take a line, and what the part is that the line stands in.
LINE = next(number for number, line in enumerate(assemble().text.split("\n"), 1) if line.startswith("def setOpt "))
PLACE = ":".join(map(str, assemble().locate(LINE)))
LEAN = """#!/bin/sh
case "$1" in
  --version) echo 'Lean (version VERSION, x86_64-unknown-linux-gnu, commit abcdef, Release)'; exit 0;;
  --server) exit 0;;
esac
for word; do case "$word" in *.lean) program=$word;; esac; done
for line in $(seq 2 60); do echo "$program:$line:4: warning: \\`Lean.plain\\` has been deprecated"; done
echo "$program:LINE:4: "'REFUSES'
exit 1
"""
LAKE = """#!/bin/sh
case "$1" in
  env) shift; exec "$@";;
  setup-file) echo 'error: no such module' >&2; exit 1;;
  *) exit 0;;
esac
"""


def machine(folder: Path, version: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Lake project and a Lean of this version on PATH; no elan."""
    (folder / "bin").mkdir()
    lean = LEAN.replace("VERSION", version).replace("LINE", str(LINE)).replace("REFUSES", REFUSES)
    for name, text in (("lean", lean), ("lake", LAKE)):
        (folder / "bin" / name).write_text(text)
        (folder / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("ELAN_HOME", str(folder / "elan"))
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(folder / "cache"))
    (folder / "config.toml").write_text("[lean]\ndocument_s = 5\n")
    root = folder / "project"
    root.mkdir()
    (root / "lakefile.toml").write_text("[leanOptions]\nautoImplicit = false\n")
    return root


def findings(root: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    assert run(["--config", str(root.parent / "config.toml"), "doctor", str(root), "--json"]) == 1
    return {row["name"]: row for row in json.loads(capsys.readouterr().out)}


def test_a_probe_that_cannot_start_is_told_with_what_works_and_what_to_report(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = findings(machine(tmp_path, "4.35.0", monkeypatch), capsys)
    assert found["lean"]["ok"]
    probe = found["probe"]
    assert not probe["ok"]
    assert PLACE.startswith("Compat.lean:")
    assert probe["value"] == f"{PLACE}:4: {REFUSES}"
    cure = str(probe["cure"])
    assert "scratch document" not in cure, "this Lean has no server either"
    assert "no suggestions can be had here" in str(found["scratch"]["cure"])
    report = cure.partition("To report it, copy this:")[2]
    assert "ghostproof " in report
    assert "Lean 4.35.0" in report
    assert f"{PLACE}:4: {REFUSES}" in report
    assert "deprecated" not in report


def test_the_way_to_lake_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    found = findings(machine(tmp_path, "4.35.0", monkeypatch), capsys)
    said = str(found["lake"]["value"])
    assert "1 option read from the lakefile" in said
    assert "error: no such module" in said


def test_a_lean_too_old_and_unlike_the_pin_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = machine(tmp_path, "4.19.0", monkeypatch)
    (root / "lean-toolchain").write_text("leanprover/lean4:v4.35.0\n")
    found = findings(root, capsys)
    assert not found["lean"]["ok"]
    assert "asks for leanprover/lean4:v4.35.0, but the lean on PATH is 4.19.0" in str(found["lean"]["cure"])
    assert "4.19.0 is older than" in str(found["probe"]["value"])


def test_people_read_it_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    root = machine(tmp_path, "4.35.0", monkeypatch)
    assert run(["--config", str(tmp_path / "config.toml"), "doctor", str(root)]) == 1
    said = capsys.readouterr().out
    assert "✗ probe" in said
    assert "To report it, copy this:" in said


class Works:
    """A checker that proves whatever it is asked, or fails at everything."""

    def __init__(self, failure: GhostproofError | None = None) -> None:
        self._failure = failure
        self.name: Literal["probe", "scratch"] = "probe"
        self.width = 1
        self.lives = Lives()

    async def start(self) -> None:
        pass

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        if self._failure is not None:
            raise self._failure
        return GoalState(("⊢ p",), MainGoal("⊢ p", "p"), "key")

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        return Checked(candidate, Proved(), (), 1.0)

    async def close(self) -> None:
        pass


@pytest.mark.parametrize(
    ("probe", "scratch", "said"),
    [
        (None, None, ("", "")),
        (ToolchainBroken("x"), None, ("suggestions come from the scratch document", "")),
        (None, LeanDied("y"), ("", "suggestions come from the probe.")),
        (ToolchainBroken("x"), LeanDied("y"), ("To report it", "no suggestions can be had here.")),
    ],
)
async def test_what_still_works_is_said(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    probe: GhostproofError | None,
    scratch: GhostproofError | None,
    said: tuple[str, str],
) -> None:
    monkeypatch.setattr(doctor, "make_probe", lambda project, config: Works(probe))
    monkeypatch.setattr(doctor, "make_scratch", lambda project, config: Works(scratch))
    lean = Toolchain("project", tmp_path / "lean", tmp_path / "lake", "4.35.0")
    found = await doctor.examine_checkers(Project(tmp_path, False, lean), Config())
    assert [finding.ok for finding in found] == [probe is None, scratch is None]
    for finding, words in zip(found, said, strict=True):
        assert words in finding.cure
        assert bool(words) == bool(finding.cure)
