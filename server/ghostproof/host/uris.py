"""Paths of files from the URIs that editors send, such as `file:///c%3A/Users/me/A.lean`."""

import re
from urllib.parse import unquote, urlsplit

from ghostproof.host.system import WINDOWS

_DRIVE = re.compile(r"/(?P<letter>[A-Za-z]):(?P<rest>.*)", re.DOTALL)


def path_of(uri: str, *, windows: bool = WINDOWS) -> str | None:
    """The absolute path that a `file:` URI names on this system; None if it names none.

    A drive's letter is made a capital, so that one file has one name however an editor writes it.
    """
    try:
        parts = urlsplit(uri)
    except ValueError:  # such as an unfinished bracket in the place of the host
        return None
    path = unquote(parts.path)
    if parts.scheme != "file" or not path.startswith("/") or "\0" in path:
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
