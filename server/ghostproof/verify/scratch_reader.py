"""Asks Lean's parser about candidates before the scratch checker elaborates them: see `lean/probe/Reader.lean`.

The program starts when a candidate needs it, and is given up where it does not start or keeps dying.
"""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, ToolchainBroken
from ghostproof.lean.compiled import CompiledProgram
from ghostproof.lean.probe import ProbeAnswer, ProbeProcess
from ghostproof.lean.probe_opens import HOLE, OpenRequest, ProbeDocuments, Setup, no_setup
from ghostproof.lean.probe_session import Flagged, ProbeSession, Program, unflagged
from ghostproof.syntax.header import read_imports
from ghostproof.syntax.spot import Spot
from ghostproof.verify.forbidden import SEARCH, not_allowed
from ghostproof.verify.guard import POLICY
from ghostproof.verify.verdict import Cause, Inconclusive, Reason, Rejected

_START_S = 120.0
_READ_S = 10.0
_SITES_KEPT = 32
# A text may exhaust the parser; so many of them are no accident.
_DEATHS = 4


@dataclass(frozen=True)
class Readable:
    """The candidate may be elaborated at its place, where it is a tactic sequence and changes nothing around it.

    Attributes:
        search: the tactic in it that looks for a proof, or "".
    """

    search: str = ""


Reading = Readable | Rejected | Inconclusive


class Reader:
    """Lean's parser, for one project. One question at a time.

    Args:
        argv, cwd, env: how the program is run, as for the prober.
        compiled: its compiled form, which starts sooner.
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
        compiled: CompiledProgram | None = None,
        setup: Setup = no_setup,
        flagged: Flagged = unflagged,
        document_s: float = 60.0,
        start_s: float = _START_S,
        read_s: float = _READ_S,
        explain: Callable[[str], str] = str,
    ) -> None:
        program = Program(argv, cwd, dict(env), compiled, flagged, explain, start_s)
        config = {"search": sorted(SEARCH), **POLICY}
        self._session = ProbeSession(program, config, document_s, self._forget)
        self._setup, self._document_s, self._read_s = setup, document_s, read_s
        self._turn = asyncio.Lock()
        self._work: set[asyncio.Task[Reading]] = set()
        self._documents = ProbeDocuments()
        self._sites: OrderedDict[str, int] = OrderedDict()
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
        await self._session.end()
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
                    await self._session.end()
                    self._deaths += 1
                    self.failure = problem if self._deaths >= _DEATHS else None
                return _unread(problem)

    async def _read(self, path: Path, text: str, spot: Spot, candidate: str) -> Reading:
        placed = spot.laid_out(candidate)
        while True:
            process, site = await self._site(path, text, spot)
            if site is None:
                return Inconclusive(Cause.UNREAD, "Lean's parser sees no tactic at this place.")
            asked = process.request({"do": "read", "state": site, "text": placed})
            answer = self._unless_failed(await process.wait(asked, self._read_s))
            if not answer.flag("gone"):
                self._session.worked()
                return _reading(answer)
            self._sites.clear()

    async def _site(self, path: Path, text: str, spot: Spot) -> tuple[ProbeProcess, int | None]:
        """The program, and the number of the spot's site in it; None where there is no tactic."""
        filled = spot.fill(text, HOLE)
        key = hashlib.sha256(f"{path}\0{spot.tactic_start}\0{filled}".encode()).hexdigest()
        setup = await self._setup(path, text)
        process = await self._session.with_room(read_imports(text), setup.flags)
        if key in self._sites:
            self._sites.move_to_end(key)
            return process, self._sites[key]
        self._count += 1
        wanted = OpenRequest(path, self._count, filled, spot.tactic_start, setup)
        answer = self._unless_failed((await self._documents.open(process, wanted, self._document_s)).answer)
        if answer.flag("stopped"):
            raise GhostproofError("Lean did not get to the cursor within the time it was given.")
        if not answer.flag("open"):
            return process, None
        self._sites[key] = self._count
        if len(self._sites) > _SITES_KEPT:
            _, gone = self._sites.popitem(last=False)
            process.send({"do": "drop", "states": [gone]})
        return process, self._count

    def _unless_failed(self, answer: ProbeAnswer) -> ProbeAnswer:
        if "failure" in answer:
            self._documents.forget()
            raise GhostproofError(answer.text("failure"))
        return answer

    def _forget(self) -> None:
        self._documents.forget()
        self._sites.clear()


_CLOSED = Inconclusive(Cause.UNREAD, "Lean's parser was closed.")


def _reading(answer: ProbeAnswer) -> Reading:
    if answer.flag("read"):
        return Readable(answer.text("search"))
    if "refused" in answer:
        return Rejected(Reason.FORBIDDEN, not_allowed(answer.text("refused")))
    if "parse" in answer:
        return Rejected(Reason.PARSE, answer.text("parse"))
    return Inconclusive(Cause.UNREAD, "Lean's parser gave no answer.")


def _unread(problem: GhostproofError) -> Inconclusive:
    return Inconclusive(Cause.UNREAD, f"No parser of Lean's is there to read it: {problem.message}")
