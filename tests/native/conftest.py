"""The native Lean for the tests of this folder, which are skipped only where its wheel does not exist."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.lean.session import LeanSession
from ghostproof.lean.toolchain import Project, discover, server_command
from native.install_lean import NativeLean, install, unavailable
from native.library import build

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    reason = unavailable()
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.lean)
            if reason is not None:
                item.add_marker(pytest.mark.skip(reason=reason))


@pytest.fixture(scope="session")
def native() -> NativeLean:
    return install()


@pytest.fixture(scope="session")
async def native_project(native: NativeLean, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A plain folder that is checked with the native Lean and the tests' own library."""
    library = build(native.lean, native.library, tmp_path_factory.mktemp("library"))
    root = tmp_path_factory.mktemp("native")
    (root / "lean-toolchain").write_text(str(native.root))
    found = await discover(root)
    return replace(found, toolchain=replace(found.toolchain, env={"LEAN_PATH": str(library)}))


@pytest.fixture(scope="module")
async def session(native_project: Project) -> AsyncIterator[LeanSession]:
    session = LeanSession(server_command(native_project), native_project.root, native_project.toolchain.env)
    yield session
    await session.close()
