"""Whoever closes a prover leaves no connection behind, whatever was being done with it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ghostproof.config import ProverConfig
from ghostproof.errors import ProverFailed
from ghostproof.prover.address import Address, Timeouts
from ghostproof.prover.client import http
from ghostproof.prover.client.prover import OpenAIProver
from ghostproof.prover.local import launcher
from ghostproof.prover.local.paths import EnginePaths

Made = list[http.Connection]


class Silent:
    """A server that accepts and never answers. `came` is set by the first request."""

    def __init__(self) -> None:
        self.came = asyncio.Event()
        self.url = ""

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.came.set()
        await reader.read()
        writer.close()


@pytest.fixture
async def silent() -> AsyncIterator[Silent]:
    silent = Silent()
    server = await asyncio.start_server(silent.serve, "127.0.0.1", 0)
    silent.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with server:
        yield silent


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """Every connection that is made from now on."""
    every: Made = []

    class Noted(http.Connection):
        def __init__(self, address: Address, timeouts: Timeouts) -> None:
            super().__init__(address, timeouts)
            every.append(self)

    monkeypatch.setattr(http, "Connection", Noted)
    return every


def all_closed(made: Made) -> bool:
    return all(connection._session.closed for connection in made)


async def test_questions_at_once_share_one_connection(silent: Silent, made: Made) -> None:
    prover = OpenAIProver(lambda: Address(silent.url))
    questions = [asyncio.create_task(prover.report()) for _ in range(3)]
    await silent.came.wait()
    assert len(made) == 1
    for question in questions:
        question.cancel()
    await asyncio.gather(*questions, return_exceptions=True)
    await prover.close()
    assert all_closed(made)


async def test_what_is_closed_while_it_connects_does_not_connect(silent: Silent, made: Made) -> None:
    prover = OpenAIProver(lambda: Address(silent.url))
    question = asyncio.create_task(prover.report())
    await asyncio.sleep(0)  # it has begun, and waits for the import
    await prover.close()
    with pytest.raises(ProverFailed, match="closed"):
        await question
    assert not made


@pytest.fixture
def where(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> EnginePaths:
    """The files of an engine that nobody has started."""
    paths = EnginePaths(*(tmp_path / name for name in ("socket", "lock", "address", "log", "errors")))
    monkeypatch.setattr(launcher, "engine_paths", lambda *_: paths)
    return paths


async def test_an_engine_that_is_waited_for_no_longer_keeps_no_connection(
    silent: Silent, made: Made, where: EnginePaths
) -> None:
    where.write_address(Address(silent.url))
    prover = launcher.LocalProver(ProverConfig(model="m"))
    question = asyncio.create_task(prover.context())
    await silent.came.wait()
    await prover.close()
    await asyncio.gather(question, return_exceptions=True)
    assert made
    assert all_closed(made)


async def test_an_engine_that_cannot_be_started_keeps_no_connection(
    made: Made, where: EnginePaths, unused_tcp_port: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    where.write_address(Address(f"http://127.0.0.1:{unused_tcp_port}"))

    def fails(_: object) -> None:
        raise ProverFailed("It cannot be started.", "Mend it.")

    monkeypatch.setattr(launcher._Start, "attend", fails)
    prover = launcher.LocalProver(ProverConfig(model="m"))
    with pytest.raises(ProverFailed, match="cannot be started"):
        await prover.context()
    assert made
    assert all_closed(made)
    await prover.close()
