"""Folders of its own for a test that starts engine processes."""

from collections.abc import Iterator

import pytest

from support.engine_processes import holders


@pytest.fixture
def own_folders(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No engine of another test is found here, and none of these outlives its test."""
    folder = tmp_path_factory.mktemp("run")
    folder.chmod(0o700)
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(folder))
    monkeypatch.setenv("XDG_STATE_HOME", str(folder / "state"))
    monkeypatch.setenv("OMP_NUM_THREADS", "1")
    yield
    for lock in folder.rglob("*.lock"):
        for process in holders(lock):
            process.kill()
            process.wait()
