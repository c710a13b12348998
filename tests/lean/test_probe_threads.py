"""Files that ask Lean to work on in other threads: the probe waits for what they do there, and sees all of it.

Lean then answers a command before its proof has been elaborated: without more ado there is no goal in a theorem's hole,
and the errors of a proof come too late for a verdict.
"""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.probe_script import assemble
from ghostproof.lean.setup_file import FileSetup
from ghostproof.lean.toolchain import Project, script_command
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Proved, Rejected

pytestmark = pytest.mark.lean

MACRO = 'macro "far " c:command : command => `(command| set_option Elab.async true in $c)\n'
ABOVE = {
    "a project's option alone": "",
    "set_option above": "set_option Elab.async true\n",
    "set_option in": "set_option Elab.async true in\n",
    "set_option twice": "set_option Elab.async true in\nset_option autoImplicit false in\n",
    "a macro that expands to it": MACRO + "far ",
}
STATEMENTS = {
    "theorem": "theorem two (a : Nat) (h : a = 1) : a + 1 = 2 := by\n",
    "example": "example (a : Nat) (h : a = 1) : a + 1 = 2 := by\n",
    "def": "def two (a : Nat) (h : a = 1) : { b : Nat // a + b = 2 } := Subtype.mk 1 <| by\n",
}


async def turned_on(path: Path, text: str) -> FileSetup:
    return FileSetup(options={"Elab.async": "true"})


@pytest.fixture(scope="module")
async def probe(project: Project) -> AsyncIterator[ProbeChecker]:
    """A probe whose project turns the option on for every file."""
    script = assemble()
    argv = script_command(project, script.write())
    form = CompiledProgram(project, script)
    checker = ProbeChecker(argv, project.root, project.toolchain.env, compiled=form, setup=turned_on)
    yield checker
    await checker.close()


@pytest.mark.parametrize("above", ABOVE)
@pytest.mark.parametrize("statement", STATEMENTS)
async def test_a_proof_in_another_thread_is_judged(
    probe: ProbeChecker, project: Project, above: str, statement: str
) -> None:
    before = ABOVE[above] + STATEMENTS[statement] + "  "
    spot = Spot(len(before), len(before) + len("sorry"), "", 2, SpotKind.SORRY)
    state = await probe.open(project.root / "Threads.lean", before + "sorry\n", spot)
    assert [goal.rpartition("⊢")[2].strip() for goal in state.goals] == ["a + 1 = 2"]

    async def verdict(text: str) -> object:
        return (await probe.check(state, Candidate(text, "test"), Limits(seconds=60.0))).verdict

    assert isinstance(await verdict("subst h; rfl"), Proved)
    assert isinstance(await verdict("exact h"), Rejected)
    # What the kernel alone finds out: the elaborator leaves the evaluation to it.
    assert isinstance(await verdict("exact absurd h (by decide +kernel)"), Rejected)
