"""The client of the Lean server against a server that misbehaves by name."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import psutil
import pytest

from ghostproof.errors import LeanDied, LeanTimeout, ToolchainBroken
from ghostproof.lean.document import StaleVersion
from ghostproof.lean.server_options import SERVER_OPTIONS
from ghostproof.lean.session import LeanSession
from ghostproof.text import Position
from support.processes import command_line
from support.waiting import HANGS_S, seen

SERVER = Path(__file__).parents[1] / "support" / "fake_lean_server.py"
SOON = 0.2  # for an answer that never comes


def make(tmp_path: Path, *options: str) -> LeanSession:
    return LeanSession([sys.executable, str(SERVER), *options], tmp_path, {})


@pytest.fixture
async def session(tmp_path: Path) -> AsyncIterator[LeanSession]:
    session = make(tmp_path)
    yield session
    await session.close()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "A b𝕜.lean"


async def text_there(session: LeanSession, file: Path, version: int) -> str:
    goals = await session.goals(file, version, Position(0, 0))
    assert goals is not None
    return goals[0]


async def test_edits_arrive_whatever_their_characters(session: LeanSession, file: Path) -> None:
    texts = [
        "",
        "theorem 𝕜",
        "theorem 𝕜𝕜 : p",
        "𝕜 : p\nby\n",
        "𝕜 : q\nby\n  𝕜x\n",
        "𝕜 : q\n",
        "a𝕜 : q\r\nb",
        "aa\na\naa\na\na",
    ]
    for text in texts:
        version = await session.set_text(file, text)
        assert await text_there(session, file, version) == text.replace("\r\n", "\n")


async def test_positions_are_code_points_here_and_utf16_there(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "x\n𝕜𝕜 error:oops")
    (error,) = await session.barrier(file, version)
    assert (error.message, error.start, error.end) == ("oops", Position(1, 3), Position(1, 13))
    goals = await session.goals(file, version, Position(1, 3))
    assert goals is not None
    assert goals[1] == "1:5"


async def test_same_text_is_the_same_version(session: LeanSession, file: Path) -> None:
    first = await session.set_text(file, "a")
    assert await session.set_text(file, "a") == first
    assert await session.set_text(file, "b") != first


async def test_diagnostics_of_an_older_version_do_not_count(session: LeanSession, file: Path) -> None:
    await session.barrier(file, await session.set_text(file, "fine"))
    version = await session.set_text(file, "OLD_NEWS error:new")
    assert [d.message for d in await session.barrier(file, version)] == ["new"]


async def test_an_answer_without_diagnostics_is_not_the_end(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "ANSWERS_FIRST error:late")
    waiting = asyncio.ensure_future(session.barrier(file, version))
    await session.goals(file, version, Position(0, 0))
    assert not waiting.done()
    await session.set_text(file, "next")
    with pytest.raises(StaleVersion):
        await waiting


@pytest.mark.parametrize("name", ["EMPTY_FIRST", "GAPS", "IN_PARTS"])
async def test_everything_that_is_said_counts_however_it_comes(session: LeanSession, file: Path, name: str) -> None:
    version = await session.set_text(file, f"{name} error:one error:two")
    assert [d.message for d in await session.barrier(file, version)] == ["one", "two"]


async def test_requests_of_the_server_are_answered(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "ASKS error:answered")
    assert [d.message for d in await session.barrier(file, version)] == ["answered"]


async def test_silence_is_a_timeout_and_the_next_text_is_served(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "SILENT")
    with pytest.raises(LeanTimeout, match=r"did not finish A b𝕜\.lean"):
        await session.barrier(file, version, SOON)
    with pytest.raises(LeanTimeout):
        await session.goals(file, version, Position(0, 0), SOON)
    assert await session.barrier(file, await session.set_text(file, "fine")) == ()


async def test_a_crash_fails_everything_with_the_last_words_and_is_mended(session: LeanSession, file: Path) -> None:
    other = file.with_name("B.lean")
    quiet = await session.set_text(other, "SILENT")
    pending = asyncio.ensure_future(session.barrier(other, quiet))
    version = await session.set_text(file, "CRASH")
    with pytest.raises(LeanDied, match="out of memory"):
        await session.barrier(file, version)
    with pytest.raises(LeanDied, match="exit status 7"):
        await pending
    version = await session.set_text(file, "well again")
    assert await session.barrier(file, version) == ()
    assert await text_there(session, file, version) == "well again"


async def test_a_version_stays_askable_over_a_restart(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "same error:old")
    before = await session.barrier(file, version)
    assert session.pid is not None
    quiet = file.with_name("B.lean")
    pending = asyncio.ensure_future(session.barrier(quiet, await session.set_text(quiet, "SILENT")))
    psutil.Process(session.pid).kill()
    with pytest.raises(LeanDied):
        await pending
    assert await session.barrier(file, version) == before
    assert await text_there(session, file, version) == "same error:old"


async def test_a_dead_worker_is_opened_again(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "WORKER_DIES")
    with pytest.raises(LeanDied, match=r"A b𝕜\.lean died"):
        await session.barrier(file, version)
    assert not session.is_open(file)
    version = await session.set_text(file, "alive")
    assert session.is_open(file)
    assert await session.barrier(file, version) == ()


@pytest.mark.parametrize("name", ["DIES_LATER", "FORGETS"])
async def test_a_worker_that_dies_when_all_is_said_is_opened_again(session: LeanSession, file: Path, name: str) -> None:
    await session.barrier(file, await session.set_text(file, f"{name} x"))
    version = await session.set_text(file, f"{name} error:y")
    await session.barrier(file, version)
    with pytest.raises(LeanDied, match=r"A b𝕜\.lean died"):
        await session.goals(file, version, Position(0, 0))
    assert not session.is_open(file)
    assert [d.message for d in await session.barrier(file, version)] == ["y"]
    assert session.is_open(file)


async def test_a_bad_header_is_no_crash(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "BAD_HEADER error:unknown")
    assert [d.message for d in await session.barrier(file, version)] == ["unknown"]
    assert session.is_open(file)


async def test_imports_that_change_open_the_document_anew(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "import A\nx")
    version = await session.set_text(file, "import A\ny")
    goals = await session.goals(file, version, Position(0, 0))
    assert goals is not None
    assert goals[2] == "opened 1"
    version = await session.set_text(file, "import B\ny")
    goals = await session.goals(file, version, Position(0, 0))
    assert goals is not None
    assert (goals[0], goals[2]) == ("import B\ny", "opened 2")


@pytest.mark.parametrize("name", ["GARBAGE", "NO_HEADER"])
async def test_nonsense_ends_the_server_and_the_next_one_serves(session: LeanSession, file: Path, name: str) -> None:
    version = await session.set_text(file, name)
    with pytest.raises(LeanDied, match="no message"):
        await session.barrier(file, version)
    assert await session.barrier(file, await session.set_text(file, "fine")) == ()


async def test_cancelling_a_wait_leaves_the_document_usable(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "SILENT")
    waiting = asyncio.ensure_future(session.barrier(file, version))
    await asyncio.sleep(0)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    session.revert(file, "fine")
    version = await session.set_text(file, "fine")
    assert await session.barrier(file, version) == ()


async def test_a_closed_document_is_gone(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "a")
    session.close_document(file)
    with pytest.raises(StaleVersion):
        await session.barrier(file, version)
    assert await text_there(session, file, await session.set_text(file, "a")) == "a"


async def test_close_leaves_no_process(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "CHILD")
    child = psutil.Process(int(await text_there(session, file, version)))
    assert session.pid is not None
    server = psutil.Process(session.pid)
    await session.close()
    gone, alive = psutil.wait_procs([server, child], timeout=HANGS_S)
    assert (len(gone), alive) == (2, [])
    await session.close()
    assert session.pid is None


async def test_a_crash_leaves_no_process(session: LeanSession, file: Path) -> None:
    version = await session.set_text(file, "CHILD")
    child = psutil.Process(int(await text_there(session, file, version)))
    version = await session.set_text(file, "CRASH")
    with pytest.raises(LeanDied):
        await session.barrier(file, version)
    assert psutil.wait_procs([child], timeout=HANGS_S)[1] == []


async def test_a_server_that_cannot_start(tmp_path: Path) -> None:
    with pytest.raises(ToolchainBroken, match="No such file"):
        await LeanSession([str(tmp_path / "missing")], tmp_path, {}).start()
    with pytest.raises(LeanDied, match="no such toolchain"):
        await make(tmp_path, "--exit").start()


async def test_a_lean_that_does_not_know_our_options_is_started_without(tmp_path: Path, file: Path) -> None:
    session = make(tmp_path, *SERVER_OPTIONS)
    other = file.with_name("B.lean")
    versions = [await session.set_text(path, "x error:real") for path in (file, other)]
    found = await asyncio.gather(*(session.barrier(*what) for what in zip((file, other), versions, strict=True)))
    assert [[d.message for d in each] for each in found] == [["real"], ["real"]]
    version = await session.set_text(file, "fine")
    assert await session.barrier(file, version) == ()
    await session.close()


async def test_a_lean_that_does_not_start_with_our_options_is_started_without(tmp_path: Path, file: Path) -> None:
    session = make(tmp_path, "--strict", *SERVER_OPTIONS)
    assert await session.barrier(file, await session.set_text(file, "fine")) == ()
    await session.close()


async def test_the_options_of_others_stay(tmp_path: Path, file: Path) -> None:
    session = make(tmp_path, "-Dmine=1")
    (error,) = await session.barrier(file, await session.set_text(file, "fine"))
    assert "unknown configuration option 'mine'" in error.message
    await session.close()
    with pytest.raises(LeanDied, match="'-Dmine=1'"):
        await make(tmp_path, "--strict", "-Dmine=1").start()


async def test_a_start_that_is_given_up_leaves_no_process(tmp_path: Path) -> None:
    def mute() -> list[psutil.Process]:
        return [child for child in psutil.Process().children() if "--mute" in command_line(child)]

    starting = asyncio.ensure_future(make(tmp_path, "--mute").start())
    children = await seen(mute)
    assert not starting.done()
    starting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert psutil.wait_procs(children, timeout=HANGS_S)[1] == []
