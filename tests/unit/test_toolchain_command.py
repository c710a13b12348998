"""`ghostproof toolchain install` with a Lean that does not compile our programs: it is told, and nothing fails."""

from argparse import Namespace
from pathlib import Path

import pytest

from ghostproof.commands import toolchain
from ghostproof.lean.embedded import install as embedded
from ghostproof.lean.toolchain import Project, Toolchain

REFUSES = """#!/bin/sh
echo 'error: it is not there'
exit 1
"""


def test_a_program_that_lean_does_not_compile_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    lean = tmp_path / "lean"
    lean.write_text(REFUSES, "utf-8")
    lean.chmod(0o755)

    async def discover(root: Path, *, prefer: str) -> Project:
        return Project(root, False, Toolchain("project", lean, tmp_path / "lake", "4.30.0"))

    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(embedded, "install", lambda progress, force: tmp_path)
    monkeypatch.setattr(toolchain, "discover", discover)
    assert toolchain.run(Namespace(action="install", force=False)) == 0
    said = capsys.readouterr()
    assert said.out.strip() == str(tmp_path)
    for program in toolchain.PROGRAMS:
        assert f"{program} could not be compiled, and its source is slow to start: error: it is not there" in said.err
