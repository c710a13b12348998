"""Editors' URIs as paths, on both kinds of system."""

from pathlib import Path, PureWindowsPath

import pytest

from ghostproof.host.uris import path_of


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///c%3A/Users/me/A.lean", r"C:\Users\me\A.lean"),
        ("file:///C:/Users/me/A.lean", r"C:\Users\me\A.lean"),
        ("file:///d:/a%20b/%CE%B1.lean", r"D:\a b\α.lean"),
        ("file:///c%3A", "C:\\"),
        ("file://localhost/c%3A/A.lean", r"C:\A.lean"),
        ("file://server/share/A.lean", r"\\server\share\A.lean"),
        ("file://wsl%24/Ubuntu/home/me/A.lean", r"\\wsl$\Ubuntu\home\me\A.lean"),
        ("FILE:///C:/A.lean", r"C:\A.lean"),
        ("file:///home/me/A.lean", None),
        ("untitled:Untitled-1", None),
    ],
)
def test_on_windows(uri: str, path: str | None) -> None:
    assert path_of(uri, windows=True) == path


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("file:///home/me/A.lean", "/home/me/A.lean"),
        ("file:///home/a%20b/%CE%B1%23.lean", "/home/a b/α#.lean"),
        ("file://localhost/home/A.lean", "/home/A.lean"),
        ("file:///c%3A/A.lean", "/c:/A.lean"),
        ("file:A.lean", None),
        ("file://", None),
        ("file:///a%00b", None),
        ("file://[/a", None),
        ("git:/home/me/A.lean?x", None),
        ("untitled:/home/me/A.lean", None),
        ("vscode-notebook-cell:/home/me/A.ipynb#W0", None),
        ("", None),
    ],
)
def test_elsewhere(uri: str, path: str | None) -> None:
    assert path_of(uri, windows=False) == path


@pytest.mark.parametrize("path", ["/home/me/A b/α.lean", "/a/%41.lean", "/a/b#c?d.lean"])
def test_what_python_writes_is_read_back(path: str) -> None:
    assert path_of(Path(path).as_uri(), windows=False) == path


@pytest.mark.parametrize("path", [r"C:\a b\α.lean", r"\\server\share\A.lean", r"D:\%41#.lean"])
def test_what_python_writes_on_windows_is_read_back(path: str) -> None:
    assert path_of(PureWindowsPath(path).as_uri(), windows=True) == path
