"""One project with its Lean: how its checkers are made, and made anew when the toolchain changes."""

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from time import monotonic
from typing import Literal

from ghostproof.config import Config
from ghostproof.errors import GhostproofError, ToolchainBroken
from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.fingerprint import Fingerprint, fingerprint
from ghostproof.lean.probe_script import READER, assemble
from ghostproof.lean.probe_session import DEFAULT_CAPACITY, Capacity, ProbeSession
from ghostproof.lean.sandbox import sandboxed
from ghostproof.lean.session import LeanSession
from ghostproof.lean.setup_file import Setups
from ghostproof.lean.toolchain import Project, discover, script_command, server_command, with_flags
from ghostproof.lean.versions import too_old_for_probe
from ghostproof.syntax.spot import Spot
from ghostproof.syntax.statement import Reach, Spelling
from ghostproof.verify.advance import Advancer, Place
from ghostproof.verify.auto_checker import AutoChecker
from ghostproof.verify.checker import Checker, GoalState, Limits, Lives
from ghostproof.verify.definitions import NONE, Definer, Definitions
from ghostproof.verify.guard import GUARD, Guard
from ghostproof.verify.notice import notice, too_old
from ghostproof.verify.premises import TheoremTeller
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.scratch_checker import ScratchChecker
from ghostproof.verify.scratch_reader import Reader
from ghostproof.verify.small_values import INSTANCES, Evaluator, Tester, Trial, Untested, Valued
from ghostproof.verify.verdict import Candidate, Cause, Checked, Inconclusive

log = logging.getLogger(__name__)

# How often a workspace looks whether its toolchain has changed: 1.7 ms on a busy machine, more where PATH is slow.
LOOK_S = 0.5


async def find_lean(path: Path, config: Config) -> Project:
    """The project of a file or folder, with the Lean that the settings choose, confined as they say.

    Raises:
        NoToolchain, ToolchainBroken: there is none, or it does not run.
    """
    project = await discover(path, prefer=config.lean.toolchain)
    return await sandboxed(project, config.lean, hidden=(config.prover.key_env,))


def make_probe(
    project: Project, config: Config, guard: Guard = GUARD, capacity: Capacity = DEFAULT_CAPACITY
) -> ProbeChecker:
    """The probe for a project.

    Raises:
        ToolchainBroken: its program cannot be written.
    """
    script = assemble()
    return ProbeChecker(
        script_command(project, script.write()),
        project.root,
        project.toolchain.env,
        width=config.lean.checks_at_once(),
        compiled=CompiledProgram(project, script),
        setup=Setups(project).of,
        flagged=lambda argv, flags: with_flags(argv, project, flags),
        document_s=config.lean.document_s,
        explain=script.explain,
        guard=guard,
        capacity=capacity,
    )


def make_scratch(project: Project, config: Config) -> ScratchChecker:
    """The scratch checker for a project, with its reader of candidates."""
    # The scratch server has one document at a time, so the embedded server's spare worker would be a wasted gigabyte.
    env = {**project.toolchain.env, "GHOSTPROOF_LEAN_SPARE": "0"}
    script, setups = assemble(READER), Setups(project)
    reader = Reader(
        lambda: script_command(project, script.write()),
        project.root,
        project.toolchain.env,
        compiled=CompiledProgram(project, script),
        setup=setups.of,
        flagged=lambda argv, flags: with_flags(argv, project, flags),
        document_s=config.lean.document_s,
        explain=script.explain,
    )
    return ScratchChecker(
        lambda: LeanSession(server_command(project), project.root, env),
        reader,
        setup=setups.of,
        document_s=config.lean.document_s,
        tells_axioms=project.toolchain.tells_axioms,
    )


def make_checker(project: Project, config: Config, on_change: Callable[[], None] = lambda: None) -> Checker:
    """The checker that the settings ask for, as far as the Lean can run it.

    Args:
        on_change: told when the checker's `lives` have changed by themselves.

    Raises:
        ToolchainBroken: the probe is insisted on, and the Lean is too old for it.
    """
    old = too_old_for_probe(project.toolchain.version)
    if config.lean.checker == "probe":
        if old:
            raise ToolchainBroken(too_old(project.toolchain.version), "`--checker scratch` works on every Lean 4.")
        return make_probe(project, config)
    if config.lean.checker == "scratch" or old:
        return make_scratch(project, config)
    return AutoChecker(make_probe(project, config), make_scratch(project, config), on_change=on_change)


