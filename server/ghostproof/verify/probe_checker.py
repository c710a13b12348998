"""The checker that runs candidates from a saved elaborator state in a long-lived Lean of its own: see `lean/probe/`.

Many states and documents, one process. It is started again when it has died, and states are opened again by themselves.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, NoGoal, NotImported, ToolchainBroken
from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.probe import ProbeAnswer, ProbeProcess, ProbeRequest
from ghostproof.lean.probe_document import Fault, Part, ProbeDocument, header, lookahead
from ghostproof.lean.setup_file import FileSetup
from ghostproof.syntax.spot import Spot
from ghostproof.text import normalise_eol
from ghostproof.verify.checker import GoalState, Limits, Lives
from ghostproof.verify.error_above import error_above
from ghostproof.verify.forbidden import SEARCH
from ghostproof.verify.guard import GUARD, Guard
from ghostproof.verify.plain_text import unencodable
from ghostproof.verify.probe_verdict import (
    errors_of,
    final_verdict,
    is_closed,
    is_recursive,
    main_goal,
    offers,
    trial_verdict,
)
from ghostproof.verify.suspects import Suspects
from ghostproof.verify.verdict import Candidate, Cause, Checked, Inconclusive, Verdict

_STATES_KEPT = 48
_DOCUMENTS_KEPT = 4
# A process that dies again this soon waits longer each time before it is started again.
_STABLE_S = 60.0
# A prober that dies again and again is started ever more rarely, but whoever asks does not wait longer than this.
_LONGEST_PAUSE_S = 4.0
# Lean never gives back the memory of an import: 0.1-0.25 GB each on the embedded Lean, which has 2 GB of it.
_HEADERS_KEPT = 5
_HOLE = "sorry"
# A compiled program is ready in seconds; what hangs must not keep anybody from the source.
_COMPILED_START_S = 60.0


Setup = Callable[[Path, str], Awaitable[FileSetup]]
Flagged = Callable[[Sequence[str], Sequence[str]], Sequence[str]]


async def _no_setup(path: Path, text: str) -> FileSetup:
    return FileSetup()


def _unflagged(argv: Sequence[str], flags: Sequence[str]) -> Sequence[str]:
    return argv


@dataclass(frozen=True)
class _Handle:
    """A hole, so that its state can be opened again."""

    path: Path
    text: str
    spot: Spot
    opened: str  # names the options and the text above the hole


@dataclass(frozen=True)
class _Saved:
    """A state that the prober keeps.

    Attributes:
        follow: the text behind the hole as far as it was parsed; `at_end` if it goes to the end of the file.
        owner: full name of the declaration under proof, "" if it has none.
        errors: what Lean says about the declaration with `sorry` in the hole.
    """

    number: int
    state: GoalState
    follow: str
    at_end: bool
    owner: str
    errors: tuple[str, ...]


class _EndedWhileRunning(Exception):
    """Lean ended, or had to be ended, while it ran a candidate; `problem` says how."""

    def __init__(self, problem: LeanDied | LeanTimeout) -> None:
        super().__init__(problem.message)
        self.problem = problem


class ProbeChecker:
    """See `Checker`.

    Args:
        argv, cwd: the command line that runs the prober with the project's Lean, and the folder to run it in.
        env: variables set on top of the inherited environment.
        width: candidates that run at the same time, each in a thread of the one process.
        compiled: the same program in its compiled form, which starts sooner; it is made while the source serves.
        setup: how a file with a text is set up; options, and libraries that Lean loads.
        flagged: the command line with more flags for Lean.
        document_s: longest time for Lean to elaborate a file up to the hole; what it has done is kept.
        explain: what makes Lean's messages about the prober's own text readable.
        guard: what no candidate may contain. Tests take it away, to see that nothing depends on it alone.
    """

    def __init__(
        self,
        argv: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        width: int = 2,
        *,
        compiled: CompiledProgram | None = None,
        setup: Setup = _no_setup,
        flagged: Flagged = _unflagged,
        document_s: float = 60.0,
        explain: Callable[[str], str] = str,
        guard: Guard = GUARD,
    ) -> None:
        self._argv, self._cwd, self._env, self._width = tuple(argv), cwd, dict(env), width
        self._setup, self._flagged = setup, flagged
        self._compiled = compiled
        self._making: asyncio.Task[bool] | None = None
        self._flags: tuple[str, ...] = ()  # of all files that were opened: a library stays loaded
        self._document_s = document_s
        self._explain, self._guard = explain, guard
        self._process: ProbeProcess | None = None
        self._starting = asyncio.Lock()
        self._started_at = 0.0
        self._deaths = 0
        self._opening = asyncio.Lock()
        self._slots = asyncio.Semaphore(width)
        self._suspects = Suspects(self._slots, width)
        self._closes = 0
        self._documents: OrderedDict[Path, ProbeDocument] = OrderedDict()
        self._states: OrderedDict[str, _Saved] = OrderedDict()
        self._opening_request: ProbeRequest | None = None
        self._counter = 0
        self._files = 0
        self._headers: set[str] = set()  # what the process has imported

    @property
    def name(self) -> Literal["probe", "scratch"]:
        return "probe"

    @property
    def width(self) -> int:
        return self._width

    @property
    def lives(self) -> Lives:
        return Lives(probe="ready" if self.ready else "resting")

    @property
    def ready(self) -> bool:
        """Whether a request would be served at once."""
        return self._process is not None and not self._process.dead

    @property
    def pid(self) -> int | None:
        """The process's id while it lives; it leads a process group of its own."""
        return self._process.pid if self._process is not None and not self._process.dead else None

    @property
    def dropped(self) -> int:
        """Lines that the process printed and that answered nothing."""
        return self._process.dropped if self._process is not None else 0

    @property
    def complaints(self) -> tuple[str, ...]:
        """The last lines of the prober's stderr."""
        return self._process.complaints if self._process is not None else ()

    async def start(self) -> None:
        """See `Checker.start`. Waits until the process is ready.

        Raises:
            ToolchainBroken: the prober does not run on this Lean; the message has what Lean said.
            LeanDied, LeanTimeout: it ended while it was being set up, or was not ready in time.
        """
        await self._live()

    async def close(self) -> None:
        """See `Checker.close`. A later use starts a new process."""
        self._closes += 1
        await self._end()

    async def _end(self) -> None:
        process, self._process = self._process, None
        making, self._making = self._making, None
        if making is not None:
            making.cancel()
            await asyncio.wait([making])
        self._forget()
        if process is not None:
            await process.kill()

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        """See `Checker.open`.

        Raises:
            ToolchainBroken: the prober does not run on this Lean.
        """
        if broken := unencodable(text):
            raise NoGoal("Lean can't be asked about this text.", broken)
        return (await self._open(path, normalise_eol(text), spot)).state

    async def check(self, state: GoalState, candidate: Candidate, limits: Limits) -> Checked:
        """See `Checker.check`."""
        handle = state.handle
        if not isinstance(handle, _Handle):
            raise TypeError("the state was opened by another checker")
        refused = self._guard.unread(candidate.text)
        if refused is not None:
            return Checked(candidate, refused)
        key = (handle.opened, candidate.text)
        before = self._suspects.conviction(key)
        if before is not None:
            return Checked(candidate, Inconclusive(Cause.CRASH, before))
        started = time.monotonic()
        closes = self._closes
        try:
            try:
                return await self._judge(handle, candidate, limits)
            except _EndedWhileRunning as end:
                if isinstance(end.problem, LeanTimeout) or self._closes != closes:
                    raise
            async with self._suspects.one_slot_alone():
                return await self._judge(handle, candidate, limits)
        except _EndedWhileRunning as end:
            if self._closes == closes:
                self._suspects.convict(key, end.problem.message)
            verdict = _no_verdict(end.problem)
        except GhostproofError as problem:
            verdict = _no_verdict(problem)
        return Checked(candidate, verdict, (), (time.monotonic() - started) * 1000)

    async def _judge(self, handle: _Handle, candidate: Candidate, limits: Limits) -> Checked:
        """Run a candidate in a slot, and give the slot back when Lean has left it.

        Raises:
            _EndedWhileRunning: there is no verdict, and the candidate may be the cause.
            GhostproofError: Lean did not come to running it.
        """
        await self._slots.acquire()
        started = time.monotonic()
        running: ProbeRequest | None = None
        try:
            verdict: Verdict | None = None
            found: tuple[str, ...] = ()
            while verdict is None:
                saved, process = await self._saved(handle)
                placed = handle.spot.place(candidate.text)[len(handle.spot.lead) :]
                asked = {"state": saved.number, "text": placed}
                running = process.request({"do": "run", **asked, "heartbeats": limits.heartbeats})
                answer = await process.wait(running, limits.seconds)
                if answer.flag("gone"):
                    self._states.pop(handle.opened, None)
                    running = None
                    continue
                verdict, found = trial_verdict(answer, candidate.text, saved.owner), offers(answer)
                if is_closed(answer) or is_recursive(answer):
                    left_open = not is_closed(answer)
                    running = process.request({"do": "final", **asked, "open": left_open})
                    answer = await process.wait(running, limits.seconds)
                    verdict = final_verdict(answer, saved.errors, verdict, recursive=left_open)
            return Checked(candidate, verdict, found, (time.monotonic() - started) * 1000)
        except (LeanDied, LeanTimeout) as problem:
            if running is None:
                raise
            raise _EndedWhileRunning(problem) from problem
        except asyncio.CancelledError:
            if running is not None and self._process is not None:
                self._process.abandon(running)
            raise
        finally:
            if running is None:
                self._slots.release()
            else:
                running.done.add_done_callback(lambda _: self._slots.release())

    async def _saved(self, handle: _Handle) -> tuple[_Saved, ProbeProcess]:
        """The handle's state, opened again if it was dropped or its process has died."""
        process = await self._live()
        saved = self._states.get(handle.opened)
        if saved is None or not _follows(saved, handle):
            saved = await self._open(handle.path, handle.text, handle.spot)
            process = await self._live()
        else:
            self._states.move_to_end(handle.opened)
        return saved, process

    async def _live(self) -> ProbeProcess:
        async with self._starting:
            if self._process is not None and not self._process.dead:
                return self._process
            if self._process is not None:
                self._forget()
                await self._pause()
            self._process = None
            process = await self._start()
            setup = process.request(
                {
                    "do": "config",
                    "width": self._width,
                    "search": sorted(SEARCH),
                    **self._guard.policy,
                }
            )
            await process.wait(setup, self._document_s)
            self._process, self._started_at = process, time.monotonic()
            return process

    async def _start(self) -> ProbeProcess:
        """The program in its compiled form, else from its source; then the compiled form is made for the next time."""
        launch = self._compiled.launch() if self._compiled is not None else None
        if self._compiled is not None and launch is not None:
            argv = self._flagged(launch.argv, self._flags)
            try:
                return await ProbeProcess.start(argv, self._cwd, {**self._env, **launch.env}, start_s=_COMPILED_START_S)
            except (ToolchainBroken, LeanDied, LeanTimeout) as problem:
                self._compiled.discard(problem.message)
        argv = self._flagged(self._argv, self._flags)
        process = await ProbeProcess.start(argv, self._cwd, self._env, explain=self._explain)
        if self._compiled is not None and self._making is None:
            self._making = asyncio.create_task(self._compiled.make())
        return process

    async def _with_room(self, imports: str, flags: Sequence[str]) -> ProbeProcess:
        """The process; a new one if it can't import any more, or lacks libraries that the file needs.

        What is in flight in the old one is run again.
        """
        more = tuple(flag for flag in flags if flag not in self._flags)
        if more:
            self._flags += more
            await self._end()
        process = await self._live()
        if imports not in self._headers and len(self._headers) >= _HEADERS_KEPT:
            await self._end()
            process = await self._live()
        self._headers.add(imports)
        return process

    async def _pause(self) -> None:
        self._deaths = self._deaths + 1 if time.monotonic() - self._started_at < _STABLE_S else 0
        if self._deaths > 1:
            await asyncio.sleep(min(2.0 ** (self._deaths - 2), _LONGEST_PAUSE_S))

    def _forget(self) -> None:
        self._states.clear()
        self._headers.clear()
        for document in self._documents.values():
            document.forget()

    async def _open(self, path: Path, text: str, spot: Spot) -> _Saved:
        filled = spot.fill(text, _HOLE)
        setup = await self._setup(path, text)
        # The same text means another thing with other options.
        seen = f"{sorted(setup.options.items())}\n{filled[: spot.tactic_start]}"
        above = hashlib.sha256(seen.encode()).hexdigest()
        await self._opening.acquire()
        work = asyncio.create_task(self._open_alone(_Handle(path, text, spot, above), filled, setup))
        # A cancelled opening holds the lock until Lean has left it, and what it elaborated of the file is kept.
        work.add_done_callback(self._opened)
        try:
            return await asyncio.shield(work)
        except asyncio.CancelledError:
            if self._process is not None and self._opening_request is not None:
                self._process.abandon(self._opening_request, hard=False)
            raise

    def _opened(self, work: asyncio.Task[_Saved]) -> None:
        self._opening_request = None
        self._opening.release()
        if not work.cancelled():
            work.exception()  # the caller may be gone

    async def _open_alone(self, handle: _Handle, filled: str, setup: FileSetup) -> _Saved:
        process = await self._with_room(header(handle.text), setup.flags)
        known = self._states.get(handle.opened)
        if known is not None and _follows(known, handle):
            self._states.move_to_end(handle.opened)
            return known
        self._counter += 1
        document = self._document(process, handle.path)
        for to_end in (False, True):
            part = document.advance(filled, handle.spot.tactic_start, to_end=to_end)
            answer = await self._ask_open(process, document, part, handle.spot.tactic_start, setup)
            if not answer.flag("more"):
                break
        _raise_unless_open(answer)
        return self._keep(process, handle, filled, part, answer, document.faults)

    async def _ask_open(
        self, process: ProbeProcess, document: ProbeDocument, part: Part, hole: int, setup: FileSetup
    ) -> ProbeAnswer:
        request = process.request(
            {
                "do": "open",
                "doc": document.number,
                "state": self._counter,
                "keep": part.keep,
                "from": part.start,
                "text": part.text,
                "hole": part.in_bytes(hole),
                "last": part.last,
                "options": [[name, value] for name, value in setup.options.items()],
            }
        )
        self._opening_request = request
        answer = await process.wait(request, self._document_s)
        if "failure" in answer:
            document.forget()
        document.bounds += part.offsets(answer.numbers("ends"))
        document.faults += _faults(part, answer.parts("faults"))
        return answer

    def _keep(
        self,
        process: ProbeProcess,
        handle: _Handle,
        filled: str,
        part: Part,
        answer: ProbeAnswer,
        faults: Sequence[Fault],
    ) -> _Saved:
        self._deaths = 0  # it has done something useful
        behind = handle.spot.tactic_start + len(_HOLE)
        tail, stop = part.offsets((answer.number("tail"), answer.number("stop")))
        declaration = hashlib.sha256(filled[behind:tail].rstrip().encode()).hexdigest()
        goals = answer.texts("goals")
        found = [(fault.at, fault.message) for fault in (*faults, *_faults(part, answer.parts("own")))]
        above = error_above(filled, found, part.offset, handle.spot.tactic_start)
        main = main_goal(goals[0], answer.part("main"))
        state = GoalState(goals, main, handle.opened + declaration, handle, above)
        end = lookahead(filled, stop)
        saved = _Saved(
            self._counter, state, filled[behind:end], end == len(filled), answer.text("owner"), errors_of(answer)
        )
        gone = [old for old in (self._states.pop(handle.opened, None),) if old is not None]
        self._states[handle.opened] = saved
        while len(self._states) > _STATES_KEPT:
            gone.append(self._states.popitem(last=False)[1])
        process.send({"do": "drop", "states": [old.number for old in gone]})
        return saved

    def _document(self, process: ProbeProcess, path: Path) -> ProbeDocument:
        document = self._documents.get(path)
        if document is None:
            self._files += 1
            document = self._documents[path] = ProbeDocument(self._files)
        self._documents.move_to_end(path)
        while len(self._documents) > _DOCUMENTS_KEPT:
            process.send({"do": "drop", "docs": [self._documents.popitem(last=False)[1].number]})
        return document


