"""The client of the Lean server against the newest native one: two processes, a watchdog and a worker for each file."""

import asyncio
import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psutil
import pytest

from ghostproof.errors import LeanDied
from ghostproof.lean import server_options
from ghostproof.lean.document import Severity, StaleVersion
from ghostproof.lean.session import LeanSession
from ghostproof.lean.toolchain import Project, server_command
from ghostproof.text import Position
from support import session_contract
from support.session_contract import PROOF
from support.waiting import HANGS_S

# Every step gives the same goal again, and nothing but a new text stops it.
ENDLESS = """\
set_option maxHeartbeats 0 in
theorem endless (p : Prop) (h : p → p) : p := by
  repeat' apply h
"""
FINE, WRONG = "theorem a : 0 = 0 := rfl\n", "theorem a : 0 = 1 := rfl\n"
OPENED = {
    "": 0,
    FINE: 0,
    WRONG: 2,
    PROOF: 0,
    f"{WRONG}{PROOF.replace('sorry', 'exact h.2')}": 3,
    f"import Missing\n{FINE}": 1,
}


@pytest.fixture
def file(session: LeanSession, native_project: Project, request: pytest.FixtureRequest) -> Iterator[Path]:
    path = native_project.root / f"{request.node.originalname}.lean"
    yield path
    session.close_document(path)


async def errors(session: LeanSession, file: Path, text: str) -> list[str]:
    found = await session.barrier(file, await session.set_text(file, text))
    return [d.message for d in found if d.is_error]


async def worker_of(session: LeanSession, file: Path) -> psutil.Process:
    """The process that works on a file, which is opened for it."""
    assert session.pid is not None
    server = psutil.Process(session.pid)
    before = set(server.children())
    assert await errors(session, file, FINE) == []
    (worker,) = set(server.children()) - before
    return worker


async def test_final_diagnostics_of_each_version(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, PROOF)
    (warning,) = await session.barrier(file, version)
    assert (warning.severity, warning.start) == (Severity.WARNING, Position(0, 8))
    version = await session.set_text(file, PROOF.replace("sorry", "exact h.2"))
    (error,) = await session.barrier(file, version)
    assert "Type mismatch" in error.message
    version = await session.set_text(file, PROOF.replace("sorry", "exact h.1"))
    assert await session.barrier(file, version) == ()


@pytest.mark.parametrize("command", ["as it is started", "with Lean's own delay"])
async def test_a_first_open_is_never_called_final_early(native_project: Project, tmp_path: Path, command: str) -> None:
    argv = server_command(native_project)
    if command != "as it is started":
        argv = [word for word in argv if word not in server_options.SERVER_OPTIONS]
    session = LeanSession(argv, tmp_path, native_project.toolchain.env)
    for round_ in range(3):
        for text, count in OPENED.items():
            file = tmp_path / f"A{round_}.lean"
            assert len(await errors(session, file, text)) == count, text
            session.close_document(file)
    await session.close()


EDITS = {
    "exact ⟨h.2, h.1⟩": 0,
    "skip": 1,
    "sorry": 0,
    "exact missing": 1,
    "constructor\n  exact h.2\n  exact h.1": 0,
    "skip\n  exact ⟨h.2, h.1⟩\ntheorem q : 1 = 2 := by\n  rfl": 1,
    "constructor <;> first | exact h.1 | exact h.2": 0,
    "exact h": 1,
}


async def test_a_barrier_is_neither_early_nor_about_an_older_text(session: LeanSession, file: Path) -> None:
    lemma = "theorem t{} (a b : Nat) (h : a = b) : b = a := h.symm\n"
    statement = "theorem t (p q : Prop) (h : p ∧ q) : q ∧ p := by"
    await session_contract.barriers_are_about_their_text(session, file, lemma, statement, EDITS)


async def test_texts_that_are_replaced_at_once_leave_nothing_behind(session: LeanSession, file: Path) -> None:
    for text in (PROOF, ENDLESS, WRONG, ENDLESS + PROOF, PROOF + ENDLESS):
        await session.set_text(file, text)
    assert await errors(session, file, FINE) == []


async def test_goals_at_a_position(session: LeanSession, file: Path) -> None:
    await session_contract.goals_are_read_at_a_position(session, file)


async def test_unsolved_goals_are_known_as_such(session: LeanSession, file: Path) -> None:
    await session_contract.unsolved_goals_are_known_as_such(session, file)


@pytest.mark.parametrize("before", ["ℕ", "𝔸𝔹", "🙂", "e\u0301 ℕ𝔸🙂", "plain"])
async def test_columns_count_code_points_whatever_stands_before(session: LeanSession, file: Path, before: str) -> None:
    text = f"theorem t (p : Prop) (h : p) : p := by\n  /- {before} -/ skip; exact oops\n"
    version = await session.set_text(file, text)
    (error,) = [d for d in await session.barrier(file, version) if "oops" in d.message]
    line = text.split("\n")[1]
    assert (error.start, error.end) == (Position(1, line.index("oops")), Position(1, line.index("oops") + 4))
    goals = await session.goals(file, version, Position(1, line.index("skip")))
    assert goals == ("p : Prop\nh : p\n⊢ p",)


async def test_line_ends_of_windows_count_as_one(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, PROOF.replace("sorry", "skip; exact oops").replace("\n", "\r\n"))
    (error,) = await session.barrier(file, version)
    assert error.start == Position(3, 16)
    assert await session.goals(file, version, Position(3, 4)) == ("case right\n𝕜 p : Prop\nh : 𝕜 ∧ p\n⊢ 𝕜",)
    assert await session.set_text(file, PROOF.replace("sorry", "skip; exact oops")) == version


