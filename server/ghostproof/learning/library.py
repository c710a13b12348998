"""The theorems of what a file imports: read into the index, module by module, and looked up in it.

Lean tells them by the prober's request `theorems`, a page at a time, so that whoever searches waits for no more than
one page. What one file's imports have brought into the index serves every other file that imports it too.
"""

import asyncio
import logging
import random
import sqlite3
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ghostproof.errors import GhostproofError
from ghostproof.lean.probe import ProbeAnswer, ProbeProcess
from ghostproof.lean.probe_opens import Setup
from ghostproof.lean.probe_session import ProbeSession
from ghostproof.lean.pruning import prune, used
from ghostproof.lean.setup_file import Setups
from ghostproof.lean.theorems import statements_of
from ghostproof.lean.toolchain import Project
from ghostproof.learning.harvest import environment_of
from ghostproof.learning.premise_index import MOST_INDEXES, Module, PremiseIndex, index_path, indexes_folder
from ghostproof.learning.selection import OWN_FILE, OWN_PROJECT, Selected, Weights, select
from ghostproof.syntax.header import Imports, header, read_imports
from ghostproof.syntax.statement import Statement

log = logging.getLogger(__name__)

# Modules that one request names; its answer comes to the end of few of them where they are big.
_ASKED = 64

Pause = Callable[[], Awaitable[object]]


async def no_pause() -> None:
    """For whoever has nobody to wait for."""


def open_index(environment: str) -> PremiseIndex | None:
    """The index for a Lean with its libraries; None where nothing can be kept, which costs nothing but the premises."""
    try:
        index = PremiseIndex(index_path(environment))
        used(index.path)
        prune(indexes_folder(), MOST_INDEXES)
        return index
    except (OSError, sqlite3.Error) as problem:
        log.warning("there is no index of theorems: %s", problem)
        return None


@dataclass(frozen=True)
class InReach:
    """The modules that a file imports, as far as they are in the index, by their numbers there."""

    modules: frozenset[int] = frozenset()
    of_the_user: frozenset[int] = frozenset()


class Library:
    """What the files of one project import, through one prober.

    Args:
        setup: how a file with a text is set up.
        roots: of the libraries; what is defined elsewhere is the user's own.
        guest: the prober is somebody else's: it is never started, nor replaced by one with room for another import.
        answer_s: longest time for one answer.
    """

    def __init__(
        self,
        session: ProbeSession,
        setup: Setup,
        index: PremiseIndex,
        roots: Sequence[str],
        *,
        guest: bool = False,
        answer_s: float = 60.0,
    ) -> None:
        self._session, self._setup, self._roots, self._guest = session, setup, list(roots), guest
        self.index, self._answer_s = index, answer_s
        self._process: ProbeProcess | None = None
        self._imported: dict[Imports, tuple[Module, ...]] = {}
        self._reading = asyncio.Lock()

    async def read(self, path: Path, text: str, pause: Pause = no_pause, *, own: bool = False) -> int:
        """Read the modules that a file imports and that are not in the index yet; how many theorems were read.

        The user's own come first: there are few of them, and most is to be had from them.

        Args:
            pause: waited for before each page.
            own: no others are read.

        Raises:
            GhostproofError: Lean does not tell. What was read is kept.
            sqlite3.Error: the index can't be written.
        """
        async with self._reading:
            await pause()
            modules = await self._modules(path, text)
            known = await asyncio.to_thread(self.index.known, modules)
            missing = [n for n, module in enumerate(modules) if module not in known and (module.print or not own)]
            if not missing:
                return 0
            await asyncio.to_thread(self.index.touch, list(known))
            random.shuffle(missing)  # several processes that read the same share the work
            missing.sort(key=lambda number: not modules[number].print)
            return await self._read(path, text, modules, missing, pause)

    async def import_and_read(self, path: Path, text: str, *, own: bool = False) -> int:
        """As `read`, and the prober imports first what the file does: also a guest may ask for that, where nothing else
        is under way.

        Raises:
            GhostproofError, sqlite3.Error: as `read` does.
        """
        setup = await self._setup(path, text)
        await self._session.with_room(read_imports(text), setup.flags)
        return await self.read(path, text, own=own)

    async def in_reach(self, path: Path, text: str) -> InReach:
        """The modules in the index that a file imports.

        Raises:
            GhostproofError: Lean does not tell.
            sqlite3.Error: the index can't be read.
        """
        known = await asyncio.to_thread(self.index.known, await self._modules(path, text))
        own = frozenset(number for module, number in known.items() if module.print)
        return InReach(frozenset(known.values()), own)

    async def _read(self, path: Path, text: str, modules: Sequence[Module], missing: list[int], pause: Pause) -> int:
        total, begun, start = 0, list[Statement](), 0
        while missing:
            await pause()
            answer = await self._ask(path, text, {"modules": missing[:_ASKED], "from": start})
            found = [statements_of(rows) for rows in answer.rows("found") if isinstance(rows, list)]
            if not found:
                raise GhostproofError("Lean does not tell the theorems of a module.")
            found[0] = begun + found[0]
            start = answer.number("from")
            begun = found.pop() if "from" in answer else []
            done = [(modules[number], theorems) for number, theorems in zip(missing, found, strict=False)]
            del missing[: len(done)]
            total += sum(len(theorems) for _, theorems in done)
            await asyncio.to_thread(self.index.add, done)
            known = await asyncio.to_thread(self.index.known, [modules[number] for number in missing])
            current, others = (missing[:1], missing[1:]) if start else ([], missing)
            missing = current + [number for number in others if modules[number] not in known]
        return total

    async def _modules(self, path: Path, text: str) -> tuple[Module, ...]:
        imports = read_imports(text)
        if self._session.living is not self._process:
            self._imported.clear()
        if imports not in self._imported:
            rows = (await self._ask(path, text, {})).rows("modules")
            told = [Module(*row) for row in rows if isinstance(row, list) and len(row) == 2]
            self._imported[imports] = tuple(told)
        return self._imported[imports]

    async def _ask(self, path: Path, text: str, wanted: Mapping[str, object]) -> ProbeAnswer:
        setup = await self._setup(path, text)
        imports = read_imports(text)
        session = self._session
        process = await (session.as_it_is if self._guest else session.with_room)(imports, setup.flags)
        if process is not self._process:
            self._process = process
            self._imported.clear()
        options = [[name, value] for name, value in setup.options.items()]
        about = {"do": "theorems", "text": header(text) + "\n", "options": options, "libraries": self._roots}
        answer = await process.wait(process.request({**about, **wanted}), self._answer_s)
        if answer.problem:
            raise GhostproofError(answer.problem)
        return answer


