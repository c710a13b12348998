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
from support import session_contract
from support.session_contract import PROOF
from support.waiting import HANGS_S

pytestmark = pytest.mark.lean


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
    lemma = "theorem t{} (a b : Nat) : a + b = b + a := Nat.add_comm a b\n"
    statement = "theorem t (a b : Nat) : a + b = b + a := by"
    await session_contract.barriers_are_about_their_text(session, file, lemma, statement, EDITS)


async def test_unsolved_goals_are_known_as_such(session: LeanSession, file: Path) -> None:
    await session_contract.unsolved_goals_are_known_as_such(session, file)


async def test_goals_at_a_position(session: LeanSession, file: Path) -> None:
    await session_contract.goals_are_read_at_a_position(session, file)


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
    assert psutil.wait_procs(family, timeout=HANGS_S)[1] == []
