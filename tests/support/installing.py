"""Installs what tests need into the user's cache: once, whole or not at all."""

import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from filelock import FileLock

COMMAND_S = 600


class InstallFailed(Exception):
    """Why something could not be installed, and what to do about it."""


def install_once(
    root: Path,
    is_there: Callable[[], bool],
    build: Callable[[Path, Path], None],
    finish: Callable[[], None] | None = None,
) -> None:
    """Have `build` fill a new folder and put that to `root`, unless it is there, perhaps by another process.

    Args:
        build: gets the folder to fill, and one for what it needs on the way. If it raises, nothing is left of either.
        finish: what can be done only when everything lies at its place.
    """
    root.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(root.parent / f".{root.name}.lock"):
        if is_there():
            return
        for leftover in root.parent.glob(f".{root.name}-partial-*"):
            shutil.rmtree(leftover)
        work = Path(tempfile.mkdtemp(prefix=f".{root.name}-partial-", dir=root.parent))
        try:
            built = work / "root"
            built.mkdir()
            build(built, work)
            shutil.rmtree(root, ignore_errors=True)
            built.rename(root)
        finally:
            shutil.rmtree(work, ignore_errors=True)
        if finish is not None:
            finish()


def run(command: Sequence[str | Path], env: Mapping[str, str] | None = None) -> str:
    """Run a program and return what it prints.

    Raises:
        InstallFailed: it failed; with the end of what it said.
    """
    words = [str(word) for word in command]
    environment = {**os.environ, **(env or {})}
    try:
        done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=COMMAND_S, check=False)
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise InstallFailed(f"{Path(words[0]).name}: {problem}") from problem
    if done.returncode != 0:
        said = "\n".join((done.stderr or done.stdout).strip().splitlines()[-5:])
        raise InstallFailed(f"{Path(words[0]).name} failed with exit code {done.returncode}:\n{said}")
    return done.stdout


def read_stamp(file: Path) -> dict[str, str]:
    """What an installation says of itself; empty where there is none."""
    try:
        stamp = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return {}
    return stamp if isinstance(stamp, dict) else {}


def told(name: str, install: Callable[[], str]) -> int:
    """Install for somebody at a terminal: prints what was installed, or why not. The exit code."""
    try:
        said = install()
    except (InstallFailed, OSError) as problem:
        print(f"{name} for the tests could not be installed: {problem}", file=sys.stderr)
        return 1
    print(said)
    return 0
