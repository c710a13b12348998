"""`ghostproof learned`: what is kept of the user's own proofs, and forgetting it."""

import argparse
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from ghostproof import render
from ghostproof.commands.exit_codes import FOUND, NOTHING
from ghostproof.config import Config
from ghostproof.lean.toolchain import find_root
from ghostproof.learning.database import remove
from ghostproof.learning.learned import open_learned
from ghostproof.learning.premise_index import PremiseIndex, indexes_folder
from ghostproof.learning.store import evaluation_path, learned_folder, store_path


def run(arguments: argparse.Namespace) -> int:
    root = find_root(arguments.path)
    if arguments.action == "forget":
        return forget(root, every=arguments.all)
    return status(root, Config.load(arguments.config).learn.steps)


def status(root: Path, most: int) -> int:
    """Say what is kept of a project, and where; and which theorems of libraries are."""
    path = store_path(root)
    learned = open_learned(root, most) if path.is_file() else None
    if learned is None:
        print(f"Nothing is learned of {root}.")
    else:
        with closing(learned.store):
            size = learned.store.size()
        print(f"{root}: {size.steps} steps of {size.files} files, {size.bytes / 2**20:.1f} MiB in {path}")
    for index in _indexes():
        with closing(index):
            kept = index.size()
        told = f"{kept.theorems} theorems of {kept.modules} imported modules"
        print(f"{told}, {kept.bytes / 2**20:.1f} MiB in {index.path}")
    return NOTHING if learned is None else FOUND


def forget(root: Path, *, every: bool) -> int:
    """Remove a project's database, or those of all projects with all theorems.

    Modules do not say whose they are: with one project, the theorems of all that are of no library are forgotten, and
    read again where they are needed.
    """
    stores = (
        [*_stored(learned_folder()), *_stored(indexes_folder())] if every else [store_path(root), evaluation_path(root)]
    )
    gone = [path for path in stores if path.exists()]
    for path in gone:
        remove(path)
    for index in _indexes():
        with closing(index):
            if index.forget_own():
                print(f"forgotten: the user's own theorems in {index.path}")
    if not gone:
        render.note("There was nothing to forget.")
        return NOTHING
    print("\n".join(f"forgotten: {path}" for path in gone))
    return FOUND


def _stored(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.sqlite"))


def _indexes() -> Iterator[PremiseIndex]:
    """Those that can be read."""
    for path in _stored(indexes_folder()):
        try:
            yield PremiseIndex(path)
        except (OSError, sqlite3.Error) as problem:
            render.note(f"{path} can't be read: {problem}")
