"""The life of a Lean program of ours, prober or reader: started when it is needed, set up, and started again.

It knows when a process has to be replaced: it has died, it can't import any more, or it lacks a library. What the
program is asked, and what its answers mean, are its owner's; the contents of `config` pass through unread.
"""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, ToolchainBroken
from ghostproof.lean.backoff import RestartBackoff
from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.probe import START_S, ProbeProcess
from ghostproof.syntax.header import Imports

log = logging.getLogger(__name__)

# A process that dies again this soon waits longer each time before it is started again.
_STABLE_S = 60.0
# A compiled program is ready in seconds; what hangs must not keep anybody from the source.
_COMPILED_START_S = 60.0

T = TypeVar("T")
Flagged = Callable[[Sequence[str], Sequence[str]], Sequence[str]]


def unflagged(argv: Sequence[str], flags: Sequence[str]) -> Sequence[str]:
    """For a program that takes no flags of Lean's."""
    return argv


@dataclass(frozen=True)
class Program:
    """How a program of ours is run with the project's Lean.

    Attributes:
        argv: makes the command line that runs its source; may raise ToolchainBroken.
        cwd: the folder to run it in.
        env: variables set on top of the inherited environment.
        compiled: the same program in its compiled form, which starts sooner; it is made while the source serves.
        flagged: the command line with more flags for Lean.
        explain: what makes Lean's messages about the program's own text readable.
        start_s: longest time until the source is ready.
    """

    argv: Callable[[], Sequence[str]]
    cwd: Path
    env: Mapping[str, str]
    compiled: CompiledProgram | None = None
    flagged: Flagged = unflagged
    explain: Callable[[str], str] = str
    start_s: float = START_S


@dataclass(frozen=True)
class Capacity:
    """How much one process of the prober keeps.

    Attributes:
        headers: different lists of imports before it is started anew. Lean never gives back the memory of an import:
            0.1-0.25 GB each on the embedded Lean, which has 2 GB of it.
        documents: files whose elaborated commands are kept.
        states: goals that are kept to run candidates from.
        steps: goals that steps of searches have led to. A state shares almost all of its memory with the one above.
    """

    headers: int = 5
    documents: int = 4
    states: int = 48
    steps: int = 400


DEFAULT_CAPACITY = Capacity()


