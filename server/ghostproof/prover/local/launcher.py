"""Which prover the settings ask for; finds the engine on this machine, or starts it when it is first needed.

The engine is a process of its own that outlives editor windows. Nothing here imports torch, and nothing blocks the
event loop.
"""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, aclosing
from dataclasses import replace
from importlib.util import find_spec
from time import monotonic
from typing import Any, TypeVar

from ghostproof.config import ProverConfig
from ghostproof.errors import GhostproofError, ProverBusy, ProverFailed
from ghostproof.host.processes import detach
from ghostproof.prover.client.errors import Backoff, Refused, Unreachable
from ghostproof.prover.client.prover import OpenAIProver, remote_prover
from ghostproof.prover.local.paths import EnginePaths, engine_paths, identity
from ghostproof.prover.models.folder import find
from ghostproof.prover.protocol import Completion, Priority, Prompt, Prover, ProverStatus, SamplingParams

log = logging.getLogger(__name__)

ALREADY_RUNNING = 5  # the exit code of an engine that lost the race for the lock
NEEDED = ("torch", "transformers", "tokenizers")
# Looks at an engine that was started: often at first, then as rarely as weights take to load.
FIRST_LOOK_S, LATER_LOOK_S = 0.02, 0.5
# A process that neither listens nor ends within this time hangs.
LISTENING_S = 60.0
# How long a window that lost the race waits before it starts an engine after all.
RACE_S = 2.0
SHOWN_ERRORS = 400

T = TypeVar("T")
EngineCommand = Callable[[ProverConfig], Sequence[str]]


def prover_for(config: ProverConfig) -> Prover | None:
    """The prover of the settings, None where they name none. Nothing is started or connected to before it is asked."""
    if config.url:
        return remote_prover(config.url, config.key_env, config.remote_model)
    return LocalProver(config) if config.model else None


def engine_command(config: ProverConfig, needed: Sequence[str] = NEEDED) -> Sequence[str]:
    """What starts the engine, which imports the packages that are `needed`.

    Raises:
        ProverFailed: it is not installed.
        ModelMissing, ModelBroken: the model cannot be run.
    """
    find(config.model)
    missing = [name for name in needed if find_spec(name) is None]
    if missing:
        names = ", ".join(missing)
        raise ProverFailed(f"Running a model on this machine needs {names}.", "pip install 'ghostproof[engine]'")
    # -P: a module of the folder that the process runs in must not stand in for one of ours.
    command = [sys.executable, "-P", "-m", "ghostproof", "prover", "--model", identity(config.model)]
    command += ["--device", config.device, "--idle-s", f"{config.idle_s:g}"]
    return [*command, "--kv-gib", f"{config.kv_gib:g}"] if config.kv_gib else command


