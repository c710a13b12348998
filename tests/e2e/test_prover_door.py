"""The engine's door: who is let in, and what becomes of requests that are none. Real sockets, byte for byte."""

import asyncio
import contextlib
import gzip
import json
import zlib
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest
from aiohttp import web
from hypothesis import given, settings
from hypothesis import strategies as st

from ghostproof.prover.engine.server.connections import Connections
from ghostproof.prover.engine.server.front import Front
from support.scripted_engine import ScriptedEngine, loaded, words

TOKEN = "the-token"
JSON_BODY = b'{"prompt": "p"}'


@dataclass
class Door:
    """A front on loopback, with a token."""

    front: Front
    runner: web.AppRunner
    engine: ScriptedEngine
    port: int

    async def say(self, *pieces: bytes, last: bool = False) -> bytes:
        """One answer to these bytes; with `last`, nothing comes behind them."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for piece in pieces:
                writer.write(piece)
            if last:
                writer.write_eof()
            head = await reader.readuntil(b"\r\n\r\n")
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            return head + await reader.readexactly(length)
        finally:
            writer.close()

    async def ask(
        self, path: str = "/health", *, method: str = "GET", body: bytes = b"", **headers: str | None
    ) -> tuple[int, bytes]:
        """Status and body. Headers are those of a client that may, but for those that are given."""
        right = {"Host": f"127.0.0.1:{self.port}", "Authorization": f"Bearer {TOKEN}"}
        given = right | {name.replace("_", "-"): value for name, value in headers.items()}
        lines = [f"{name}: {value}" for name, value in given.items() if value is not None]
        if "Transfer-Encoding" not in given and "Content-Length" not in given:
            lines.append(f"Content-Length: {len(body)}")
        head = "\r\n".join((f"{method} {path} HTTP/1.1", *lines, "", "")).encode()
        answer = await self.say(head, body)
        return int(answer[9:12]), answer.partition(b"\r\n\r\n")[2]


@asynccontextmanager
async def opened(clock: Callable[[], float] | None = None) -> AsyncIterator[Door]:
    engine = ScriptedEngine(words)
    front = Front("tiny", TOKEN, *([clock] if clock else []))
    front.serve(loaded(engine))
    runner = web.AppRunner(
        front.application(), handler_cancellation=True, access_log=None, shutdown_timeout=0.1, auto_decompress=False
    )
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Door(front, runner, engine, runner.addresses[0][1])
    await runner.cleanup()
    engine.close()


@pytest.fixture
async def door() -> AsyncIterator[Door]:
    async with opened() as door:
        yield door


async def test_who_may_is_let_in(door: Door) -> None:
    for name in (f"127.0.0.1:{door.port}", f"localhost:{door.port}", f"LOCALHOST:{door.port}", f"[::1]:{door.port}"):
        assert (await door.ask(Host=name))[0] == 200
    assert (await door.ask("/v1/completions", method="POST", body=JSON_BODY))[0] == 200


HOSTS = [
    "evil.example", "evil.example:{port}", "127.0.0.1", "localhost", "127.0.0.1:1", "localhost:80", "localhost:",
    "127.0.0.1:{port}.evil.example", "localhost.evil.example:{port}", "evil@127.0.0.1:{port}", "0.0.0.0:{port}",
    "127.0.0.2:{port}", "127.1:{port}", "[::ffff:127.0.0.1]:{port}", " ", "", "localhost:{port}:{port}", None,
]  # fmt: skip


@pytest.mark.parametrize("host", HOSTS)
async def test_another_name_or_port_is_refused(door: Door, host: str | None) -> None:
    """A page's own name may resolve to this machine: what it calls gives it away."""
    status, body = await door.ask(Host=None if host is None else host.format(port=door.port))
    assert status in (400, 403)
    assert b"ready" not in body


