"""Executables by their names on this system: `lean` is `lean.exe` on Windows."""

import shutil
from pathlib import Path

from ghostproof.host.system import WINDOWS


def program(name: str, *, windows: bool = WINDOWS) -> str:
    """The file name of a program."""
    return f"{name}.exe" if windows else name


def program_in(folder: Path, name: str, *, windows: bool = WINDOWS) -> Path:
    """Where a program stands in a folder, whether it is there or not.

    On Windows it may be a script of the command interpreter too, as package managers make them.
    """
    usual = folder / program(name, windows=windows)
    if windows and not usual.is_file():
        for suffix in (".cmd", ".bat"):
            if (folder / f"{name}{suffix}").is_file():
                return folder / f"{name}{suffix}"
    return usual


def on_path(name: str) -> Path | None:
    """The absolute path of a program that the environment's PATH names."""
    found = shutil.which(name)
    return Path(found).absolute() if found else None
