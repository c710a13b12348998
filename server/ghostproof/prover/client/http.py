"""HTTP to one server: JSON and event streams with time limits, and every way to fail told as a sentence.

The only module of the client that needs aiohttp.
"""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from multidict import CIMultiDict, CIMultiDictProxy

from ghostproof.errors import ProverFailed
from ghostproof.prover.address import Address, Timeouts
from ghostproof.prover.client.errors import Superseded, Unreachable, refusal
from ghostproof.prover.wire import EventLines

PARALLEL = 64
LARGEST_ANSWER = 2 << 20
LARGEST_ERROR = 64 << 10
EVENTS_AT_ONCE = 32
STALE = 3  # connections of the pool that may be closed, before it is the server
EVENT_STREAM = "text/event-stream"

_WRONG_SERVER = "`prover.url` must be the address of a server that speaks the OpenAI completions protocol."
_BROKEN = "Look into the server's log; Ghostproof tries again by itself."

JsonAnswer = dict[str, Any]


class Connection:
    """Requests to one address. Belongs to one event loop."""

    def __init__(self, address: Address, timeouts: Timeouts) -> None:
        self._address = address
        self._timeouts = timeouts
        # Nothing is unpacked here: a few bytes could become any number.
        headers = {"Accept-Encoding": "identity"}
        if address.authorization:
            headers["Authorization"] = address.authorization
        self._session = aiohttp.ClientSession(
            connector=_connector(address),
            headers=headers,
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=timeouts.connect),
            cookie_jar=aiohttp.DummyCookieJar(),
            auto_decompress=False,
            trust_env=False,
        )

    async def get(self, path: str) -> JsonAnswer:
        """The JSON object at a path.

        Raises:
            ProverFailed: `Unreachable`, `Refused`, or no JSON object.
        """
        return await self._whole("GET", path, None)

    async def post(self, path: str, body: Mapping[str, object]) -> JsonAnswer:
        """The JSON object that answers a request. Raises as `get`."""
        return await self._whole("POST", path, body)

    async def stream(self, path: str, body: Mapping[str, object], largest: int) -> AsyncGenerator[str, None]:
        """Payloads of the events that answer a request, `largest` bytes at most. Closing it closes the stream.

        Raises as `get`.

        Other tasks get their turns between the events, also where a server has sent thousands at once.
        """
        lines = EventLines()
        given = 0
        async with self._answer("POST", path, body, self._timeouts.first) as response:
            if response.content_type != EVENT_STREAM:
                raise self._strange(f"with {response.content_type or 'no type'}, not with a stream of events")
            async with aclosing(self._chunks(response, largest, self._timeouts.stream)) as chunks:
                async for chunk in chunks:
                    for payload in self._payloads(lines, chunk):
                        yield payload
                        given += 1
                        if given % EVENTS_AT_ONCE == 0:
                            await asyncio.sleep(0)

    def _payloads(self, lines: EventLines, chunk: bytes) -> list[str]:
        try:
            return lines.feed(chunk)
        except ValueError as problem:
            raise self._strange(f"with {problem}") from problem

    async def close(self) -> None:
        await self._session.close()

    async def _whole(self, method: str, path: str, body: Mapping[str, object] | None) -> JsonAnswer:
        with self._failures():
            async with (
                asyncio.timeout(self._timeouts.answer),
                self._answer(method, path, body, self._timeouts.answer) as response,
            ):
                text = await self._text(response, LARGEST_ANSWER)
        return self._object(text, response.content_type)

    async def _text(self, response: aiohttp.ClientResponse, largest: int) -> str:
        async with aclosing(self._chunks(response, largest, self._timeouts.answer)) as chunks:
            return b"".join([chunk async for chunk in chunks]).decode(errors="replace")

    def _object(self, text: str, content_type: str) -> JsonAnswer:
        try:
            value = json.loads(text)
        except (ValueError, RecursionError) as problem:
            kind = "a web page" if "html" in content_type else content_type or "no type"
            raise self._strange(f"with {kind}, not with JSON") from problem
        if not isinstance(value, dict):
            raise self._strange("with JSON of another shape")
        return value

    async def _chunks(
        self, response: aiohttp.ClientResponse, largest: int, seconds: float
    ) -> AsyncGenerator[bytes, None]:
        """The answer's pieces as they come: so many bytes at most, in so many seconds."""
        clock = asyncio.get_running_loop().time
        end = clock() + seconds
        limit = self._timeouts.first
        while True:
            with self._failures():
                async with asyncio.timeout_at(min(end, clock() + limit)):
                    await asyncio.sleep(0)  # what has come already is read without waiting: others need their turns
                    chunk = await response.content.readany()
            if not chunk:
                return
            largest -= len(chunk)
            if largest < 0:
                raise self._strange("with far more than was asked for")
            yield chunk
            limit = self._timeouts.idle

    @asynccontextmanager
    async def _answer(
        self, method: str, path: str, body: Mapping[str, object] | None, limit: float
    ) -> AsyncIterator[aiohttp.ClientResponse]:
        """A good answer's head. Leaving before its end closes the connection, which cancels on the server."""
        url = self._address.url + path
        with self._failures():
            async with asyncio.timeout(limit):
                response = await self._asked(method, url, body)
        try:
            if response.headers.get("Content-Encoding", "identity").lower() != "identity":
                raise self._strange("with a packed answer, though it was asked not to")
            if response.status != 200:
                raise await self._refused(response)
            yield response
        finally:
            # A connection whose answer was read to its end goes back to the pool; any other is closed.
            response.release() if response.content.at_eof() else response.close()

    async def _asked(self, method: str, url: str, body: Mapping[str, object] | None) -> aiohttp.ClientResponse:
        # A server may close connections of the pool while a request is on its way. Asking again does no harm.
        for _ in range(STALE):
            try:
                return await self._session.request(method, url, json=body, allow_redirects=False)
            except aiohttp.ClientConnectorError:
                raise
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError):
                continue
        return await self._session.request(method, url, json=body, allow_redirects=False)

    async def _refused(self, response: aiohttp.ClientResponse) -> ProverFailed | Superseded:
        if 300 <= response.status < 400:
            there = urlsplit(response.headers.get("Location", ""))
            named = f"{there.scheme}://{there.netloc}" if there.netloc else "another address"
            return self._strange(f"with a redirection to {named}, which is not followed")
        text = await self._text(response, LARGEST_ERROR)
        return refusal(self._address, response.status, text, response.headers.get("Retry-After", ""))

    def _strange(self, how: str) -> ProverFailed:
        return ProverFailed(f"The prover at {self._address.shown} answers {how}.", _WRONG_SERVER)

    def _failures(self) -> "_Failures":
        return _Failures(self._address)


