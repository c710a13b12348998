"""The prover's client and process: cost of a request, time to the first sign of life, and what the editor loads."""

import asyncio
import os
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter, process_time

import psutil
from rich.console import Console

from bench.report import Row, Target, failed, median_row
from ghostproof.errors import ProverFailed
from ghostproof.prover.address import Address
from ghostproof.prover.client.prover import OpenAIProver
from ghostproof.prover.protocol import Prompt, SamplingParams

CANDIDATES = 16
PROMPT = Prompt("theorem t (a b : Nat) : a + b = b + a := by\n  " * 64)  # about 3 kB, as a prompt is
LOOK_S = 0.005

# What the language server has loaded when it may be asked for a suggestion.
EDITOR = """\
import sys
import ghostproof.lsp.server, ghostproof.app, ghostproof.prover.local.launcher
from ghostproof.config import ProverConfig
from ghostproof.prover.local.launcher import prover_for
prover_for(ProverConfig(model="nobody/nothing"))
print(*(name for name in ("torch", "transformers", "tokenizers", "numpy", "aiohttp") if name in sys.modules))
"""


async def measure(console: Console, *, quick: bool) -> list[Row]:
    """Rows of one run."""
    rows: list[Row] = []
    with tempfile.TemporaryDirectory() as folder:
        async with instant_engine(Path(folder) / "socket") as (socket, port, pid):
            console.print("requests to an engine that answers at once …", style="dim")
            requests = 200 if quick else 1000
            for name, address in (
                ("Unix socket", Address("http://ghostproof", socket)),
                ("loopback", Address(f"http://127.0.0.1:{port}")),
            ):
                rows += await overhead(name, address, requests, psutil.Process(pid))
        console.print("starting the process …", style="dim")
        rows.append(await first_health(Path(folder), 2 if quick else 5))
    rows.append(await loaded_by_the_editor())
    return rows


@asynccontextmanager
async def instant_engine(socket: Path) -> AsyncIterator[tuple[Path, int, int]]:
    """A front in a process of its own; its socket, its loopback port, and its number."""
    command = (sys.executable, "-m", "bench.instant_engine", str(socket))
    process = await asyncio.create_subprocess_exec(*command, stdout=subprocess.PIPE)
    assert process.stdout is not None
    try:
        yield socket, int(await process.stdout.readline()), process.pid
    finally:
        process.kill()
        await process.wait()


async def overhead(name: str, address: Address, requests: int, server: psutil.Process) -> list[Row]:
    """Milliseconds from `ask` to the end of the answer: processor time of both sides, and time on the clock."""
    rows: list[Row] = []
    prover = OpenAIProver(lambda: address)
    await prover.context()  # connects, which is done once
    for n, target in ((1, Target(2.0)), (CANDIDATES, None)):
        samples: list[float] = []
        ours, theirs = process_time(), spent(server)
        for _ in range(requests):
            start = perf_counter()
            candidates = [candidate async for candidate in prover.ask(PROMPT, n, SamplingParams())]
            samples.append((perf_counter() - start) * 1000)
            assert len(candidates) == n
        cost = (process_time() - ours + spent(server) - theirs) / requests * 1000
        what = f"request over {name}, n={n}"
        rows.append(Row(f"{what}: processor time", cost, "ms", target, "client and server together"))
        rows.append(median_row(f"{what}: on the clock", samples, "ms"))
    await prover.close()
    return rows


def spent(process: psutil.Process) -> float:
    """Seconds of processor time so far."""
    times = process.cpu_times()
    return float(times.user + times.system)


async def first_health(folder: Path, starts: int) -> Row:
    """Seconds from starting the process to its first answer, which comes before torch is imported."""
    name, target = "`/health` after start", Target(2.0)
    model = stub_model(folder / "model")
    environment = os.environ | {"XDG_STATE_HOME": str(folder / "state")}
    samples: list[float] = []
    for number in range(starts):
        socket = folder / f"engine-{number}"
        command = [sys.executable, "-m", "ghostproof", "prover", "--model", str(model), "--device", "cpu"]
        start = perf_counter()
        process = await asyncio.create_subprocess_exec(
            *(*command, "--socket", str(socket)),
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        try:
            answered = await report_of(socket, process)
            samples.append(perf_counter() - start)
        finally:
            process.kill()
            await process.wait()
        if not answered:
            return failed(name, "s", "the process ended", target)
    return median_row(name, samples, "s", target)


async def report_of(socket: Path, process: asyncio.subprocess.Process) -> bool:
    """Wait until somebody answers there; false if the process ends before."""
    while process.returncode is None:
        prover = OpenAIProver(lambda: Address("http://ghostproof", socket))
        try:
            await prover.report()
        except ProverFailed:
            await asyncio.sleep(LOOK_S)
        else:
            return True
        finally:
            await prover.close()
    return False


def stub_model(folder: Path) -> Path:
    """Enough of a model to start with; that its weights are none comes out later than is measured here."""
    folder.mkdir()
    (folder / "config.json").write_text('{"architectures": ["LlamaForCausalLM"], "model_type": "llama"}', "utf-8")
    for name in ("tokenizer.json", "model.safetensors"):
        (folder / name).touch()
    return folder


async def loaded_by_the_editor() -> Row:
    """How many of the large libraries the language server has loaded."""
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", EDITOR, stdout=subprocess.PIPE)
    output, _ = await process.communicate()
    name, target = "large libraries in the language server", Target(0)
    if process.returncode != 0:
        return failed(name, "", "it does not start", target)
    names = output.decode().split()
    return Row(name, len(names), "", target, ", ".join(names) or "no torch, transformers, tokenizers, numpy, aiohttp")
