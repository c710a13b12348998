"""`ghostproof eval`: how many theorems of a library are proved again when their proofs are hidden."""

import argparse
import asyncio
import tempfile
from collections.abc import Sequence
from contextlib import aclosing, closing
from dataclasses import dataclass
from pathlib import Path

from ghostproof import render, tables
from ghostproof.commands.exit_codes import FOUND, NOTHING
from ghostproof.commands.harvest import Going, harvest_project, lean_files
from ghostproof.commands.lean_options import with_lean
from ghostproof.commands.positions import read_source
from ghostproof.config import Config
from ghostproof.errors import BadInput
from ghostproof.evaluation import journal
from ghostproof.evaluation.journal import Conditions, EvaluationJournal
from ghostproof.evaluation.project import LeanFile, built_on, in_order, theorems_of
from ghostproof.evaluation.result import TheoremResult, Way
from ghostproof.evaluation.summary import compared, summary
from ghostproof.evaluation.workers import PARTS, EvaluationPlan, evaluated
from ghostproof.lean.toolchain import Project, find_root
from ghostproof.learning.harvest import environment_of, named_below
from ghostproof.learning.learned import Learned, open_learned
from ghostproof.learning.steps import TacticStep
from ghostproof.learning.store import StepStore, evaluation_path
from ghostproof.work.choose import crew
from ghostproof.work.crew import Crew
from ghostproof.work.pool import Failed
from ghostproof.workspace import find_lean

BUDGET_S = 10.0
_MOST_STEPS = 1_000_000


@dataclass(frozen=True)
class AskedEvaluation:
    """What a person wants to know.

    Attributes:
        every: only each so manieth theorem is tried.
        steps: the later steps of the person's proofs are looked at as well.
        resume: a journal that is gone on with; by itself one beside `json`.
    """

    budget_s: float = BUDGET_S
    without: tuple[str, ...] = ()
    ways: tuple[Way, ...] = (Way.SUGGESTION, Way.SEARCH)
    every: int = 1
    steps: bool = False
    json: Path | None = None
    report: Path | None = None
    resume: Path | None = None

    @property
    def journal(self) -> Path | None:
        beside = self.json.with_name(self.json.name + ".part") if self.json else None
        return self.resume or beside


def run(arguments: argparse.Namespace) -> int:
    if arguments.compare:
        before, after = (journal.read(path)[1] for path in arguments.compare)
        tables.comparison(compared(before, after))
        return FOUND
    if not arguments.paths:
        raise BadInput("There is nothing to evaluate.", "Name files, or a folder that has some.")
    config = with_lean(Config.load(arguments.config), arguments)
    asked = asked_of(arguments, config)
    files = list(dict.fromkeys(file for path in arguments.paths for file in lean_files(path)))
    if not files:
        raise BadInput("There is no Lean file.", "Name files, or folders that have some.")
    with crew(arguments.workers, arguments.ray) as place:
        return asyncio.run(evaluate(files, config, asked, place))


def asked_of(arguments: argparse.Namespace, config: Config) -> AskedEvaluation:
    """The options, read.

    Raises:
        BadInput: something is to be left out that there is not.
    """
    without = tuple(sorted({part.strip() for part in arguments.without.split(",") if part.strip()}))
    if unknown := [part for part in without if part not in PARTS | {"model"}]:
        there = ", ".join(sorted(PARTS | {"model"}))
        raise BadInput(f"There is no {', '.join(unknown)} to leave out.", f"There are: {there}.")
    model = bool(config.prover.model or config.prover.url) and "model" not in without
    ways = (Way.SUGGESTION, Way.SEARCH, *((Way.MODEL,) if model else ()))
    return AskedEvaluation(
        budget_s=arguments.budget or BUDGET_S,
        without=without,
        ways=ways,
        every=arguments.every,
        steps=arguments.steps,
        json=arguments.json,
        report=arguments.report,
        resume=arguments.resume,
    )


