"""The engine's HTTP face: routes, streams, and cancelling what nobody listens to any more.

The engine calls back on its own thread; `_Events` carries that over into the event loop. Nothing here computes.
"""

import asyncio
import json
import logging
import os
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from importlib.metadata import version

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from ghostproof.prover.engine.contract import Ask, Ended, Event, Tokens
from ghostproof.prover.engine.server.auth import errors_as_json, loopback_only, no_browsers, nothing_packed
from ghostproof.prover.engine.server.completions import BadRequest, CompletionAnswer, JsonBody, Wanted, ended, read
from ghostproof.prover.engine.server.connections import Connections
from ghostproof.prover.engine.server.metrics import CONTENT_TYPE, exposition
from ghostproof.prover.engine.server.model import LoadedModel, LoadStage
from ghostproof.prover.wire import COUNT, HEALTH, LEAVE, STATUS, VENDOR

log = logging.getLogger(__name__)

LARGEST_REQUEST = 8 << 20
# A client that reads nothing for so long has gone without saying so.
LONGEST_WRITE_S = 60.0
# A body comes from the same machine.
LONGEST_READ_S = 30.0
# How long the head of an answer waits for its first event, so that a refusal still has a status of its own.
HEAD_WAIT_S = 1.0
# Between events, so that whoever is on the way knows that the stream lives.
PING_S = 10.0
# An engine that somebody wanted something of more recently than that does not make room for another model.
LEAVING_REST_S = 60.0
PING = b": waiting\n\n"


