"""The process of a Lean program of ours (`probe_script.py`): starts it, asks it, notices its death.

It knows the pipe and the shape of a line; what the requests mean is its caller's. What the program elaborates may print
what it likes: only a line with the nonce of a request is its answer.
"""

import asyncio
import contextlib
import json
import logging
import secrets
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from pathlib import Path

from ghostproof.errors import LeanDied, LeanTimeout, ToolchainBroken
from ghostproof.lean.child import MOST_UNREAD, LeanChild
from ghostproof.lean.first_words import FirstWords

log = logging.getLogger(__name__)

# One answer holds every goal of a state on one line.
_LINE_LIMIT = 64 << 20
_CRASHED = 128  # and the number of a signal: what a shell, and the embedded Lean, say of a crash
_WORDS = 2_000  # characters of a line that is no answer
# A cancelled request answers at Lean's next check for interruption: milliseconds, unless something never checks.
GRACE_S = 3.0
# Elaborating the prober takes 6-15 s on the embedded Lean, 33 s were seen on a loaded machine; a start that hung took
# minutes and never ended.
START_S = 240.0
# Between the end of stdout and that of stderr.
_LAST_WORDS_S = 1.0


class ProbeAnswer:
    """One JSON object of the prober; absent fields read as empty."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields

    def __contains__(self, key: str) -> bool:
        return key in self._fields

    @property
    def problem(self) -> str:
        """Why nothing was elaborated, in Lean's words; "" where something was."""
        return self.text("failure") or "\n".join(self.texts("header"))

    def text(self, key: str) -> str:
        value = self._fields.get(key)
        return value if isinstance(value, str) else ""

    def flag(self, key: str) -> bool:
        return self._fields.get(key) is True

    def number(self, key: str) -> int:
        value = self._fields.get(key)
        return value if isinstance(value, int) else 0

    def texts(self, key: str) -> tuple[str, ...]:
        return tuple(item for item in self._list(key) if isinstance(item, str))

    def numbers(self, key: str) -> tuple[int, ...]:
        return tuple(item for item in self._list(key) if isinstance(item, int))

    def part(self, key: str) -> "ProbeAnswer":
        value = self._fields.get(key)
        return ProbeAnswer(value if isinstance(value, dict) else {})

    def parts(self, key: str) -> tuple["ProbeAnswer", ...]:
        return tuple(ProbeAnswer(item) for item in self._list(key) if isinstance(item, dict))

    def rows(self, key: str) -> list[object]:
        """A list whose items are read elsewhere."""
        return self._list(key)

    def _list(self, key: str) -> list[object]:
        value = self._fields.get(key)
        return value if isinstance(value, list) else []


class ProbeRequest:
    """A request on its way. `done` is resolved with the answer, or fails with `LeanDied`.

    Its nonce is what only the program's code for this request is told.

    Attributes:
        begun: set unless it waits for a thread of the program's: its time begins when it has one.
        began: when that was, on the monotonic clock.
    """

    def __init__(self, number: int) -> None:
        self.number = number
        self.nonce = secrets.token_hex(16)
        self.begun = asyncio.Event()
        self.begin()
        self.done: asyncio.Future[ProbeAnswer] = asyncio.get_running_loop().create_future()
        # Nobody may be waiting any more when the process dies.
        self.done.add_done_callback(lambda done: done.cancelled() or done.exception())

    def begin(self) -> None:
        """The program has taken it up."""
        if not self.begun.is_set():
            self.began = time.monotonic()
            self.begun.set()


