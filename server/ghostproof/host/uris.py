"""Paths of files from the URIs that editors send, such as `file:///c%3A/Users/me/A.lean`, and URIs for Lean."""

import re
from pathlib import PurePath, PureWindowsPath
from urllib.parse import SplitResult, unquote, urlsplit

from ghostproof.host.system import WINDOWS

_DRIVE = re.compile(r"/(?P<letter>[A-Za-z]):(?P<rest>.*)", re.DOTALL)
# Windows' way to say that a path is not to be looked at further; no other program needs to know.
_VERBATIM = "\\\\?\\"
_VERBATIM_SHARE = "\\\\?\\UNC\\"


def path_of(uri: str, *, windows: bool = WINDOWS) -> str | None:
    """The absolute path that a `file:` URI names on this system; None if it names none.

    A drive's letter is made a capital, so that one file has one name however an editor writes it.
    """
    parts = _parts(uri)
    return _path(parts, windows) if parts and parts.scheme == "file" else None


def path_behind(uri: str, *, windows: bool = WINDOWS) -> str | None:
    """The path of this system that a URI of another scheme speaks of, as `git:/home/me/A.lean?…` does, if any.

    What such a document says need not be what the file says, and no file need be there.
    """
    parts = _parts(uri)
    return _path(parts, windows) if parts and parts.scheme != "file" and not parts.netloc else None


def _parts(uri: str) -> SplitResult | None:
    try:
        return urlsplit(uri)
    except ValueError:  # such as an unfinished bracket in the place of the host
        return None


def _path(parts: SplitResult, windows: bool) -> str | None:
    path = unquote(parts.path, errors="surrogateescape")  # a name need not be UTF-8
    if not path.startswith("/") or "\0" in path:
        return None
    host = unquote(parts.netloc) if parts.netloc.lower() != "localhost" else ""
    return _windows(host, path) if windows else (f"//{host}{path}" if host else path)


def _windows(host: str, path: str) -> str | None:
    if host:
        return rf"\\{host}{path}".replace("/", "\\")
    drive = _DRIVE.fullmatch(path)
    if drive is None:
        return None
    return f"{drive['letter'].upper()}:{drive['rest'] or '/'}".replace("/", "\\")


def uri_of(path: PurePath) -> str:
    """The URI of an absolute path. What no UTF-8 is in it stays what it is, byte for byte."""
    if isinstance(path, PureWindowsPath):
        text = str(path)
        if text.startswith(_VERBATIM_SHARE):
            path = type(path)("\\\\" + text.removeprefix(_VERBATIM_SHARE))
        elif text.startswith(_VERBATIM):
            path = type(path)(text.removeprefix(_VERBATIM))
    return path.as_uri()
