"""What the engine's process settles before torch is imported."""

import asyncio
import signal
from pathlib import Path
from urllib.parse import urlsplit

from ghostproof.prover.address import Address
from ghostproof.prover.engine.server.connections import Connections
from ghostproof.prover.engine.server.process import OK, SPINS, Options, _Process, limit_spinning
from ghostproof.prover.local.paths import EnginePaths
from support.scripted_engine import ScriptedEngine, loaded, words


def test_idle_threads_sleep_soon() -> None:
    environment = {"PATH": "/bin"}
    limit_spinning(environment)
    assert environment == {"PATH": "/bin", "GOMP_SPINCOUNT": SPINS}


def test_a_persons_own_choice_stands() -> None:
    for name, value in (("OMP_WAIT_POLICY", "ACTIVE"), ("GOMP_SPINCOUNT", "7")):
        environment = {name: value}
        limit_spinning(environment)
        assert environment == {name: value}


async def test_a_head_that_never_ends_is_ended_while_the_process_serves(tmp_path: Path) -> None:
    """The real process but for its model: it listens on loopback, and looks after its connections."""
    engine = ScriptedEngine(words)
    place = EnginePaths(*(tmp_path / f"engine.{kind}" for kind in ("sock", "lock", "json", "log", "err")))
    process = _Process(Options("m", "tiny", port=0), place, lambda options, progress: loaded(engine))
    process._front.connections = Connections(rest_s=0.0)
    serving = asyncio.create_task(process.serve())
    url = urlsplit((await told(place)).url)
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    writer.write(b"GET /health HTTP/1.1\r\nX: ")
    assert await reader.read() == b""
    writer.close()
    process._stop.set()
    assert await serving == OK
    engine.close()
    for name in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().remove_signal_handler(name)


async def told(place: EnginePaths) -> Address:
    """Where it listens, once it has said so."""
    while not place.address.exists():
        await asyncio.to_thread(place.address.exists)
    return place.read_address()