class ProbeProcess:
    """A running prober. Made by `start`."""

    def __init__(self, child: LeanChild, grace_s: float = GRACE_S) -> None:
        self._child, self._grace_s = child, grace_s
        self._requests: dict[int, ProbeRequest] = {}
        self._count = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._watched: set[asyncio.Task[None]] = set()  # of them, those that see requests stop
        self.dead = False
        self.oldest: ProbeRequest | None = None  # of the requests that it was at when it died by itself
        self.dropped = 0  # lines that answered nothing

    @classmethod
    async def start(
        cls,
        argv: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        *,
        explain: Callable[[str], str] = str,
        start_s: float = START_S,
        grace_s: float = GRACE_S,
        most_unread: int = MOST_UNREAD,
    ) -> "ProbeProcess":
        """Spawn the program and wait until it has elaborated itself.

        Args:
            env: variables set on top of the inherited environment.
            explain: what makes Lean's messages about the program readable; see `Script.explain`.
            start_s: longest time until it is ready.
            grace_s: longest time for a request that is stopped to end; then the process is ended.
            most_unread: bytes that are kept for it; one that leaves more unread is ended.

        Raises:
            ToolchainBroken: it cannot be run, or Lean does not accept the script; the message has what Lean said.
            LeanDied: it was ended from outside.
            LeanTimeout: it was not ready in time and has been killed.
        """
        child = await LeanChild.start(argv, cwd, env, longest_line=_LINE_LIMIT, most_unread=most_unread)
        probe = cls(child, grace_s)
        try:
            async with asyncio.timeout(start_s):
                await probe._until_ready(explain)
        except TimeoutError:
            await probe.kill()
            raise LeanTimeout(f"Lean was not ready after {start_s:g} seconds and was ended.") from None
        except BaseException:
            await probe.kill()
            raise
        probe._spawn(probe._read_answers())
        return probe

    @property
    def pid(self) -> int:
        return self._child.pid

    @property
    def complaints(self) -> tuple[str, ...]:
        """The last lines of its stderr."""
        return self._child.complaints

    def send(self, fields: Mapping[str, object]) -> None:
        """Send something that has no answer."""
        if not self.dead:
            self._child.write(_line(fields))

    def request(self, fields: Mapping[str, object]) -> ProbeRequest:
        """Send a request; see `wait`."""
        self._count += 1
        request = ProbeRequest(self._count)
        if self.dead:
            request.done.set_exception(self._death())
            return request
        # Encoded before anything changes: a text with half a surrogate pair is nothing that can be sent.
        line = _line({**fields, "id": request.number, "nonce": request.nonce})
        self._requests[request.number] = request
        self._child.write(line)
        return request

    def stop(self, request: ProbeRequest, *, hard: bool = True) -> None:
        """Ask Lean to leave a request; its answer says so. Not `hard`: what others can use is finished first."""
        if not request.done.done():
            self.send({"do": "cancel", "target": request.number, "hard": hard})

    async def wait(self, request: ProbeRequest, seconds: float) -> ProbeAnswer:
        """The answer to a request. One that is late is stopped, and answers that it was.

        Args:
            seconds: longest time from when it has begun.

        Raises:
            LeanDied: the process ended.
            LeanTimeout: it does not stop either; the process was killed.
        """
        await request.begun.wait()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                return await asyncio.shield(request.done)
        self.stop(request)
        return await self.wait_for_stop(request)

    async def wait_for_stop(self, request: ProbeRequest) -> ProbeAnswer:
        """The answer to a request that has been stopped. Raises as `wait` does."""
        await request.begun.wait()
        try:
            async with asyncio.timeout(self._grace_s):
                return await asyncio.shield(request.done)
        except TimeoutError:
            await self.kill()
            raise LeanTimeout("Lean did not stop in time and was ended.") from None

    async def settled(self) -> None:
        """Wait until every request that was sent is answered, also those that nobody waits for any more."""
        while waiting := [request.done for request in self._requests.values() if not request.done.done()]:
            await asyncio.wait(waiting)
        await asyncio.gather(*self._watched, return_exceptions=True)

    def abandon(self, request: ProbeRequest, *, hard: bool = True) -> None:
        """Stop a request that nobody waits for any more; if it does not stop, the process is ended."""
        self.stop(request, hard=hard)
        if hard:
            watching = self._spawn(self._see_it_stop(request))
            self._watched.add(watching)
            watching.add_done_callback(self._watched.discard)

    async def kill(self) -> None:
        """End the process with everything it started. Idempotent."""
        self._die()
        await self._child.end()
        current = asyncio.current_task()
        for task in self._tasks - {current}:
            task.cancel()

    async def _see_it_stop(self, request: ProbeRequest) -> None:
        with contextlib.suppress(LeanDied, LeanTimeout):
            await self.wait_for_stop(request)

    async def _until_ready(self, explain: Callable[[str], str]) -> None:
        said = FirstWords()
        while line := await self._read_line():
            if _fields(line).get("ready") is True:
                return
            said.hear(line.decode(errors="replace"))
        async with asyncio.timeout(self._grace_s):
            await self._child.exited.wait()
        await self._child.last_words(_LAST_WORDS_S)
        for complaint in self.complaints:
            said.hear(complaint)
        what = explain(said.text) or f"exit status {self._child.exit_status}"
        if self._child.was_ended or self._child.exit_status >= _CRASHED:
            raise LeanDied(f"The prober was ended while it started: {what}")
        raise ToolchainBroken(f"Lean does not run the prober's script:\n{what}")

    async def _read_line(self) -> bytes:
        try:
            return await self._child.stdout.readline()
        except (ValueError, OSError):  # a line beyond the limit, a broken pipe: it is of no use any more
            return b""

    async def _read_answers(self) -> None:
        while line := await self._read_line():
            answer = ProbeAnswer(_fields(line))
            request = self._requests.get(answer.number("id"))
            if request is not None and secrets.compare_digest(answer.text("nonce").encode(), request.nonce.encode()):
                del self._requests[request.number]
                if not request.done.done():
                    request.done.set_result(answer)
            elif line.strip():
                self._drop(line)
        self.dead = True
        begun = [request for request in self._requests.values() if request.begun.is_set()]
        self.oldest = min(begun, key=lambda request: request.began, default=None)
        await self._child.last_words(_LAST_WORDS_S)
        await self.kill()

    def _drop(self, line: bytes) -> None:
        """Keep a line that is no answer, for the case that it is a panic message of the runtime."""
        text = line.decode(errors="replace").rstrip()[:_WORDS]
        self.dropped += 1
        self._child.note(text)
        if self.dropped & (self.dropped - 1) == 0:  # a flood is told at 1, 2, 4, 8, …
            log.warning("a line of the prober's that answers nothing (%d so far): %s", self.dropped, text)

    def _die(self) -> None:
        self.dead = True
        death = self._death()
        # They stay known: what it still says about them, as it is being ended, is late and no stray line.
        for request in self._requests.values():
            if not request.done.done():
                request.done.set_exception(death)

    def _death(self) -> LeanDied:
        stalled = ("It no longer read what it was sent.",) if self._child.stalled else ()
        return LeanDied("\n".join(("Lean ended while it was needed.", *stalled, *self.complaints)))

    def _spawn(self, work: Coroutine[None, None, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def _line(fields: Mapping[str, object]) -> bytes:
    return json.dumps(fields, ensure_ascii=False).encode() + b"\n"


def _fields(line: bytes) -> Mapping[str, object]:
    """The JSON object on a line; empty if there is none."""
    try:
        fields = json.loads(line)
    except (ValueError, RecursionError):
        return {}
    return fields if isinstance(fields, dict) else {}
