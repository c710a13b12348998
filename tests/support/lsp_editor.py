"""An editor at the other end of a language server that runs in the same loop: real messages, no process."""

import asyncio
import json
import threading
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, TypeAlias

from ghostproof.app import App
from ghostproof.config import Config
from ghostproof.errors import GhostproofError
from ghostproof.lsp.features import GhostproofServer
from ghostproof.lsp.frames import messages, receive_all
from ghostproof.suggest.job import Snapshot, SuggestJob
from ghostproof.syntax.spot import Spot
from ghostproof.verify.checker import GoalState
from ghostproof.verify.verdict import Candidate, Checked, Progress, Proved, Suggestion

Json: TypeAlias = Any  # what `json.loads` gives
URI = "file:///tmp/project/File.lean"
FULL = {
    "workspace": {"workspaceEdit": {"documentChanges": True}},
    "window": {"workDoneProgress": True},
    "general": {"positionEncodings": ["utf-8", "utf-16"]},
}


def proved(text: str) -> Suggestion:
    return Suggestion.of(Checked(Candidate(text, text), Proved()))


def progress(text: str, *goals: str, closed_main: bool = False) -> Suggestion:
    return Suggestion.of(Checked(Candidate(text, text), Progress(goals, closed_main)))


class ToldJob(SuggestJob):
    """A search whose results the test hands out."""

    def __init__(self, path: Path, text: str, spots: Sequence[Spot]) -> None:
        super().__init__()
        self.of = path, text
        self.spots = spots
        self.publish(spot=spots[0])

    async def tell(
        self,
        *suggestions: Suggestion,
        done: bool = True,
        state: GoalState | None = None,
        checked: int | None = None,
        error: GhostproofError | None = None,
        why_none: str | None = None,
    ) -> None:
        found = (*self.snapshot.suggestions, *suggestions)
        self.publish(suggestions=found, state=state, checked=checked, error=error, why_none=why_none, done=done)


class ToldApp(App):
    """An application that answers with what the test says, at once if it was said before."""

    def __init__(self, config: Config, answers: Sequence[Suggestion] | None = None) -> None:
        super().__init__(config)
        self.answers = answers
        self.error: GhostproofError | None = None
        self.jobs: list[ToldJob] = []
        self.asked = asyncio.Condition()
        self.events: list[str] = []

    def suggest(self, path: Path, text: str, spots: Sequence[Spot], budget_s: float | None = None) -> ToldJob:
        job = ToldJob(path, text, list(spots))
        if self.answers is not None or self.error:
            job.publish(suggestions=tuple(self.answers or ()), error=self.error, done=True)
        self.jobs.append(job)
        asyncio.get_running_loop().create_task(self._announce())
        return job

    async def _announce(self) -> None:
        async with self.asked:
            self.asked.notify_all()

    async def job(self, number: int) -> ToldJob:
        """The search with this number, once it was asked for."""
        async with self.asked:
            await self.asked.wait_for(lambda: len(self.jobs) > number)
        return self.jobs[number]

    def known(self, path: Path, text: str) -> list[Snapshot]:
        return [job.snapshot for job in reversed(self.jobs) if job.of == (path, text)]

    def warm(self, path: Path, text: str, spot: Spot | None = None) -> None:
        self.events.append(f"warm {spot.kind.value}" if spot else "warm")

    def forget(self, path: Path) -> None:
        self.events.append("forget")

    async def restart(self) -> None:
        self.events.append("restart")

    async def close(self) -> None:
        self.events.append("close")


