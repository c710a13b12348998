"""Pipes that do not flow: a Lean that no longer reads, floods, or neither answers nor dies, under both protocols."""

import ast
import asyncio
import signal
import sys
from pathlib import Path

import psutil
import pytest

import ghostproof
from ghostproof.errors import LeanDied, LeanTimeout
from ghostproof.host.system import WINDOWS
from ghostproof.lean.child import MOST_UNREAD
from ghostproof.lean.probe import GRACE_S, ProbeProcess
from ghostproof.lean.transport import Json, Transport
from support.processes import ended

PATIENCE_S = 120.0
# A server in the framing of LSP: `read` takes one message, `say` gives one, `again` does both for ever.
SERVER = """
import json, sys
def read():
    line = sys.stdin.buffer.readline()
    if not line: raise SystemExit
    sys.stdin.buffer.readline()
    return json.loads(sys.stdin.buffer.read(int(line.split(b":")[1])))
def say(**fields):
    body = json.dumps({"jsonrpc": "2.0", **fields}).encode()
    sys.stdout.buffer.write(b"Content-Length: %d\\r\\n\\r\\n%s" % (len(body), body)); sys.stdout.buffer.flush()
def again():
    while True:
        message = read()
        if "id" in message: say(id=message["id"], result="fine")
"""
PROBER = 'import json, sys\nprint(\'{"id":0,"ready":true}\', flush=True)\n'
ANSWERS = "for line in sys.stdin:\n    q = json.loads(line)\n    print(json.dumps({**q, 'text': 'fine'}), flush=True)\n"
NEVER_READS = "import signal\nsignal.pause()\n"


class Heard:
    """What a transport was told by itself."""

    def __init__(self) -> None:
        self.count = 0
        self.death: LeanDied | None = None

    def notification(self, method: str, params: Json) -> None:
        self.count += 1

    def died(self, death: LeanDied) -> None:
        self.death = death


async def server(body: str, heard: Heard, most_unread: int = MOST_UNREAD) -> Transport:
    argv = [sys.executable, "-c", SERVER + body]
    return await Transport.start(argv, Path.cwd(), {}, heard.notification, heard.died, most_unread=most_unread)


async def prober(body: str, *, grace_s: float = GRACE_S, most_unread: int = MOST_UNREAD) -> ProbeProcess:
    argv = [sys.executable, "-c", PROBER + body]
    return await ProbeProcess.start(argv, Path.cwd(), {}, grace_s=grace_s, most_unread=most_unread)


async def test_a_server_that_no_longer_reads_is_ended() -> None:
    heard = Heard()
    running = await server("read()\n" + NEVER_READS, heard, most_unread=1 << 20)
    asked = running.request("initialize", {})
    for _ in range(64):
        running.notify("textDocument/didChange", {"text": "x" * 100_000})
    with pytest.raises(LeanDied, match="no longer read"):
        await asyncio.wait_for(asked, PATIENCE_S)
    assert heard.death is not None
    await running.close()
    ended(running.pid)


async def test_a_prober_that_no_longer_reads_is_ended() -> None:
    running = await prober(NEVER_READS, most_unread=1 << 20)
    requests = [running.request({"do": "open", "text": "x" * 100_000}) for _ in range(64)]
    for request in requests:
        with pytest.raises(LeanDied):
            await running.wait(request, PATIENCE_S)
    with pytest.raises(LeanDied, match="no longer read"):
        await running.wait(running.request({"do": "run"}), PATIENCE_S)
    ended(running.pid)


FLOODS = {
    "stderr in one line": "sys.stderr.write('y' * (80 << 20)); sys.stderr.flush()\n",
    "stderr in many lines": "sys.stderr.write('why\\n' * (2 << 20)); sys.stderr.flush()\n",
}


@pytest.mark.parametrize("flood", FLOODS)
async def test_a_flood_on_stderr_is_read_and_forgotten(flood: str) -> None:
    before = psutil.Process().memory_info().rss
    heard = Heard()
    running = await server(FLOODS[flood] + "again()", heard)
    assert await running.ask("anything", {}, PATIENCE_S) == "fine"
    await running.close()
    asked = await prober(FLOODS[flood] + ANSWERS)
    assert (await asked.wait(asked.request({"do": "run"}), PATIENCE_S)).text("text") == "fine"
    await asked.kill()
    assert psutil.Process().memory_info().rss < before + (40 << 20)


