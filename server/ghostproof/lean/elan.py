"""Which toolchain elan would run in a folder, and whether it is there; read from elan's files, without running it.

elan itself would download what is missing before it answers, and asks the network what `stable` is today. Knowing the
folder also spares a process in front of every Lean.
"""

import os
import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PureWindowsPath

from ghostproof.host.programs import program_in
from ghostproof.lean.versions import Version

PIN = "lean-toolchain"
ORIGIN = "leanprover/lean4"
DEFAULT = "elan's default"
_NAME = re.compile(r"(?:(?P<origin>[\w-]+/[\w-]+):)?(?P<release>[\w.-]+)", re.ASCII)
# Releases that stand for the newest of their kind. Elan asks the network, and takes the newest one here without it.
_CHANNELS = ("stable", "beta", "nightly")


@dataclass(frozen=True)
class Choice:
    """A toolchain that was asked for.

    Attributes:
        name: as elan writes it: `leanprover/lean4:v4.27.0`, or what a linked toolchain is called.
        folder: where it is, or would be.
        source: who asks for it, as a person reads it.
    """

    name: str
    folder: Path
    source: str

    @property
    def installed(self) -> bool:
        return program_in(self.folder / "bin", "lean").is_file()


def home_of(binaries: Path | None, environ: Mapping[str, str] = os.environ) -> Path:
    """elan's folder: ELAN_HOME, else the one that its programs stand in, else the usual one."""
    if environ.get("ELAN_HOME"):
        return Path(environ["ELAN_HOME"]).expanduser().absolute()
    usual = Path.home() / ".elan"
    if binaries is not None and not usual.is_dir() and (binaries.parent / "toolchains").is_dir():
        return binaries.parent
    return usual


def is_proxy(binaries: Path) -> bool:
    """Whether the `lean` in a folder is elan's, which looks for the real one itself."""
    return program_in(binaries, "elan").is_file()


def read_pin(folder: Path) -> str:
    """What the `lean-toolchain` of a folder asks for; "" if it has none that says anything.

    Elan takes its first line. An editor's byte order mark, blank lines and remarks are passed over.
    """
    try:
        text = (folder / PIN).read_bytes().decode("utf-8-sig", errors="replace")
    except OSError:
        return ""
    lines = (line.partition("#")[0].strip() for line in text.splitlines())
    return next((line for line in lines if line), "")


def nearest_pin(folder: Path) -> tuple[str, Path]:
    """What the nearest `lean-toolchain` in or above a folder asks for, and the folder it stands in."""
    for above in (folder, *folder.parents):
        if pin := read_pin(above):
            return pin, above
    return "", folder


def asked_for(home: Path, folder: Path, environ: Mapping[str, str] = os.environ) -> tuple[str, str] | None:
    """The name of the toolchain that elan is asked for in a folder, and by whom; None if nobody asks."""
    if environ.get("ELAN_TOOLCHAIN"):
        return environ["ELAN_TOOLCHAIN"], "ELAN_TOOLCHAIN"
    settings = _settings(home)
    overrides = settings.get("overrides")
    here = folder.resolve()
    for above in (here, *here.parents):
        name = overrides.get(str(above)) if isinstance(overrides, dict) else None
        if isinstance(name, str):
            return name, f"elan's override for {above}"
        if pin := read_pin(above):
            return pin, str(above / PIN)
        if above.parent == home / "toolchains":
            return above.name.replace("---", ":").replace("--", "/"), f"the folder {above}"
    default = settings.get("default_toolchain")
    return (default, DEFAULT) if isinstance(default, str) else None


def choice(home: Path, name: str, source: str, folder: Path) -> Choice | None:
    """Where a toolchain that was asked for is, or would be; None for a name that only elan can make sense of.

    Args:
        folder: what a path is relative to.
    """
    if (path := as_path(name, folder)) is not None:
        return Choice(name, path, source)
    found = _NAME.fullmatch(name)
    if found is None:
        return None
    release = found["release"]
    linked = home / "toolchains" / release
    if linked.is_symlink() or (found["origin"] is None and linked.is_dir()):
        return Choice(release, linked, source)
    origin = found["origin"] or ORIGIN
    if release.startswith("nightly") and not origin.endswith("-nightly"):
        origin += "-nightly"
    if release == PIN:  # whatever that repository uses today
        return None
    if release in _CHANNELS:
        release = _newest(home, origin, release) or release
    elif release[0].isdigit():
        release = f"v{release}"
    return Choice(f"{origin}:{release}", home / "toolchains" / _folder_name(origin, release), source)


def as_path(name: str, folder: Path) -> Path | None:
    """The folder of a toolchain that is named by its path; None if the name is none."""
    given = Path(name).expanduser()
    if given.is_absolute() or PureWindowsPath(name).is_absolute():
        return given
    return folder / given if name.startswith((".", "~")) else None


def _settings(home: Path) -> Mapping[str, object]:
    try:
        return tomllib.loads((home / "settings.toml").read_text("utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError):
        return {}


def _folder_name(origin: str, release: str) -> str:
    return f"{origin.replace('/', '--')}---{release}"


def _newest(home: Path, origin: str, channel: str) -> str:
    """The newest installed release of a channel, "" if there is none."""
    prefix = _folder_name(origin, "")
    releases = [name.removeprefix(prefix) for name in _installed(home) if name.startswith(prefix)]
    if channel == "nightly":
        return max((name for name in releases if name.startswith("nightly-")), default="")
    versions = {Version.parse(name): name for name in releases}
    fitting = [version for version in versions if version and version.released == (channel == "stable")]
    return versions[max(fitting)] if fitting else ""


def _installed(home: Path) -> Iterator[str]:
    try:
        yield from sorted(path.name for path in (home / "toolchains").iterdir())
    except OSError:
        return
