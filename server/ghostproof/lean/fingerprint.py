"""What decides which Lean a project is checked with and how, as something that can be compared: has it changed?"""

import os
from pathlib import Path

from ghostproof.host.programs import on_path
from ghostproof.lean import elan
from ghostproof.lean.embedded.paths import STAMP, toolchain_dir

# Of the project's own files: the toolchain, the options, and which packages are imported from.
PROJECT_FILES = (elan.PIN, "lakefile.lean", "lakefile.toml", "lake-manifest.json")

Fingerprint = tuple[object, ...]


def fingerprint(root: Path) -> Fingerprint:
    """Changes whenever another Lean may answer for the project at `root`, or the same one otherwise."""
    lean = on_path("lean")
    binaries = lean.parent if lean else None
    home = elan.home_of(binaries)
    _, pinned = elan.nearest_pin(root)
    return (
        os.environ.get("ELAN_TOOLCHAIN"),
        lean,
        lean and changed(lean),
        changed(home / "settings.toml"),
        changed(home / "toolchains"),
        pinned,
        *(changed(root / name) for name in PROJECT_FILES),
        changed(pinned / elan.PIN),
        changed(toolchain_dir() / STAMP),
    )


def changed(path: Path) -> tuple[int, int] | None:
    """When a file last changed, and its size; None if it is not there. A link counts as what it leads to."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size
