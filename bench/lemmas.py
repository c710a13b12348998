"""Whole proofs of the corpus of lemmas: how many are found in the time, beside what Lean's closers find alone.

Each proof is put into its file and read again by a fresh `lean FILE`; what that does not accept is counted as wrong.
"""

import asyncio
import re
import tempfile
from collections import defaultdict
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter

from rich.console import Console
from rich.progress import track

from bench.report import Row, Target, median_row
from bench.session import unlearned
from ghostproof.app import App
from ghostproof.config import Config, LeanConfig
from ghostproof.errors import GhostproofError
from ghostproof.host.processes import run
from ghostproof.lean.embedded.install import installed
from ghostproof.syntax.spot import Spot, find_action_spots
from ghostproof.text import SourceText
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.verdict import Candidate, Proved
from lemmas.corpus import Grade, Lemma, lemmas

BUDGET_S, QUICK_S = 60.0, 20.0
SAMPLE = 4  # of each grade, for a look
CLOSERS = ("exact?", "simp_all", "grind", "try?")
GOALS: dict[Grade, Target] = {
    "easy": Target(95, at_least=True),
    "medium": Target(75, at_least=True),
    "hard": Target(40, at_least=True),
}
REFUTED = Target(90, at_least=True)
LEAN_S = 300.0
_BAD = re.compile(r": error|declaration uses .sorry.")


@dataclass(frozen=True)
class Answer:
    """What one way says of a lemma: the text with the proof in it if there is one, or that values make it false."""

    text: str | None = None
    is_refuted: bool = False


@dataclass(frozen=True)
class Found:
    """What one way found for one lemma, and in how many seconds."""

    lemma: Lemma
    answer: Answer
    seconds: float

    @property
    def text(self) -> str | None:
        return self.answer.text


Way = Callable[[App, Path, Lemma, float], Awaitable[Answer]]


def spots(lemma: Lemma) -> list[Spot]:
    return find_action_spots(SourceText(lemma.text), lemma.start)


async def by_search(app: App, path: Path, lemma: Lemma, budget_s: float) -> Answer:
    outcome = await app.proving.prove(path, lemma.text, spots(lemma), budget_s)
    return Answer(outcome.proof.put_into(lemma.text) if outcome.proof else None, outcome.refuted is not None)


async def by_suggestion(app: App, path: Path, lemma: Lemma, budget_s: float) -> Answer:
    """The first suggestion that closes the goal."""
    job = app.suggest(path, lemma.text, spots(lemma), budget_s)
    snapshot = await job.wait(lambda s: s.done or any(one.kind == "proved" for one in s.suggestions), 2 * budget_s)
    proved = next((one for one in snapshot.suggestions if one.kind == "proved"), None)
    job.cancel()
    return Answer(snapshot.spot.fill(lemma.text, proved.text) if proved and snapshot.spot else None)


def by_closer(tactic: str) -> Way:
    async def close(app: App, path: Path, lemma: Lemma, budget_s: float) -> Answer:
        """The tactic alone, or what it says that should stand in its place."""
        workspace, spot = app.workspace(path), spots(lemma)[0]
        limits = Limits(400_000, budget_s)
        state: GoalState = await workspace.open(path, lemma.text, spot)
        checked = await workspace.check(state, Candidate(tactic, tactic), limits)
        for text in (tactic, *checked.hints):
            if isinstance(checked.verdict, Proved):
                break
            checked = await workspace.check(state, Candidate(text, tactic), limits)
        is_proved = isinstance(checked.verdict, Proved)
        return Answer(spot.fill(lemma.text, checked.candidate.text) if is_proved else None)

    return close


async def tried(way: Way, app: App, folder: Path, lemma: Lemma, budget_s: float) -> Found:
    """One way at one lemma. A file keeps its name, so that what stands above is elaborated once."""
    began = perf_counter()
    try:
        async with asyncio.timeout(2 * budget_s):
            answer = await way(app, folder / f"{lemma.path.stem}.lean", lemma, budget_s)
    except (GhostproofError, TimeoutError):
        answer = Answer()
    return Found(lemma, answer, perf_counter() - began)