@dataclass(frozen=True)
class _Opened:
    """Which checker opened a state, and its own state."""

    checker: Checker
    state: GoalState


class Workspace:
    """One project with its Lean: a checker that finds its toolchain when it is first needed, and when it changes.

    Attributes:
        on_change: told when the checker's `lives` have changed by themselves.
    """

    def __init__(
        self, root: Path, config: Config, on_change: Callable[[], None] = lambda: None, look_s: float = LOOK_S
    ) -> None:
        self.root = root
        self.project: Project | None = None
        self._config = config
        self.on_change = on_change
        self._lock = asyncio.Lock()
        self._checker: Checker | None = None
        self._found_by: Fingerprint | None = None
        self._look_s, self._look_at = look_s, 0.0
        self._generation = 0
        self._closing: set[asyncio.Task[None]] = set()
        self._starting: asyncio.Task[None] | None = None

    @property
    def name(self) -> Literal["probe", "scratch"]:
        return self._checker.name if self._checker else "scratch"

    @property
    def width(self) -> int:
        return self._checker.width if self._checker else 1

    @property
    def lives(self) -> Lives:
        """How the checkers fare."""
        return self._checker.lives if self._checker else Lives()

    @property
    def prober(self) -> ProbeSession | None:
        """The prober while its process lives, for whoever has other questions to it."""
        checker = self._checker.probe if isinstance(self._checker, AutoChecker) else self._checker
        if not isinstance(checker, ProbeChecker) or checker.session.living is None:
            return None
        return checker.session

    @property
    def notice(self) -> str:
        """What the user should know about how this project is checked, "" if all is as it should be."""
        return notice(self.project.toolchain, self.lives) if self.project else ""

    async def checker(self) -> Checker:
        """The checker, made at the first call, and again when the project's toolchain has changed.

        Raises:
            NoToolchain, ToolchainBroken: there is no Lean to ask; the next call looks again.
        """
        async with self._lock:
            if self._checker is not None and monotonic() < self._look_at:
                return self._checker
            now = fingerprint(self.root)
            self._look_at = monotonic() + self._look_s
            if self._checker is not None and now != self._found_by:
                log.info("the toolchain of %s has changed", self.root)
                self._close_later(self._checker)
                self._checker = None
            if self._checker is None:
                self.project = await find_lean(self.root, self._config)
                generation = self._generation + 1
                made = make_checker(self.project, self._config, lambda: self._has_changed(generation))
                self._checker, self._found_by, self._generation = made, now, generation
            return self._checker

    async def start(self) -> None:
        """See `Checker.start`."""
        await (await self.checker()).start()

    async def await_probe(self, seconds: float) -> None:
        """Start, and wait for a probe that is on its way, until it is up, has failed, or has taken too long.

        For whoever will ask so much that scratch, which serves meanwhile, would be the slower way. What fails, whoever
        opens something is told.
        """
        with contextlib.suppress(GhostproofError):
            checker = await self.checker()
            await checker.start()
            if isinstance(checker, AutoChecker):
                await checker.await_probe(seconds)

    def start_soon(self) -> "asyncio.Task[None]":
        """Start in the background, which never raises. What fails, whoever uses the workspace is told."""

        async def start() -> None:
            with contextlib.suppress(GhostproofError):
                await self.start()

        self._starting = asyncio.create_task(start(), name="head-start")
        return self._starting

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        checker = await self.checker()
        generation = self._generation
        await checker.start()
        state = await checker.open(path, text, spot)
        # Another Lean may see another thing in the same text.
        return replace(state, key=f"{generation}:{state.key}", handle=_Opened(checker, state))

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        opened = await self._opened(state)
        if opened is None:
            return Checked(candidate, Inconclusive(Cause.CRASH, "The toolchain has changed."))
        return await opened.checker.check(opened.state, candidate, limits)

    async def refute(self, state: GoalState, limits: Limits, instances: int = INSTANCES) -> Trial:
        """See `Tester.refute`."""
        opened = await self._opened(state)
        if opened is None or not isinstance(opened.checker, Tester):
            return Untested("there is nothing that could try small values")
        return await opened.checker.refute(opened.state, limits, instances)

    async def sift(self, state: GoalState, statements: Sequence[str], limits: Limits) -> tuple[Trial, ...]:
        """See `Tester.sift`."""
        opened = await self._opened(state)
        if opened is None or not isinstance(opened.checker, Tester):
            return tuple(Untested("there is nothing that could try small values") for _ in statements)
        return await opened.checker.sift(opened.state, statements, limits)

    async def values(self, state: GoalState, terms: Sequence[str], limits: Limits) -> tuple[Valued, ...]:
        """See `Evaluator.values`."""
        opened = await self._opened(state)
        if opened is None or not isinstance(opened.checker, Evaluator):
            return tuple(Valued("") for _ in terms)
        return await opened.checker.values(opened.state, terms, limits)

    async def define(self, state: GoalState, limits: Limits) -> Definitions:
        """See `Definer.define`."""
        opened = await self._opened(state)
        if opened is None or not isinstance(opened.checker, Definer):
            return NONE
        return await opened.checker.define(opened.state, limits)

    async def advance(
        self, state: GoalState, step: str, path: Path, places: Sequence[Place | None], limits: Limits
    ) -> tuple[GoalState | None, ...]:
        """See `Advancer.advance`."""
        opened = await self._opened(state)
        if opened is None or not isinstance(opened.checker, Advancer):
            return tuple(None for _ in places)
        found = await opened.checker.advance(opened.state, step, path, places, limits)
        return tuple(replace(one, handle=_Opened(opened.checker, one)) if one is not None else None for one in found)

    def release(self, states: Sequence[GoalState]) -> None:
        """See `Advancer.release`."""
        for state in states:
            opened = state.handle
            if isinstance(opened, _Opened) and isinstance(opened.checker, Advancer):
                opened.checker.release([opened.state])

    async def reach(self, state: GoalState, limits: Limits) -> Reach | None:
        """See `TheoremTeller.reach`."""
        opened = await self._opened(state)
        if opened is None or not isinstance(opened.checker, TheoremTeller):
            return None
        return await opened.checker.reach(opened.state, limits)

    async def written(
        self, state: GoalState, names: Sequence[str], limits: Limits, *, types: bool = False
    ) -> tuple[Spelling, ...]:
        """See `TheoremTeller.written`."""
        opened = await self._opened(state)
        if opened is None or not isinstance(opened.checker, TheoremTeller):
            return ()
        return await opened.checker.written(opened.state, names, limits, types=types)

    async def chained(self, state: GoalState, names: Sequence[str], limits: Limits) -> str:
        """See `TheoremTeller.chained`."""
        opened = state.handle
        assert isinstance(opened, _Opened), "a state of this workspace"
        checker = opened.checker
        if checker is not await self.checker() or not isinstance(checker, TheoremTeller):
            return ""
        return await checker.chained(opened.state, names, limits)

    async def close(self) -> None:
        if self._starting is not None:
            self._starting.cancel()
            await asyncio.wait([self._starting])
            self._starting = None
        if self._checker is not None:
            self._close_later(self._checker)
            self._checker = None
        await asyncio.gather(*self._closing)

    async def _opened(self, state: GoalState) -> _Opened | None:
        """Who opened a state, and its own; None where the toolchain has changed since."""
        opened = state.handle
        assert isinstance(opened, _Opened), "a state of this workspace"
        return opened if opened.checker is await self.checker() else None

    def _has_changed(self, generation: int) -> None:
        """Tell that the checker fares otherwise, unless it is one that was given up."""
        if self._checker is not None and generation == self._generation:
            self.on_change()

    def _close_later(self, checker: Checker) -> None:
        task = asyncio.create_task(checker.close(), name="checker-close")
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
