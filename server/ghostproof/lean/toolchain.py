"""Which Lean a file is checked with: the project's own, else the embedded one."""

import os
import re
import shutil
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ghostproof.errors import NoToolchain, ToolchainBroken
from ghostproof.host.processes import run
from ghostproof.lean.embedded.paths import installed, read_stamp, toolchains_dir

LAKEFILES = ("lakefile.lean", "lakefile.toml")
TOOLCHAIN_FILE = "lean-toolchain"

# Seconds for `lean --version`. Behind elan it may first download the toolchain that the project names.
VERSION_TIMEOUT = 180.0
STDERR_TAIL = 1500  # characters of Lean's stderr that an error carries
INSTALL_EMBEDDED = "ghostproof toolchain install"
INSTALL_LEAN = "https://lean-lang.org/install"


@dataclass(frozen=True)
class Toolchain:
    """A Lean that can be run.

    Attributes:
        kind: `project` for one the user has (elan, PATH, lean-toolchain), `embedded` for the WebAssembly build.
        lean, lake: absolute paths of the executables.
        version: as `lean --version` prints it, e.g. `4.28.0-pre`.
        env: variables to set on top of the inherited environment.
    """

    kind: Literal["project", "embedded"]
    lean: Path
    lake: Path
    version: str
    env: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Project:
    """The folder a file belongs to, with its Lean.

    Attributes:
        root: folder of the nearest `lakefile.lean`/`lakefile.toml`/`lean-toolchain` above the file, else the file's own
            folder.
        is_lake: a lakefile is there, so that Lake knows options and search paths.
    """

    root: Path
    is_lake: bool
    toolchain: Toolchain


@dataclass(frozen=True)
class Layout:
    """What lies on disk about a project, before any Lean is run.

    Attributes:
        root, is_lake: as in `Project`.
        pinned: what the root's `lean-toolchain` asks for, such as `leanprover/lean4:v4.27.0`; "" without one.
    """

    root: Path
    is_lake: bool
    pinned: str


def find_root(path: Path) -> Path:
    """The folder that a file (or a folder) belongs to: see `Project.root`. The path need not exist."""
    path = path.expanduser().absolute()
    own = path if path.is_dir() else path.parent
    for folder in (own, *own.parents):
        if any((folder / name).is_file() for name in (*LAKEFILES, TOOLCHAIN_FILE)):
            return folder
    return own


def find_project(path: Path) -> Layout:
    """The project that a file (or a folder) belongs to, as it lies on disk."""
    root = find_root(path)
    pinned = ""
    with suppress(OSError):
        pinned = (root / TOOLCHAIN_FILE).read_text(encoding="utf-8", errors="replace").strip()
    return Layout(root, any((root / name).is_file() for name in LAKEFILES), pinned)


async def discover(
    path: Path,
    *,
    prefer: str = "auto",
    override: Path | None = None,
    seconds: float = VERSION_TIMEOUT,
) -> Project:
    """The project of a file or folder, with the Lean that checks it.

    Args:
        prefer: `auto` takes the user's own Lean and falls back to the embedded one; `project` and `embedded` insist.
        override: folder of a toolchain (it has `bin/lean`) to use whatever is found.
        seconds: how long `lean --version` may take.

    Raises:
        NoToolchain: there is none; the hint says how to get one.
        ToolchainBroken: the one that has to be used does not run.
    """
    layout = find_project(path)
    if override is not None:
        return await _with(layout, _in_folder(override), seconds)
    own = None if prefer == "embedded" else _on_this_machine()
    if own is not None:
        return await _with(layout, own, seconds)
    embedded = None if prefer == "project" or (layout.pinned and prefer == "auto") else installed()
    if embedded is not None:
        return await _with(layout, embedded / "bin", seconds)
    raise _nothing_found(layout, prefer)


def server_command(project: Project) -> list[str]:
    """The command line of the official language server for a project, to be run in its root."""
    if project.is_lake or project.toolchain.kind == "embedded":
        return [str(project.toolchain.lake), "serve", "--"]
    return [str(project.toolchain.lean), "--server"]


def script_command(project: Project, script: Path) -> list[str]:
    """The command line that runs a Lean script with a project's search path, to be run in its root."""
    run = [str(project.toolchain.lean), "--run", str(script)]
    return [str(project.toolchain.lake), "env", *run] if project.is_lake else run


def _on_this_machine() -> Path | None:
    """The folder of the user's own `lean`: on PATH, else where elan puts it."""
    found = shutil.which("lean")
    if found is None:
        elan = Path(os.environ.get("ELAN_HOME") or Path.home() / ".elan") / "bin"
        found = shutil.which("lean", path=str(elan))
    return Path(found).absolute().parent if found else None


