"""An editor at the other end of a real `ghostproof serve`, as small as a test of its survival needs."""

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import psutil

from support.processes import command_line

Json = Any  # what `json.loads` gives
PATIENCE_S = 120.0


def theorem(number: int, more: str = "") -> str:
    """A text that names its edit; see `fake_lean.py`."""
    return f"{more}theorem t (p : Prop) (h{number} : p) : p := by\n  sorry\n"


class Editor:
    """One window with one file. Made by `start`."""

    def __init__(self, server: asyncio.subprocess.Process, folder: Path) -> None:
        self.process = psutil.Process(server.pid)
        self.touched: list[str] = []  # requests by which the server would change the text
        self.statuses: list[Json] = []
        self._server = server
        self._uri = (folder / "File.lean").as_uri()
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._last = 0
        self._version = 0
        self._reader = asyncio.create_task(self._listen())

    @classmethod
    async def start(
        cls, folder: Path, settings: Json, environment: Mapping[str, str], *, command: tuple[str, ...] = ()
    ) -> "Editor":
        pipe, nowhere = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        words = command or (sys.executable, "-m", "ghostproof", "serve", "--stdio")
        env = {**os.environ, **environment}
        server = await asyncio.create_subprocess_exec(*words, stdin=pipe, stdout=pipe, stderr=nowhere, env=env)
        editor = cls(server, folder)
        await editor.ask(
            "initialize",
            {"processId": None, "rootUri": folder.as_uri(), "capabilities": {}, "initializationOptions": settings},
        )
        editor.notify("initialized", {})
        return editor

    def notify(self, method: str, params: Json) -> None:
        self._send({"method": method, "params": params})

    def begin(self, method: str, params: Json) -> tuple[int, "asyncio.Future[Json]"]:
        self._last += 1
        future = self._waiting[self._last] = asyncio.get_running_loop().create_future()
        self._send({"id": self._last, "method": method, "params": params})
        return self._last, future

    async def ask(self, method: str, params: Json) -> Json:
        return await asyncio.wait_for(self.begin(method, params)[1], PATIENCE_S)

    def write(self, text: str) -> None:
        """Open the file with this text, or replace it all."""
        self._version += 1
        if self._version == 1:
            item = {"uri": self._uri, "languageId": "lean4", "version": 1, "text": text}
            self.notify("textDocument/didOpen", {"textDocument": item})
        else:
            name = {"uri": self._uri, "version": self._version}
            self.notify("textDocument/didChange", {"textDocument": name, "contentChanges": [{"text": text}]})

    def close_file(self) -> None:
        self.notify("textDocument/didClose", {"textDocument": {"uri": self._uri}})
        self._version = 0

    def ask_ghost(self) -> tuple[int, "asyncio.Future[Json]"]:
        where = {"textDocument": {"uri": self._uri}, "position": {"line": 1, "character": 2}}
        return self.begin("textDocument/inlineCompletion", {**where, "context": {"triggerKind": 1}})

    async def ghost(self) -> str:
        """The first ghost text at the `sorry`; "" if there is none."""
        found = await asyncio.wait_for(self.ask_ghost()[1], PATIENCE_S)
        items = (found or {}).get("items") or []
        return str(items[0]["insertText"]) if items else ""

    async def ghost_at_last(self) -> str:
        """The first ghost text that there is, asked for again and again as an editor does."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                found = await self.ghost()
                if found:
                    return found
                await asyncio.sleep(0.05)

    def descendants(self) -> list[psutil.Process]:
        return list(self.process.children(recursive=True))

    def workers(self) -> list[psutil.Process]:
        """The Leans, without the launchers above them."""
        lines = [(process, command_line(process)) for process in self.descendants()]
        return [process for process, words in lines if words and not any("launcher" in word for word in words)]

    async def finish(self) -> int:
        """Leave as an editor does; the server's exit status."""
        await self.ask("shutdown", None)
        self.notify("exit", None)
        code = await asyncio.wait_for(self._server.wait(), PATIENCE_S)
        self._reader.cancel()
        return code

    async def abandon(self) -> None:
        """End the server as the system does when it runs out of memory."""
        if self._server.returncode is None:
            self._server.kill()
        await self._server.wait()
        self._reader.cancel()

    def _send(self, message: Json) -> None:
        assert self._server.stdin is not None
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self._server.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    async def _listen(self) -> None:
        stream = self._server.stdout
        assert stream is not None
        while header := await stream.readline():
            length = int(header.split(b":")[1]) if header.lower().startswith(b"content-length") else None
            while (await stream.readline()).strip():
                pass
            self._hear(json.loads(await stream.readexactly(length or 0)))

    def _hear(self, message: Json) -> None:
        if "method" not in message:
            future = self._waiting.pop(message["id"], None)
            if future is not None and not future.done():
                future.set_result(message.get("result"))
            return
        if message["method"] == "workspace/applyEdit":
            self.touched.append(message["method"])
        if message["method"] == "ghostproof/status":
            self.statuses.append(message["params"])
        if "id" in message:
            self._send({"id": message["id"], "result": None})
