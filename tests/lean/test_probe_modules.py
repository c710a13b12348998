"""A `module` hides its proofs from those that import it: what cannot be seen to be proved has no verdict."""

import asyncio
import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ghostproof.lean.probe_script import assemble
from ghostproof.lean.toolchain import Project, script_command
from ghostproof.spot import Spot, SpotKind
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Proved, Verdict

pytestmark = pytest.mark.lean

# The embedded Lean takes every file for a module, and its imports at the level that other modules see.
OWN = """public def two : Nat := 2
public theorem unproved : two = 3 := by sorry
public theorem proved (n : Nat) : n + 0 = n := rfl
"""
FILE = """import Own
@[simp] theorem hidden : two = 3 := unproved
example : two = 3 := by
  sorry
"""


@pytest.fixture(scope="module")
async def opened(project: Project, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[ProbeChecker, GoalState]]:
    folder = tmp_path_factory.mktemp("own")
    (folder / "Own.lean").write_text(OWN, "utf-8")
    env = {**project.toolchain.env, "LEAN_PATH": str(folder)}
    lean = await asyncio.create_subprocess_exec(
        project.toolchain.lean, "-o", folder / "Own.olean", folder / "Own.lean", env={**os.environ, **env}
    )
    assert await lean.wait() == 0
    probe = ProbeChecker(script_command(project, assemble().write()), project.root, env)
    start = FILE.rindex("sorry")
    state = await probe.open(Path(folder / "A.lean"), FILE, Spot(start, start + 5, "", 2, SpotKind.SORRY))
    yield probe, state
    await probe.close()


async def verdict(opened: tuple[ProbeChecker, GoalState], text: str) -> Verdict:
    probe, state = opened
    return (await probe.check(state, Candidate(text, "test"), Limits(seconds=60.0))).verdict


@pytest.mark.parametrize("text", ["exact unproved", "simp", "exact (Nat.add_comm two 0 ▸ rfl : two = two + 0) ▸ unproved"])
async def test_what_rests_on_a_hidden_proof_has_no_verdict(opened: tuple[ProbeChecker, GoalState], text: str) -> None:
    found = await verdict(opened, text)
    assert isinstance(found, Inconclusive)
    assert found.cause is Cause.AXIOMS
    assert "unproved" in found.message


async def test_library_theorems_are_taken_for_proved(project: Project, probe: ProbeChecker) -> None:
    text = "example (a b : Nat) : a + b = b + a := by\n  sorry\n"
    start = text.index("sorry")
    state = await probe.open(project.root / "Library.lean", text, Spot(start, start + 5, "", 2, SpotKind.SORRY))
    assert isinstance(await verdict((probe, state), "exact Nat.add_comm a b"), Proved)
