"""The engine as a process of its own: started on demand, shared, found again, and gone when nobody wants it."""

import asyncio
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path

import aiohttp
import psutil
import pytest

from ghostproof.config import ProverConfig
from ghostproof.errors import ProverFailed
from ghostproof.prover.local import launcher
from ghostproof.prover.local.launcher import LATER_LOOK_S, LocalProver, engine_command, prover_for
from ghostproof.prover.local.paths import EnginePaths, engine_paths
from ghostproof.prover.protocol import Completion, Prompt, ProverStatus, SamplingParams
from support.engine_processes import holders
from support.small_models import tiny_llama
from support.waiting import looks

LIMITS = SamplingParams(tokens=8)
LONG, FOREVER = SamplingParams(tokens=1000), SamplingParams(tokens=4000)
PROMPT = Prompt("theorem t (a b : ℕ) : a + b = b + a := by\n  ", document="d")


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny_llama(tmp_path_factory.mktemp("models") / "tiny-llama")


@pytest.fixture
def config(model: Path, own_folders: None) -> ProverConfig:
    return ProverConfig(model=str(model), device="cpu", kv_gib=0.05, idle_s=600)


@pytest.fixture
def shared(model: Path, shared_folders: None) -> ProverConfig:
    """One engine for the tests that leave one that serves: to start one takes seconds."""
    return ProverConfig(model=str(model), device="cpu", kv_gib=0.05, idle_s=600)


def engines(config: ProverConfig) -> list[psutil.Process]:
    return list(holders(engine_paths(config.model, config.device).lock))


@asynccontextmanager
async def local(
    config: ProverConfig, command: launcher.EngineCommand = launcher.engine_command
) -> AsyncIterator[LocalProver]:
    prover = LocalProver(config, command)
    try:
        yield prover
    finally:
        await prover.close()


async def drawn(prover: LocalProver, limits: SamplingParams = LIMITS, n: int = 4) -> list[Completion]:
    return [candidate async for candidate in prover.ask(PROMPT, n, limits)]


async def gone(process: psutil.Process) -> None:
    await asyncio.to_thread(process.wait)


async def test_started_on_demand_shared_and_found_again(config: ProverConfig) -> None:
    async with local(config) as first, local(config) as second:
        assert first.status == ProverStatus("starting", config.model)
        assert engines(config) == []
        answers = await asyncio.gather(drawn(first), drawn(second))
        assert all(answers)
        (engine,) = engines(config)
        assert first.status.state == "ready"
        assert first.status.device == "cpu"
        assert await first.context() == 4096
        assert await second.count(["theorem", ""]) == await first.count(["theorem", ""])
    async with local(config) as third:
        await third.warm(PROMPT)
        assert await drawn(third)
        assert engines(config) == [engine]


async def test_its_files_are_this_users_alone(shared: ProverConfig) -> None:
    async with local(shared) as prover:
        await prover.context()
        where = engine_paths(shared.model, shared.device)
        assert stat.S_IMODE(where.socket.stat().st_mode) == 0o600
        assert stat.S_IMODE(where.socket.parent.stat().st_mode) == 0o700
        assert stat.S_IMODE(where.log.stat().st_mode) == 0o600


async def test_a_killed_engine_is_started_again_and_asked_again(shared: ProverConfig) -> None:
    async with local(shared) as prover:
        await prover.context()
        (engine,) = engines(shared)
        asking = asyncio.create_task(drawn(prover, LONG, n=1))
        await running(shared)
        engine.kill()
        assert await asking, "nothing had been told yet"
        assert [p.pid for p in engines(shared)] != [engine.pid], "the stale socket did not matter"
        assert prover.status.state == "ready"


async def test_one_that_keeps_dying_is_left_alone_for_a_while(config: ProverConfig) -> None:
    async with local(config) as prover:
        await prover.context()
        asking = asyncio.create_task(drawn(prover, FOREVER, n=1))
        for _ in range(2):
            await running(config)
            for engine in engines(config):
                engine.kill()
                await gone(engine)
        with pytest.raises(ProverFailed):
            await asking
        assert prover.status.state == "error"
        with pytest.raises(ProverFailed):
            await drawn(prover)
        assert engines(config) == []


async def test_one_that_ended_between_two_requests_is_not_missed(shared: ProverConfig) -> None:
    async with local(shared) as prover:
        assert await drawn(prover)
        (engine,) = engines(shared)
        engine.terminate()
        await gone(engine)
        assert not engine_paths(shared.model, shared.device).socket.exists()
        assert await drawn(prover)
        assert prover.status.state == "ready"


async def test_leaving_the_iterator_cancels_in_the_engine(shared: ProverConfig) -> None:
    async with local(shared) as prover:
        await prover.context()
        before = await metric(shared, 'ended_total{model="tiny-llama",reason="cancelled"}')
        asking = asyncio.create_task(drawn(prover, FOREVER, n=1))
        await running(shared)
        asking.cancel()
        async for _ in looks():
            if await metric(shared, 'ended_total{model="tiny-llama",reason="cancelled"}') > before:
                break
        assert await metric(shared, 'running{model="tiny-llama"}') == 0
        assert await metric(shared, 'kv_pinned{model="tiny-llama"}') == 0


