"""Items through several workers: what comes of each, in which order, and that nobody is left over."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from contextlib import aclosing
from pathlib import Path

import pytest

from ghostproof.errors import BadInput, GhostproofError
from ghostproof.host.memory import available_bytes
from ghostproof.work.choose import crew
from ghostproof.work.crew import WORKER_BYTES, LocalCrew, fitting
from ghostproof.work.pool import Failed, WorkerLost, as_they_come, in_order


class Scripted:
    """Yields what a table says of each item, where an exception is raised and an event is waited for."""

    def __init__(
        self, table: Mapping[str, Sequence[str | Exception | asyncio.Event]], problem: Exception | None = None
    ) -> None:
        self._table, self._problem = table, problem
        self.begun: list[str] = []
        self.closed = 0

    async def start(self) -> None:
        if self._problem is not None:
            raise self._problem

    async def work(self, item: str, tell: Callable[[str], None]) -> AsyncGenerator[str, None]:
        self.begun.append(item)
        for each in self._table[item]:
            if isinstance(each, asyncio.Event):
                await each.wait()
            elif isinstance(each, Exception):
                raise each
            else:
                tell(f"telling {each}")
                yield each

    async def close(self) -> None:
        self.closed += 1


async def test_results_come_in_the_order_of_the_items_whoever_is_done_first() -> None:
    late = asyncio.Event()
    table: dict[str, list[str | Exception | asyncio.Event]] = {"a": ["a1", late, "a2"], "b": ["b1"], "c": ["c1"]}
    workers = [Scripted(table), Scripted(table)]
    told: list[str] = []

    def tell(item: str, said: str) -> None:
        told.append(said)
        if said == "telling c1":
            late.set()

    found = [pair async for pair in in_order(["a", "b", "c"], workers, tell)]
    assert found == [("a", "a1"), ("a", "a2"), ("b", "b1"), ("c", "c1")]
    assert told == ["telling a1", "telling b1", "telling c1", "telling a2"]
    assert [worker.closed for worker in workers] == [1, 1]


async def test_who_keeps_results_gets_them_as_they_come() -> None:
    late = asyncio.Event()
    table: dict[str, list[str | Exception | asyncio.Event]] = {"a": [late, "a1"], "b": ["b1"]}
    found = []
    async for item, _ in as_they_come(["a", "b"], [Scripted(table), Scripted(table)]):
        found.append(item)
        late.set()
    assert found == ["b", "a"]


async def test_what_fails_is_told_of_its_item_and_the_worker_goes_on() -> None:
    problem = GhostproofError("no")
    worker = Scripted({"a": ["a1", problem, "a2"], "b": ["b1"]})
    found = [pair async for pair in in_order(["a", "b"], [worker])]
    assert found == [("a", "a1"), ("a", Failed(problem)), ("b", "b1")]


async def test_a_worker_that_is_lost_takes_its_item_along_and_no_other() -> None:
    lost = WorkerLost("gone")
    going = asyncio.Event()
    table: dict[str, list[str | Exception | asyncio.Event]] = {"a": [lost], "b": [going, "b1"], "c": ["c1"]}
    workers = [Scripted(table), Scripted(table)]
    found = []
    async for pair in in_order(["a", "b", "c"], workers):
        found.append(pair)
        going.set()
    assert found == [("a", Failed(lost)), ("b", "b1"), ("c", "c1")]
    assert workers[0].begun == ["a"]
    assert [worker.closed for worker in workers] == [1, 1]


async def test_where_no_worker_is_left_every_item_has_failed() -> None:
    lost = WorkerLost("gone")
    found = [pair async for pair in in_order(["a", "b", "c"], [Scripted({"a": ["a1", lost]})])]
    assert found == [("a", "a1"), ("a", Failed(lost)), ("b", Failed(lost)), ("c", Failed(lost))]


async def test_who_does_not_start_takes_no_item_and_is_closed() -> None:
    broken = Scripted({}, GhostproofError("no Lean"))
    well = Scripted({"a": ["a1"], "b": ["b1"]})
    assert [item async for item, _ in in_order(["a", "b"], [broken, well])] == ["a", "b"]
    assert (broken.begun, broken.closed, well.closed) == ([], 1, 1)
    problem = GhostproofError("no Lean")
    alone = [found async for _, found in in_order(["a"], [Scripted({}, problem)])]
    assert alone == [Failed(problem)]


async def test_a_bug_of_a_worker_is_raised_and_everybody_is_closed() -> None:
    workers = [Scripted({"a": [KeyError("bug")]}), Scripted({"b": [asyncio.Event()]})]
    with pytest.raises(KeyError, match="bug"):
        _ = [pair async for pair in in_order(["a", "b"], workers)]
    assert [worker.closed for worker in workers] == [1, 1]


async def test_who_leaves_early_ends_all_work() -> None:
    table: dict[str, list[str | Exception | asyncio.Event]] = {"a": ["a1", asyncio.Event()], "b": [asyncio.Event()]}
    workers = [Scripted(table), Scripted(table)]
    async with aclosing(in_order(["a", "b"], workers)) as found:
        async for _ in found:
            break
    assert [worker.closed for worker in workers] == [1, 1]


async def test_a_cancelled_consumer_ends_all_work() -> None:
    worker = Scripted({"a": ["a1", asyncio.Event()]})
    begun = asyncio.Event()

    async def consume() -> None:
        async with aclosing(in_order(["a"], [worker])) as found:
            async for _ in found:
                begun.set()

    task = asyncio.create_task(consume())
    await begun.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert worker.closed == 1


async def test_nothing_to_do_takes_nobody() -> None:
    workers = LocalCrew(4).workers(lambda cores: Scripted({}), 0)
    assert workers == []
    items: list[str] = []
    assert not [item async for item, _ in in_order(items, workers)]


GIB = 2**30


@pytest.mark.parametrize(
    ("cores", "memory", "expected"),
    [(8, 64 * GIB, 8), (8, 3 * WORKER_BYTES + 1, 3), (8, GIB, 1), (2, None, 2), (1, 64 * GIB, 1)],
)
def test_as_many_workers_as_there_are_cores_and_memory_for(cores: int, memory: int | None, expected: int) -> None:
    assert fitting(cores, memory) == expected


@pytest.mark.parametrize(
    ("most", "items", "cores"),
    [
        (None, 10, [1, 1, 1, 1]),
        (None, 3, [1, 1, 1]),
        (None, 2, [2, 2]),
        (None, 1, [4]),
        (2, 10, [2, 2]),
        (9, 2, [2, 2]),
    ],
)
def test_workers_share_the_cores(most: int | None, items: int, cores: list[int]) -> None:
    made: list[int] = []

    def make(share: int) -> Scripted:
        made.append(share)
        return Scripted({})

    LocalCrew(most, cores=4, memory=64 * GIB).workers(make, items)
    assert made == cores


@pytest.mark.parametrize(
    ("meminfo", "limit", "used", "expected"),
    [
        ("MemTotal: 9 kB\nMemAvailable:    1024 kB\n", "max\n", "5\n", 2**20),
        ("MemAvailable: 1024 kB\n", "1000\n", "400\n", 600),
        ("MemAvailable: 1024 kB\n", "400\n", "1000\n", 0),
        ("", "1000\n", "400\n", 600),
        ("", "", "", None),
    ],
)
def test_available_memory(tmp_path: Path, meminfo: str, limit: str, used: str, expected: int | None) -> None:
    for name, text in (("meminfo", meminfo), ("memory.max", limit), ("memory.current", used)):
        if text:
            (tmp_path / name).write_text(text)
    assert available_bytes(tmp_path / "meminfo", tmp_path) == expected


def test_where_ray_is_not_installed_it_says_what_to_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "ghostproof.work.ray_crew", raising=False)
    monkeypatch.setitem(sys.modules, "ray", None)
    with pytest.raises(BadInput, match="Ray is not installed") as told, crew(None, "local"):
        pass
    assert "ghostproof[ray]" in told.value.hint
