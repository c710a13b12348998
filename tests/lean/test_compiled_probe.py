"""The compiled prober and reader on a real Lean: they answer as their sources do, and no file can see them."""

import asyncio
import os
import shutil
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from ghostproof.errors import NoGoal
from ghostproof.host.processes import run
from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.probe_script import READER, Script, assemble
from ghostproof.lean.toolchain import Project
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.scratch_reader import Readable, Reader
from ghostproof.verify.verdict import Candidate, Inconclusive, Progress, Proved, Rejected, Verdict

pytestmark = pytest.mark.lean


@dataclass(frozen=True)
class Compiled:
    """A probe that has nothing but the compiled form to start from, and a folder for its files."""

    probe: ProbeChecker
    program: CompiledProgram
    project: Project

    async def verdict(self, text: str, candidate: str) -> Verdict:
        start = text.index("sorry")
        spot = Spot(start, start + len("sorry"), "", 2, SpotKind.SORRY)
        state = await self.probe.open(self.project.root / "Compiled.lean", text, spot)
        return (await self.probe.check(state, Candidate(candidate, "test"), Limits(seconds=60.0))).verdict


@pytest.fixture(scope="module")
async def compiled(project: Project) -> AsyncIterator[Compiled]:
    """Compiled here only where the cache does not have this very program: a minute of work."""
    program = CompiledProgram(project, assemble())
    assert await program.make()
    no_source = ("/nowhere/lean", "--run", "/nowhere/probe.lean")
    probe = ProbeChecker(no_source, project.root, project.toolchain.env, compiled=program)
    await probe.start()
    yield Compiled(probe, program, project)
    await probe.close()


GOAL = "theorem t (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  sorry\n"


async def test_it_judges_as_the_source_does(compiled: Compiled) -> None:
    assert isinstance(await compiled.verdict(GOAL, "exact ⟨hp, hq⟩"), Proved)
    assert isinstance(await compiled.verdict(GOAL, "constructor"), Progress)
    assert isinstance(await compiled.verdict(GOAL, "exact hp"), Rejected)
    assert isinstance(await compiled.verdict(GOAL, "exact t p q hp hq"), Rejected)
    assert isinstance(await compiled.verdict(GOAL, "native_decide"), Rejected)


async def test_no_file_can_import_it(compiled: Compiled) -> None:
    """It has axioms of its own, stubs of names that only code has."""
    with pytest.raises(NoGoal) as raised:
        await compiled.verdict(f"import {compiled.program.module}\n{GOAL}", "simp")
    assert f"unknown module prefix '{compiled.program.module}'" in str(raised.value)


@pytest.mark.parametrize("header", ["", "import Lean\n"])
async def test_its_names_mean_nothing_in_a_file(compiled: Compiled, header: str) -> None:
    module = compiled.program.module
    names = ("Ghostproof.main", "_root_.main", f"_private.{module}.«0».Ghostproof.serve._redArg")
    for name in names:
        found = await compiled.verdict(f"{header}example : True := by\n  sorry\n", f"have := @{name}\ntrivial")
        assert isinstance(found, Rejected)
        assert "nknown" in found.message  # identifier, or constant


async def test_the_reader_reads_as_its_source_does_and_no_file_can_import_it(project: Project) -> None:
    program = CompiledProgram(project, assemble(READER))
    assert await program.make()
    no_source = ["/nowhere/lean", "--run", "/nowhere/probe.lean"]
    reader = Reader(lambda: no_source, project.root, project.toolchain.env, compiled=program)
    path, start = project.root / "Read.lean", GOAL.index("sorry")
    spot = Spot(start, start + len("sorry"), "", 2, SpotKind.SORRY)
    try:
        assert isinstance(await reader.read(path, GOAL, spot, "exact ⟨hp, hq⟩"), Readable)
        assert isinstance(await reader.read(path, GOAL, spot, "exact ⟨hp,"), Rejected)
        assert isinstance(await reader.read(path, GOAL, spot, "native_decide"), Rejected)
        for module, wanted in (("Lean", Readable), (program.module, Inconclusive)):
            header = f"import {module}\n"
            lower = replace(spot, start=spot.start + len(header), end=spot.end + len(header))
            found = await reader.read(path, header + GOAL, lower, "exact ⟨hp, hq⟩")
            assert isinstance(found, wanted), (module, found)
    finally:
        await reader.close()


async def test_code_that_lean_has_not_got_is_not_taken_for_its_own(
    project: Project, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What a program calls of other modules is left out of it where Lean's own code has it, and only there."""
    source = tmp_path / "Elsewhere.lean"
    source.write_text("module\npublic def elsewhere (n : Nat) : Nat := n * n + 1\n", "utf-8")
    lean, made = project.toolchain.lean, source.with_suffix(".olean")
    done = await run([str(lean), f"--root={tmp_path}", "-o", str(made), str(source)], tmp_path, {}, 300.0)
    assert done.code == 0, done
    monkeypatch.setenv("GHOSTPROOF_CACHE", str(tmp_path / "cache"))
    calls = "import Lean\nimport Elsewhere\ndef main : IO Nat := pure (elsewhere (Nat.gcd 4 6))\n"
    sees_it = replace(project, toolchain=replace(project.toolchain, env={"LEAN_PATH": str(tmp_path)}))
    program = CompiledProgram(sees_it, Script(calls, ("Main.lean",), (1,), (1,)))
    with caplog.at_level("INFO", "ghostproof.lean.compiled"):
        assert not await program.make()
    assert "no code that is called l_elsewhere" in caplog.text
    assert program.launch() is None


async def test_it_starts_where_there_is_no_library(compiled: Compiled, tmp_path: Path) -> None:
    """What it calls of Lean is in the program itself, so that a start reads nothing of the library."""
    there = compiled.project.toolchain.lean.resolve().parents[1]
    for part in ("bin", "libexec"):
        shutil.copytree(there / part, tmp_path / part, copy_function=os.link)
    folder = compiled.program.folder
    started = await asyncio.create_subprocess_exec(
        tmp_path / "bin" / "lean", "--run", folder / "Start.lean", folder,
        cwd=folder, env=os.environ | {"LEAN_PATH": str(folder)}, stdin=PIPE, stdout=PIPE, stderr=PIPE,
    )  # fmt: skip
    said, complaints = await started.communicate(b"")
    assert b'"ready":true' in said, complaints
