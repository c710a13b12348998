"""What is known of one project: the database of its steps, and what a file of it is called there."""

import hashlib
import logging
import sqlite3
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ghostproof.lean.pruning import prune, used
from ghostproof.learning.harvest import named_below
from ghostproof.learning.store import StepStore, learned_folder, store_path

log = logging.getLogger(__name__)

MOST_PROJECTS = 64


@dataclass(frozen=True)
class Learned:
    """A project's steps, and the names of its files in them."""

    store: StepStore
    name: Callable[[Path], str]


def open_learned(root: Path, most: int, path_of: Callable[[Path], Path] = store_path) -> Learned | None:
    """What is known of the project at `root`; None where nothing can be kept, which costs nothing but the learning.

    What is known of projects that nobody has opened for long is forgotten.

    Args:
        path_of: which of the project's databases.
    """
    try:
        learned = Learned(StepStore(path_of(root), most), named_below(root))
        used(learned.store.path)
        prune(learned_folder(), MOST_PROJECTS)
        return learned
    except (OSError, sqlite3.Error) as problem:
        log.warning("nothing is learned of %s: %s", root, problem)
        return None


def digest(text: str, environment: str) -> str:
    """What tells whether a file has to be harvested again."""
    return hashlib.sha256(f"{environment}\0{text}".encode(errors="surrogatepass")).hexdigest()
