"""Folders of this user: where settings, caches, logs and sockets belong, and which of them nobody else may enter."""

import os
import stat
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

from platformdirs import user_cache_path, user_config_path, user_runtime_path, user_state_path

from ghostproof.host.system import WINDOWS

NAME = "ghostproof"
PRIVATE_FOLDER = 0o700


def _own_id() -> int:
    return os.getuid()


def config_folder() -> Path:
    """The user's settings."""
    return user_config_path(NAME, appauthor=False)


def cache_folder() -> Path:
    """What can be had again."""
    return user_cache_path(NAME, appauthor=False)


def state_folder() -> Path:
    """What is written down and stays: logs, of the engine and of use."""
    return user_state_path(NAME, appauthor=False)


def runtime_folders() -> Iterator[Path]:
    """Where sockets and locks may stand, best first; none of them need exist, or be private."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no runtime folder, which the next line sees
        runtime = user_runtime_path(NAME, appauthor=False)
    # What platformdirs takes in its place stands in the temporary folder, and may belong to anybody.
    if os.environ.get("XDG_RUNTIME_DIR") or Path(tempfile.gettempdir()) not in runtime.parents:
        yield runtime
    yield cache_folder() / "run"
    if not WINDOWS:
        yield Path(tempfile.gettempdir()) / f"{NAME}-{_own_id()}"


def make_private(folder: Path, *, windows: bool = WINDOWS, own_id: Callable[[], int] = _own_id) -> bool:
    """Make a folder, and see that it is one of this user's own that nobody else may enter."""
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=PRIVATE_FOLDER)
        found = folder.lstat()
        if not stat.S_ISDIR(found.st_mode):
            return False
        if windows:
            return True  # below the user's profile, which others may not enter
        if found.st_uid != own_id() or not _is_safe(folder.parent, own_id()):
            return False
        folder.chmod(PRIVATE_FOLDER)
    except OSError:
        return False
    return True


def _is_safe(parent: Path, own_id: int) -> bool:
    """Whether nobody but this user and the system can put something else in the place of what is in there."""
    found = parent.stat()
    if found.st_uid not in (own_id, 0):
        return False
    return not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH) or bool(found.st_mode & stat.S_ISVTX)
