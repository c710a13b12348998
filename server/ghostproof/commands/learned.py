"""`ghostproof learned`: what is kept of the user's own proofs, and forgetting it."""

import argparse
from contextlib import closing
from pathlib import Path

from ghostproof import render
from ghostproof.commands.exit_codes import FOUND, NOTHING
from ghostproof.config import Config
from ghostproof.lean.toolchain import find_root
from ghostproof.learning.learned import open_learned
from ghostproof.learning.store import learned_folder, remove, store_path


def run(arguments: argparse.Namespace) -> int:
    root = find_root(arguments.path)
    if arguments.action == "forget":
        return forget(root, every=arguments.all)
    return status(root, Config.load(arguments.config).learn.steps)


def status(root: Path, most: int) -> int:
    """Say what is kept of a project, and where."""
    path = store_path(root)
    learned = open_learned(root, most) if path.is_file() else None
    if learned is None:
        print(f"Nothing is learned of {root}.")
        return NOTHING
    with closing(learned.store):
        size = learned.store.size()
    print(f"{root}: {size.steps} steps of {size.files} files, {size.bytes / 2**20:.1f} MiB in {path}")
    return FOUND


def forget(root: Path, *, every: bool) -> int:
    """Remove a project's database, or those of all projects."""
    stores = sorted(learned_folder().glob("*.sqlite")) if every else [store_path(root)]
    gone = [path for path in stores if path.exists()]
    for path in gone:
        remove(path)
    if not gone:
        render.note("There was nothing to forget.")
        return NOTHING
    print("\n".join(f"forgotten: {path}" for path in gone))
    return FOUND
