"""Lean's parser for the scratch checker, on a program that misbehaves by name: every outcome is a verdict."""

import asyncio
import sys
from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.scratch_reader import Readable, Reader, Reading
from ghostproof.verify.verdict import Cause, Inconclusive, Reason, Rejected

PROGRAM = Path(__file__).parents[1] / "support" / "fake_reader.py"
TEXT = "theorem t : p := by\n  sorry\n"
SPOT = Spot(22, 27, "", 2, SpotKind.SORRY)
Make = Callable[..., Reader]


@pytest.fixture
def log(tmp_path: Path) -> Path:
    path = tmp_path / "log"
    path.touch()
    return path


@pytest.fixture
async def make(tmp_path: Path, log: Path) -> AsyncIterator[Make]:
    made: list[Reader] = []

    def reader(*options: str, start_s: float = 60.0, read_s: float = 60.0) -> Reader:
        argv = [sys.executable, str(PROGRAM), *options, str(log)]
        made.append(Reader(lambda: argv, tmp_path, {}, start_s=start_s, read_s=read_s))
        return made[-1]

    yield reader
    for one in made:
        await one.close()


async def ask(reader: Reader, candidate: str, text: str = TEXT) -> Reading:
    return await reader.read(Path("A.lean"), text, SPOT, candidate)


def starts(log: Path) -> int:
    return log.read_text("utf-8").split("\n").count("start")


def was_read(log: Path, text: str) -> bool:
    return f"read {text}\n" in log.read_text("utf-8")


def is_unread(reading: Reading) -> bool:
    return isinstance(reading, Inconclusive) and reading.cause is Cause.UNREAD


async def test_what_the_program_says_is_the_verdict(make: Make, log: Path) -> None:
    reader = make()
    assert starts(log) == 0
    assert await ask(reader, "simp") == Readable()
    assert await ask(reader, "search:magic") == Readable("magic")
    assert await ask(reader, "parse:unexpected") == Rejected(Reason.PARSE, "unexpected")
    refused = await ask(reader, "refuse:run_tac")
    assert isinstance(refused, Rejected)
    assert refused.reason is Reason.FORBIDDEN
    assert "run_tac" in refused.message
    assert starts(log) == 1


async def test_a_place_without_a_tactic(make: Make) -> None:
    assert is_unread(await ask(make(), "simp", "-- no tactic\n" + TEXT))


async def test_further_lines_are_read_as_they_will_stand(make: Make, log: Path) -> None:
    await ask(make(), "intro x\nsimp")
    assert was_read(log, "intro x\n  simp")


@pytest.mark.parametrize("candidate", ["DIES", "FAILS"])
async def test_a_candidate_that_ends_or_confuses_the_program_has_no_verdict(make: Make, candidate: str) -> None:
    reader = make()
    assert is_unread(await ask(reader, candidate))
    assert await ask(reader, "simp") == Readable()


async def test_a_parser_that_hangs_is_ended(make: Make) -> None:
    reader = make(read_s=0.05)
    assert is_unread(await ask(reader, "SILENT"))
    assert is_unread(await ask(reader, "SILENT"))


async def test_a_program_that_does_not_run_here_is_tried_once(make: Make, log: Path) -> None:
    reader = make("--broken")
    for _ in range(3):
        reading = await ask(reader, "simp")
        assert isinstance(reading, Inconclusive)
        assert "unknown constant" in reading.message
    assert starts(log) == 1


async def test_a_start_that_does_not_end_is_ended(make: Make) -> None:
    assert is_unread(await ask(make("--mute", start_s=0.05), "simp"))


async def test_a_program_that_keeps_dying_is_given_up(make: Make, log: Path) -> None:
    reader = make()
    for _ in range(10):
        assert is_unread(await ask(reader, "DIES"))
    assert is_unread(await ask(reader, "simp"))
    assert starts(log) == 4
    await reader.close()  # whoever starts afresh gives it another chance
    assert await ask(reader, "simp") == Readable()


async def test_whoever_stops_waiting_does_not_stop_the_program(make: Make, log: Path) -> None:
    reader = make()
    for _ in range(3):
        waiting = asyncio.ensure_future(ask(reader, "refuse:other"))
        await asyncio.sleep(0)
        waiting.cancel()
        with pytest.raises(asyncio.CancelledError):
            await waiting
    assert await ask(reader, "parse:mine") == Rejected(Reason.PARSE, "mine")
    assert starts(log) == 1


async def test_closing_ends_what_is_under_way(make: Make) -> None:
    reader = make("--mute")
    waiting = asyncio.ensure_future(ask(reader, "simp"))
    await asyncio.sleep(0)
    await reader.close()
    assert is_unread(await waiting)