class Libraries:
    """The libraries of all projects that are open, each with the prober that its project has now.

    Args:
        roots: see `Library`.
    """

    def __init__(self, roots: Sequence[str]) -> None:
        self._roots = roots
        self._known: dict[Path, tuple[ProbeSession, Library]] = {}
        self._indexes: dict[str, PremiseIndex | None] = {}

    def of(self, root: Path, session: ProbeSession, project: Project) -> Library | None:
        """The library of a project, as a guest at its prober; None where there is no index."""
        environment = environment_of(project)
        index = self._index(environment)
        if index is None:
            return None
        known = self._known.get(root)
        if known is None or known[0] is not session or known[1].index is not index:
            library = Library(session, Setups(project).of, index, self._roots, guest=True)
            known = self._known[root] = session, library
        return known[1]

    def close(self) -> None:
        """Let go of the indexes. Idempotent."""
        indexes, self._indexes = self._indexes, {}
        for index in indexes.values():
            if index is not None:
                index.close()

    def _index(self, environment: str) -> PremiseIndex | None:
        index = self._indexes.get(environment)
        if index is not None and not index.path.is_file():
            index.close()  # it was told to forget
            del self._indexes[environment]
        if environment not in self._indexes:
            self._indexes[environment] = open_index(environment)
        return self._indexes[environment]


def promising(
    index: PremiseIndex | None,
    reach: InReach,
    goal: Statement,
    own: Sequence[Statement],
    worked: Mapping[str, float],
    most: int,
) -> list[Selected]:
    """The theorems that look most useful for a goal, of the index and of its file; blocks while the disk is read.

    Args:
        own: theorems of the file.
        worked: full names of theorems that proofs of goals like this one used, and how much each of them counts.

    Raises:
        sqlite3.Error: the index can't be read.
    """
    counts = Counter(name for statement in own for name in statement.target | statement.asked)
    places = [(statement, OWN_FILE) for statement in own]
    if index is None or not reach.modules:
        return select(Weights(goal, counts, len(own)), places, worked, most)
    spoken = {*counts, *goal.target, *goal.asked}
    told, total = index.holders(spoken)
    counts.update(told)
    near = index.near(Weights(goal, counts, total + len(own)).shares, reach.modules)
    found = {statement.name: (statement, module) for statement, module in [*near, *index.named(worked, reach.modules)]}
    others = {name for statement, _ in found.values() for name in statement.target | statement.asked} - spoken
    counts.update(index.holders(others)[0])
    places += [(s, OWN_PROJECT if module in reach.of_the_user else 1.0) for s, module in found.values()]
    return select(Weights(goal, counts, total + len(own)), places, worked, most)
