"""A workspace that starts by itself: its Lean is the one that answers, and it ends with the workspace."""

from pathlib import Path

import psutil
import pytest

from ghostproof.config import Config, LeanConfig
from ghostproof.workspace import Workspace

pytestmark = pytest.mark.lean

CONFIG = Config(lean=LeanConfig(toolchain="embedded", checker="probe"))


def children() -> set[int]:
    return {process.pid for process in psutil.Process().children()}


async def test_lean_that_was_started_ahead_is_the_one_that_answers(tmp_path: Path) -> None:
    before = children()
    workspace = Workspace(tmp_path, CONFIG)
    await workspace.start_soon()
    prober = workspace.prober
    assert prober is not None, "nobody has asked for anything yet"
    process = prober.living
    await workspace.start()
    assert workspace.prober is prober
    assert prober.living is process
    await workspace.close()
    assert prober.living is None
    assert children() <= before


async def test_one_that_is_ended_while_it_starts_leaves_nothing(tmp_path: Path) -> None:
    before = children()
    workspace = Workspace(tmp_path, CONFIG)
    workspace.start_soon()
    await workspace.checker()  # the start has found Lean, and goes on
    await workspace.close()
    assert children() <= before
