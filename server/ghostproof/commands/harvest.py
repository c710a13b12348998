"""`ghostproof harvest`: the tactic steps of files or whole projects, kept for suggestions and written as JSON lines."""

import argparse
import asyncio
import sqlite3
import sys
from collections.abc import AsyncGenerator, Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, aclosing, closing, nullcontext
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TextIO

from ghostproof import render
from ghostproof.commands.exit_codes import FOUND, NOTHING
from ghostproof.commands.lean_options import with_lean
from ghostproof.commands.positions import read_source
from ghostproof.config import Config
from ghostproof.errors import BadInput, GhostproofError
from ghostproof.lean.probe_session import ProbeSession
from ghostproof.lean.setup_file import Setups
from ghostproof.lean.toolchain import find_root
from ghostproof.learning.harvest import Harvester, environment_of, harvester
from ghostproof.learning.learned import Learned, digest, open_learned
from ghostproof.learning.library import Library, open_index
from ghostproof.learning.steps import TacticStep, to_json
from ghostproof.verify.allowed import LIBRARIES
from ghostproof.work.choose import crew
from ghostproof.work.crew import Crew
from ghostproof.work.pool import Failed, as_they_come
from ghostproof.workspace import find_lean

# Folders that have nobody's own proofs.
_FOREIGN = frozenset({".lake", "build", "lake-packages", ".git", "node_modules"})


def run(arguments: argparse.Namespace) -> int:
    config = with_lean(Config.load(arguments.config), arguments)
    files = list(dict.fromkeys(file for path in arguments.paths for file in lean_files(path)))
    if not files:
        raise BadInput("There is no Lean file.", "Name files, or folders that have some.")
    with crew(arguments.jobs, arguments.ray) as place:
        return asyncio.run(harvest_all(files, config, arguments.out, place))


def lean_files(path: Path) -> Iterator[Path]:
    """A file itself; all Lean files of a folder, but those of its dependencies.

    Raises:
        BadInput: there is no such path.
    """
    path = path.resolve()
    if path.is_file():
        yield path
    elif path.is_dir():
        for file in sorted(path.rglob("*.lean")):
            if file.is_file() and not _FOREIGN & set(file.relative_to(path).parts):
                yield file
    else:
        raise BadInput(f"There is no {path}.", "Name files, or folders that have some.")


async def harvest_all(files: Sequence[Path], config: Config, out: Path | None, place: Crew) -> int:
    """Harvest what has changed in the files, then write the steps of all of them."""
    projects: dict[Path, list[Path]] = {}
    for file in files:
        projects.setdefault(find_root(file), []).append(file)
    failures = 0
    with render.counting("harvesting", len(files)) as progress, _output(out) as written:
        for root, own in projects.items():
            learned = open_learned(root, config.learn.steps)
            if learned is None:
                raise BadInput(f"Nothing can be kept of {root}.", "Is the cache folder writable, and yours alone?")
            with closing(learned.store):
                failures += await harvest_project(root, own, config, learned, Going(place, progress))
                if written is not None:
                    for file in own:
                        written.writelines(f"{to_json(step)}\n" for step in learned.store.steps(learned.name(file)))
    return NOTHING if failures == len(files) else FOUND


def _output(out: Path | None) -> AbstractContextManager[TextIO | None]:
    if out is None:
        return nullcontext()
    if str(out) == "-":
        return nullcontext(sys.stdout)
    try:
        return closing(out.open("w", encoding="utf-8"))
    except OSError as problem:
        raise BadInput(f"Cannot write {out}: {problem.strerror}.") from problem


@dataclass(frozen=True)
class Going:
    """Where it is harvested, and who hears the name of each file that is done."""

    place: Crew
    done: Callable[[str], None]


class HarvestWorker:
    """See `Worker`: has the steps of one project's files told by a prober of its own."""

    def __init__(self, root: Path, config: Config, cores: int) -> None:
        self._root, self._config = root, config
        self._session: ProbeSession | None = None
        self._harvester: Harvester | None = None
        self._library: Library | None = None

    async def start(self) -> None:
        project = await find_lean(self._root, self._config)
        self._session, self._harvester = harvester(project, self._config.lean.document_s)
        index = open_index(environment_of(project)) if self._config.learn.premises else None
        if index is not None:
            self._library = Library(self._session, Setups(project).of, index, sorted(LIBRARIES))

    async def work(
        self, item: tuple[Path, str], tell: Callable[[None], None]
    ) -> AsyncGenerator[list[TacticStep], None]:
        assert self._harvester is not None, "it was started"
        try:
            yield await self._harvester.steps(*item)
            await self._read(*item)
        finally:
            tell(None)

    async def _read(self, file: Path, text: str) -> None:
        """Have the theorems of its imports read; the steps are worth having without them."""
        try:
            if self._library is not None:
                await self._library.read(file, text)
        except (GhostproofError, sqlite3.Error) as problem:
            render.note(f"{file.name}: the theorems of its imports were not read: {problem}")

    async def close(self) -> None:
        session, self._session = self._session, None
        library, self._library = self._library, None
        if library is not None:
            library.index.close()
        if session is not None:
            await session.end()


async def harvest_project(
    root: Path,
    files: Sequence[Path],
    config: Config,
    learned: Learned,
    going: Going,
    built_on: Mapping[Path, str] | None = None,
) -> int:
    """Harvest those of a project's files that have changed. The number of those that could not be harvested.

    Files that are no more are forgotten. What is done is kept file by file: whoever is interrupted goes on where they
    were.

    Args:
        built_on: what a file builds on, for whoever wants it harvested again where that has changed.
    """
    environment = environment_of(await find_lean(files[0], config))
    known = learned.store.digests()
    for name in known:
        if not (root / name).is_file():
            await asyncio.to_thread(learned.store.forget, name)
    texts = {file: read_source(file).text for file in files}
    digests = {file: digest(text, environment + (built_on or {}).get(file, "")) for file, text in texts.items()}
    waiting = [(file, text) for file, text in texts.items() if known.get(learned.name(file)) != digests[file]]
    for file in texts.keys() - {file for file, _ in waiting}:
        going.done(file.name)
    workers = going.place.workers(partial(HarvestWorker, root, config), len(waiting))
    failures = 0
    async with aclosing(as_they_come(waiting, workers, lambda item, _: going.done(item[0].name))) as results:
        async for (file, _), steps in results:
            try:
                if isinstance(steps, Failed):
                    raise steps.problem
                await asyncio.to_thread(learned.store.replace, learned.name(file), digests[file], steps)
            except (GhostproofError, sqlite3.Error) as problem:
                failures += 1
                render.note(f"{file.name}: {problem}")
    return failures