def _faults(part: Part, found: Iterable[ProbeAnswer]) -> list[Fault]:
    """The errors that an answer lists, by their offsets in the file."""

    def offset(position: int) -> int:
        return part.offsets((position,))[0]

    return [Fault(offset(f.number("at")), offset(f.number("end")), f.text("message")) for f in found]


def _follows(saved: _Saved, handle: _Handle) -> bool:
    """Whether what Lean parsed behind the state's hole still stands there."""
    end = handle.spot.end
    if saved.at_end:
        return handle.text[end:] == saved.follow
    return handle.text.startswith(saved.follow, end)


def _no_verdict(problem: GhostproofError) -> Inconclusive:
    """What a failure of the process means for a candidate."""
    if isinstance(problem, LeanTimeout):
        return Inconclusive(Cause.TIMEOUT, problem.message)
    return Inconclusive(Cause.MEMORY if "out of memory" in problem.message else Cause.CRASH, problem.message)


def _raise_unless_open(answer: ProbeAnswer) -> None:
    if answer.flag("stopped"):
        raise LeanTimeout(
            "Lean did not get to the cursor within the time it was given.",
            "Ask again: what it has done is kept. If it never gets there, an earlier declaration takes too long.",
        )
    if "failure" in answer or "error" in answer:
        raise LeanDied(answer.text("failure") or answer.text("error"))
    if answer.texts("goals"):
        return
    if answer.texts("header"):
        raise NotImported("Lean could not load what the file imports.", answer.texts("header")[0])
    first = (*answer.texts("errors"), *(fault.text("message") for fault in answer.parts("faults")))
    raise NoGoal("Lean sees no tactic goal there.", f"Its first error there: {first[0]}" if first else "")
