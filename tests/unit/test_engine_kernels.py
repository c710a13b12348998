"""The Triton kernels without a GPU: interpreted beside the reference, and compiled for the GPU they are made for."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from support.platforms import NEEDS_TRITON

TESTS = Path(__file__).parents[1]
MOST_SHARED = 227 * 1024  # bytes of shared memory that one block may have there


pytestmark = NEEDS_TRITON


def told_by(script: str) -> dict[str, Any]:
    """What a script of `tests/support` prints."""
    environment = {name: value for name, value in os.environ.items() if name != "TRITON_INTERPRET"}
    environment |= {"PYTHONPATH": os.pathsep.join(map(str, (TESTS, TESTS.parent / "server")))}
    command = (sys.executable, str(TESTS / "support" / script))
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-4000:]
    told: dict[str, Any] = json.loads(done.stdout)
    return told


@pytest.mark.slow
@pytest.mark.parametrize(("script", "cases"), [("interpreted_kernels.py", 40), ("interpreted_passes.py", 8)])
def test_interpreted_kernels_agree_with_the_reference(script: str, cases: int) -> None:
    told = told_by(script)
    assert len(told) >= cases
    wrong = {name: off for name, off in told.items() if not off < (3e-3 if "float16" in name else 1e-4)}
    assert not wrong


@pytest.mark.slow
def test_kernels_compile_for_hopper() -> None:
    told = told_by("compiled_kernels.py")
    for name, code in told.items():
        assert code["spilled"] <= 16, name
        assert code["shared"] <= MOST_SHARED, name
        if name.startswith("attend"):
            assert code["wide"] > 0, f"{name}: keys are not read in wide asynchronous copies"
            assert code["narrow"] == 0, name
            assert code["tensor"] > 0, f"{name}: the tensor cores are not used"
