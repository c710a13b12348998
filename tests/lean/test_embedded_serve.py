"""`lake serve` of the embedded toolchain, as an editor sees it: real processes, real Lean."""

import asyncio
import json
import os
import signal
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import psutil
import pytest

pytestmark = pytest.mark.lean

Message = dict[str, Any]
TEXT = "theorem foo (a b : Nat) : a + b = b + a := by\n  skip\n  omega\nexample : 1 = 2 := by\n  rfl\n"
# Lean's parser recurses on each parenthesis until the process runs out of memory.
FATAL = "example : True := by exact " + "(" * 60_000 + "trivial" + ")" * 60_000 + "\n"
CRASHED = -32902


class Client:
    """Talks LSP to a `lake serve` and remembers every notification."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.messages: list[Message] = []
        self._arrived = asyncio.Condition()
        self._reader = asyncio.create_task(self._read())
        self._last_id = 0

    @classmethod
    async def start(cls, toolchain: Path, cwd: Path, **env: str) -> "Client":
        process = await asyncio.create_subprocess_exec(
            *(str(toolchain / "bin" / "lake"), "serve", "--"),
            cwd=cwd,
            env=os.environ | env,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=1 << 24,
        )
        client = cls(process)
        answer = await client.request("initialize", {"processId": None, "rootUri": None, "capabilities": {}})
        assert answer["result"]["capabilities"]["textDocumentSync"]["change"] == 2
        client.notify("initialized", {})
        return client

    async def _read(self) -> None:
        assert self.process.stdout
        try:
            while True:
                header = await self.process.stdout.readuntil(b"\r\n\r\n")
                body = await self.process.stdout.readexactly(int(header.split(b":")[1]))
                async with self._arrived:
                    self.messages.append(json.loads(body))
                    self._arrived.notify_all()
        except asyncio.IncompleteReadError:
            async with self._arrived:
                self.messages.append({"eof": True})
                self._arrived.notify_all()

    def send(self, message: Message) -> None:
        assert self.process.stdin
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def notify(self, method: str, params: Message) -> None:
        self.send({"method": method, "params": params})

    async def until(self, wanted: Callable[[Message], bool]) -> Message:
        """The first message that is wanted, from the beginning on."""
        async with self._arrived:
            while True:
                for message in self.messages:
                    if wanted(message):
                        return message
                assert {"eof": True} not in self.messages, "the server has ended"
                await self._arrived.wait()

    def ask(self, method: str, params: Message | None) -> int:
        self._last_id += 1
        self.send({"id": self._last_id, "method": method, "params": params})
        return self._last_id

    async def answer(self, number: int) -> Message:
        return await self.until(lambda m: m.get("id") == number and "method" not in m)

    async def request(self, method: str, params: Message | None) -> Message:
        return await self.answer(self.ask(method, params))

    def open(self, uri: str, text: str) -> None:
        document = {"uri": uri, "languageId": "lean4", "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": document})

    def change(self, uri: str, version: int, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        span = {name: {"line": at[0], "character": at[1]} for name, at in (("start", start), ("end", end))}
        changes = [{"range": span, "text": text}]
        document = {"uri": uri, "version": version}
        self.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    async def progress(self, uri: str, version: int, wanted: Callable[[list[Any]], bool]) -> None:
        def is_it(message: Message) -> bool:
            if message.get("method") != "$/lean/fileProgress":
                return False
            params = message["params"]
            return params["textDocument"] == {"uri": uri, "version": version} and wanted(params["processing"])

        await self.until(is_it)

    async def checked(self, uri: str, version: int) -> list[str]:
        """The first lines of the messages of a version once it is elaborated to the end."""
        await self.progress(uri, version, lambda processing: not processing)
        reports = [
            m["params"]["diagnostics"]
            for m in self.messages
            if m.get("method") == "textDocument/publishDiagnostics"
            and m["params"]["uri"] == uri
            and m["params"].get("version") == version
        ]
        return [diagnostic["message"].splitlines()[0] for diagnostic in reports[-1]]

    def workers(self) -> list[psutil.Process]:
        # The programs that a worker's start script asks something of are none.
        return psutil.Process(self.process.pid).children()

    async def stop(self) -> None:
        if self.process.returncode is None:
            self.process.kill()
        await self.process.wait()
        await self._reader


@pytest.fixture
async def client(embedded_root: Path, tmp_path: Path) -> AsyncIterator[Client]:
    started = await Client.start(embedded_root, tmp_path, GHOSTPROOF_LEAN_SPARE="0")
    yield started
    await started.stop()


def uri_of(tmp_path: Path, name: str) -> str:
    return (tmp_path / name).as_uri()


async def ended(processes: list[psutil.Process]) -> None:
    assert processes
    _, alive = await asyncio.to_thread(psutil.wait_procs, processes, 60)
    assert not alive


async def test_open_goal_edit_rpc_close(client: Client, tmp_path: Path) -> None:
    uri = uri_of(tmp_path, "A 𝕜.lean")
    client.open(uri, TEXT)
    messages = await client.checked(uri, 1)
    assert any("rfl" in message for message in messages)
    assert not (await client.until(lambda m: m.get("method") == "$/lean/fileProgress"))["params"].get("error")

    at = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 2}}
    goal = await client.request("$/lean/plainGoal", at)
    assert goal["result"]["goals"] == ["a b : Nat\n⊢ a + b = b + a"]

    session = (await client.request("$/lean/rpc/connect", {"uri": uri}))["result"]["sessionId"]
    call = {"sessionId": session, "method": "Lean.Widget.getInteractiveGoals", "params": at, **at}
    assert (await client.request("$/lean/rpc/call", call))["result"]["goals"]

    client.change(uri, 2, (3, 0), (5, 0), "#eval 1 + 1\n")
    assert await client.checked(uri, 2) == ["2"]

    assert (await client.request("textDocument/references", at))["result"] is None
    worker = client.workers()
    client.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    await ended(worker)
    assert (await client.request("$/lean/plainGoal", at))["error"]["message"].startswith("Cannot process request")


async def test_a_crash_is_told_and_mended_by_the_next_edit(client: Client, tmp_path: Path) -> None:
    uri = uri_of(tmp_path, "B.lean")
    client.open(uri, TEXT)
    await client.checked(uri, 1)
    at = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 2}}
    client.change(uri, 2, (3, 0), (5, 0), FATAL)
    # Waits for the elaboration that kills the process, so that it must be answered for it.
    waiting = client.ask("textDocument/waitForDiagnostics", {"uri": uri, "version": 2})
    assert (await client.answer(waiting))["error"]["code"] == CRASHED
    await client.progress(uri, 2, lambda processing: [part["kind"] for part in processing] == [2])
    assert (await client.request("$/lean/plainGoal", at))["error"]["code"] == CRASHED
    client.change(uri, 3, (3, 0), (4, 0), "#eval 6 * 7\n")
    assert await client.checked(uri, 3) == ["42"]


async def test_missing_imports_are_leans_own_error(client: Client, tmp_path: Path) -> None:
    (tmp_path / "Local.lean").write_text("def x := 1\n")
    uri = uri_of(tmp_path, "C.lean")
    client.open(uri, "import Local\n#eval x\n")
    messages = await client.checked(uri, 1)
    assert "unknown module prefix 'Local'" in messages[0]


async def test_a_spare_worker_serves_the_next_file(embedded_root: Path, tmp_path: Path) -> None:
    client = await Client.start(embedded_root, tmp_path)
    try:
        (spare,) = client.workers()
        uri = uri_of(tmp_path, "D.lean")
        client.open(uri, TEXT)
        await client.checked(uri, 1)
        # The server starts the next spare right after it has passed that on: before it answers anything else.
        at = {"textDocument": {"uri": uri}, "position": {"line": 1, "character": 2}}
        assert (await client.request("$/lean/plainGoal", at))["result"]["goals"]
        assert spare in client.workers()
        assert len(client.workers()) == 2, "the spare that was taken is replaced once the file is through"
        workers = client.workers()
        await client.request("shutdown", None)
        client.notify("exit", {})
        assert await client.process.wait() == 0
        await ended(workers)
    finally:
        await client.stop()


@pytest.mark.parametrize(
    ("end", "status"),
    [
        (signal.SIGTERM, 143),
        (signal.SIGINT, 130),
        (signal.SIGKILL, -signal.SIGKILL),
        (None, 1),
    ],
    ids=["SIGTERM", "SIGINT", "SIGKILL", "end of input"],
)
async def test_no_worker_outlives_the_server(
    client: Client, tmp_path: Path, end: signal.Signals | None, status: int
) -> None:
    uri = uri_of(tmp_path, "E.lean")
    # A runaway elaboration: the worker is as busy as it gets when its server goes.
    client.open(uri, "#eval 1\nset_option maxHeartbeats 0\nexample : True := by\n  repeat skip\n")
    await client.until(lambda m: m.get("method") == "textDocument/publishDiagnostics" and m["params"]["diagnostics"])
    workers = client.workers()
    if end is None:
        assert client.process.stdin
        client.process.stdin.close()
    else:
        client.process.send_signal(end)
    assert await client.process.wait() == status
    await ended(workers)