class ProbeSession:
    """One process of a program at a time.

    Args:
        config: fields of the request that sets a new process up.
        config_s: longest time for that.
        on_loss: called when what the process knew is lost.
        headers_kept: different lists of imports before the process is started anew.

    Attributes:
        closes: how often whoever owns it has ended it.
    """

    def __init__(
        self,
        program: Program,
        config: Mapping[str, object],
        config_s: float,
        on_loss: Callable[[], None],
        headers_kept: int = Capacity.headers,
    ) -> None:
        self._program, self._config, self._config_s, self._on_loss = program, dict(config), config_s, on_loss
        self._headers_kept = headers_kept
        self._process: ProbeProcess | None = None
        self._starting = asyncio.Lock()
        self._started_at = 0.0
        self._backoff = RestartBackoff()
        self._making: asyncio.Task[bool] | None = None
        self._source_only = False
        self._flags: tuple[str, ...] = ()  # of all files that were opened: a library stays loaded
        self._headers: set[Imports] = set()  # what the process has imported
        self.closes = 0

    @property
    def process(self) -> ProbeProcess | None:
        """The process while there is one, dead or alive."""
        return self._process

    @property
    def living(self) -> ProbeProcess | None:
        """The process that would serve at once."""
        return self._process if self._process is not None and not self._process.dead else None

    @property
    def pid(self) -> int | None:
        """The living process's id; it leads a process group of its own."""
        return self.living.pid if self.living is not None else None

    @property
    def starts_soon(self) -> bool:
        """Whether the program is there in its compiled form."""
        compiled = self._program.compiled
        return compiled is not None and not self._source_only and compiled.launch() is not None

    async def live(self) -> ProbeProcess:
        """The process, started and set up if need be; one that dies again and again is started ever more rarely.

        Raises:
            ToolchainBroken: the program does not run on this Lean; the message has what Lean said.
            LeanDied, LeanTimeout: it ended while it was being set up, or was not ready in time.
        """
        async with self._starting:
            if self.living is not None:
                return self.living
            if self._process is not None:
                self._forget()
                await self._pause()
            self._process = None
            process = await self._start()
            try:
                answer = await process.wait(process.request({"do": "config", **self._config}), self._config_s)
                if "failure" in answer:
                    raise LeanDied(answer.text("failure"))
            except BaseException:
                await process.kill()
                raise
            self._process, self._started_at = process, time.monotonic()
            return process

    async def with_room(self, imports: Imports, flags: Sequence[str]) -> ProbeProcess:
        """The process; a new one if it can't import any more, or lacks libraries that a file needs.

        What is in flight in the old one ends with it.

        Args:
            imports: what the file imports.
            flags: Lean's flags that load the file's libraries.
        """
        more = tuple(flag for flag in flags if flag not in self._flags)
        if more:
            self._flags += more
            await self.end()
        process = await self.live()
        if imports not in self._headers and len(self._headers) >= self._headers_kept:
            await self.end()
            process = await self.live()
        self._headers.add(imports)
        return process

    async def as_it_is(self, imports: Imports, flags: Sequence[str]) -> ProbeProcess:
        """The process, for a guest that may neither start nor replace it; arguments as for `with_room`.

        Raises:
            GhostproofError: it is not there, or has not imported this.
        """
        if self.living is None or imports not in self._headers or not set(flags) <= set(self._flags):
            raise GhostproofError("The prober has not imported what this file imports.")
        return self.living

    async def unless_it_dies(self, ask: Callable[[], Awaitable[T]]) -> T:
        """What `ask` comes to; asked once more where the process dies meanwhile, mostly of what others asked.

        Raises:
            LeanDied: it died again, or was closed.
        """
        closes = self.closes
        try:
            return await ask()
        except LeanDied:
            if self.closes != closes:
                raise
        return await ask()

    def worked(self) -> None:
        """The process has done something useful: its next death is its first."""
        self._backoff.worked()

    async def close(self) -> None:
        """End the process for whoever owns it: nothing is to blame for that, nor asked again."""
        self.closes += 1
        await self.end()

    async def end(self) -> None:
        """End the process, and the compiling of the program. A later use starts another one."""
        process, self._process = self._process, None
        making, self._making = self._making, None
        if making is not None:
            making.cancel()
            await asyncio.wait([making])
        self._forget()
        if process is not None:
            await process.kill()

    async def _start(self) -> ProbeProcess:
        """The program in its compiled form, else from its source; then the compiled form is made for the next time."""
        program, compiled = self._program, self._program.compiled
        launch = compiled.launch() if compiled is not None and not self._source_only else None
        if compiled is not None and launch is not None:
            argv, env = program.flagged(launch.argv, self._flags), {**program.env, **launch.env}
            try:
                return await ProbeProcess.start(argv, program.cwd, env, start_s=_COMPILED_START_S)
            except ToolchainBroken as problem:
                compiled.discard(problem.message)
            except (LeanDied, LeanTimeout) as problem:
                # Too little memory, or a busy machine: that says nothing about the program, but it may happen again.
                log.warning("a compiled program did not come up, its source is used: %s", problem.message)
                self._source_only = True
        argv = program.flagged(program.argv(), self._flags)
        process = await ProbeProcess.start(
            argv, program.cwd, program.env, explain=program.explain, start_s=program.start_s
        )
        if compiled is not None and self._making is None:
            self._making = asyncio.create_task(compiled.make())
        return process

    async def _pause(self) -> None:
        if time.monotonic() - self._started_at >= _STABLE_S:
            self._backoff.worked()
        else:
            self._backoff.died()
        await self._backoff.pause()

    def _forget(self) -> None:
        self._headers.clear()
        self._on_loss()