@pytest.mark.parametrize(
    "given", [None, "", "Bearer", "Bearer ", f"bearer {TOKEN}", TOKEN, f"Bearer {TOKEN}x", "Basic eDp5", "Bearer \xe9"]
)
async def test_without_the_token_nothing_is_told(door: Door, given: str | None) -> None:
    for path, method in (("/health", "GET"), ("/v1/models", "GET"), ("/nowhere", "GET"), ("/ghostproof/leave", "POST")):
        assert (await door.ask(path, method=method, Authorization=given))[0] == 401
    assert not door.front.leaving.is_set()


BROWSERS: list[dict[str, str | None]] = [
    {"Origin": "http://evil.example"},
    {"Origin": "null"},
    {"Origin": ""},
    {"Origin": "http://127.0.0.1"},
    {"Sec_Fetch_Site": "none"},
    {"Sec_Fetch_Site": "same-origin"},
    {"Sec_Fetch_Mode": "no-cors"},
    {"Access_Control_Request_Method": "POST"},
]


@pytest.mark.parametrize("headers", BROWSERS)
async def test_browsers_are_refused(door: Door, headers: dict[str, str | None]) -> None:
    for method, path in (("GET", "/health"), ("OPTIONS", "/v1/completions"), ("POST", "/v1/completions")):
        status, body = await door.ask(path, method=method, body=b"", **headers)
        assert status == 403
        assert b"Browsers are not answered." in body
    assert door.engine.asked == []


PACKED: list[tuple[str, bytes]] = [
    ("deflate", b"rubbish"),
    ("gzip", b"rubbish"),
    ("br", b"rubbish"),
    ("zstd", b"rubbish"),
    ("gzip, gzip", b""),
    ("x-unknown", JSON_BODY),
    ("gzip", gzip.compress(JSON_BODY, mtime=0)),
    ("deflate", zlib.compress(JSON_BODY)),
    ("gzip", gzip.compress(b" " * (64 << 20), mtime=0)),
]


@pytest.mark.parametrize(("encoding", "body"), PACKED)
async def test_packed_bodies_are_refused(door: Door, encoding: str, body: bytes) -> None:
    for path in ("/v1/completions", "/tokenize", "/ghostproof/leave"):
        assert (await door.ask(path, method="POST", body=body, Content_Encoding=encoding))[0] == 415
    assert not door.front.leaving.is_set()


RUBBISH = [
    b"\r\n\r\n\r\n\r\n",
    b"GET\r\n\r\n",
    b"GET / HTTP/9.9\r\n\r\n",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n",
    b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\n\r\n",
    b"GET / HTTP/1.1\r\nX: " + b"a" * 20_000 + b"\r\n\r\n",
    b"GET / HTTP/1.1\r\n" + b"X: y\r\n" * 2_000 + b"\r\n",
    b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
    b"POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
    b"POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\nabc",
    b"GET / HTTP/1.1\r\nX\0: y\r\n\r\n",
    b"GET / HTTP/1.1\r\n X: folded\r\n\r\n",
]


@pytest.mark.parametrize("sent", RUBBISH, ids=range(len(RUBBISH)))
async def test_what_is_no_request_is_refused_or_left(door: Door, sent: bytes) -> None:
    try:
        answer = await door.say(sent, last=True)
    except (asyncio.IncompleteReadError, ConnectionError):
        answer = b""  # left without a word
    assert answer == b"" or answer[9:12] in (b"400", b"401", b"403", b"413", b"414", b"431", b"505")
    assert (await door.ask())[0] == 200


BODIES = [
    b"zz\r\n\r\n",
    b"5\r\nab",
    b"ffffffffffffffffffffff\r\n",
    b"-1\r\n\r\n",
    b"1;" + b"x" * 20_000 + b"\r\na\r\n",
]


