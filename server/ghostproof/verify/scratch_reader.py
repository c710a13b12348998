"""Asks Lean's parser about candidates before the scratch checker elaborates them: see `lean/probe/Reader.lean`.

The program starts when a candidate needs it, and is given up where it does not start or keeps dying.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, ToolchainBroken
from ghostproof.lean.probe import ProbeAnswer, ProbeProcess
from ghostproof.lean.probe_document import ProbeDocument, header
from ghostproof.lean.setup_file import FileSetup
from ghostproof.syntax.spot import Spot
from ghostproof.verify.forbidden import SEARCH
from ghostproof.verify.guard import POLICY
from ghostproof.verify.verdict import Cause, Inconclusive, Reason, Rejected

_START_S = 120.0
_READ_S = 10.0
_SITES_KEPT = 32
_DOCUMENTS_KEPT = 4
# Lean never gives back the memory of an import.
_HEADERS_KEPT = 5
# A text may exhaust the parser; so many of them are no accident.
_DEATHS = 4
_HOLE = "sorry"


@dataclass(frozen=True)
class Readable:
    """The candidate may be elaborated at its place, where it is a tactic sequence and changes nothing around it.

    Attributes:
        search: the tactic in it that looks for a proof, or "".
    """

    search: str = ""


Reading = Readable | Rejected | Inconclusive
Setup = Callable[[Path, str], Awaitable[FileSetup]]
Flagged = Callable[[Sequence[str], Sequence[str]], Sequence[str]]


async def no_setup(path: Path, text: str) -> FileSetup:
    """Of a file of no project."""
    return FileSetup()


def unflagged(argv: Sequence[str], flags: Sequence[str]) -> Sequence[str]:
    """For a program that takes no flags of Lean's."""
    return argv


