"""What goes wrong around a request: each gets a clear message, and the next request works."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from ghostproof.app import App
from ghostproof.config import Config
from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, NoToolchain
from ghostproof.suggest.job import Snapshot, SuggestJob
from ghostproof.syntax.spot import find_action_spots
from ghostproof.text import SourceText
from support.processes import send
from support.waiting import HANGS_S

pytestmark = pytest.mark.lean

# What is found on an idle machine is found on a busy one, later.
PATIENT = replace(Config().suggest, budget_s=120.0)

FINE = "theorem fine (p : Prop) (h : p) : p := by\n  sorry\n"
# The kernel does not count heartbeats while it evaluates, so only a deadline ends this.
RUNAWAY = """set_option maxHeartbeats 0 in
theorem slow : ∀ a b c d e : Fin 24, a.val + b.val + c.val + d.val + e.val ≥ 0 := by
  decide +kernel

"""


def job(app: App, path: Path, text: str) -> SuggestJob:
    return app.suggest(path, text, find_action_spots(SourceText(text), text.index("sorry")))


async def ask(app: App, path: Path, text: str) -> Snapshot:
    return await job(app, path, text).wait(lambda s: s.done, HANGS_S)


async def assert_works(app: App, path: Path) -> None:
    snapshot = await ask(app, path, FINE)
    while isinstance(snapshot.error, LeanTimeout):  # the limit is for what never ends; a busy machine asks again
        snapshot = await ask(app, path, FINE)
    assert snapshot.error is None
    assert snapshot.suggestions[0].kind == "proved"


def lean_processes() -> list[psutil.Process]:
    return [p for p in psutil.Process().children(recursive=True) if p.is_running()]


@pytest.fixture(params=["probe", "scratch"])
async def app(request: pytest.FixtureRequest, embedded_root: Path) -> AsyncIterator[App]:
    lean = replace(Config().lean, checker=request.param, toolchain="embedded", document_s=20.0)
    app = App(replace(Config(), lean=lean, suggest=PATIENT))
    yield app
    await app.close()


async def test_a_runaway_in_the_file_is_told_and_the_next_file_is_served(app: App, tmp_path: Path) -> None:
    snapshot = await ask(app, tmp_path / "Slow.lean", RUNAWAY + FINE)
    assert isinstance(snapshot.error, LeanTimeout | LeanDied)
    assert snapshot.error.message
    assert not snapshot.suggestions
    await assert_works(app, tmp_path / "Fine.lean")


async def test_lean_killed_in_the_middle_of_a_request(app: App, tmp_path: Path) -> None:
    await assert_works(app, tmp_path / "Before.lean")
    before = {p.pid for p in lean_processes()}
    running = job(app, tmp_path / "Middle.lean", FINE.replace("p : Prop", "p q : Prop"))
    await running.wait(lambda s: s.state is not None, HANGS_S)
    send(process for process in lean_processes() if process.pid in before)
    snapshot = await running.wait(lambda s: s.done, 120)
    assert snapshot.error is None or isinstance(snapshot.error, GhostproofError)
    await assert_works(app, tmp_path / "After.lean")


async def test_imports_that_are_not_there(app: App, tmp_path: Path) -> None:
    snapshot = await ask(app, tmp_path / "Imports.lean", "import No.Such.Module\n\n" + FINE)
    assert snapshot.error is not None
    assert "No.Such.Module" in str(snapshot.error) or "import" in str(snapshot.error)
    await assert_works(app, tmp_path / "Fine.lean")


async def test_everything_ends_with_the_app(embedded_root: Path, tmp_path: Path) -> None:
    before = {p.pid for p in lean_processes()}
    lean = replace(Config().lean, toolchain="embedded", checker="scratch")
    app = App(replace(Config(), lean=lean, suggest=PATIENT))
    await assert_works(app, tmp_path / "Fine.lean")
    started = [p for p in lean_processes() if p.pid not in before]
    assert started
    await app.close()
    _, alive = psutil.wait_procs(started, timeout=HANGS_S)
    assert alive == []


async def test_no_lean_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path / "cache"))
    app = App()
    snapshot = await ask(app, tmp_path / "Fine.lean", FINE)
    assert isinstance(snapshot.error, NoToolchain)
    assert "ghostproof toolchain install" in snapshot.error.hint
    await app.close()


async def test_a_broken_lean_is_told_with_what_it_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    broken = tmp_path / "bin" / "lean"
    broken.parent.mkdir()
    broken.write_text("#!/bin/sh\necho 'libgmp.so.10: cannot open shared object file' >&2\nexit 127\n", "utf-8")
    broken.chmod(0o755)
    (tmp_path / "bin" / "lake").symlink_to(broken)
    monkeypatch.setenv("PATH", f"{broken.parent}:/usr/bin:/bin")
    monkeypatch.setenv("HOME", str(tmp_path))
    app = App()
    snapshot = await ask(app, tmp_path / "Fine.lean", FINE)
    assert snapshot.error is not None
    assert "libgmp.so.10" in str(snapshot.error)
    await app.close()
