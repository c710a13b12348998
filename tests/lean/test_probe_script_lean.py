"""The prober's program against a real Lean: each part stands on its own, and an error is told by part and line."""

from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.errors import ToolchainBroken
from ghostproof.host.processes import run
from ghostproof.lean.probe import ProbeProcess
from ghostproof.lean.probe_script import PARTS, assemble
from ghostproof.lean.toolchain import Project, script_command

pytestmark = pytest.mark.lean


PROGRAMS = {file.stem: assemble(file.stem) for file in PARTS.glob("*.lean")}
# Lean reads from the top: a program that another one begins with is elaborated there, just as it would be by itself.
LONGEST = sorted(
    part
    for part, script in PROGRAMS.items()
    if not any(other != part and PROGRAMS[other].text.startswith(script.text) for other in PROGRAMS)
)


def test_every_part_ends_a_program_or_the_beginning_of_one() -> None:
    """Behind a part's own imports and nothing else."""
    for script in PROGRAMS.values():
        assert any(PROGRAMS[part].parts[: len(script.parts)] == script.parts for part in LONGEST)


@pytest.mark.parametrize("part", LONGEST)
async def test_a_part_elaborates_with_nothing_but_what_it_imports(
    part: str, project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path))
    script = PROGRAMS[part]
    lean = str(project.toolchain.lean)
    done = await run([lean, str(script.write())], project.root, project.toolchain.env, 500)
    assert script.explain(done.output + done.errors).strip() == ""
    assert done.code == 0


async def test_an_error_names_the_part_and_its_line(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path))
    right = "def lprefix (s : String) (l : List String) : Bool := "
    script = assemble()
    broken = replace(script, text=script.text.replace(right, right + "missing "))
    argv = script_command(project, broken.write())
    with pytest.raises(ToolchainBroken) as raised:
        await ProbeProcess.start(argv, project.root, project.toolchain.env, explain=broken.explain)
    source = (PARTS / "Lists.lean").read_text("utf-8")
    line = source[: source.index(right)].count("\n") + 1
    assert f"Lists.lean:{line}:{len(right)}" in raised.value.message
