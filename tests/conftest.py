"""Fixtures that everything shares: the embedded Lean, a project folder, and one probe for the whole run."""

import os
import signal
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from ghostproof.config import Config, LeanConfig
from ghostproof.lean.embedded import install as embedded
from ghostproof.lean.toolchain import Project, Toolchain
from ghostproof.verify.checker import Checker
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.scratch_checker import ScratchChecker
from ghostproof.workspace import find_lean, make_probe, make_scratch
from judge import recorder

# Tests that read nothing but text come first: a mistake shows early. The folders whose files take longest come next,
# those of short ones last, so that of several processes none works at the last file while the others have none.
ORDER = ("unit", "lean", "native", "e2e", "judge", "adversarial", "faults", "contract", "neovim")

# A run judges the change, so it draws the same examples each time and no clock decides. To look for new examples:
# pytest --hypothesis-profile=explore.
settings.register_profile("same", deadline=None, derandomize=True)
settings.register_profile("explore", deadline=None, max_examples=5_000)
settings.load_profile("same")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--proved", type=Path, metavar="FOLDER", help="write down every text that is called proved, for the judge"
    )


def pytest_configure(config: pytest.Config) -> None:
    # Where a shell runs the tests in the background, Ctrl-C is ignored, in all that they start as well.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    folder: Path | None = config.getoption("--proved")
    if folder is not None:
        folder.mkdir(parents=True, exist_ok=True)
        os.environ[recorder.FOLDER] = str(folder.resolve())
        site = str(Path(recorder.__file__).parent / "site")
        os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, (site, os.environ.get("PYTHONPATH"))))
        recorder.wrap(ProbeChecker)
        recorder.wrap(ScratchChecker)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    items.sort(key=lambda item: ORDER.index(item.path.relative_to(here).parts[0]))


def pytest_report_header() -> str:
    path = embedded.installed()
    return f"lean: embedded, {path}" if path else "lean: the embedded one will be installed first"


@pytest.fixture(scope="session")
def embedded_root() -> Path:
    """The embedded toolchain's folder, installed at the first use of a machine."""
    return embedded.install(lambda stage, part: None)


@pytest.fixture(scope="session")
async def project(embedded_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A plain folder that is checked with the embedded Lean."""
    config = Config(lean=LeanConfig(toolchain="embedded"))
    return await find_lean(tmp_path_factory.mktemp("project"), config)


@pytest.fixture(scope="session")
def toolchain(project: Project) -> Toolchain:
    return project.toolchain


@pytest.fixture(scope="session")
async def probe(project: Project) -> AsyncIterator[ProbeChecker]:
    """A started probe. Starting one takes ten seconds, so that tests share it unless they break it."""
    checker = make_probe(project, Config())
    await checker.start()
    yield checker
    await checker.close()


@pytest.fixture(params=["scratch", "probe"])
def checker(request: pytest.FixtureRequest) -> Checker:
    """Each of the two, for what must be the same in both."""
    made: Checker = request.getfixturevalue(request.param)
    return made


@pytest.fixture(scope="session")
async def scratch(project: Project) -> AsyncIterator[ScratchChecker]:
    checker = make_scratch(project, Config())
    yield checker
    await checker.close()
