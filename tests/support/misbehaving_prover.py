"""An OpenAI-compatible server that misbehaves in a named way, and one that does not, for comparison."""

import asyncio
import gzip
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from ghostproof.prover.client.capabilities import PROBE

Way = Callable[..., Awaitable[web.StreamResponse]]

KEY = "sk-a-secret-key"
TACTICS = ("simp", "omega", "rfl", "ring")
STREAM = {"Content-Type": "text/event-stream"}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Misbehaving:
    """The server's ways: each is a public coroutine that answers `/v1/completions`, named after what is wrong.

    Attributes:
        way: which one is in force; may change while it runs.
        asked: the completions requests so far; `came` is set by the first of them.
        gone: set as soon as a client leaves a stream that would not end by itself.
    """

    way: str = "well_behaved"
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: set[str] = field(default_factory=set)
    came: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)
    piece: str = "a"
    url: str = ""

    async def completions(self, request: web.Request) -> web.StreamResponse:
        self.asked.append(await request.json())
        self.came.set()
        self.keys.add(request.headers.get("Authorization", ""))
        if not self.asked[-1].get("stream"):
            return web.json_response({"choices": [{"index": 0, "text": "", "finish_reason": "length"}]})
        misbehave: Way = vars(type(self))[self.way]
        return await misbehave(self, request)

    async def models(self, _: web.Request) -> web.Response:
        if self.way == "unauthorized":
            return web.json_response({"error": {"message": f"Incorrect API key provided: {KEY}"}}, status=401)
        if self.way == "html_error":
            return web.Response(text="<html><body>Welcome!</body></html>", content_type="text/html")
        if self.way == "redirect":
            return web.Response(status=307, headers={"Location": "http://elsewhere.example/v1/models"})
        if self.way == "endless_model_name":
            return web.json_response({"data": [{"id": "m" * 100_000}]})
        if self.way == "endless_list":
            return web.Response(body=b'{"data": [' + b"[]," * (1 << 20), content_type="application/json")
        return web.json_response({"data": [{"id": "m", "max_model_len": 1234}, {"id": "other"}]})

    async def tokenize(self, request: web.Request) -> web.Response:
        text = (await request.json())["prompt"]
        if self.way == "garbled_echo":
            text = "".join(c for c in text if c.isascii() and not c.isspace())
        if self.way == "no_tokenizer":
            raise web.HTTPNotFound
        return web.json_response({"tokens": list(text.encode())})

    async def detokenize(self, request: web.Request) -> web.Response:
        return web.json_response({"prompt": bytes((await request.json())["tokens"]).decode()})

    async def well_behaved(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        fields = self.asked[-1]
        for index in range(fields["n"]):
            text = TACTICS[index % 4] if fields["temperature"] else "exact h"
            await say(response, index, text[:2], None)
            await say(response, index, text[2:], "stop")
        return await done(response)

    garbled_echo = no_tokenizer = well_behaved

    async def ignores_n(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        await say(response, 0, f"exact h{len(self.asked)}", "stop")
        return await done(response)

    async def refuses_n(self, request: web.Request) -> web.StreamResponse:
        if self.asked[-1]["n"] > 1:
            return web.json_response({"error": {"message": "n must be 1", "code": 400}}, status=400)
        return await self.ignores_n(request)

    async def no_logprobs(self, request: web.Request) -> web.StreamResponse:
        return await streamed(
            request, b'data: {"choices": [{"index": 0, "text": "simp", "finish_reason": "stop"}]}\n\n'
        )

    async def no_stop_rule(self, request: web.Request) -> web.StreamResponse:
        """Goes on for ever behind the tactic, as every server does that knows nothing of tactics."""
        response = await begun(request)
        try:
            for index in range(self.asked[-1]["n"]):
                await say(response, index, f"simp [h{index}]\n  linarith\n", None)
            while True:
                await say(response, 0, "more and more\n", None)
                await asyncio.sleep(0)
        except (ConnectionError, asyncio.CancelledError):
            self.gone.set()
            raise

    async def unauthorized(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"error": {"message": "no"}}, status=401)

    async def html_error(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>Bad gateway</html>", content_type="text/html", status=502)

    async def html_page(self, _: web.Request) -> web.StreamResponse:
        return web.Response(text="<html>Welcome!</html>", content_type="text/html")

    async def server_error(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"error": {"message": "CUDA error: an illegal memory access"}}, status=500)

    async def busy(self, _: web.Request) -> web.StreamResponse:
        return web.json_response({"error": {"message": "queue full"}}, status=429, headers={"Retry-After": "7"})

    async def context_exceeded(self, _: web.Request) -> web.StreamResponse:
        error = {"message": "maximum context length is 10 tokens", "code": 400}
        return web.json_response({"error": error}, status=400)

    async def truncated_stream(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        await say(response, 0, "sim", None)
        assert request.transport is not None
        request.transport.close()
        return response

    async def ends_early(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        await say(response, 0, "sim", None)
        await response.write_eof()
        return response

    async def malformed_json(self, request: web.Request) -> web.StreamResponse:
        return await streamed(request, b'data: {"choices": [{"index"\n\n')

    async def not_an_object(self, request: web.Request) -> web.StreamResponse:
        return await streamed(request, b"data: [[1, 2]]\n\n")

    async def not_utf8(self, request: web.Request) -> web.StreamResponse:
        return await streamed(request, b"data: \xff\xfe\n\n")

    async def text_is_number(self, request: web.Request) -> web.StreamResponse:
        return await streamed(request, b'data: {"choices": [{"index": 0, "text": 7}]}\n\n')

    async def wrong_index(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        await say(response, 99, "simp", "stop")
        return await done(response)

    async def error_in_stream(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        await say(response, 0, "sim", None)
        await response.write(b'data: {"error": {"message": "engine dead", "code": 500}}\n\n')
        return await done(response)

    async def endless_line(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        await response.write(b'data: {"choices": [{"index": 0, "text": "')
        while True:
            await response.write(b"a" * 65536)

    async def endless_text(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        while True:
            await say(response, 0, "a" * 60000, None)

    async def packed_flood(self, request: web.Request) -> web.StreamResponse:
        """Some kilobytes that become a gigabyte of comments when they are unpacked."""
        response = web.StreamResponse(headers=STREAM | {"Content-Encoding": "gzip"})
        await response.prepare(request)
        flood = gzip.compress(b": nothing\n\n" * 1_000_000)
        for _ in range(100):
            await response.write(flood)
        return await done(response)

    async def only_comments(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        while True:
            await response.write(b": nothing\n\n" * 5000)

    async def trickle_of_comments(self, request: web.Request) -> web.StreamResponse:
        """Never silent for long, and never says anything."""
        response = await begun(request)
        try:
            while True:
                await response.write(b": wait\n\n")
                await asyncio.sleep(0.01)
        except (ConnectionError, asyncio.CancelledError):
            self.gone.set()
            raise

    async def empty_events(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        while True:
            await response.write(b"data: {}\n\n" * 5000)

    async def many_choices(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        await response.write(b'data: {"choices": [' + b",".join([b"{}"] * 80_000) + b"]}\n\n")
        return await done(response)

    async def logprob_flood(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        logprobs = {"token_logprobs": [-1.0] * 20_000}
        event = {"choices": [{"index": 0, "text": "", "logprobs": logprobs, "finish_reason": None}]}
        while True:
            await response.write(b"data: " + json.dumps(event).encode() + b"\n\n")

    async def deep_nesting(self, request: web.Request) -> web.StreamResponse:
        response = await begun(request)
        await response.write(b"data: " + b'{"choices": ' + b"[" * 200_000 + b"\n\n")
        return await done(response)

    async def error_null(self, request: web.Request) -> web.StreamResponse:
        """All is well, and every event says so."""
        response = await begun(request)
        for index in range(self.asked[-1]["n"]):
            event = {"error": None, "choices": [{"index": index, "text": TACTICS[index % 4], "finish_reason": "stop"}]}
            await response.write(b"data: " + json.dumps(event).encode() + b"\n\n")
        return await done(response)

    async def one_character_each(self, request: web.Request) -> web.StreamResponse:
        """As many events as tokens were asked for, all at once, in which nothing ends."""
        response = await begun(request)
        event = json.dumps({"choices": [{"index": 0, "text": self.piece, "finish_reason": None}]}).encode()
        await response.write((b"data: " + event + b"\n\n") * self.asked[-1]["max_tokens"])
        return await done(response)

    async def hangs_up_once(self, request: web.Request) -> web.StreamResponse:
        if len(self.asked) == 1 and request.transport is not None:
            request.transport.close()
        return await self.well_behaved(request)

    async def silent(self, request: web.Request) -> web.StreamResponse:
        """Begins, and then says nothing more."""
        response = await begun(request)
        await say(response, 0, "sim", None)
        return await self._forever(response)

    async def slow_first_byte(self, _: web.Request) -> web.StreamResponse:
        return await self._forever(web.Response())

    async def redirect(self, _: web.Request) -> web.StreamResponse:
        return web.Response(status=307, headers={"Location": "http://elsewhere.example/v1/completions"})

    async def _forever(self, response: web.StreamResponse) -> web.StreamResponse:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.gone.set()
            raise
        return response


@asynccontextmanager
async def misbehaving(way: str = "well_behaved") -> AsyncIterator[Misbehaving]:
    """The server, on loopback."""
    server = Misbehaving(way)
    application = web.Application()
    application.add_routes(
        [
            web.get("/v1/models", server.models),
            web.post("/v1/completions", server.completions),
            web.post("/tokenize", server.tokenize),
            web.post("/detokenize", server.detokenize),
        ]
    )
    runner = web.AppRunner(application, handler_cancellation=True, access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    server.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield server
    finally:
        await runner.cleanup()


async def begun(request: web.Request) -> web.StreamResponse:
    response = web.StreamResponse(headers=STREAM)
    await response.prepare(request)
    return response


async def say(response: web.StreamResponse, index: int, text: str, finish: str | None) -> None:
    logprobs = {"tokens": [text], "token_logprobs": [-0.5], "top_logprobs": [{}], "text_offset": [0]}
    choice = {"index": index, "text": text, "logprobs": logprobs, "finish_reason": finish}
    await response.write(b"data: " + json.dumps({"choices": [choice]}).encode() + b"\n\n")


async def streamed(request: web.Request, data: bytes) -> web.StreamResponse:
    """A stream of these bytes and its end."""
    response = await begun(request)
    await response.write(data)
    return await done(response)


async def done(response: web.StreamResponse) -> web.StreamResponse:
    await response.write(b"data: [DONE]\n\n")
    await response.write_eof()
    return response


assert "ℕ" in PROBE  # what `garbled_echo` loses