async def is_accepted(folder: Path, text: str) -> bool:
    """Whether a fresh Lean reads the whole file without an error or an unfinished proof."""
    root = installed()
    assert root is not None, "the bench runs on the embedded Lean"
    (folder / "Again.lean").write_text(text, "utf-8")
    finished = await run([root / "bin" / "lean", "Again.lean"], folder, {}, LEAN_S)
    return finished.code == 0 and not _BAD.search(finished.output)


def chosen(*, quick: bool, held_out: bool) -> list[Lemma]:
    """The lemmas of a run: those that may be looked at, or those that are held out."""
    found = [lemma for lemma in lemmas() if lemma.held_out is held_out]
    if not quick:
        return found
    by_grade: defaultdict[Grade, list[Lemma]] = defaultdict(list)
    for lemma in found:
        by_grade[lemma.grade].append(lemma)
    return [lemma for group in by_grade.values() for lemma in group[:: max(1, len(group) // SAMPLE)][:SAMPLE]]


async def measure(console: Console, *, quick: bool, held_out: bool = False, alone: bool = False) -> list[Row]:
    corpus, budget_s = chosen(quick=quick, held_out=held_out), QUICK_S if quick else BUDGET_S
    app = App(unlearned(Config(lean=LeanConfig(toolchain="embedded", checker="probe"))))
    ways: dict[str, Way] = {"prove": by_search}
    if not alone:
        ways |= {"single suggestions": by_suggestion}
        ways |= {tactic: by_closer(tactic) for tactic in CLOSERS}
    found: dict[str, list[Found]] = defaultdict(list)
    wrong: list[Lemma] = []
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        try:
            for lemma in track(corpus, "lemmas", console=Console(stderr=True)):
                for of, way in ways.items():
                    # In turns, so that a busy machine slows all of them.
                    found[of].append(await tried(way, app, folder, lemma, budget_s))
                text = found["prove"][-1].text
                if text is not None and not await is_accepted(folder, text):
                    wrong.append(lemma)
        finally:
            await app.close()
    title = f"{'held out, ' if held_out else ''}{budget_s:g} s each"
    return rows_of(found, wrong, title)


def rows_of(found: Mapping[str, Sequence[Found]], wrong: Sequence[Lemma], title: str) -> list[Row]:
    """What was found in each way, by grades; a proof that a fresh Lean refuses is none."""
    rows: list[Row] = []
    for grade, target in GOALS.items():
        for way, results in found.items():
            of = [one for one in results if one.lemma.grade == grade]
            proved = [one for one in of if one.text is not None and (way != "prove" or one.lemma not in wrong)]
            share = 100 * len(proved) / len(of) if of else float("nan")
            note = f"{len(proved)} of {len(of)}, {title}"
            rows.append(Row(f"{grade}: {way}", share, "%", target if way == "prove" else None, note))
    false = [one for one in found["prove"] if one.lemma.grade == "false"]
    proved_false = sum(one.text is not None for one in false)
    rows.append(Row("false: proved", proved_false, "", Target(0), f"of {len(false)}"))
    refuted = sum(one.answer.is_refuted for one in false)
    share = 100 * refuted / len(false) if false else float("nan")
    rows.append(Row("false: refuted", share, "%", REFUTED, f"{refuted} of {len(false)}, with an instance"))
    rows.append(Row("proofs that a fresh lean refuses", len(wrong), "", Target(0), ", ".join(x.name for x in wrong)))
    times = [one.seconds for one in found["prove"] if one.text is not None]
    rows.append(median_row("time to a proof", times, "s", note="shortening it included"))
    return [*rows, *_missed(found["prove"])]


def _missed(results: Sequence[Found]) -> list[Row]:
    """One row for each grade with the names of what was not proved, so that they can be looked at."""
    rows = []
    for grade in GOALS:
        names = [one.lemma.name for one in results if one.lemma.grade == grade and one.text is None]
        rows.append(Row(f"{grade}: not proved", len(names), "", None, ", ".join(names)))
    names = [one.lemma.name for one in results if one.lemma.grade == "false" and not one.answer.is_refuted]
    return [*rows, Row("false: not refuted", len(names), "", None, ", ".join(names))]
