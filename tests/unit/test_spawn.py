"""A child process that nobody wants any more before it has come up."""

import asyncio
import sys

import pytest

from ghostproof.host.processes import spawn

Started = tuple[asyncio.SubprocessTransport, asyncio.subprocess.SubprocessStreamProtocol]


async def test_one_that_is_cancelled_while_it_starts_is_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    loop = asyncio.get_running_loop()
    real, begun, go_on = loop.subprocess_exec, asyncio.Queue[Started](), asyncio.Event()

    async def late(*arguments: object, **options: object) -> Started:
        started: Started = await real(*arguments, **options)  # type: ignore[arg-type]
        begun.put_nowait(started)
        await go_on.wait()
        return started

    monkeypatch.setattr(loop, "subprocess_exec", late)
    starting = asyncio.create_task(spawn([sys.executable, "-c", "import sys; sys.stdin.read()"], None, {}))
    pipes, _ = await begun.get()
    starting.cancel()
    go_on.set()
    with pytest.raises(asyncio.CancelledError):
        await starting
    assert pipes.get_returncode() is not None


async def test_one_that_cannot_be_started_is_told() -> None:
    with pytest.raises(OSError, match="no-such-program"):
        await spawn(["/no-such-program"], None, {})
