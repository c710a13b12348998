"""Turns: the newest request of a key supersedes the older ones."""

import asyncio

import pytest

from ghostproof.jobs import Turns


async def test_a_turn_that_lasts() -> None:
    turn = Turns[str]().begin("a")
    assert await turn.rest(0)
    assert await turn.run(asyncio.sleep(0, "result")) == "result"


async def test_a_newer_turn_ends_the_older_one_of_its_key_only() -> None:
    turns = Turns[str]()
    older, other = turns.begin("a"), turns.begin("b")
    resting = asyncio.create_task(older.rest(600))
    newer = turns.begin("a")
    assert await resting is False
    assert (older.is_over, other.is_over, newer.is_over) == (True, False, False)


async def test_work_is_cancelled_with_its_turn() -> None:
    turns = Turns[str]()
    turn = turns.begin("a")
    ended = asyncio.Event()

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    running = asyncio.create_task(turn.run(work()))
    await asyncio.sleep(0)
    turns.drop("a")
    await running
    await ended.wait()


async def test_cancelling_the_caller_cancels_the_work() -> None:
    turn = Turns[str]().begin("a")
    started, ended = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        started.set()
        try:
            await asyncio.Event().wait()
        finally:
            ended.set()

    running = asyncio.create_task(turn.run(work()))
    await started.wait()
    running.cancel()
    await ended.wait()


@pytest.mark.parametrize("later", range(5))
async def test_a_rest_that_is_cancelled_as_it_ends_is_cancelled(later: int) -> None:
    turn = Turns[str]().begin("a")
    resting = asyncio.create_task(turn.rest(600))
    await asyncio.sleep(0)
    turn.end()
    for _ in range(later):
        await asyncio.sleep(0)
    if resting.cancel():
        with pytest.raises(asyncio.CancelledError):
            await resting
    else:
        assert await resting is False
