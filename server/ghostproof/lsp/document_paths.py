"""Where Lean checks a document: at the path of its file, or at a made-up one where it is in none."""

from collections.abc import Callable, Iterable
from hashlib import sha256
from os.path import isdir
from pathlib import Path

from ghostproof.host.folders import cache_folder, make_private
from ghostproof.host.uris import path_behind, path_of

# Only read by people who look into a log; long enough that two documents never share one.
DIGITS = 16


class DocumentPaths:
    """Paths of documents. A document of another scheme, such as `untitled:`, gets a name that no file has.

    It is checked in the folder that its URI speaks of if that is on this machine; else in the client's first folder
    that is a Lean project, or its first one; without any folder, in an empty one of ours with this machine's own Lean.

    Args:
        folders: URIs of the folders that the client has open at present, in its order.
    """

    def __init__(self, folders: Callable[[], Iterable[str]]) -> None:
        self._folders = folders

    def of(self, uri: str) -> Path:
        """The absolute path that stands for a document in everything that is asked of Lean."""
        path = path_of(uri)
        if path:
            return Path(path)
        return self._folder(uri) / f"Untitled_{sha256(uri.encode(errors='surrogatepass')).hexdigest()[:DIGITS]}.lean"

    def _folder(self, uri: str) -> Path:
        behind = path_behind(uri)
        if behind and isdir(beside := Path(behind).parent):  # noqa: PTH112 - it does not fail, whatever the name
            return beside
        paths = [Path(path) for path in map(path_of, self._folders()) if path]
        open_here = [path for path in paths if isdir(path)]  # noqa: PTH112
        return next(filter(_is_project, open_here), open_here[0] if open_here else _empty())


def _is_project(folder: Path) -> bool:
    from ghostproof.lean.toolchain import find_project  # only these documents need it, which are few

    found = find_project(folder)
    return found.is_lake or bool(found.pinned)


def _empty() -> Path:
    folder = cache_folder() / "untitled"
    make_private(folder)
    return folder