async def evaluate(files: Sequence[Path], config: Config, asked: AskedEvaluation, place: Crew) -> int:
    """Evaluate files of one project, and print what came of it.

    Raises:
        BadInput: they are of several projects, or what is to be written can't be.
    """
    roots = {find_root(file) for file in files}
    if len(roots) > 1:
        raise BadInput("These files are of several projects.", "Evaluate one project at a time.")
    root = roots.pop()
    project = await find_lean(files[0], config)
    named = named_below(root)
    ordered = in_order([LeanFile(path, named(path), read_source(path).text) for path in files])
    with tempfile.TemporaryDirectory(prefix="ghostproof-eval-") as folder:
        learned = open_learned(root, _MOST_STEPS, evaluation_path)
        if learned is None:  # then it is kept for this once
            learned = Learned(StepStore(Path(folder) / "steps" / "steps.sqlite", _MOST_STEPS), named)
        with closing(learned.store):
            steps = await harvested(project, config, ordered, place, learned)
        conditions = Conditions(
            asked.budget_s,
            asked.without,
            tuple(way.value for way in asked.ways),
            environment_of(project),
            config.prover.model or config.prover.url if Way.MODEL in asked.ways else "",
            asked.steps,
        )
        plan = EvaluationPlan(config, steps, [file.name for file in ordered], asked.budget_s, asked.without, asked.ways)
        results, whole = await _tried(plan, ordered, asked, conditions, place, Path(folder))
    if not results:
        raise BadInput("There is no theorem with a proof in these files.")
    tables.evaluation(summary(results))
    if asked.json is not None:
        _write(asked.json, journal.written(conditions, results))
        if whole and asked.resume is None and asked.journal is not None:
            asked.journal.unlink(missing_ok=True)
    if asked.report is not None:
        from ghostproof.report.evaluation import page  # whoever wants no report does not wait for the import

        _write(asked.report, page(conditions, results, root.name))
    return FOUND if any(result.proved for result in results) else NOTHING


async def harvested(
    project: Project, config: Config, files: Sequence[LeanFile], place: Crew, learned: Learned
) -> dict[str, list[TacticStep]]:
    """The steps of the files, which are in order, by their names, told by Lean; none of a file that it can't read.

    What `learned` has of a file is taken from there, where neither the file nor anything that it builds on has changed.
    """
    with render.counting("reading the proofs", len(files)) as progress:
        paths = [file.path for file in files]
        await harvest_project(project.root, paths, config, learned, Going(place, progress), built_on(files))
        return {file.name: learned.store.steps(file.name) for file in files}


async def _tried(
    plan: EvaluationPlan,
    files: Sequence[LeanFile],
    asked: AskedEvaluation,
    conditions: Conditions,
    place: Crew,
    folder: Path,
) -> tuple[list[TheoremResult], bool]:
    """The results of the theorems, in their order, and whether it is all of them; those that a journal has are taken
    from it.
    """
    theorems = list(theorems_of(files, steps=asked.steps))[:: asked.every]
    path = asked.journal or folder / "journal"
    with closing(EvaluationJournal(path, conditions)) as kept:
        left = [theorem for theorem in theorems if theorem.key not in kept.done]
        with render.counting("proving again", len(theorems)) as progress:
            for theorem in theorems:
                if theorem.key in kept.done:
                    progress(theorem.full_name)
            async with aclosing(evaluated(plan, left, place)) as results:
                async for result in results:
                    if isinstance(result, Failed):
                        render.note(f"Some theorems were not tried: {result.problem}")
                        continue
                    kept.add(result)
                    progress(result.full_name)
        found = [kept.done[theorem.key] for theorem in theorems if theorem.key in kept.done]
        return found, len(found) == len(theorems)


def _write(path: Path, text: str) -> None:
    try:
        path.write_text(text, "utf-8")
    except OSError as problem:
        raise BadInput(f"Cannot write {path}: {problem.strerror}.") from None
