"""Where embedded toolchains live on disk, and what tells an installed one from a half-installed one."""

import json
import os
from pathlib import Path

from ghostproof.host.folders import cache_folder
from ghostproof.lean.embedded.recipe import LEAN_PACKAGE, TOOLCHAIN_ID

ASSETS = Path(__file__).with_name("assets")
STAMP = "ghostproof-toolchain.json"
PROGRAM = "libexec"  # the folder of what is run
SYMBOLS = "lean-symbols.bin"  # in it: where the code that Lean has itself lies, by name


def cache_root() -> Path:
    """Ghostproof's cache folder: the environment variable GHOSTPROOF_CACHE, else the platform's user cache."""
    override = os.environ.get("GHOSTPROOF_CACHE")
    return Path(override).expanduser().absolute() if override else cache_folder()


def toolchains_dir() -> Path:
    """The folder that holds every installed revision, and the installer's lock."""
    return cache_root() / "toolchains"


def toolchain_dir() -> Path:
    """Where this version of Ghostproof installs its toolchain, whether it is there or not."""
    return toolchains_dir() / TOOLCHAIN_ID


def read_stamp(toolchain: Path) -> dict[str, str]:
    """The stamp of a toolchain folder; empty when it is missing or unreadable."""
    try:
        stamp = json.loads((toolchain / STAMP).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {str(key): str(value) for key, value in stamp.items()} if isinstance(stamp, dict) else {}


def write_stamp(toolchain: Path, stamp: dict[str, str]) -> None:
    """Write the stamp; readers see the old one or the new one, never a part of it."""
    partial = toolchain / f"{STAMP}.partial"
    partial.write_text(json.dumps(stamp, indent=2) + "\n", encoding="utf-8")
    partial.replace(toolchain / STAMP)


def installed() -> Path | None:
    """The installed embedded toolchain, or None. Costs one small file read."""
    toolchain = toolchain_dir()
    return toolchain if read_stamp(toolchain).get("integrity") == LEAN_PACKAGE.integrity else None
