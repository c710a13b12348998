"""A Lean that is not ready in time: the command line must not answer as if it had been."""

import asyncio
import json
from pathlib import Path

import pytest

from ghostproof.app import App, Status
from ghostproof.cli import run
from ghostproof.commands.exit_codes import LEAN_FAILED
from ghostproof.commands.positions import places
from ghostproof.config import Config, LeanConfig, SuggestConfig

TEXT = "theorem a : p := by\n  sorry\n\ntheorem b : p := by\n  sorry\n"
# Says its version, and nothing else ever.
LEAN = """#!/bin/sh
case "$1" in --version) echo 'Lean (version 4.27.0, commit abc, Release)';; *) exec sleep 600;; esac
"""


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("lean", "lake"):
        (tmp_path / "bin").mkdir(exist_ok=True)
        (tmp_path / "bin" / name).write_text(LEAN)
        (tmp_path / "bin" / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("ELAN_HOME", str(tmp_path / "elan"))
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path / "cache"))
    (tmp_path / "config.toml").write_text("[lean]\ndocument_s = 1\n")
    (tmp_path / "A.lean").write_text(TEXT)
    return tmp_path / "A.lean"


@pytest.mark.parametrize("checker", ["auto", "probe", "scratch"])
@pytest.mark.parametrize("where", [":2:3", ""], ids=["one place", "every sorry"])
def test_it_is_an_error_with_its_own_exit_code(
    file: Path, checker: str, where: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = str(file.with_name("config.toml"))
    options = ["--checker", checker, "--budget", "0.5", "--json"]
    assert run(["--config", settings, "suggest", f"{file}{where}", *options]) == LEAN_FAILED
    answers = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(answers) == (1 if where else 2)
    assert all(answer["error"]["message"] for answer in answers)
    assert not any("suggestions" in answer for answer in answers)


@pytest.mark.parametrize("checker", ["auto", "probe", "scratch"])
def test_people_read_that_lean_did_not_finish(file: Path, checker: str, capsys: pytest.CaptureFixture[str]) -> None:
    settings = str(file.with_name("config.toml"))
    assert run(["--config", settings, "suggest", f"{file}:2:3", "--checker", checker, "--budget", "0.5"]) == LEAN_FAILED
    said = capsys.readouterr()
    assert "candidates" not in said.out
    assert "none accepted" not in said.out
    assert said.err.strip()


@pytest.mark.parametrize("checker", ["auto", "probe", "scratch"])
async def test_editors_are_told_in_the_status(file: Path, checker: str) -> None:
    config = Config(lean=LeanConfig(checker=checker, document_s=1), suggest=SuggestConfig(budget_s=0.5))
    app = App(config)
    errors: asyncio.Queue[str] = asyncio.Queue()

    def hear(status: Status) -> None:
        if status.state == "error":
            errors.put_nowait(status.message)

    app.on_status = hear
    place = places(f"{file}:2:3")[0]
    try:
        app.suggest(place.path, place.source.text, place.spots)
        assert await errors.get()
    finally:
        await app.close()