async def test_two_documents_do_not_wait_for_each_other(session: LeanSession, file: Path) -> None:
    other = file.with_name("Other.lean")
    slow = asyncio.ensure_future(session.barrier(other, await session.set_text(other, ENDLESS)))
    assert await errors(session, file, WRONG) != []
    assert await errors(session, file, FINE) == []
    assert not slow.done()
    session.close_document(other)
    with pytest.raises(StaleVersion):
        await slow


async def test_what_is_not_waited_for_any_more_is_stopped_by_the_next_text(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, ENDLESS)
    waiting = asyncio.ensure_future(session.barrier(file, version))
    goals = asyncio.ensure_future(session.goals(file, version, Position(2, 2)))
    await asyncio.sleep(0)
    waiting.cancel()
    goals.cancel()
    await asyncio.gather(waiting, goals, return_exceptions=True)
    assert waiting.cancelled()
    assert goals.cancelled()
    reverted = session.revert(file, PROOF)
    assert reverted is not None
    assert [d.severity for d in await session.barrier(file, reverted)] == [Severity.WARNING]


async def test_a_long_file_is_edited_at_its_end_and_in_its_midst(session: LeanSession, file: Path) -> None:
    text = "prelude\ninductive T : Type where\n  | a : T\n" + "".join(f"def t{i} : T := T.a\n" for i in range(5_000))
    assert await errors(session, file, text) == []
    assert len(await errors(session, file, text + "def last : T := t5000\n")) == 1
    assert await errors(session, file, text + "def last : T := t4999\n") == []
    assert len(await errors(session, file, text.replace("def t4000 : T := T.a", "def t4000 : T := t4001"))) == 1


async def test_closed_and_opened_again_it_is_another_document(session: LeanSession, file: Path) -> None:
    for text, count in ((WRONG, True), (FINE, False)) * 3:
        assert bool(await errors(session, file, text)) == count
        session.close_document(file)
        assert not session.is_open(file)


async def test_headers_may_change(session: LeanSession, file: Path) -> None:
    proof = FINE
    assert await errors(session, file, proof) == []
    assert any("Missing" in e for e in await errors(session, file, f"import Missing\n{proof}"))
    assert session.is_open(file)
    assert any("0" in e or "OfNat" in e for e in await errors(session, file, f"prelude\n{proof}"))
    assert await errors(session, file, f"prelude\nimport Init\n{proof}") == []
    assert await errors(session, file, f"-- moved\nprelude\nimport\n  Init\n{proof}") == []
    assert any("Other" in e for e in await errors(session, file, f"prelude\nimport\n  Other\n{proof}"))
    assert await errors(session, file, proof) == []


async def test_a_header_that_lean_sees_change_within_an_edit(
    session: LeanSession, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where this side takes a new header for an edit, Lean's watchdog starts another worker in the midst of it."""
    monkeypatch.setattr("ghostproof.lean.session.header", lambda text: "")
    proof = WRONG
    assert await errors(session, file, proof) != []
    for _ in range(3):
        assert await errors(session, file, f"import Init\n{proof}") != []
        assert await errors(session, file, f"prelude\nimport Init\n{proof.replace('1', '0')}") == []
        assert any("Missing" in e for e in await errors(session, file, f"import Missing\n{proof}"))


async def test_a_worker_killed_at_work_is_told_and_mended(session: LeanSession, file: Path) -> None:
    worker = await worker_of(session, file)
    pending = asyncio.ensure_future(session.barrier(file, await session.set_text(file, ENDLESS)))
    worker.kill()
    with pytest.raises(LeanDied, match=re.escape(file.name)):
        await pending
    assert not session.is_open(file)
    assert await errors(session, file, FINE) == []
    assert session.is_open(file)


async def test_an_idle_worker_that_was_killed_is_noticed_and_mended(session: LeanSession, file: Path) -> None:
    worker = await worker_of(session, file)
    version = await session.set_text(file, PROOF)
    said = await session.barrier(file, version)
    worker.kill()
    # A question may come before the death is known, or behind it; it is answered either way.
    with suppress(LeanDied):
        await session.goals(file, version, Position(3, 4))
    assert await session.goals(file, version, Position(3, 4)) == ("case right\n𝕜 p : Prop\nh : 𝕜 ∧ p\n⊢ 𝕜",)
    assert await session.barrier(file, version) == said


async def test_a_killed_server_comes_back_with_its_documents(session: LeanSession, file: Path) -> None:
    other = file.with_name("Other.lean")
    version = await session.set_text(file, PROOF)
    before = await session.barrier(file, version)
    pending = session.barrier(other, await session.set_text(other, ENDLESS))
    assert session.pid is not None
    psutil.Process(session.pid).kill()
    with pytest.raises(LeanDied):
        await pending
    session.close_document(other)
    assert await session.barrier(file, version) == before


async def test_an_option_that_lean_does_not_know_costs_a_start_and_nothing_else(
    native_project: Project, tmp_path: Path
) -> None:
    own = ("-Dserver.laterVersionsHaveThis=0",)
    argv = [str(native_project.toolchain.lean), "--server", *own]
    session = LeanSession(argv, tmp_path, native_project.toolchain.env, own_options=own)
    files = {tmp_path / "A.lean": 0, tmp_path / "B.lean": 1}
    found = await asyncio.gather(*(errors(session, file, f"theorem a : 0 = {n} := rfl\n") for file, n in files.items()))
    assert [bool(messages) for messages in found] == [False, True]
    assert not any("-D" in message for message in found[1])
    await session.close()


async def test_close_leaves_no_process(session: LeanSession, file: Path) -> None:
    await session.set_text(file, ENDLESS)
    assert session.pid is not None
    server = psutil.Process(session.pid)
    family = [server, *server.children(recursive=True)]
    await session.close()
    assert psutil.wait_procs(family, timeout=HANGS_S)[1] == []