class _Failures:
    """Turns what aiohttp raises into the errors that a person may see."""

    def __init__(self, address: Address) -> None:
        self._address = address

    def __enter__(self) -> None:
        return None

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None, _: object) -> None:
        if problem is None:
            return
        shown = self._address.shown
        if isinstance(problem, aiohttp.ClientResponseError):
            _forget_request(problem)
        match problem:
            case aiohttp.ClientConnectorDNSError():
                raise Unreachable(f"The host of the prover at {shown} is not known.", self._address.cure) from problem
            case aiohttp.ClientConnectorCertificateError() | aiohttp.ClientSSLError():
                cure = "Give the server a certificate that this machine trusts, or mend `prover.url`."
                raise Unreachable(f"The certificate of the prover at {shown} is not accepted.", cure) from problem
            case aiohttp.ConnectionTimeoutError():
                raise Unreachable(f"The prover at {shown} cannot be reached in time.", self._address.cure) from problem
            case TimeoutError():
                raise ProverFailed(f"The prover at {shown} takes too long to answer.", _BROKEN) from problem
            case aiohttp.ClientConnectorError() | aiohttp.ServerDisconnectedError() | aiohttp.ClientOSError():
                raise Unreachable(f"No prover answers at {shown}.", self._address.cure) from problem
            case aiohttp.InvalidURL() | ValueError():
                raise ProverFailed(f"`{shown}` is not an address.", _WRONG_SERVER) from problem
            case aiohttp.ClientError():
                raise ProverFailed(f"The prover at {shown} broke off its answer.", _BROKEN) from problem


def _forget_request(problem: aiohttp.ClientResponseError) -> None:
    """Such an error carries the request with its headers, and the key among them, wherever it is printed."""
    url = problem.request_info.real_url
    bare = aiohttp.RequestInfo(url, problem.request_info.method, CIMultiDictProxy(CIMultiDict()), url)
    problem.request_info, problem.history = bare, ()
    problem.args = (bare, ())


def _connector(address: Address) -> aiohttp.BaseConnector:
    if address.socket is not None:
        return aiohttp.UnixConnector(str(address.socket), limit=PARALLEL)
    return aiohttp.TCPConnector(limit=PARALLEL)
