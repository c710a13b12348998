"""Documents that are in no file are checked in a folder that fits, under a name that no file has."""

from pathlib import Path

import pytest

from ghostproof.lsp import document_paths
from ghostproof.lsp.document_paths import DocumentPaths

UNTITLED = "untitled:Untitled-1"


@pytest.fixture
def folders(tmp_path: Path) -> list[Path]:
    """A folder with nothing of Lean's, and two projects."""
    made = [tmp_path / name for name in ("notes", "pinned", "lake")]
    for folder in made:
        folder.mkdir()
    (made[1] / "lean-toolchain").write_text("leanprover/lean4:v4.28.0\n", "utf-8")
    (made[2] / "lakefile.toml").write_text('name = "x"\n', "utf-8")
    return made


def of(uri: str, *folders: Path | str) -> Path:
    return DocumentPaths(lambda: [f if isinstance(f, str) else f.as_uri() for f in folders]).of(uri)


def test_a_file_is_where_it_is(folders: list[Path]) -> None:
    assert of("file:///elsewhere/A.lean", *folders) == Path("/elsewhere/A.lean")


def test_the_first_folder_that_is_a_project(folders: list[Path]) -> None:
    notes, pinned, lake = folders
    assert of(UNTITLED, notes, lake, pinned).parent == lake
    assert of(UNTITLED, notes, pinned, lake).parent == pinned
    assert of(UNTITLED, notes).parent == notes


def test_a_folder_inside_a_project_is_one(folders: list[Path]) -> None:
    notes, pinned, _ = folders
    (inside := pinned / "Deep").mkdir()
    assert of(UNTITLED, notes, inside).parent == inside


@pytest.mark.parametrize("gone", ["vscode-vfs://github/owner/repository", "file:///nowhere/at/all", "file://[/a"])
def test_folders_that_are_not_on_this_machine_are_passed_over(folders: list[Path], gone: str) -> None:
    assert of(UNTITLED, gone, folders[2]).parent == folders[2]


def test_the_folder_that_the_document_speaks_of(folders: list[Path]) -> None:
    notes, pinned, lake = folders
    cell = f"vscode-notebook-cell:{(lake / 'A.ipynb').as_uri().removeprefix('file://')}#W0"
    assert of(cell, notes, pinned).parent == lake
    assert of(f"git:{(notes / 'A.lean').as_uri().removeprefix('file://')}?x", pinned).parent == notes
    assert of("git:/nowhere/at/all/A.lean", pinned).parent == pinned
    assert of(f"git:/{'x' * 5000}/A.lean", pinned).parent == pinned


def test_without_any_folder_it_is_an_empty_one_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(document_paths, "cache_folder", lambda: tmp_path / "cache")
    folder = of(UNTITLED).parent
    assert folder.is_dir()
    assert not list(folder.iterdir())


def test_no_two_documents_share_a_name_and_no_file_has_it(folders: list[Path]) -> None:
    uris = [UNTITLED, "untitled:Untitled-2", "file://", "vscode-vfs://github/o/r/A.lean", "x:\ud800", "x:\ud801"]
    made = [of(uri, folders[0]) for uri in uris]
    assert len(set(made)) == len(uris)
    assert not any(path.exists() for path in made)
    assert {path.suffix for path in made} == {".lean"}
    assert of(UNTITLED, folders[0]) == made[0]