@pytest.mark.parametrize("chunks", BODIES, ids=range(len(BODIES)))
async def test_a_body_that_breaks_is_no_failure_of_the_engine(door: Door, chunks: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", door.port)
    head = f"POST /tokenize HTTP/1.1\r\nHost: localhost:{door.port}\r\nAuthorization: Bearer {TOKEN}\r\n"
    writer.write(f"{head}Transfer-Encoding: chunked\r\n\r\n".encode() + chunks)
    writer.write_eof()
    answer = await reader.read()
    writer.close()
    assert answer == b"" or answer[9:12] in (b"400", b"413"), answer
    assert (await door.ask())[0] == 200


async def half_open(port: int, said: bytes) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    await writer.drain()
    return reader, writer


async def accepted(door: Door, number: int) -> None:
    """Until the server has as many connections."""
    assert door.runner.server is not None
    while len(door.runner.server.connections) < number:
        await door.ask()  # comes behind those that are on their way


async def ended(reader: asyncio.StreamReader) -> None:
    """Until the server has closed the connection, without a word."""
    with contextlib.suppress(ConnectionError):
        assert await reader.read() == b""


HEADS = [b"", b"GET", b"GET /health HTTP/1.1\r\nHost: localhost\r\n", b"GET /health HTTP/1.1\r\nX: " + b"a" * 4000]


async def test_heads_that_never_end_are_ended() -> None:
    """However many there are, and whatever they have said so far; a request under way goes on."""
    now = 0.0
    async with opened(lambda: now) as door:
        assert door.runner.server is not None
        door.engine.hold()
        asking = asyncio.create_task(door.ask("/v1/completions", method="POST", body=JSON_BODY))
        await asyncio.to_thread(door.engine.wait_asked)
        half = [await half_open(door.port, head) for head in HEADS * 25]
        await accepted(door, 101)
        assert door.front.connections.sweep(door.runner.server.connections) == 0
        now += 19
        for _, writer in half:
            writer.write(b"a")  # never silent for long
        assert door.front.connections.sweep(door.runner.server.connections) == 0
        now += 2
        assert door.front.connections.sweep(door.runner.server.connections) >= 100
        for reader, _ in half:
            await ended(reader)
        door.engine.go_on()
        assert (await asking)[0] == 200
        for _, writer in half:
            writer.close()


async def test_connections_that_are_too_many_are_ended_the_oldest_first() -> None:
    async with opened() as door:
        assert door.runner.server is not None
        few = Connections(most=3)
        first = await half_open(door.port, b"GET")
        await accepted(door, 1)
        few.sweep(door.runner.server.connections)
        rest = [await half_open(door.port, b"GET") for _ in range(3)]
        await accepted(door, 4)
        assert few.sweep(door.runner.server.connections) >= 1
        await ended(first[0])
        for _, writer in (first, *rest):
            writer.close()


PATHS = [
    "/v1/completions", "/tokenize", "/detokenize", "/ghostproof/count", "/ghostproof/leave", "/health", "/metrics",
    "/v1/models", "/ghostproof/status", "/", "//", "/../etc/passwd", "/%00", "/v1/completions/", "*", "/?" + "a" * 500,
]  # fmt: skip
VALUE = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)
NAMES = ["prompt", "content", "tokens", "texts", "n", "max_tokens", "stop", "stream", "model", "ghostproof", "seed"]
REQUEST = st.tuples(
    st.sampled_from(["GET", "POST", "POST", "PUT", "HEAD", "DELETE", "OPTIONS", "PATCH", "TRACE", "BREW"]),
    st.sampled_from(PATHS),
    st.binary(max_size=30)
    | VALUE.map(lambda value: json.dumps(value).encode())
    | st.dictionaries(st.sampled_from(NAMES), VALUE).map(lambda fields: json.dumps(fields).encode()),
)


@settings(max_examples=60, deadline=None, derandomize=True, database=None)
@given(st.lists(REQUEST, max_size=8))
def test_no_request_makes_the_engine_fail(requests: list[tuple[str, str, bytes]]) -> None:
    async def session() -> None:
        async with opened() as door:
            for method, path, body in requests:
                if method == "HEAD":
                    continue  # tells the length of a body that does not come
                status, _ = await door.ask(path, method=method, body=body, Connection="close")
                assert status < 500, (method, path, body)
            assert (await door.ask())[0] == 200

    asyncio.run(session())
