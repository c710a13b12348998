"""A project whose toolchain changes under a running server, with a Lean that is a script."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ghostproof.app import App, Status
from ghostproof.config import Config, LeanConfig
from ghostproof.errors import NoToolchain, ToolchainBroken
from ghostproof.lean.fingerprint import fingerprint
from ghostproof.verify.auto_checker import AutoChecker
from ghostproof.verify.scratch_checker import ScratchChecker
from ghostproof.workspace import Workspace

SAYS = "Lean (version {}, x86_64-unknown-linux-gnu, commit abcdef, Release)"
REFUSES = "Probe.lean:12:4: error: unknown constant `Lean.Options.setNat`"


def lean(folder: Path, version: str) -> None:
    """A toolchain whose Lean accepts no script, and has no server."""
    (folder / "bin").mkdir(parents=True)
    answer = f"""case "$1" in --version) echo '{SAYS.format(version)}';; *) echo '{REFUSES}'; exit 1;; esac"""
    for name, body in (("lean", answer), ("lake", "exit 1")):
        (folder / "bin" / name).write_text(f"#!/bin/sh\n{body}\n")
        (folder / "bin" / name).chmod(0o755)


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project beside an elan that has Lean 4.27.0 and 4.19.0."""
    home = tmp_path / "elan"
    monkeypatch.setenv("PATH", f"{home / 'bin'}:/usr/bin:/bin")
    monkeypatch.setenv("ELAN_HOME", str(home))
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path / "cache"))
    monkeypatch.delenv("ELAN_TOOLCHAIN", raising=False)
    lean(home, "proxies are not asked")
    (home / "bin" / "elan").touch(0o755)
    for version in ("4.27.0", "4.19.0"):
        lean(home / "toolchains" / f"leanprover--lean4---v{version}", version)
    (tmp_path / "project").mkdir()
    pin(tmp_path / "project", "4.27.0")
    return tmp_path / "project"


def pin(root: Path, version: str) -> None:
    file = root / "lean-toolchain"
    file.write_text(f"leanprover/lean4:v{version}\n")
    os.utime(file, (0, int(version.replace(".", ""))))  # no two changes within one tick of the file system


@pytest.fixture
async def workspace(root: Path) -> AsyncIterator[Workspace]:
    made = Workspace(root, Config(), look_s=0)
    yield made
    await made.close()


async def test_a_changed_pin_brings_another_lean(root: Path, workspace: Workspace) -> None:
    first = await workspace.checker()
    assert await workspace.checker() is first
    assert workspace.project is not None
    assert workspace.project.toolchain.version == "4.27.0"
    pin(root, "4.19.0")
    assert await workspace.checker() is not first
    assert workspace.project.toolchain.version == "4.19.0"


async def test_a_pin_that_is_not_installed_is_said_until_it_is(root: Path, workspace: Workspace) -> None:
    await workspace.checker()
    pin(root, "4.30.0")
    with pytest.raises(NoToolchain, match=r"v4\.30\.0, which elan has not installed"):
        await workspace.checker()
    lean(root.parent / "elan" / "toolchains" / "leanprover--lean4---v4.30.0", "4.30.0")
    await workspace.checker()
    assert workspace.project is not None
    assert workspace.project.toolchain.version == "4.30.0"


async def test_a_lean_too_old_for_the_probe_is_served_by_scratch_alone(root: Path, workspace: Workspace) -> None:
    pin(root, "4.19.0")
    assert isinstance(await workspace.checker(), ScratchChecker)
    assert "Lean 4.19.0 is older than" in workspace.notice
    insisting = Workspace(root, Config(lean=LeanConfig(checker="probe")))
    with pytest.raises(ToolchainBroken, match=r"Lean 4\.19\.0 is older than"):
        await insisting.checker()


async def test_a_probe_that_cannot_start_is_told_with_leans_first_error(root: Path) -> None:
    app = App(Config())
    told: list[Status] = []
    failed = asyncio.Event()

    def hear(status: Status) -> None:
        told.append(status)
        if status.lives.probe == "failed":
            failed.set()

    app.on_status = hear
    app.warm(root / "A.lean", "")
    await failed.wait()
    assert told[0].notice == ""
    assert "The probe cannot start on Lean 4.27.0" in told[-1].notice
    assert "unknown constant `Lean.Options.setNat`" in told[-1].notice
    assert "scratch document" in told[-1].notice
    await app.close()


async def test_what_was_given_up_reports_nothing_any_more(root: Path) -> None:
    changes: list[str] = []
    workspace: Workspace
    workspace = Workspace(root, Config(), on_change=lambda: changes.append(workspace.lives.probe), look_s=0)
    first = await workspace.checker()
    assert isinstance(first, AutoChecker)
    first.on_change()
    assert len(changes) == 1
    pin(root, "4.19.0")
    await workspace.checker()
    first.on_change()
    assert len(changes) == 1
    await workspace.close()


@pytest.mark.parametrize("name", ["lean-toolchain", "lakefile.toml", "lakefile.lean", "lake-manifest.json"])
def test_the_fingerprint_sees_the_projects_files(root: Path, name: str) -> None:
    before = fingerprint(root)
    assert fingerprint(root) == before
    (root / name).write_text("something else, of another length")
    assert fingerprint(root) != before


def test_the_fingerprint_sees_the_machine(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = root.parent / "elan"
    seen = [fingerprint(root)]
    (home / "settings.toml").write_text("")
    seen.append(fingerprint(root))
    (home / "bin" / "lean").write_text("another program")
    seen.append(fingerprint(root))
    monkeypatch.setenv("ELAN_TOOLCHAIN", "stable")
    seen.append(fingerprint(root))
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    seen.append(fingerprint(root))
    assert len(set(seen)) == 5
