"""What `prove` and `repair` have in common: what is asked, files for workers, what becomes of the proofs."""

import argparse
import asyncio
import dataclasses
import os
import shutil
from collections.abc import AsyncGenerator, Callable, Iterable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ghostproof import render
from ghostproof.app import App
from ghostproof.commands.exit_codes import FOUND, NOTHING, exit_code
from ghostproof.config import Config
from ghostproof.errors import BadInput, GhostproofError, NoGoal
from ghostproof.host.signals import cancelled_when_asked_to_end
from ghostproof.report.reported import Reported
from ghostproof.search.draft import Draft
from ghostproof.search.proof import Outcome
from ghostproof.syntax.spot import Spot
from ghostproof.text import Position, SourceText
from ghostproof.work.choose import crew
from ghostproof.work.pool import Failed, in_order

BUDGET_S = 60.0
# Nobody reads faster what a search is doing.
_TELL_S = 0.1


@dataclass(frozen=True)
class Asked:
    """What a person wants of the proofs.

    Attributes:
        budget_s: longest search for one of them.
        write: put them into the files.
        report: where a page about the searches goes.
        jobs: so many files at a time at most; None: as many as there are cores and memory for.
        unfinished: show the best part of a proof where there is none.
        ray: address of a Ray cluster to work on, or `local`; None: this machine.
    """

    budget_s: float = BUDGET_S
    write: bool = False
    as_json: bool = False
    report: Path | None = None
    jobs: int | None = None
    ray: str | None = None
    unfinished: bool = False

    @staticmethod
    def of(arguments: argparse.Namespace) -> "Asked":
        a = arguments
        return Asked(a.budget or BUDGET_S, a.write, a.json, a.report, a.jobs, a.ray, a.unfinished)


@dataclass(frozen=True)
class FileWork:
    """One file whose proofs are searched for from the top, each in the text that has the earlier ones.

    Attributes:
        places: where proofs are wanted; of a repair, none are named.
    """

    path: Path
    source: SourceText
    places: tuple[tuple[Position, tuple[Spot, ...]], ...] = ()


@dataclass(frozen=True)
class Searched:
    """What came of one search, told at its place in the file as it was read."""

    position: Position
    outcome: Outcome


Hear = Callable[[render.Heard], None]


class Searches(Protocol):
    """The searches in a file."""

    def __call__(
        self, app: App, item: FileWork, asked: Asked, draft: Draft, tell: Hear
    ) -> AsyncGenerator[Searched, None]: ...


class FileWorker:
    """See `Worker`: has searches made with an application of its own, and so with a Lean of its own."""

    def __init__(self, searches: Searches, config: Config, asked: Asked, cores: int) -> None:
        width = config.lean.checks_at_once(cores)
        self._config = dataclasses.replace(config, lean=dataclasses.replace(config.lean, width=width))
        self._searches, self._asked = searches, asked
        self._app: App | None = None

    async def start(self) -> None:
        self._app = App(self._config)

    async def work(self, item: FileWork, tell: Hear) -> AsyncGenerator[Searched, None]:
        assert self._app is not None, "it was started"
        draft = Draft(item.source)
        async with aclosing(self._searches(self._app, item, self._asked, draft, tell)) as found:
            async for each in found:
                tell(render.PlaceDone())
                yield each

    async def close(self) -> None:
        app, self._app = self._app, None
        if app is not None:
            await app.close()


def reports(path: Path, position: Position, tell: Hear) -> Callable[[Outcome], None]:
    """What hears of a search that begins; it tells no more than a person can read."""
    clock = asyncio.get_running_loop().time
    last = clock()

    def report(outcome: Outcome) -> None:
        nonlocal last
        if clock() - last >= _TELL_S:
            last = clock()
            tell(render.Doing(path, position, dataclasses.replace(outcome, overview=None)))

    tell(render.Doing(path, position))
    return report