async def test_a_flood_of_notifications_delays_no_answer_for_ever() -> None:
    heard = Heard()
    body = "for n in range(50_000): say(method='$/lean/fileProgress', params={'n': n})\nagain()"
    running = await server(body, heard)
    assert await running.ask("anything", {}, PATIENCE_S) == "fine"
    assert heard.count == 50_000
    await running.close()


@pytest.mark.parametrize("flood", [
    "while True: sys.stdout.write('x' * 65536)",
    "while True: sys.stdout.write('x\\n' * 65536)",
    "while True: sys.stdout.write('X-Nothing: 1\\r\\n' * 65536)",
    "sys.stdout.write('Content-Length: 999999999999\\r\\n\\r\\n'); sys.stdout.flush(); again()",
], ids=["one line", "many lines", "headers without end", "a huge frame"])  # fmt: skip
async def test_a_flood_that_is_no_protocol_ends_the_server(flood: str) -> None:
    heard = Heard()
    running = await server(flood, heard)
    with pytest.raises(LeanDied, match="no message"):
        await running.ask("anything", {}, PATIENCE_S)
    await running.close()
    ended(running.pid)


async def test_a_flood_of_lines_that_answer_nothing_is_dropped(caplog: pytest.LogCaptureFixture) -> None:
    running = await prober("for n in range(100_000): print('noise', n)\n" + ANSWERS)
    assert (await running.wait(running.request({"do": "run"}), PATIENCE_S)).text("text") == "fine"
    assert running.dropped == 100_000
    assert len(caplog.records) < 100
    await running.kill()


@pytest.mark.skipif(WINDOWS, reason="processes are not frozen by signals there")
async def test_a_frozen_server_is_closed_all_the_same() -> None:
    heard = Heard()
    running = await server("again()", heard)
    assert await running.ask("anything", {}, PATIENCE_S) == "fine"
    psutil.Process(running.pid).send_signal(signal.SIGSTOP)
    with pytest.raises(LeanTimeout):
        await running.ask("anything", {}, 0.2)
    await asyncio.wait_for(running.close(), PATIENCE_S)
    ended(running.pid)


@pytest.mark.skipif(WINDOWS, reason="processes are not frozen by signals there")
async def test_a_frozen_prober_is_ended_with_its_first_late_request() -> None:
    running = await prober(ANSWERS, grace_s=0.1)
    assert (await running.wait(running.request({"do": "run"}), PATIENCE_S)).text("text") == "fine"
    psutil.Process(running.pid).send_signal(signal.SIGSTOP)
    with pytest.raises(LeanTimeout, match="was ended"):
        await running.wait(running.request({"do": "run"}), 0.1)
    ended(running.pid)


async def test_a_prober_that_floods_before_it_is_ready_costs_no_memory() -> None:
    before = psutil.Process().memory_info().rss
    argv = [sys.executable, "-c", "while True: print('x' * 10_000)"]
    with pytest.raises(LeanTimeout):
        await ProbeProcess.start(argv, Path.cwd(), {}, start_s=1.0)
    assert psutil.Process().memory_info().rss < before + (40 << 20)


WALL_CLOCKS = {
    "time.time",
    "time.time_ns",
    "datetime.now",
    "datetime.utcnow",
    "datetime.datetime.now",
    "time.localtime",
}
FILES = sorted(Path(next(iter(ghostproof.__path__))).rglob("*.py"))
# What only tells people, or other machines, what time it is.
TELLS_THE_TIME = {
    "prover/engine/server/completions.py",
    "prover/engine/server/front.py",
    "learning/usage.py",  # the log says when
    "lean/pruning.py",  # ages of files, which have the wall clock's time
}


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_no_deadline_follows_a_clock_that_can_jump(path: Path) -> None:
    """Deadlines, pauses and ages are measured by the monotonic clock: the wall clock is not even asked."""
    tree = ast.parse(path.read_text("utf-8"))
    asked = {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & WALL_CLOCKS
    imported = {alias.name for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module == "time"
                for alias in node.names} & {"time", "time_ns", "localtime"}  # fmt: skip
    relative = path.relative_to(Path(next(iter(ghostproof.__path__)))).as_posix()
    assert relative in TELLS_THE_TIME or not asked | imported
