"""Paths to `file:` URIs and back, for the systems that an editor and Lean may run on.

Clients write one file in several ways (`file:///c%3A/A.lean`, `file:///C:/A.lean`); a path is what can be compared.
"""

import re
from pathlib import Path, PurePath, PureWindowsPath
from typing import TypeVar
from urllib.parse import unquote_to_bytes, urlsplit

P = TypeVar("P", bound=PurePath)

# Windows' way to say that a path is not to be looked at further; no other program needs to know.
_VERBATIM = "\\\\?\\"
_VERBATIM_SHARE = "\\\\?\\UNC\\"
_DRIVE = re.compile(r"/[A-Za-z]:")


def to_uri(path: PurePath) -> str:
    """The URI of an absolute path. What no UTF-8 is in it stays what it is, byte for byte."""
    if isinstance(path, PureWindowsPath):
        text = str(path)
        if text.startswith(_VERBATIM_SHARE):
            path = type(path)("\\\\" + text.removeprefix(_VERBATIM_SHARE))
        elif text.startswith(_VERBATIM):
            path = type(path)(text.removeprefix(_VERBATIM))
    return path.as_uri()


def to_path(uri: str) -> Path | None:
    """The absolute path that a `file:` URI names, or None if it names none on this machine."""
    return path_as(Path, uri)


def path_as(kind: type[P], uri: str) -> P | None:
    """As `to_path`, for the system whose paths are of this kind."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    name = unquote_to_bytes(parts.path).decode("utf-8", "surrogateescape")
    if parts.scheme.lower() != "file" or not name.startswith("/") or "\0" in name:
        return None
    host = "" if parts.netloc.lower() == "localhost" else parts.netloc
    if not issubclass(kind, PureWindowsPath):
        return None if host else kind("/" + name.lstrip("/"))
    if host:
        return kind(f"//{host}{name}")
    path = kind(name[1:] if _DRIVE.match(name) else name)
    return path if path.is_absolute() else None
