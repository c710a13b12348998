"""The native Lean for the tests of this folder, which are skipped only where its wheel does not exist."""

from pathlib import Path

import pytest

from native.install_lean import NativeLean, install, unavailable

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
