"""Where prompts and keys go, over real sockets: to the one server that was named, verified, and nowhere else."""

import asyncio
import contextlib
import gc
import logging
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
import trustme
from aiohttp import web

from ghostproof.errors import ProverFailed
from ghostproof.prover.address import Timeouts, remote
from ghostproof.prover.client.prover import OpenAIProver, remote_prover
from ghostproof.prover.protocol import Prompt, SamplingParams
from support.misbehaving_prover import KEY, misbehaving

Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def client(url: str, timeouts: Timeouts | None = None) -> OpenAIProver:
    return OpenAIProver(lambda: remote(url, KEY, "THE_KEY"), "m", timeouts)


async def failure(url: str, timeouts: Timeouts | None = None) -> ProverFailed:
    prover = client(url, timeouts)
    with pytest.raises(ProverFailed) as caught:
        async for _ in prover.ask(Prompt("by"), 1, SamplingParams()):
            pass
    await prover.close()
    return caught.value


def told(problem: BaseException | None) -> str:
    """Everything that a traceback, a log or a report could show of an error and what it came from."""
    if problem is None:
        return ""
    return f"{problem} {problem!r} {vars(problem)} {problem.args}" + told(problem.__cause__) + told(problem.__context__)


@asynccontextmanager
async def talking(talk: Talk) -> AsyncIterator[str]:
    """A server that says what it likes, whatever HTTP wants."""

    async def once(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(once, "127.0.0.1", 0)
    try:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    finally:
        server.close()


async def pour(writer: asyncio.StreamWriter, head: bytes, more: bytes) -> None:
    writer.write(head)
    while True:
        writer.write(more)
        await writer.drain()


HEADS = {
    "a header without end": (b"HTTP/1.1 200 OK\r\nX: ", b"a" * 65536),
    "headers without end": (b"HTTP/1.1 200 OK\r\n", b"X: y\r\n" * 5000),
    "a status line without end": (b"HTTP/1.1 200 ", b"O" * 65536),
    "answers that are none, without end": (b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000),
    "a chunk's length without end": (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n",
        b"0" * 65536,
    ),
    "a body without end": (b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n", b" " * 65536),
}


@pytest.mark.parametrize("what", HEADS)
async def test_a_head_or_body_without_end_is_left(what: str) -> None:
    head, more = HEADS[what]
    async with talking(lambda _, writer: pour(writer, head, more)) as url:
        problem = await failure(url, Timeouts(first=2, idle=2, answer=2))
    assert problem.message
    assert KEY not in told(problem)


async def test_the_key_is_in_no_error_wherever_it_comes_from() -> None:
    """An error of the HTTP library holds the whole request, headers and all."""

    async def garble(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 two hundred\r\n\r\n")
        await writer.drain()

    async with talking(garble) as url:
        problem = await failure(url)
    assert problem.__cause__ is not None
    assert KEY not in told(problem)


async def test_a_server_that_tells_the_key_back_is_not_quoted() -> None:
    async def echo(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        location = f"http://{KEY}.example/"
        writer.write(f"HTTP/1.1 307 No\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n".encode())
        await writer.drain()

    async with talking(echo) as url:
        problem = await failure(url)
    assert "which is not followed" in problem.message
    assert KEY not in told(problem)


@asynccontextmanager
async def encrypted(heard: list[str]) -> AsyncIterator[int]:
    """A server with a certificate that nobody vouches for."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("localhost").configure_cert(context)

    async def hear(request: web.Request) -> web.Response:
        heard.append(request.headers.get("Authorization", ""))
        return web.json_response({"data": [{"id": "m"}]})

    application = web.Application()
    application.router.add_route("*", "/{path:.*}", hear)
    runner = web.AppRunner(application, access_log=None)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context).start()
    try:
        yield runner.addresses[0][1]
    finally:
        await runner.cleanup()


async def test_a_certificate_that_nobody_vouches_for_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("PYTHONHTTPSVERIFY", "SSL_VERIFY", "REQUESTS_CA_BUNDLE"):
        monkeypatch.setenv(name, "0")
    heard: list[str] = []
    async with encrypted(heard) as port:
        problem = await failure(f"https://localhost:{port}/v1")
    assert problem.message == f"The certificate of the prover at https://localhost:{port} is not accepted."
    assert heard == [], "neither the key nor a prompt was sent"


async def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def hear(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        asked.append("proxy")

    async with talking(hear) as proxy, misbehaving() as server:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy)
        prover = client(server.url)
        assert [c.text async for c in prover.ask(Prompt("by"), 1, SamplingParams())] == ["exact h"]
        await prover.close()
    assert asked == []


async def test_the_key_is_in_no_log(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    caplog.set_level(logging.DEBUG)
    monkeypatch.setenv("THE_KEY", KEY)
    for way in ("well_behaved", "unauthorized", "server_error", "truncated_stream", "redirect", "endless_line"):
        async with misbehaving(way) as server:
            prover = remote_prover(server.url, "THE_KEY", "m")
            with contextlib.suppress(ProverFailed):
                async for _ in prover.ask(Prompt("by"), 1, SamplingParams()):
                    pass
            await prover.warm(Prompt("by"))
            assert KEY not in repr(prover.status) + repr(vars(prover))
            await prover.close()
    gc.collect()
    assert KEY not in caplog.text
