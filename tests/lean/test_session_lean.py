"""The client of the Lean server against the real one."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psutil
import pytest

from ghostproof.errors import LeanDied
from ghostproof.lean.document import Severity
from ghostproof.lean.session import LeanSession
from ghostproof.lean.toolchain import Project, server_command
from ghostproof.text import Position

pytestmark = pytest.mark.lean

PROOF = "theorem t (𝕜 p : Prop) (h : 𝕜 ∧ p) : p ∧ 𝕜 := by\n  constructor\n  · exact h.2\n  · sorry\n"


@pytest.fixture(scope="module")
async def session(project: Project) -> AsyncIterator[LeanSession]:
    session = LeanSession(server_command(project), project.root, project.toolchain.env)
    yield session
    await session.close()


@pytest.fixture
def file(session: LeanSession, project: Project, request: pytest.FixtureRequest) -> Iterator[Path]:
    """A file of the test's own. Every open one costs a Lean process, so it is closed behind the test."""
    path = project.root / f"{request.node.name}.lean"
    yield path
    session.close_document(path)


async def test_final_diagnostics_of_each_version(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, PROOF)
    (warning,) = await session.barrier(file, version)
    assert (warning.severity, warning.start) == (Severity.WARNING, Position(0, 8))
    version = await session.set_text(file, PROOF.replace("sorry", "exact h.2"))
    (error,) = await session.barrier(file, version)
    assert error.is_error
    assert "Type mismatch" in error.message
    version = await session.set_text(file, PROOF.replace("sorry", "exact h.1"))
    assert await session.barrier(file, version) == ()


EDITS = {
    "omega": 0,
    "simp": 1,
    "sorry": 0,
    "exact missing": 1,
    "omega\n  omega": 1,
    "exact Nat.add_comm a b": 0,
    "skip\n  omega\ntheorem q : 1 = 2 := by\n  omega": 1,
}


async def test_a_barrier_is_neither_early_nor_about_an_older_text(session: LeanSession, file: Path) -> None:
    above = "".join(f"theorem t{i} (a b : Nat) : a + b = b + a := Nat.add_comm a b\n" for i in range(60))
    for round_ in range(4):
        for tactic, errors in EDITS.items():
            text = f"{above}theorem t (a b : Nat) : a + b = b + a := by\n  {tactic}\n#check {round_}\n"
            found = await session.barrier(file, await session.set_text(file, text))
            assert sum(d.is_error for d in found) == errors, tactic
            assert [d.message for d in found if d.severity is Severity.INFORMATION] == [f"{round_} : Nat"]


async def test_unsolved_goals_are_known_as_such(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "theorem t (𝕜 : Prop) : 𝕜 → 𝕜 := by\n  intro h\n")
    (error,) = await session.barrier(file, version)
    assert error.unsolved
    assert error.start == Position(0, 32)


async def test_goals_at_a_position(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, PROOF)
    await session.barrier(file, version)
    assert await session.goals(file, version, Position(3, 4)) == ("case right\n𝕜 p : Prop\nh : 𝕜 ∧ p\n⊢ 𝕜",)
    assert await session.goals(file, version, Position(0, 2)) is None


async def test_imports_may_change(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "#check Std.HashMap\n")
    assert [d.is_error for d in await session.barrier(file, version)] == [True]
    version = await session.set_text(file, "import Std.Data.HashMap\n#check Std.HashMap\n")
    assert [d.is_error for d in await session.barrier(file, version)] == [False]
    version = await session.set_text(file, "import Nowhere\n#check Std.HashMap\n")
    assert any("Nowhere" in d.message for d in await session.barrier(file, version))


async def test_a_killed_server_comes_back_with_its_documents(session: LeanSession, file: Path) -> None:
    other = file.with_name("Other.lean")
    version = await session.set_text(file, PROOF)
    before = await session.barrier(file, version)
    heavy = "theorem h : (List.range 400).foldl (· + ·) 0 = 79800 := by\n  simp [List.range, List.range.loop]\n"
    pending = session.barrier(other, await session.set_text(other, heavy))
    assert session.pid is not None
    psutil.Process(session.pid).kill()
    with pytest.raises(LeanDied):
        await pending
    assert await session.barrier(file, version) == before
    session.close_document(other)


async def test_close_leaves_no_process(session: LeanSession, file: Path) -> None:
    await session.barrier(file, await session.set_text(file, "example : True := trivial\n"))
    assert session.pid is not None
    server = psutil.Process(session.pid)
    family = [server, *server.children(recursive=True)]
    await session.close()
    assert psutil.wait_procs(family, timeout=10)[1] == []