def _in_folder(toolchain: Path) -> Path:
    binaries = toolchain.expanduser().absolute() / "bin"
    if not (binaries / "lean").is_file():
        raise NoToolchain(f"{toolchain} is no Lean toolchain: it has no bin/lean.")
    return binaries


def _lake_for(layout: Layout, binaries: Path) -> Path:
    """The `lake` that belongs to a `lean`; outside Lake projects it need not exist."""
    lake = binaries / "lake"
    if lake.is_file() or not layout.is_lake:
        return lake
    found = shutil.which("lake")
    if found is None:
        raise NoToolchain(
            f"{layout.root} is a Lake project, and there is no lake beside {binaries / 'lean'}.",
            f"Install Lean with elan, which brings both: {INSTALL_LEAN}",
        )
    return Path(found).absolute()


def _is_embedded(binaries: Path) -> bool:
    return binaries.resolve().is_relative_to(toolchains_dir().resolve())


async def _with(layout: Layout, binaries: Path, seconds: float) -> Project:
    lean, lake = binaries / "lean", _lake_for(layout, binaries)
    if not _is_embedded(binaries):
        version = await _version(lean, layout.root, seconds)
        return Project(layout.root, layout.is_lake, Toolchain("project", lean, lake, version))
    # Its stamp was written when it was whole; asking it would cost half a second of every start.
    version = read_stamp(binaries.parent).get("lean") or await _version(lean, layout.root, seconds)
    return Project(layout.root, layout.is_lake, Toolchain("embedded", lean, lake, version))


def _nothing_found(layout: Layout, prefer: str) -> NoToolchain:
    if prefer == "embedded":
        return NoToolchain("The embedded Lean is not installed.", f"Run `{INSTALL_EMBEDDED}`.")
    if prefer == "project":
        return NoToolchain("No Lean is on PATH or in elan's folder.", f"Install Lean: {INSTALL_LEAN}")
    if layout.pinned:
        return NoToolchain(
            f"{layout.root} asks for the toolchain {layout.pinned}, but neither lean nor elan is on this machine.",
            f"Install Lean ({INSTALL_LEAN}), or try the embedded one on it: `{INSTALL_EMBEDDED}`, "
            "then the option `--toolchain embedded`.",
        )
    return NoToolchain(
        "No Lean was found.", f"Run `{INSTALL_EMBEDDED}` for the embedded one, or install Lean: {INSTALL_LEAN}"
    )


# Versions by what decides them: the executable, the folder it is asked in, and the change times of the files involved.
_versions: dict[tuple[object, ...], str] = {}


def _changed(path: Path) -> int:
    """Time of a file's last change in nanoseconds; 0 if it is not there."""
    try:
        return path.stat().st_mtime_ns
    except OSError:
        return 0


async def _version(lean: Path, root: Path, seconds: float) -> str:
    elan = lean.parent.parent / "settings.toml"
    key = (lean, root, _changed(lean), _changed(root / TOOLCHAIN_FILE), _changed(elan))
    if key not in _versions:
        _versions[key] = _parse_version(lean, await _ask_version(lean, root, seconds))
    return _versions[key]


def _parse_version(lean: Path, said: str) -> str:
    match = re.search(r"Lean \(version ([^,\s)]+)", said)
    if match is None:
        raise ToolchainBroken(f"`{lean} --version` says what no Lean says: {said.strip()[:200]!r}")
    version = match.group(1)
    if not version.startswith("4."):
        raise ToolchainBroken(f"{lean} is Lean {version}; Ghostproof works with Lean 4.", f"See {INSTALL_LEAN}")
    return version


def _existing(folder: Path) -> Path | None:
    return folder if folder.is_dir() else None


async def _ask_version(lean: Path, root: Path, seconds: float) -> str:
    try:
        # Behind elan, the folder decides which Lean answers.
        finished = await run([lean, "--version"], _existing(root), {}, seconds)
    except TimeoutError as error:
        raise ToolchainBroken(
            f"`{lean} --version` did not answer within {seconds:g} s.",
            f"Run it in {root} to see what it waits for; elan may be downloading a toolchain.",
        ) from error
    except OSError as error:
        raise ToolchainBroken(f"{lean} cannot be started: {error}", f"Reinstall Lean: {INSTALL_LEAN}") from error
    if finished.code != 0:
        raise ToolchainBroken(
            f"`{lean} --version` failed with status {finished.code}:\n{finished.errors.strip()[-STDERR_TAIL:]}",
            f"Run `lean --version` in {root}; once it works, so does Ghostproof.",
        )
    return finished.output