class LocalProver:
    """The engine for a model on this machine, shared by everybody who names the same model and device."""

    def __init__(self, config: ProverConfig, command: EngineCommand = engine_command) -> None:
        self._config = config
        self._command = command
        self._status = ProverStatus("starting", config.model)
        self._client: OpenAIProver | None = None
        self._coming_up: asyncio.Task[OpenAIProver] | None = None
        self._backoff = Backoff()

    @property
    def status(self) -> ProverStatus:
        if self._client is None or self._status.state != "ready":
            return self._status
        seen = self._client.status
        if seen.state == "error":
            return replace(self._status, state="error", message=seen.message)
        return replace(self._status, tokens_per_s=seen.tokens_per_s)

    async def ask(
        self, prompt: Prompt, n: int, limits: SamplingParams, priority: Priority = Priority.TACTIC
    ) -> AsyncGenerator[Completion, None]:
        for last in (False, True):
            client = await self._up()
            told = False
            try:
                async with aclosing(client.ask(prompt, n, limits, priority)) as candidates:
                    async for candidate in candidates:
                        told = True
                        yield candidate
            except (Refused, ProverBusy):
                raise
            except ProverFailed as problem:
                await self._down(client)
                # One that ended since it was last asked, most likely because it was idle, is no failure yet.
                if told or last or not isinstance(problem, Unreachable):
                    self._failed(problem)
                    raise
            else:
                self._backoff.succeeded()
                return

    async def warm(self, prompt: Prompt) -> None:
        try:
            client = await self._up()
        except ProverFailed as problem:
            log.debug("not warmed: %s", problem.message)
            return
        await client.warm(prompt)
        if client.status.state == "error":
            await self._down(client)

    async def context(self) -> int:
        return await self._called(lambda client: client.context())

    async def count(self, texts: list[str]) -> list[int]:
        return await self._called(lambda client: client.count(texts))

    async def about(self) -> str:
        report = await self._called(lambda client: client.report())
        gib = report["kv"]["budget"] / 2**30
        return f"attention: {report['attention']}; context {report['context']:,} tokens; KV cache {gib:.1f} GiB"

    async def close(self) -> None:
        if self._coming_up is not None:
            self._coming_up.cancel()
            await asyncio.gather(self._coming_up, return_exceptions=True)
            self._coming_up = None
        if self._client is not None:
            await self._down(self._client)

    async def _called(self, call: Callable[[OpenAIProver], Awaitable[T]]) -> T:
        client = await self._up()
        try:
            return await call(client)
        except Unreachable:
            await self._down(client)
            return await call(await self._up())

    async def _up(self) -> OpenAIProver:
        """The client of a running engine, whose weights are loaded. Everybody who waits waits for the same start.

        Raises:
            ProverFailed: it cannot be started, or was started in vain a moment ago.
        """
        if self._client is not None:
            return self._client
        if self._coming_up is None or self._coming_up.done():
            self._backoff.check()
            self._coming_up = asyncio.create_task(self._come_up())
        # A caller that loses its patience must not end the start for the others.
        return await asyncio.shield(self._coming_up)

    async def _down(self, client: OpenAIProver) -> None:
        """The engine behind a client is gone, or is not needed any more."""
        if self._client is client:
            self._client = None
            self._status = replace(self._status, state="starting", tokens_per_s=0.0)
        await client.close()

    def _failed(self, problem: ProverFailed) -> None:
        self._backoff.failed(problem)
        message = f"{problem.message} {problem.hint}".strip()
        self._status = replace(self._status, state="error", message=message)

    async def _come_up(self) -> OpenAIProver:
        try:
            where = await asyncio.to_thread(engine_paths, self._config.model, self._config.device)
            client, report = await self._awaited(where, _Start(self._config, self._command, where))
        except GhostproofError as problem:
            failed = ProverFailed(problem.message, problem.hint)
            self._failed(failed)
            raise failed from problem
        self._status = ProverStatus("ready", str(report.get("model", "")), str(report.get("device", "")))
        self._client = client
        return client

    async def _awaited(self, where: EnginePaths, start: "_Start") -> tuple[OpenAIProver, Mapping[str, Any]]:
        """Look at the engine until its weights are loaded; start it where there is none."""
        pause = FIRST_LOOK_S
        seen = False
        while True:
            async with AsyncExitStack() as unless_ready:
                # Where it listens may be another place after a start, and is read for each new client.
                client = OpenAIProver(where.read_address, backoff=Backoff(first_s=0.0))
                unless_ready.push_async_callback(client.close)
                try:
                    report = await client.report()
                except ProverFailed as problem:
                    report = {}
                    if seen:
                        raise ProverFailed("The engine ended while it was loading.", f"See {where.log}.") from problem
                    await asyncio.to_thread(start.attend)
                if report.get("state") == "ready":
                    unless_ready.pop_all()
                    return client, report
            if report.get("state") == "error":
                raise ProverFailed(str(report.get("message")), str(report.get("hint")))
            seen = bool(report)
            self._status = replace(self._status, state="loading" if seen else "starting", message=_progress(report))
            await asyncio.sleep(pause)
            pause = min(pause * 1.5, LATER_LOOK_S)


class _Start:
    """One attempt to bring an engine into being. Its calls block, and belong into a thread."""

    def __init__(self, config: ProverConfig, command: EngineCommand, where: EnginePaths) -> None:
        self._config = config
        self._command = command
        self._where = where
        self._child: subprocess.Popen[bytes] | None = None
        self._again = 0.0
        self._deadline = monotonic() + LISTENING_S

    def attend(self) -> None:
        """Nobody listens: start an engine, unless one is on its way.

        Raises:
            GhostproofError: it cannot be started, or ended, or does not come up.
        """
        if monotonic() > self._deadline:
            raise ProverFailed("The engine does not begin to listen.", f"See {self._where.log}.")
        if self._child is None:
            if monotonic() >= self._again:
                self._child = self._spawn()
            return
        code = self._child.poll()
        if code == ALREADY_RUNNING:
            # Another window was faster, or an engine is about to end: look again before trying again.
            self._child, self._again = None, monotonic() + RACE_S
        elif code is not None:
            said = self._where.errors.read_text("utf-8", "replace").strip()[-SHOWN_ERRORS:]
            raise ProverFailed(f"The engine ended with exit code {code}: {said}", f"See {self._where.log}.")

    def _spawn(self) -> subprocess.Popen[bytes]:
        command = self._command(self._config)
        log.info("starting the engine for %s", self._config.model)
        try:
            with self._where.errors.open("wb") as errors:
                return detach(command, self._where.lock.parent, errors)
        except OSError as problem:
            raise ProverFailed(f"The engine cannot be started: {problem}.") from problem


def _progress(report: Mapping[str, Any]) -> str:
    """What an editor shows while weights are loaded."""
    part = report.get("progress")
    percent = f" {part:.0%}" if isinstance(part, int | float) else ""
    return f"{report.get('message') or ''}{percent}"
