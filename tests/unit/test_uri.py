"""Paths and `file:` URIs, on both kinds of systems whichever this one is."""

from pathlib import Path, PurePath, PurePosixPath, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ghostproof.uri import path_as, to_path, to_uri

WRITTEN = [
    (PurePosixPath("/home/a b/ℕ#1?.lean"), "file:///home/a%20b/%E2%84%95%231%3F.lean"),
    (PurePosixPath("/tmp/a%41.lean"), "file:///tmp/a%2541.lean"),
    (PurePosixPath("/tmp/caf\udce9.lean"), "file:///tmp/caf%E9.lean"),  # a name in Latin-1
    (PurePosixPath("/c:/a.lean"), "file:///c%3A/a.lean"),
    (PureWindowsPath("C:\\Users\\a b\\ℕ.lean"), "file:///C:/Users/a%20b/%E2%84%95.lean"),
    (PureWindowsPath("c:\\100%\\#.lean"), "file:///c:/100%25/%23.lean"),
    (PureWindowsPath("\\\\server\\share\\a\\b.lean"), "file://server/share/a/b.lean"),
]


@pytest.mark.parametrize(("path", "uri"), WRITTEN)
def test_a_path_becomes_a_uri_and_comes_back(path: PurePath, uri: str) -> None:
    assert to_uri(path) == uri
    assert path_as(type(path), uri) == path


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("\\\\?\\C:\\a\\b.lean", "file:///C:/a/b.lean"),
        ("\\\\?\\UNC\\server\\share\\b.lean", "file://server/share/b.lean"),
    ],
)
def test_verbatim_paths_of_windows_are_the_same_files(path: str, uri: str) -> None:
    assert to_uri(PureWindowsPath(path)) == uri


@pytest.mark.parametrize(
    ("uri", "windows", "posix"),
    [
        ("file:///c%3A/Users/A%20b.lean", "c:/Users/A b.lean", "/c:/Users/A b.lean"),
        ("file:///C:/A.lean", "C:/A.lean", "/C:/A.lean"),
        ("FILE:///c%3a/A.lean", "c:/A.lean", "/c:/A.lean"),
        ("file:/c:/A.lean", "c:/A.lean", "/c:/A.lean"),
        ("file://localhost/c:/A.lean", "c:/A.lean", "/c:/A.lean"),
        ("file:////server/share/A.lean", "//server/share/A.lean", "/server/share/A.lean"),
        ("file://server/share/A.lean", "//server/share/A.lean", None),
        ("file:///tmp/A.lean", None, "/tmp/A.lean"),
        ("file:///tmp/%E2%84%95.lean?x#L1", None, "/tmp/ℕ.lean"),
        ("file:///a%00b", None, None),
        ("file:a.lean", None, None),
        ("file://[", None, None),
        ("untitled:Untitled-1", None, None),
        ("vscode-notebook-cell:/tmp/A.lean#C1", None, None),
        ("/tmp/A.lean", None, None),
        ("", None, None),
    ],
)
def test_every_way_to_write_a_file(uri: str, windows: str | None, posix: str | None) -> None:
    assert path_as(PureWindowsPath, uri) == (windows and PureWindowsPath(windows))
    assert path_as(PurePosixPath, uri) == (posix and PurePosixPath(posix))
    assert to_path(uri) == path_as(type(Path()), uri)


@given(st.text(st.characters(exclude_characters="\0/", exclude_categories=["Cs"]), min_size=1))
def test_any_name_of_a_file_survives(name: str) -> None:
    path = PurePosixPath("/tmp", name)
    assert path_as(PurePosixPath, to_uri(path)) == path