class Reader:
    """Lean's parser, for one project. One question at a time.

    Args:
        argv, cwd, env: how the program is run, as for the prober.
        setup: options and libraries of a file, as its project sets it up.
        flagged: the command line with more flags for Lean.
        document_s: longest time for Lean to elaborate a file up to the hole, which may define syntax.
        start_s, read_s: longest times to start, and to read one candidate.
        explain: what makes Lean's messages about the program's own text readable.
    """

    def __init__(
        self,
        argv: Callable[[], Sequence[str]],
        cwd: Path,
        env: Mapping[str, str],
        *,
        setup: Setup = no_setup,
        flagged: Flagged = unflagged,
        document_s: float = 60.0,
        start_s: float = _START_S,
        read_s: float = _READ_S,
        explain: Callable[[str], str] = str,
    ) -> None:
        self._argv, self._cwd, self._env = argv, cwd, dict(env)
        self._setup, self._flagged = setup, flagged
        self._flags: tuple[str, ...] = ()  # of all files that were opened: a library stays loaded
        self._document_s, self._start_s, self._read_s, self._explain = document_s, start_s, read_s, explain
        self._process: ProbeProcess | None = None
        self._turn = asyncio.Lock()
        self._work: set[asyncio.Task[Reading]] = set()
        self._documents: OrderedDict[Path, ProbeDocument] = OrderedDict()
        self._sites: OrderedDict[str, int] = OrderedDict()
        self._headers: set[str] = set()
        self._count = 0
        self._deaths = 0
        self.failure: GhostproofError | None = None

    async def read(self, path: Path, text: str, spot: Spot, candidate: str) -> Reading:
        """What Lean's parser, and the rules on what may run, say about a candidate at a spot. Raises nothing.

        Whoever stops waiting does not stop the program: it would have to start again for the next question.
        """
        work = asyncio.create_task(self._in_turn(path, text, spot, candidate), name="read")
        self._work.add(work)
        work.add_done_callback(self._work.discard)
        await asyncio.wait({work})
        return _CLOSED if work.cancelled() else work.result()

    async def close(self) -> None:
        """End the program. Idempotent; a later use starts it again, if it ever started."""
        for work in self._work:
            work.cancel()
        await asyncio.gather(*self._work, return_exceptions=True)
        await self._end()
        if not isinstance(self.failure, ToolchainBroken):
            self.failure, self._deaths = None, 0

    async def _in_turn(self, path: Path, text: str, spot: Spot, candidate: str) -> Reading:
        async with self._turn:
            if self.failure is not None:
                return _unread(self.failure)
            try:
                return await self._read(path, text, spot, candidate)
            except ToolchainBroken as problem:
                self.failure = problem
                return _unread(problem)
            except GhostproofError as problem:
                if isinstance(problem, LeanDied | LeanTimeout):
                    await self._end()
                    self._deaths += 1
                    self.failure = problem if self._deaths >= _DEATHS else None
                return _unread(problem)

    async def _read(self, path: Path, text: str, spot: Spot, candidate: str) -> Reading:
        placed = spot.place(candidate)[len(spot.lead) :]
        while True:
            site = await self._site(path, text, spot)
            if site is None:
                return Inconclusive(Cause.UNREAD, "Lean's parser sees no tactic at this place.")
            answer = await self._ask({"do": "read", "state": site, "text": placed}, self._read_s)
            if not answer.flag("gone"):
                return _reading(answer)
            self._sites.clear()

    async def _site(self, path: Path, text: str, spot: Spot) -> int | None:
        """The number of the spot's site in the program; None where there is no tactic."""
        filled = spot.fill(text, _HOLE)
        key = hashlib.sha256(f"{path}\0{spot.tactic_start}\0{filled}".encode()).hexdigest()
        setup = await self._setup(path, text)
        await self._ready(header(text), setup.flags)
        if key in self._sites:
            self._sites.move_to_end(key)
            return self._sites[key]
        self._count += 1
        document = self._document(path)
        answer = await self._open(document, filled, spot.tactic_start, setup)
        if answer.flag("stopped"):
            raise GhostproofError("Lean did not get to the cursor within the time it was given.")
        if not answer.flag("open"):
            return None
        self._sites[key] = self._count
        if len(self._sites) > _SITES_KEPT:
            _, gone = self._sites.popitem(last=False)
            self._send({"do": "drop", "states": [gone]})
        return self._count

    async def _open(self, document: ProbeDocument, filled: str, hole: int, setup: FileSetup) -> ProbeAnswer:
        answer = ProbeAnswer({})
        for to_end in (False, True):
            part = document.advance(filled, hole, to_end=to_end)
            fields = {
                "do": "open",
                "doc": document.number,
                "state": self._count,
                "keep": part.keep,
                "from": part.start,
                "text": part.text,
                "hole": part.in_bytes(hole),
                "last": part.last,
                "options": [[name, value] for name, value in setup.options.items()],
            }
            answer = await self._ask(fields, self._document_s)
            document.bounds += part.offsets(answer.numbers("ends"))
            if not answer.flag("more"):
                break
        return answer

    async def _ask(self, fields: Mapping[str, object], seconds: float) -> ProbeAnswer:
        if self._process is None:
            raise LeanDied("Lean's parser has ended.")
        answer = await self._process.wait(self._process.request(fields), seconds)
        if "failure" in answer:
            for document in self._documents.values():
                document.forget()
            raise GhostproofError(answer.text("failure"))
        return answer

    def _send(self, fields: Mapping[str, object]) -> None:
        if self._process is not None:
            self._process.send(fields)

    async def _ready(self, imports: str, flags: Sequence[str]) -> None:
        """Have the program run, a new one where it can't import any more or lacks a library."""
        more = tuple(flag for flag in flags if flag not in self._flags)
        self._flags += more
        full = imports not in self._headers and len(self._headers) >= _HEADERS_KEPT
        if self._process is not None and (self._process.dead or full or more):
            await self._end()
        if self._process is None:
            self._process = await ProbeProcess.start(
                self._flagged(self._argv(), self._flags),
                self._cwd,
                self._env,
                explain=self._explain,
                start_s=self._start_s,
            )
            await self._ask({"do": "config", "search": sorted(SEARCH), **POLICY}, self._document_s)
        self._headers.add(imports)

    def _document(self, path: Path) -> ProbeDocument:
        document = self._documents.get(path)
        if document is None:
            document = self._documents[path] = ProbeDocument(self._count)
        self._documents.move_to_end(path)
        while len(self._documents) > _DOCUMENTS_KEPT:
            _, gone = self._documents.popitem(last=False)
            self._send({"do": "drop", "docs": [gone.number]})
        return document

    async def _end(self) -> None:
        process, self._process = self._process, None
        self._documents.clear()
        self._sites.clear()
        self._headers.clear()
        if process is not None:
            await process.kill()


_CLOSED = Inconclusive(Cause.UNREAD, "Lean's parser was closed.")


def _reading(answer: ProbeAnswer) -> Reading:
    if answer.flag("read"):
        return Readable(answer.text("search"))
    if "refused" in answer:
        return Rejected(Reason.FORBIDDEN, f"`{answer.text('refused')}` is not allowed in a suggestion")
    if "parse" in answer:
        return Rejected(Reason.PARSE, answer.text("parse"))
    return Inconclusive(Cause.UNREAD, "Lean's parser gave no answer.")


def _unread(problem: GhostproofError) -> Inconclusive:
    return Inconclusive(Cause.UNREAD, f"No parser of Lean's is there to read it: {problem.message}")