class Editor:
    """Speaks LSP to a `GhostproofServer`."""

    def __init__(self, build: Callable[[Config], App], config: Config | None = None) -> None:
        self.server = GhostproofServer(config or Config(), build)
        self.server.protocol.set_writer(self)
        self.notifications: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []  # requests of the server
        self.refused: list[dict[str, Any]] = []  # what was answered to nobody: it had no `id` that could be read
        self.on_apply: Callable[[Json], None] = lambda edit: None  # heard before the server is answered
        self._reader = asyncio.StreamReader()
        self._stop = threading.Event()
        self.server.leave = self._stop.set
        self._waiting: dict[Any, asyncio.Future[Any]] = {}
        self._last_id = 0
        self._heard = asyncio.Event()
        self._loop = asyncio.get_running_loop().create_task(
            receive_all(messages(self._reader), self.server.protocol, self._stop)
        )

    def write(self, data: bytes) -> None:
        message = json.loads(data.partition(b"\r\n\r\n")[2])
        if "method" not in message and message["id"] not in self._waiting:
            self.refused.append(message)
            self._heard.set()
        elif "method" not in message:
            waiting = self._waiting.pop(message["id"])
            waiting.cancel() if waiting.cancelled() else waiting.set_result(message)
        elif "id" in message:
            self.asked.append(message)
            if message["method"] == "workspace/applyEdit":
                self.on_apply(message["params"]["edit"])
            result = {"applied": True} if message["method"] == "workspace/applyEdit" else None
            self._send({"id": message["id"], "result": result})
        else:
            self.notifications.append(message)
            self._heard.set()

    def close(self) -> None:
        pass

    def _send(self, message: dict[str, Any]) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", **message}).encode())

    def send(self, body: bytes) -> None:
        """Send whatever it is, as a message."""
        self.feed(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def feed(self, data: bytes) -> None:
        """Send whatever it is."""
        self._reader.feed_data(data)

    def expect(self, number: Json) -> "asyncio.Future[Any]":
        """The whole response to a request that is sent with `send`."""
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        return future

    def notify(self, method: str, params: Json) -> None:
        self._send({"method": method, "params": params})

    def start(self, method: str, params: Json) -> tuple[int, "asyncio.Future[Any]"]:
        """Send a request; its id and the whole response to come."""
        self._last_id += 1
        future = self._waiting[self._last_id] = asyncio.get_running_loop().create_future()
        self._send({"id": self._last_id, "method": method, "params": params})
        return self._last_id, future

    async def ask(self, method: str, params: Json) -> Json:
        response = await self.start(method, params)[1]
        assert "error" not in response, response
        return response["result"]

    async def heard(self, method: str, number: int = 1) -> list[dict[str, Any]]:
        """The parameters of notifications of a method, once there are as many."""
        while len(found := [n["params"] for n in self.notifications if n["method"] == method]) < number:
            self._heard.clear()
            await self._heard.wait()
        return found

    async def initialize(self, capabilities: Json = FULL, options: Json = None) -> Json:
        params = {"processId": None, "rootUri": None, "capabilities": capabilities, "initializationOptions": options}
        return await self.ask("initialize", params)

    def open(self, text: str, language: str = "lean4", uri: str = URI, version: int = 1) -> None:
        item = {"uri": uri, "languageId": language, "version": version, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})

    def change(self, start: tuple[int, int], end: tuple[int, int], text: str, version: int = 2) -> None:
        change = {"range": span(start, end), "text": text}
        document = {"uri": URI, "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": [change]})

    async def ghosts(self, line: int, character: int, *, automatic: bool = False, uri: str = URI) -> list[Any]:
        found = await self.ask("textDocument/inlineCompletion", ghost_params(line, character, automatic, uri))
        return list(found["items"])

    async def actions(self, line: int, character: int, **context: Json) -> list[Any]:
        """The suggestions among the code actions."""
        found = await self.ask("textDocument/codeAction", action_params(line, character, **context))
        return [action for action in found if "edit" in action]

    async def finish(self) -> None:
        self._reader.feed_eof()
        await self._loop


def at(line: int, character: int, **more: Json) -> Json:
    """Parameters of a question about a place of the document."""
    return {"textDocument": {"uri": URI}, "position": {"line": line, "character": character}, **more}


def span(start: tuple[int, int], end: tuple[int, int]) -> dict[str, Any]:
    return {
        "start": {"line": start[0], "character": start[1]},
        "end": {"line": end[0], "character": end[1]},
    }


def ghost_params(line: int, character: int, automatic: bool = False, uri: str = URI) -> dict[str, Any]:
    return {
        "textDocument": {"uri": uri},
        "position": {"line": line, "character": character},
        "context": {"triggerKind": 2 if automatic else 1},
    }


def action_params(line: int, character: int, **context: Json) -> dict[str, Any]:
    return {
        "textDocument": {"uri": URI},
        "range": span((line, character), (line, character)),
        "context": {"diagnostics": [], **context},
    }