class Front:
    """Serves one model, from before it is loaded.

    Args:
        model: its name for clients.
        token: what a client must know; "" for a Unix socket, whose file permissions say who may connect.

    Attributes:
        leaving: set when the process is asked to end.
        connections: what sees to it that connections on which nothing is asked end.
    """

    def __init__(self, model: str, token: str = "", clock: Callable[[], float] = time.monotonic) -> None:
        self.model = model
        self.stage = LoadStage()
        self.leaving = asyncio.Event()
        self._token = token
        self._clock = clock
        self._loaded: LoadedModel | None = None
        self._created = int(time.time())
        self._working = 0
        self._last = clock()
        self.connections = Connections(clock=clock)

    def show(self, stage: LoadStage) -> None:
        """Tell clients how far loading is, or what went wrong."""
        self.stage = stage

    def serve(self, loaded: LoadedModel) -> None:
        """From now on requests are answered."""
        self._loaded = loaded
        self.stage = LoadStage("ready", part=1.0)
        self._last = self._clock()

    @property
    def rest(self) -> float:
        """Seconds since anybody last wanted something of the model; 0 while somebody does."""
        busy = self._working or self.stage.state in ("starting", "loading")
        return 0.0 if busy else self._clock() - self._last

    def application(self) -> web.Application:
        gates: list[Middleware] = [self._watched(), errors_as_json, no_browsers]
        if self._token:
            gates.append(loopback_only(self._token))
        gates.append(nothing_packed)
        application = web.Application(middlewares=gates, client_max_size=LARGEST_REQUEST)
        application.add_routes(
            [
                web.get(HEALTH, self._health),
                web.get(STATUS, self._status),
                web.get("/metrics", self._metrics),
                web.get("/v1/models", self._models),
                web.post("/v1/completions", self._work(self._completions)),
                web.post("/tokenize", self._work(self._tokenize)),
                web.post("/detokenize", self._work(self._detokenize)),
                web.post(COUNT, self._work(self._count)),
                web.post(LEAVE, self._leave),
            ]
        )
        return application

    def _watched(self) -> Middleware:
        @web.middleware
        async def watched(request: web.Request, handler: Handler) -> web.StreamResponse:
            return await self.connections.counted(request, handler)

        return watched

    def _work(self, handler: Handler) -> Handler:
        """What keeps the process from ending itself; looking at its health or metrics does not."""

        async def counted(request: web.Request) -> web.StreamResponse:
            self._working += 1
            try:
                return await handler(request)
            finally:
                self._working -= 1
                self._last = self._clock()

        return counted

    def _ready(self) -> LoadedModel:
        if self._loaded is None:
            stage = self.stage
            said = f"{stage.message} {stage.hint}".strip() or "The model is not loaded yet."
            raise BadRequest(said, code=stage.state, status=503)
        return self._loaded

    async def _health(self, _: web.Request) -> web.Response:
        return web.json_response(self._report(), status=200 if self.stage.state == "ready" else 503)

    async def _leave(self, _: web.Request) -> web.Response:
        """Another engine of this user needs the memory."""
        if self.rest < LEAVING_REST_S:
            raise BadRequest(f"{self.model} is in use.", code="in_use", status=409)
        self.leaving.set()
        return web.json_response(self._report(), status=202)

    async def _status(self, _: web.Request) -> web.Response:
        return web.json_response(self._report())

    def _report(self) -> JsonBody:
        loaded = self._loaded
        report: JsonBody = {
            "state": self.stage.state,
            "model": self.model,
            "message": self.stage.message,
            "hint": self.stage.hint,
            "progress": self.stage.part,
            "pid": os.getpid(),
            "version": version("ghostproof"),
        }
        if loaded is None:
            return report
        stats = loaded.engine.stats()
        return report | {
            "device": loaded.device,
            "attention": loaded.attention,
            "context": loaded.context,
            "tokens_per_s": stats.tokens_per_s,
            "running": stats.running,
            "waiting": stats.waiting,
            "kv": {"used": stats.kv_used, "pinned": stats.kv_pinned, "budget": stats.kv_budget},
        }

    async def _metrics(self, _: web.Request) -> web.Response:
        stats = self._loaded.engine.stats() if self._loaded else None
        body = exposition(self.model, stats, self._working).encode()
        return web.Response(body=body, headers={"Content-Type": CONTENT_TYPE})

    async def _models(self, _: web.Request) -> web.Response:
        loaded = self._ready()
        entry = {
            "id": self.model,
            "object": "model",
            "created": self._created,
            "owned_by": VENDOR,
            "max_model_len": loaded.context,
        }
        return web.json_response({"object": "list", "data": [entry]})

    async def _completions(self, request: web.Request) -> web.StreamResponse:
        loaded = self._ready()
        wanted = read(await _fields(request))
        if wanted.model not in ("", self.model):
            raise BadRequest(f"The model `{wanted.model}` is not served here.", "model", "model_not_found", 404)
        answer = CompletionAnswer(wanted, self.model)
        async with _submitted(loaded, wanted.ask) as events:
            if wanted.stream:
                return await _streamed(request, loaded, wanted, answer, events)
            return await _in_one_piece(loaded, answer, events)

    async def _tokenize(self, request: web.Request) -> web.Response:
        loaded = self._ready()
        fields = await _fields(request)
        text = fields.get("prompt", fields.get("content"))
        if not isinstance(text, str):
            raise BadRequest("`prompt` must be a string.", "prompt", "invalid_value")
        special_tokens = fields.get("add_special_tokens", True) is not False
        ids = await asyncio.to_thread(_encoded, loaded.tokens, text, special_tokens=special_tokens)
        return web.json_response({"count": len(ids), "max_model_len": loaded.context, "tokens": ids})

    async def _detokenize(self, request: web.Request) -> web.Response:
        loaded = self._ready()
        ids = (await _fields(request)).get("tokens")
        size = loaded.tokens.size
        if not isinstance(ids, list) or not all(type(i) is int and 0 <= i < size for i in ids):
            raise BadRequest(f"`tokens` must be a list of numbers below {size}.", "tokens", "invalid_value")
        text = await asyncio.to_thread(_decoded, loaded.tokens, ids)
        return web.json_response({"prompt": text, "content": text})

    async def _count(self, request: web.Request) -> web.Response:
        loaded = self._ready()
        texts = (await _fields(request)).get("texts")
        if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
            raise BadRequest("`texts` must be a list of strings.", "texts", "invalid_value")
        counts = await asyncio.to_thread(
            lambda: [len(_encoded(loaded.tokens, text, special_tokens=False)) for text in texts]
        )
        return web.json_response({"counts": counts})


