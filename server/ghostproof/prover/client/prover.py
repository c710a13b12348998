"""The client for every backend: one server, greeted once for each connection, and left alone while it fails."""

import asyncio
import logging
import os
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import aclosing
from dataclasses import replace
from importlib import import_module
from time import monotonic
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from cachetools import LRUCache

from ghostproof.errors import ProverFailed
from ghostproof.jobs import Turn, Turns
from ghostproof.prover.address import Address, Timeouts, remote
from ghostproof.prover.client.capabilities import Server, greet, tokenize
from ghostproof.prover.client.errors import Backoff, Refused, Superseded, Unreachable
from ghostproof.prover.client.question import COMPLETIONS, Draw, Question, body
from ghostproof.prover.protocol import Completion, Priority, Prompt, ProverStatus, SamplingParams
from ghostproof.prover.wire import COUNT, STATUS

if TYPE_CHECKING:
    from ghostproof.prover.client.http import Connection

log = logging.getLogger(__name__)

COUNTED_TEXTS = 4096
COUNTING_AT_ONCE = 8
BYTES_PER_TOKEN = 2  # of Lean text in common vocabularies it is about 3: the estimate must not be too small


class OpenAIProver:
    """A server that speaks the OpenAI completions protocol.

    Args:
        address: where it is; called again for every new connection.
        model: its name on the server; "" takes the first that the server lists.
        goes_to: the server in words, where prompts to it leave Ghostproof's own processes.
    """

    def __init__(
        self,
        address: Callable[[], Address],
        model: str = "",
        timeouts: Timeouts | None = None,
        backoff: Backoff | None = None,
        goes_to: str = "",
    ) -> None:
        self._address = address
        self._model = model
        self._timeouts = timeouts or Timeouts()
        self._goes_to = goes_to
        self._status = ProverStatus("starting", model, goes_to=goes_to)
        self._backoff = backoff or Backoff()
        self._learning = asyncio.Lock()
        self._connection: Connection | None = None
        self._closed = 0  # times
        self._server: Server | None = None
        self._at = Address("")
        self._one_each = False  # the server gives one text for each request, whatever n
        self._window = uuid4().hex
        self._turns: Turns[tuple[str, Priority]] = Turns()
        self._counts: LRUCache[str, int] = LRUCache(COUNTED_TEXTS)

    @property
    def status(self) -> ProverStatus:
        return self._status

    async def ask(
        self, prompt: Prompt, n: int, limits: SamplingParams, priority: Priority = Priority.TACTIC
    ) -> AsyncGenerator[Completion, None]:
        turn = self._turns.begin((prompt.document, priority)) if prompt.document else Turn()
        connection, server = await self._ready()
        if prompt.document:
            # The same file in another window is another document: they must not end each other's requests.
            prompt = replace(prompt, document=f"{self._window}:{prompt.document}")
        question = Question(connection, self._at, server, prompt, priority, one_each=self._one_each)
        started = monotonic()
        seen: set[str] = set()
        try:
            async with aclosing(question.candidates(n, limits, turn)) as candidates:
                async for candidate in candidates:
                    if candidate.text.strip() and candidate.text not in seen:
                        seen.add(candidate.text)
                        yield candidate
        except Superseded:
            return
        except ProverFailed as problem:
            self._failed(problem)
            raise
        finally:
            # Most requests are left early, because Lean has accepted a proof by then.
            self._one_each = question.one_each
            speed = question.tokens_per_s or question.drawn / max(monotonic() - started, 1e-3)
            if question.drawn and self._status.state == "ready":
                self._status = replace(self._status, tokens_per_s=speed)
        self._backoff.succeeded()
        self._status = replace(self._status, state="ready", message="")

    async def warm(self, prompt: Prompt) -> None:
        try:
            connection, server = await self._ready()
            fields = body(server, prompt, Draw(1, 0, SamplingParams(tokens=1, temperature=0.0)), Priority.WARM)
            nothing = {"n": 0, "max_tokens": 0} if server.ours else {}
            await connection.post(COMPLETIONS, fields | {"stream": False} | nothing)
        except ProverFailed as problem:
            log.debug("not warmed: %s", problem.message)

    async def context(self) -> int:
        _, server = await self._ready()
        return server.context

    async def count(self, texts: list[str]) -> list[int]:
        connection, server = await self._ready()
        missing = list(dict.fromkeys(text for text in texts if text not in self._counts))
        if missing:
            found = await self._counted(connection, server, missing)
            known = dict(zip(missing, found, strict=True))
            self._counts.update(known)
        else:
            known = {}
        return [known[text] if text in known else self._counts[text] for text in texts]

    async def about(self) -> str:
        context = f"context {await self.context():,} tokens"
        goes_to = self._status.goes_to
        return f"prompts go to {goes_to}, {context}" if goes_to else f"at {self._at.shown}, {context}"

    async def report(self) -> Mapping[str, Any]:
        """What an engine of ours says of itself, at any time of its life: `state`, `message`, `progress`, `device`, …

        Raises:
            ProverFailed: it cannot be reached, or is none.
        """
        connection = await self._connected()
        return await connection.get(STATUS)

    async def close(self) -> None:
        self._closed += 1
        connection, self._connection, self._server = self._connection, None, None
        if connection is not None:
            await connection.close()

    async def _ready(self) -> tuple["Connection", Server]:
        """The connection and what is known of the server. The first call of each connection asks it for that."""
        self._backoff.check()
        async with self._learning:
            if self._connection is not None and self._server is not None:
                return self._connection, self._server
            self._backoff.check()
            try:
                connection = await self._connected()
                self._server = await greet(connection, self._at, self._model)
            except ProverFailed as problem:
                self._failed(problem)
                raise
        name = self._at.without_secrets(self._server.model or self._model)
        self._status = ProverStatus("ready", name, goes_to=self._goes_to or self._at.goes_to)
        return connection, self._server

    async def _connected(self) -> "Connection":
        if self._connection is None:
            # aiohttp takes a quarter of a second to import: in a thread, so that an editor does not wait for it.
            closed = self._closed
            module = await asyncio.to_thread(import_module, "ghostproof.prover.client.http")
            if closed != self._closed:
                raise Unreachable("The prover was closed.", "Ask again.")
            if self._connection is None:  # nobody else has made one meanwhile
                self._at = self._address()
                self._connection = cast("Connection", module.Connection(self._at, self._timeouts))
        return self._connection

    def _failed(self, problem: ProverFailed) -> None:
        """Note a problem. A refused request says nothing about the next one; anything else begins a time of rest."""
        problem.message = self._at.without_secrets(problem.message)
        problem.hint = self._at.without_secrets(problem.hint)
        problem.args = (problem.message,)
        if isinstance(problem, Refused):
            return
        self._server = None
        self._backoff.failed(problem)
        message = f"{problem.message} {problem.hint}".strip()
        self._status = replace(self._status, state="error", message=message)

    async def _counted(self, connection: "Connection", server: Server, texts: list[str]) -> list[int]:
        if server.ours:
            answer = await connection.post(COUNT, {"texts": texts})
            counts = answer.get("counts")
            if not isinstance(counts, list) or len(counts) != len(texts) or not all(map(_is_count, counts)):
                raise self._miscounts()
            return counts
        if not server.counts:
            return [-(-len(text.encode()) // BYTES_PER_TOKEN) for text in texts]
        gate = asyncio.Semaphore(COUNTING_AT_ONCE)

        async def one(text: str) -> int:
            async with gate:
                answer = await connection.post("/tokenize", tokenize(text, server.model))
            tokens = answer.get("tokens")
            if not isinstance(tokens, list):
                raise self._miscounts()
            return len(tokens)

        return await asyncio.gather(*map(one, texts))

    def _miscounts(self) -> ProverFailed:
        return ProverFailed(
            f"The prover at {self._at.shown} does not say how many tokens a text has.",
            "`prover.url` must be the address of a server that speaks the OpenAI completions protocol.",
        )


def _is_count(value: object) -> bool:
    return type(value) is int and value >= 0


def remote_prover(url: str, key_env: str, model: str = "", timeouts: Timeouts | None = None) -> OpenAIProver:
    """The client of a server that a person has named. Nothing is connected to before it is asked."""

    def address() -> Address:
        return remote(url, os.environ.get(key_env, "").strip(), key_env)

    try:
        goes_to = remote(url, "", key_env or "none").goes_to
    except ProverFailed:
        goes_to = ""  # which is told when it is asked
    return OpenAIProver(address, model, timeouts, goes_to=goes_to)