async def test_it_ends_itself_when_idle(config: ProverConfig) -> None:
    # Many times the client's looks while it loads: one that is idle between two of them has ended before it was asked.
    short = ProverConfig(model=config.model, device="cpu", kv_gib=0.05, idle_s=10 * LATER_LOOK_S)
    async with local(short) as prover:
        assert await drawn(prover)
        for engine in engines(short):
            await gone(engine)
        assert not engine_paths(short.model, short.device).socket.exists()


async def test_only_one_of_two_comes_up(shared: ProverConfig) -> None:
    async with local(shared) as prover:
        await prover.context()
        loser = await asyncio.create_subprocess_exec(*engine_command(shared), stderr=subprocess.PIPE)
        _, said = await loser.communicate()
        assert loser.returncode == 5
        assert b"already running" in said
        assert len(engines(shared)) == 1


async def test_health_is_there_before_the_weights(config: ProverConfig, tmp_path: Path) -> None:
    """The weights are a pipe that nobody writes to: loading does not end."""
    folder = without_weights(config, tmp_path)
    os.mkfifo(folder / "model.safetensors")
    endless = ProverConfig(model=str(folder), device="cpu")
    async with local(endless) as prover:
        asking = asyncio.create_task(drawn(prover))
        async for _ in looks():
            assert not asking.done()
            if prover.status.state == "loading":
                break
        (engine,) = engines(endless)
        engine.send_signal(signal.SIGTERM)
        await gone(engine)
        assert not engine_paths(endless.model, endless.device).socket.exists()
        with pytest.raises(ProverFailed, match="ended while it was loading"):
            await asking


async def test_a_broken_model_is_told(config: ProverConfig, tmp_path: Path) -> None:
    folder = without_weights(config, tmp_path)
    (folder / "model.safetensors").write_bytes(b"nothing")
    async with local(ProverConfig(model=str(folder), device="cpu")) as prover:
        with pytest.raises(ProverFailed) as caught:
            await drawn(prover)
        assert str(folder) in caught.value.message
        assert prover.status.state == "error"


async def test_a_model_that_is_not_there_starts_nothing(own_folders: None) -> None:
    config = ProverConfig(model="nobody/nothing")
    async with local(config) as prover:
        with pytest.raises(ProverFailed) as caught:
            await drawn(prover)
        assert "ghostproof model pull" in caught.value.hint
        assert engines(config) == []


async def test_without_torch_it_says_what_to_install(config: ProverConfig) -> None:
    async with local(config, partial(launcher.engine_command, needed=("ghost_torch",))) as prover:
        with pytest.raises(ProverFailed, match="needs ghost_torch") as caught:
            await drawn(prover)
        assert caught.value.hint == "pip install 'ghostproof[engine]'"


async def test_what_cannot_start_is_told_with_what_it_said(config: ProverConfig) -> None:
    def command(_: ProverConfig) -> Sequence[str]:
        return [sys.executable, "-c", "raise SystemExit('no luck today')"]

    prover = LocalProver(config, command)
    with pytest.raises(ProverFailed, match="exit code 1: no luck today"):
        await drawn(prover)
    with pytest.raises(ProverFailed, match="no luck today"):
        await drawn(prover)
    await prover.close()


async def test_loopback_wants_the_token_and_a_loopback_name(config: ProverConfig) -> None:
    where = engine_paths(config.model, config.device)
    command = [*engine_command(config), "--port", "0"]
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    said = (await process.stdout.readline()).decode()
    said_address = json.loads(where.address.read_text("utf-8"))
    assert said.startswith(f"listening on {said_address['url']}/v1")
    assert said_address["token"] not in said
    assert stat.S_IMODE(where.address.stat().st_mode) == 0o600
    async with local(config) as prover:
        assert await drawn(prover), "the client finds it by its address and token"
    url = f"{said_address['url']}/v1/models"
    right = f"Authorization: Bearer {said_address['token']}"
    assert await status(url, right) == 200
    assert await status(url) == 401
    assert await status(url, "Authorization: Bearer wrong") == 401
    assert await status(url, right, "Host: evil.example") == 403
    process.terminate()
    assert await process.wait() == 0
    assert not where.address.exists()


async def test_no_model_and_no_address_is_no_prover(own_folders: None) -> None:
    assert prover_for(ProverConfig()) is None


async def status(url: str, *headers: str) -> int:
    named = dict(header.split(": ", 1) for header in headers)
    async with aiohttp.ClientSession() as session, session.get(url, headers=named) as response:
        return response.status


async def metric(config: ProverConfig, name: str) -> float:
    """One value of the engine's metrics, 0 while there is none."""
    where: EnginePaths = engine_paths(config.model, config.device)
    connector = aiohttp.UnixConnector(str(where.socket))
    async with aiohttp.ClientSession(connector=connector) as session, session.get("http://x/metrics") as response:
        text = await response.text()
    values = [line.split()[-1] for line in text.splitlines() if line.startswith(f"ghostproof_{name}")]
    return float(values[0]) if values else 0.0


async def running(config: ProverConfig) -> None:
    """Wait until an engine works on a request."""
    async for _ in looks():
        with suppress(aiohttp.ClientError):
            if await metric(config, 'running{model="tiny-llama"}'):
                return


def without_weights(config: ProverConfig, tmp_path: Path) -> Path:
    """A copy of the model's folder, but for its weights."""
    folder = tmp_path / "copy"
    shutil.copytree(config.model, folder, ignore=shutil.ignore_patterns("*.safetensors"))
    return folder