class _Events:
    """The events of one request, from the engine's thread into the event loop."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._queue: asyncio.Queue[Event] = asyncio.Queue()

    def put(self, event: Event) -> None:
        """Called on the engine's thread, which is never held up: a request has few events, and a bounded number."""
        if not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._queue.put_nowait, event)

    async def batch(self, seconds: float) -> list[Event]:
        """All events there are, at least one; [] when none comes in time."""
        try:
            async with asyncio.timeout(seconds):
                events = [await self._queue.get()]
        except TimeoutError:
            return []
        while not self._queue.empty():
            events.append(self._queue.get_nowait())
        return events


@asynccontextmanager
async def _submitted(loaded: LoadedModel, ask: Ask) -> AsyncIterator[_Events]:
    """A request in the engine for as long as somebody is interested in it."""
    events = _Events()
    number = loaded.engine.submit(ask, events.put)
    try:
        yield events
    finally:
        loaded.engine.cancel(number)


async def _in_one_piece(loaded: LoadedModel, answer: CompletionAnswer, events: _Events) -> web.Response:
    while True:
        for event in await events.batch(PING_S):
            if not isinstance(event, Ended):
                answer.chunk(event)
            elif event.reason != "done":
                status, body = ended(event)
                return web.json_response(body, status=status)
            else:
                answer.dropped()
                return web.json_response(answer.in_one_piece(event, loaded.engine.stats().tokens_per_s))


async def _streamed(
    request: web.Request, loaded: LoadedModel, wanted: Wanted, answer: CompletionAnswer, events: _Events
) -> web.StreamResponse:
    batch = await events.batch(HEAD_WAIT_S)
    if batch and isinstance(first := batch[0], Ended) and first.reason != "done":
        status, body = ended(first)
        return web.json_response(body, status=status)
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-cache"})
    await response.prepare(request)
    while True:
        data = b"".join(_told(event, loaded, answer) for event in batch) or PING
        async with asyncio.timeout(LONGEST_WRITE_S):
            await response.write(data)
        if batch and isinstance(batch[-1], Ended):
            await response.write_eof()
            return response
        batch = await events.batch(PING_S)


def _told(event: Event, loaded: LoadedModel, answer: CompletionAnswer) -> bytes:
    """What the stream says about one event."""
    if not isinstance(event, Ended):
        chunk = answer.chunk(event)
        return _data(chunk) if chunk else b""
    if event.reason != "done":
        return _data(ended(event)[1])
    chunks = answer.dropped() + answer.last(event, loaded.engine.stats().tokens_per_s)
    return b"".join(map(_data, chunks)) + b"data: [DONE]\n\n"


def _data(chunk: JsonBody) -> bytes:
    return b"data: " + json.dumps(chunk, separators=(",", ":")).encode() + b"\n\n"


async def _fields(request: web.Request) -> Mapping[str, object]:
    """The JSON object of a request.

    Raises:
        BadRequest: it is none.
    """
    try:
        async with asyncio.timeout(LONGEST_READ_S):
            body = await request.read()
        fields = json.loads(body)
    except (ValueError, RecursionError) as problem:
        raise BadRequest("The body is no JSON.", code="invalid_json") from problem
    if not isinstance(fields, dict):
        raise BadRequest("The body must be a JSON object.", code="invalid_json")
    return fields


def _encoded(tokens: Tokens, text: str, *, special_tokens: bool) -> list[int]:
    """The text's tokens, with the model's beginning-of-text token only where the whole prompt is meant."""
    ids = tokens.encode(text.encode(errors="replace").decode())
    return ids if special_tokens else ids[len(tokens.encode("")) :]


def _decoded(tokens: Tokens, ids: list[int]) -> str:
    decoder = tokens.decoder()
    return "".join(map(decoder.push, ids))
