"""Editors' URIs as paths, on both kinds of system."""

from pathlib import PurePath, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghostproof.host.uris import path_behind, path_of, uri_of


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


@pytest.mark.parametrize(
    ("uri", "path"),
    [
        ("git:/home/me/A.lean?%7B%22ref%22%3A%22HEAD%22%7D", "/home/me/A.lean"),
        ("untitled:/home/me/%CE%B1.lean", "/home/me/α.lean"),
        ("vscode-notebook-cell:/home/me/A.ipynb#W0", "/home/me/A.ipynb"),
        ("untitled:Untitled-1", None),
        ("vscode-vfs://github/owner/repository/A.lean", None),
        ("file:///home/me/A.lean", None),
        ("git:/a%00b", None),
        ("x://[/a", None),
    ],
)
def test_other_schemes_may_speak_of_a_path(uri: str, path: str | None) -> None:
    assert path_behind(uri, windows=False) == path


def test_other_schemes_on_windows() -> None:
    assert path_behind("git:/c%3A/Users/me/A.lean?x", windows=True) == r"C:\Users\me\A.lean"
    assert path_behind("vscode-vfs://github/c%3A/A.lean", windows=True) is None


WRITTEN = [
    (PurePosixPath("/home/a b/ℕ#1?.lean"), "file:///home/a%20b/%E2%84%95%231%3F.lean"),
    (PurePosixPath("/tmp/a%41.lean"), "file:///tmp/a%2541.lean"),
    (PurePosixPath("/tmp/caf\udce9.lean"), "file:///tmp/caf%E9.lean"),  # a name in Latin-1
    (PurePosixPath("/c:/a.lean"), "file:///c%3A/a.lean"),
    (PureWindowsPath("C:\\Users\\a b\\ℕ.lean"), "file:///C:/Users/a%20b/%E2%84%95.lean"),
    (PureWindowsPath("D:\\100%\\#.lean"), "file:///D:/100%25/%23.lean"),
    (PureWindowsPath("\\\\server\\share\\a\\b.lean"), "file://server/share/a/b.lean"),
]


@pytest.mark.parametrize(("path", "uri"), WRITTEN)
def test_a_path_becomes_a_uri_and_comes_back(path: PurePath, uri: str) -> None:
    assert uri_of(path) == uri
    assert path_of(uri, windows=isinstance(path, PureWindowsPath)) == str(path)


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("\\\\?\\C:\\a\\b.lean", "file:///C:/a/b.lean"),
        ("\\\\?\\UNC\\server\\share\\b.lean", "file://server/share/b.lean"),
    ],
)
def test_verbatim_paths_of_windows_are_the_same_files(path: str, uri: str) -> None:
    assert uri_of(PureWindowsPath(path)) == uri


@given(st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1))
def test_any_name_of_a_file_survives(name: str) -> None:
    path = PurePosixPath("/tmp", name)
    assert path_of(uri_of(path), windows=False) == str(path)