async def search_all(
    items: Sequence[FileWork],
    worker: Callable[[int], FileWorker],
    asked: Asked,
    view: render.ProofsAsJson | render.Proofs,
) -> list[int]:
    """Have the proofs of all files searched for, shown and written; the exit codes that the searches ask for."""
    codes: list[int] = []
    reported: list[Reported] = []
    drafts: dict[Path, Draft] = {}

    def take(item: FileWork, result: Searched | Failed) -> None:
        match result:
            case Searched(position=position, outcome=outcome):
                codes.append(code_of(outcome))
                view.show(item.path, position, outcome)
                named = f"{item.path.name}:{position.line + 1}:{position.column + 1}"
                reported.append(Reported(named, outcome))
                if outcome.proof is not None:
                    drafts.setdefault(item.path, Draft(item.source)).add_original(outcome.proof)
            case Failed(problem=problem):
                codes.append(exit_code(problem))
                view.show(item.path, Position(0, 0), Outcome(done=True, error=problem))

    with crew(asked.jobs, asked.ray) as place, cancelled_when_asked_to_end(), view:
        workers = place.workers(worker, len(items))
        try:
            async with aclosing(in_order(items, workers, lambda item, said: view.hear(said))) as results:
                async for item, result in results:
                    take(item, result)
        except asyncio.CancelledError:
            render.note(f"Interrupted: {codes.count(FOUND)} of {len(codes)} places that were searched are proved.")
            raise
        finally:
            # Of what was interrupted, too: each proof holds in the text that has the ones before it.
            codes += _kept(drafts if asked.write else {}, asked.report, reported, view)
    return codes


def _kept(
    drafts: Mapping[Path, Draft],
    report: Path | None,
    reported: Sequence[Reported],
    view: render.ProofsAsJson | render.Proofs,
) -> list[int]:
    """Write what was found. What can't be written is told, and keeps nothing else from it: its exit codes."""
    codes: list[int] = []
    for path, draft in drafts.items():
        try:
            put_in(path, draft)
            view.written(path, draft.proofs)
        except BadInput as problem:
            codes.append(exit_code(problem))
            render.note(f"{problem.message} {problem.hint}".rstrip())
    if report is not None:
        try:
            write_report(report, reported)
        except BadInput as problem:
            codes.append(exit_code(problem))
            render.note(f"{problem.message} {problem.hint}".rstrip())
    return codes


async def told(app: App, item: FileWork, asked: Asked, draft: Draft, outcome: Outcome) -> Outcome:
    """The outcome at its place in the file as it was read.

    Of a part of a proof nothing is told unless somebody asks for that, and Lean comes through the draft with it.
    """
    proof, part = outcome.proof, outcome.unfinished
    if part is not None:
        try:
            wanted = asked.unfinished and await app.proving.holds(item.path, draft.text, part)
        except GhostproofError:
            wanted = False
        part = draft.original(part) if wanted else None
    return dataclasses.replace(outcome, proof=proof and draft.original(proof), unfinished=part)


def code_of(outcome: Outcome) -> int:
    """The exit code that one search asks for."""
    if outcome.proof is not None:
        return FOUND
    if outcome.error is None or isinstance(outcome.error, NoGoal):
        return NOTHING
    return exit_code(outcome.error)


def check_writable(paths: Iterable[Path], asked: Asked) -> None:
    """See before the work whether what is to be written behind it can be.

    Raises:
        BadInput: a file or the report can't be.
    """
    for path in sorted(paths) if asked.write else ():
        if not (os.access(path, os.W_OK) and os.access(path.parent, os.W_OK)):
            raise BadInput(f"{path} cannot be written.", "Leave --write out to see the proofs only.")
    report = asked.report
    if report is not None and (report.is_dir() or not os.access(report if report.exists() else report.parent, os.W_OK)):
        raise BadInput(f"The report cannot be written to {report}.", "Name a file in a folder that is there.")


def write_report(path: Path, reported: Sequence[Reported]) -> None:
    """Write the page about the searches.

    Raises:
        BadInput: it cannot be written.
    """
    from ghostproof.report.proofs import page  # whoever wants no report does not wait for the import

    try:
        path.write_text(page(reported), "utf-8")
    except OSError as problem:
        raise BadInput(f"The report cannot be written to {path}: {problem.strerror}.") from None


def put_in(path: Path, draft: Draft) -> None:
    """Write a draft's proofs into the file that they were found in, all or none.

    Raises:
        BadInput: the file is no longer the one that was read, or cannot be written; it is left as it is.
    """
    path = path.resolve()
    try:
        text = draft.put_into(path.read_bytes().decode("utf-8"))
    except (OSError, ValueError):
        raise BadInput(f"{path} has changed since it was read; nothing was written.", "Prove again.") from None
    beside = path.with_name(f".{path.name}.ghostproof")
    try:
        beside.write_bytes(text.encode("utf-8"))
        shutil.copymode(path, beside)
        beside.replace(path)
    except OSError as problem:
        raise BadInput(f"{path} cannot be written: {problem.strerror}. It is as it was.") from None
    finally:
        beside.unlink(missing_ok=True)
