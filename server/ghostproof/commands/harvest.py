"""`ghostproof harvest`: the tactic steps of files or whole projects, kept for suggestions and written as JSON lines."""

import argparse
import asyncio
import dataclasses
import os
import sqlite3
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, closing
from pathlib import Path
from typing import TextIO

from ghostproof import render
from ghostproof.commands.exit_codes import FOUND, NOTHING
from ghostproof.commands.suggest import read_source
from ghostproof.config import Config
from ghostproof.errors import BadInput, GhostproofError
from ghostproof.lean.toolchain import Project, find_root
from ghostproof.learning.harvest import Harvester, environment_of, harvester
from ghostproof.learning.learned import Learned, digest, open_learned
from ghostproof.learning.steps import to_json
from ghostproof.workspace import find_lean

# Folders that have nobody's own proofs.
_FOREIGN = frozenset({".lake", "build", "lake-packages", ".git", "node_modules"})


def run(arguments: argparse.Namespace) -> int:
    config = Config.load(arguments.config)
    if arguments.toolchain is not None:
        config = dataclasses.replace(config, lean=dataclasses.replace(config.lean, toolchain=arguments.toolchain))
    files = list(dict.fromkeys(file for path in arguments.paths for file in lean_files(path)))
    if not files:
        raise BadInput("There is no Lean file.", "Name files, or folders that have some.")
    return asyncio.run(harvest_all(files, config, arguments.out, arguments.jobs or os.cpu_count() or 1))


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


async def harvest_all(files: Sequence[Path], config: Config, out: Path | None, jobs: int) -> int:
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
                project = await find_lean(own[0], config)
                failures += await Harvest(project, config, learned, progress).all(own, jobs)
                if written is not None:
                    for file in own:
                        written.writelines(f"{to_json(step)}\n" for step in learned.store.steps(learned.name(file)))
    return NOTHING if failures == len(files) else FOUND


def _output(out: Path | None) -> "closing[TextIO] | _Nothing":
    if out is None:
        return _Nothing()
    if str(out) == "-":
        return _Nothing(sys.stdout)
    try:
        return closing(out.open("w", encoding="utf-8"))
    except OSError as problem:
        raise BadInput(f"Cannot write {out}: {problem.strerror}.") from problem


class _Nothing:
    """A stream that is not ours to close, if any."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    def __enter__(self) -> TextIO | None:
        return self._stream

    def __exit__(self, *_: object) -> None:
        pass


class Harvest:
    """The files of one project, through several probers, each with a process of its own.

    What is done is kept file by file: whoever is interrupted goes on where they were.
    """

    def __init__(self, project: Project, config: Config, learned: Learned, progress: Callable[[str], None]) -> None:
        self._project, self._config, self._learned, self._progress = project, config, learned, progress
        self._environment = environment_of(project)
        self._failures = 0

    async def all(self, files: Sequence[Path], jobs: int) -> int:
        """Harvest those that have changed. The number of files that could not be harvested."""
        known = self._learned.store.digests()
        waiting: list[tuple[Path, str]] = []
        for file in files:
            text = read_source(file).text
            if known.get(self._learned.name(file)) == digest(text, self._environment):
                self._progress(file.name)
            else:
                waiting.append((file, text))
        waiting.reverse()
        async with AsyncExitStack() as stack, asyncio.TaskGroup() as group:
            for _ in range(min(jobs, len(waiting))):
                session, one = harvester(self._project, self._config.lean.document_s)
                stack.push_async_callback(session.end)
                group.create_task(self._work(one, waiting))
        return self._failures

    async def _work(self, one: Harvester, waiting: list[tuple[Path, str]]) -> None:
        while waiting:
            file, text = waiting.pop()
            try:
                steps = await one.steps(file, text)
                name = self._learned.name(file)
                await asyncio.to_thread(self._learned.store.replace, name, digest(text, self._environment), steps)
            except (GhostproofError, sqlite3.Error) as problem:
                self._failures += 1
                render.note(f"{file.name}: {problem}")
            self._progress(file.name)
