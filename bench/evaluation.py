"""The example library proved again, each theorem with what stands above it: what learning adds to automation alone.

The library is compiled with the embedded Lean, harvested once, and tried with one worker per core, 10 s for each way
at each theorem: automation alone, then with the nearest proofs, then with premises as well.
"""

import shutil
import tempfile
from collections.abc import Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from rich.console import Console
from rich.progress import track

from bench.report import Row, Target, failed, median_row
from ghostproof.commands.eval import harvested
from ghostproof.config import Config, LeanConfig
from ghostproof.errors import GhostproofError
from ghostproof.evaluation.project import LeanFile, in_order, theorems_of
from ghostproof.evaluation.result import TheoremResult
from ghostproof.evaluation.summary import Share, summary
from ghostproof.evaluation.theorem import HiddenTheorem
from ghostproof.evaluation.workers import EvaluationPlan, evaluated
from ghostproof.lean.embedded.install import installed
from ghostproof.learning.harvest import named_below
from ghostproof.learning.learned import Learned
from ghostproof.learning.store import StepStore
from ghostproof.work.crew import Crew, LocalCrew
from ghostproof.work.pool import Failed
from ghostproof.workspace import find_lean
from support.library import LIBRARY, compiled

BUDGET_S, EVERY = 10.0, 9
ALONE, NEAREST, BOTH = "automation alone", "with nearest proofs", "with nearest proofs and premises"
WITHOUT = {ALONE: ("nearest", "premises"), NEAREST: ("premises",), BOTH: ()}
SOLVED, NEXT = Target(1.3, at_least=True), Target(1.5, at_least=True)
SHOWN = 8
_MOST_STEPS = 1_000_000


async def measure(console: Console, *, quick: bool) -> list[Row]:
    """Ratios of what is solved, and of how often the person's next tactic is shown, with what they are made of."""
    root = installed()
    if root is None:
        return [failed("solved", "", "the embedded Lean is not installed", SOLVED)]
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as name:
        folder = Path(name)
        library = shutil.copytree(LIBRARY, folder / "library", ignore=shutil.ignore_patterns(".lake"))
        said = {name: words for name, words in (await compiled(root / "bin" / "lean", library)).items() if words}
        if said:
            raise GhostproofError(f"The library does not compile: {said}")
        config = Config(lean=LeanConfig(toolchain="embedded", checker="probe"))
        files = _files(library)
        place = LocalCrew()
        project = await find_lean(library, config)
        learned = Learned(StepStore(folder / "steps" / "steps.sqlite", _MOST_STEPS), named_below(library))
        with closing(learned.store):
            steps = await harvested(project, config, files, place, learned)
        theorems = list(theorems_of(files, steps=True))[:: EVERY if quick else 1]
        plan = EvaluationPlan(config, steps, [file.name for file in files], BUDGET_S)
        found: dict[str, list[TheoremResult]] = {}
        for how, without in WITHOUT.items():
            found[how] = await _results(replace(plan, without=without), theorems, place, how)
    return rows_of(found)


def _files(library: Path) -> list[LeanFile]:
    paths = [path for path in library.rglob("*.lean") if ".lake" not in path.parts]
    return in_order([LeanFile(p, p.relative_to(library).as_posix(), p.read_text("utf-8")) for p in paths])


async def _results(
    plan: EvaluationPlan, theorems: Sequence[HiddenTheorem], place: Crew, how: str
) -> list[TheoremResult]:
    counted = iter(track(range(len(theorems)), how, console=Console(stderr=True)))
    found: list[TheoremResult] = []
    async for result in evaluated(plan, theorems, place):
        if isinstance(result, Failed):
            raise result.problem
        found.append(result)
        next(counted, None)
    return found


def rows_of(found: dict[str, list[TheoremResult]]) -> list[Row]:
    """What each way of trying came to, and the ratios to the first of them."""
    rows: list[Row] = []
    base: dict[str, Share] = {}
    for how, results in found.items():
        figures = summary(results)
        shown = dict(figures.next_tactic)[SHOWN]
        for name, share, target in (("solved", figures.any, SOLVED), ("next tactic shown", shown, NEXT)):
            rows.append(Row(f"{name}, {how}", 100 * share.ratio, "%", None, f"{share.part} of {share.whole}"))
            before = base.setdefault(name, share)
            if how != ALONE and before.part:
                ratio, wanted = share.part / before.part, target if how == BOTH else None
                rows.append(Row(f"{name}, {how} ÷ {ALONE}", ratio, "×", wanted))
        by = ", ".join(f"{way.way.value} {way.solved.part}" for way in figures.ways)
        times = [way.ms / 1000 for result in results for way in result.ways.values() if way.proved]
        rows.append(median_row(f"time to a proof, {how}", times, "s", note=by))
    last = found[next(reversed(found))]
    names = [result.full_name for result in last if not result.proved]
    rows.append(Row("not solved by any", len(names), "", None, ", ".join(names)))
    return rows
