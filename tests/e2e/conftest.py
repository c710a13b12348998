"""Folders for tests that start engine processes: a test's own, and those of tests that can share an engine."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.engine_processes import holders


@pytest.fixture
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No engine of another test is found here, and none of these outlives its test."""
    folder = tmp_path_factory.mktemp("run")
    use(folder, monkeypatch)
    yield
    end_engines(folder)


@pytest.fixture(scope="module")
def folder_of_the_file(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("run")
    yield folder
    end_engines(folder)


@pytest.fixture
def shared_folders(folder_of_the_file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An engine that another test of the file has left is found here."""
    use(folder_of_the_file, monkeypatch)


def use(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.chmod(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")


def end_engines(folder: Path) -> None:
    for lock in folder.rglob("*.lock"):
        for process in holders(lock):
            process.kill()
            process.wait()
