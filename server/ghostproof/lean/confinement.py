"""What a Lean that we start may touch: its toolchain, its project, what both are made of, and no more.

Decides, and starts nothing.
"""

import json
import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from ghostproof.host.confine.command import Confinement, Mode
from ghostproof.lean.embedded.paths import cache_root

# Programs and libraries of the system, and the few files of its settings that every program reads.
_SYSTEM = (
    *("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32", "/opt", "/snap"),
    *("/nix/store", "/gnu/store", "/run/current-system", "/home/linuxbrew/.linuxbrew", "/System", "/Library"),
)
_SETTINGS = (
    *("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime", "/etc/timezone", "/etc/passwd"),
    *("/etc/group", "/etc/nsswitch.conf", "/etc/gitconfig", "/etc/alternatives", "/etc/static", "/etc/ssl/openssl.cnf"),
    # Other processes' secrets in /proc are closed by Landlock itself.
    *("/proc", "/sys/devices/system", "/sys/fs/cgroup", "/sys/kernel/mm/transparent_hugepage"),
    *("/dev/urandom", "/dev/random", "/dev/zero", "/dev/null", "/private/var/db/timezone"),
)
_SINKS = ("/dev/null", "/dev/full")
# Variables that name folders Lean, Lake or elan read.
_NAMED = ("LEAN_PATH", "LEAN_SRC_PATH", "LEAN_SYSROOT", "LAKE_HOME", "ELAN_HOME", "LAKE_CACHE_DIR")
# Hidden folders in which packages may lie; others hold keys and settings.
_NOT_PRIVATE = {".lake", ".cache", ".elan"}
_SHARE_OF_MEMORY = 0.75
_PROCESSES = 128  # a server has a worker for each open file, Lake has Git
_PLAIN_FILES = 1000  # of a folder that holds the user's home


@dataclass(frozen=True)
class Sandbox:
    """How much confinement is asked for.

    Attributes:
        mode: see `Confinement.mode`.
        memory_gib: most memory of all processes of one Lean together; 0 for three quarters of the machine's.
        why_not: why there is none although it was asked for.
    """

    mode: Mode = "off"
    memory_gib: float = 0.0
    why_not: str = ""


def confinement(
    root: Path,
    lean: Path,
    lake: Path,
    *,
    is_lake: bool,
    sandbox: Sandbox,
    builds: bool = False,
    also_read: tuple[Path, ...] = (),
    outputs: tuple[Path, ...] = (),
) -> Confinement:
    """What a Lean for the project in `root` may touch.

    Args:
        builds: whether Lake's own records of what is built may be renewed, as the official server does.
        also_read: such as the program that is run.
        outputs: folders for which writing is the purpose of this very call.
    """
    run = [*map(Path, _SYSTEM), *_toolchain(lean), *_toolchain(lake), *_programs()]
    read = [*map(Path, _SETTINGS), *_project(root), *_named(), *also_read]
    if is_lake:
        read += _packages(root)
    write: list[Path] = [*map(Path, _SINKS), *outputs]
    if is_lake and builds:
        write += _linked(root / ".lake" / "build", root / ".lake" / "config")
    return Confinement(
        sandbox.mode,
        read=_existing(read),
        run=_existing(run),
        write=_existing(write),
        scratch=cache_root() / "tmp",
        memory=0 if sandbox.mode == "free" else int(sandbox.memory_gib * 2**30) or machine_share(),
        processes=0 if sandbox.mode == "free" else _PROCESSES,
    )


def machine_share() -> int:
    """Bytes of memory that one Lean with its workers may hold unless the settings say otherwise; 0 where unknown."""
    try:
        return int(os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") * _SHARE_OF_MEMORY)
    except (ValueError, OSError, AttributeError):
        return 0


def _existing(paths: list[Path]) -> tuple[Path, ...]:
    """Each path once, if there is something."""
    return tuple(dict.fromkeys(path for path in paths if path.exists()))


def _real(path: Path) -> Path:
    return Path(os.path.realpath(path))


def _holds_home(folder: Path) -> bool:
    """Whether whoever may read this folder may read everything that the user has."""
    home = _real(Path.home())
    return home == folder or folder in home.parents


def _toolchain(program: Path) -> Iterator[Path]:
    """The folders that a program of a toolchain belongs to: where it stands, and where it leads."""
    for place in {program.absolute(), _real(program)}:
        prefix = place.parent.parent
        # `bin/lean` in the home folder itself would open all of it.
        yield place.parent if _holds_home(_real(prefix)) else prefix


def _programs() -> Iterator[Path]:
    """Git, which Lake asks what is checked out, where it is not among the system's programs."""
    found = which("git")
    if found is not None:
        yield from _toolchain(Path(found))


def _project(root: Path) -> Iterator[Path]:
    """The folder of a project; of one that holds the user's home, only the plain files and what Lake has built."""
    real = _real(root)
    if not _holds_home(real):
        yield real
        return
    yield real / ".lake"
    with suppress(OSError), os.scandir(real) as entries:
        files = (Path(entry.path) for entry in entries if entry.is_file() and not entry.name.startswith("."))
        yield from (file for file, _ in zip(files, range(_PLAIN_FILES), strict=False))


def _named() -> Iterator[Path]:
    for variable in _NAMED:
        for part in filter(None, os.environ.get(variable, "").split(os.pathsep)):
            folder = Path(part).expanduser()
            if folder.is_absolute() and not _holds_home(_real(folder)):
                yield folder
    caches = os.environ.get("XDG_CACHE_HOME")
    yield (Path(caches) if caches else Path.home() / ".cache") / "lake"


def _packages(root: Path) -> Iterator[Path]:
    """Where a project's packages lie: links below `.lake`, and what the manifest finds elsewhere on this machine."""
    yield from _linked(root / ".lake", root / ".lake" / "packages", root / ".lake" / "build")
    places = list(_in_manifest(root))
    with suppress(OSError):
        places += (root / ".lake" / "packages").iterdir()
    for place in places:
        # A project is not believed that the user's keys are a package of it.
        if any((place / name).is_file() for name in ("lakefile.lean", "lakefile.toml")):
            yield from _linked(place)


def _linked(*places: Path) -> Iterator[Path]:
    """Where links of a project lead, unless that is among the user's hidden folders, or above all of them."""
    for place in places:
        real = _real(place)
        hidden = {part for part in real.parts if part.startswith(".")}
        if hidden <= _NOT_PRIVATE and not _holds_home(real):
            yield real


def _in_manifest(root: Path) -> Iterator[Path]:
    try:
        manifest = json.loads((root / "lake-manifest.json").read_text("utf-8"))
    except (OSError, ValueError):
        return
    if not isinstance(manifest, dict):
        return
    folder = manifest.get("packagesDir")
    if isinstance(folder, str):
        yield root / folder
    packages = manifest.get("packages")
    for package in packages if isinstance(packages, list) else []:
        # Older manifests have `{"path": {"dir": …}}`, newer ones `{"type": "path", "dir": …}`.
        found = package.get("path", package) if isinstance(package, dict) else None
        if isinstance(found, dict) and isinstance(found.get("dir"), str):
            yield root / found["dir"]
