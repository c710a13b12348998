"""JSON-RPC over the pipes of one server process: frames, requests, and one death that everybody hears of.

Knows the pipe and nothing about Lean. A process that ends fails every pending request with the end of its stderr.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout
from ghostproof.lean.child import MOST_UNREAD, LeanChild

log = logging.getLogger(__name__)

Json = dict[str, Any]
Listener = Callable[[str, Json], None]

METHOD_NOT_FOUND = -32601
_STDERR_SHOWN = 2000
_MOST_HEADERS = 32
_LARGEST_MESSAGE = 256 * 1024 * 1024
# How long a server may take to leave by itself: Lean's own workers sit in process groups of their own, and only the
# server ends those. The embedded server needs about 0.1 s.
_FAREWELL_S = 2.0
_LAST_WORDS_S = 1.0
# Requests by which a server registers itself for events or asks for a redraw; nothing here depends on them.
_ACKNOWLEDGED = ("client/", "workspace/", "window/workDoneProgress/create")


class ResponseError(GhostproofError):
    """The server answered a request with an error. `code` is the JSON-RPC or LSP error code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(message)
        self.code = code


class _Malformed(ValueError):
    """What came out of the pipe is no JSON-RPC message."""


class Transport:
    """One running server process. Made by `Transport.start`; never restarted: make another one.

    Writing never blocks: what the process does not read at once is kept in memory, up to a limit at which it is ended.
    """

    def __init__(
        self,
        child: LeanChild,
        listener: Listener,
        on_death: Callable[[LeanDied], None],
    ) -> None:
        self._child = child
        self._listener = listener
        self._on_death = on_death
        self._ids = count(1)
        self._pending: dict[int, asyncio.Future[Any]] = {}
        self._closing = False
        self.death: LeanDied | None = None
        self._task = asyncio.create_task(self._serve(), name="lean-server")

    @staticmethod
    async def start(
        argv: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        listener: Listener,
        on_death: Callable[[LeanDied], None],
        *,
        most_unread: int = MOST_UNREAD,
    ) -> "Transport":
        """Start the process, with `env` on top of the inherited environment.

        Args:
            listener: hears every notification. Must not raise.
            on_death: called once, when the process has ended without being asked to.
            most_unread: bytes that are kept for it; one that leaves more unread is ended.

        Raises:
            ToolchainBroken: the program cannot be started.
        """
        return Transport(await LeanChild.start(argv, cwd, env, most_unread=most_unread), listener, on_death)

    @property
    def alive(self) -> bool:
        return self.death is None

    @property
    def pid(self) -> int:
        return self._child.pid

    def notify(self, method: str, params: Json) -> None:
        """Send a notification; nothing happens when the process is gone."""
        self._send({"method": method, "params": params})

    def request(self, method: str, params: Json | None) -> "asyncio.Future[Any]":
        """Send a request. Its future gets the result, ResponseError or LeanDied; cancelling it cancels the request."""
        future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
        if self.death:
            future.set_exception(self.death)
            return future
        number = next(self._ids)
        self._pending[number] = future
        future.add_done_callback(lambda done: self._forget(number, done))
        self._send({"id": number, "method": method, "params": params})
        return future

    async def ask(self, method: str, params: Json | None, seconds: float) -> object:
        """Send a request and wait for its result.

        Raises:
            LeanTimeout: no answer in time; the request was cancelled.
            ResponseError, LeanDied: see `request`.
        """
        try:
            async with asyncio.timeout(seconds):
                answer: object = await self.request(method, params)
        except TimeoutError:
            raise LeanTimeout(f"Lean did not answer {method} within {seconds:g} s.") from None
        return answer

    async def close(self) -> None:
        """Ask the server to leave, then end its whole process group. Idempotent."""
        if not self._closing and self.alive:
            self._closing = True
            farewell = self.request("shutdown", None)
            self.notify("exit", {})
            await asyncio.wait({self._task}, timeout=_FAREWELL_S)
            farewell.cancel()
        await self.kill()

    async def kill(self) -> None:
        """End the process group at once, without calling it a death. Idempotent."""
        self._closing = True
        self._child.kill()
        await asyncio.wait({self._task})

    def _forget(self, number: int, future: "asyncio.Future[Any]") -> None:
        if self._pending.pop(number, None) is not None and future.cancelled():
            self.notify("$/cancelRequest", {"id": number})
        elif not future.cancelled():
            future.exception()  # a request that nobody waits for any more may fail quietly

    def _send(self, message: Json) -> None:
        if self.death:
            return
        body = json.dumps({"jsonrpc": "2.0", **message}, ensure_ascii=False, separators=(",", ":")).encode()
        self._child.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)

    async def _serve(self) -> None:
        try:
            await self._until_death()
        finally:
            self._child.release()

    async def _until_death(self) -> None:
        reader = asyncio.create_task(self._read_messages(), name="lean-reader")
        exited = asyncio.create_task(self._child.exited.wait(), name="lean-exit")
        await asyncio.wait({reader, exited}, return_when=asyncio.FIRST_COMPLETED)
        if exited.done():
            # What it said last is still in the pipes, which end with whatever else it left behind.
            self._child.kill()
            await asyncio.wait({reader}, timeout=_LAST_WORDS_S)
        self._child.kill()
        await exited
        await self._child.last_words(_LAST_WORDS_S)
        reader.cancel()
        (outcome,) = await asyncio.gather(reader, return_exceptions=True)
        malformed = f"sent something that is no message ({outcome})" if isinstance(outcome, _Malformed) else ""
        stalled = "no longer read what it was sent, and was ended" if self._child.stalled else ""
        self._die(stalled or malformed or "ended")

    def _die(self, reason: str) -> None:
        tail = "\n".join(self._child.complaints).strip()[-_STDERR_SHOWN:]
        said = f" Its last words:\n{tail}" if tail else ""
        code = self._child.exit_status
        # To be killed is this side's own doing whenever the server only closed its output.
        status = f" with exit status {code}" if code and not self._child.was_killed else ""
        self.death = LeanDied(f"The Lean server {reason}{status}.{said}", "It is started again at the next request.")
        pending, self._pending = self._pending, {}
        for future in pending.values():
            if not future.done():
                future.set_exception(self.death)
        if not self._closing:
            self._on_death(self.death)

    async def _read_messages(self) -> None:
        stream = self._child.stdout
        while (body := await _read_frame(stream)) is not None:
            try:
                message = json.loads(body)
            except ValueError as problem:
                raise _Malformed(f"bad JSON: {problem}") from problem
            if not isinstance(message, dict):
                raise _Malformed("not an object")
            self._receive(message)

    def _receive(self, message: Json) -> None:
        method, number = message.get("method"), message.get("id")
        if method is None:
            self._answered(number, message)
        elif number is None:
            self._listener(method, message.get("params") or {})
        elif method.startswith(_ACKNOWLEDGED):
            # `workspace/configuration` wants one answer an item.
            items = (message.get("params") or {}).get("items")
            self._send({"id": number, "result": [None] * len(items) if isinstance(items, list) else None})
        else:
            self._send({"id": number, "error": {"code": METHOD_NOT_FOUND, "message": f"{method} is not supported"}})

    def _answered(self, number: object, message: Json) -> None:
        future = self._pending.pop(number, None) if isinstance(number, int) else None
        if future is None or future.done():
            return
        error = message.get("error")
        if error:
            future.set_exception(ResponseError(int(error.get("code", 0)), str(error.get("message", ""))))
        else:
            future.set_result(message.get("result"))


async def _read_frame(stream: asyncio.StreamReader) -> bytes | None:
    """The body of the next message, or None at the end of the stream."""
    length: int | None = None
    try:
        for _ in range(_MOST_HEADERS):
            line = await stream.readline()
            if not line.strip():
                break
            name, colon, value = line.partition(b":")
            if not colon:
                raise _Malformed("a header without a colon")
            if name.strip().lower() == b"content-length":
                length = int(value)
        else:
            raise _Malformed("headers without end")
        if not line:
            return None
        if length is None or not 0 <= length <= _LARGEST_MESSAGE:
            raise _Malformed(f"Content-Length is {length}")
        return await stream.readexactly(length)
    except asyncio.IncompleteReadError:
        return None
    except ValueError as problem:  # a header without line end, or a length that is no number
        raise _Malformed(str(problem)) from problem
