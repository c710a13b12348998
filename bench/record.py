"""`python -m bench.record`: has searches run on lemmas of the corpus, and writes down what they ask of their checker.

Which lemmas, and how much of each search is kept, was fixed before any rate was measured: every sixth medium and every
fourth hard one that is not held out; of a search of `BUDGET_S` every so manieth place, about `MOST` candidates.
"""

import asyncio
import sys
import tempfile
from pathlib import Path

from rich.console import Console

from bench.lemmas import spots
from bench.recorder import Recorder
from bench.recording import RECORDED, Recording, dump, thinned
from ghostproof.config import Config
from ghostproof.lean.toolchain import discover
from ghostproof.search.prove import search_at, strategies
from ghostproof.search.task import Task
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.workspace import make_probe
from lemmas.corpus import Lemma, lemmas

BUDGET_S, MOST = 20.0, 100


def chosen() -> list[Lemma]:
    """The lemmas whose searches are recorded."""
    shown = [lemma for lemma in lemmas() if not lemma.held_out]
    medium = [lemma for lemma in shown if lemma.grade == "medium"]
    hard = [lemma for lemma in shown if lemma.grade == "hard"]
    return [*medium[::6], *hard[::4]]


async def record(checker: ProbeChecker, path: Path, lemma: Lemma) -> Recording:
    """One search to its end or the end of its time; shorter forms of what it finds are not looked for."""
    recorder = Recorder(checker)
    task = Task(recorder, path, lemma.text, BUDGET_S)
    await search_at(task, spots(lemma)[0], strategies(), shorten=False).run(BUDGET_S)
    return recorder.recording(lemma.name)


async def main(path: Path) -> None:
    console = Console(stderr=True)
    made = []
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as name:
        project = await discover(Path(name), prefer="embedded")
        checker = make_probe(project, Config())
        try:
            for lemma in chosen():
                whole = await record(checker, Path(name) / f"{lemma.path.stem}.lean", lemma)
                made.append(thinned(whole, MOST))
                kept = made[-1]
                counts = f"{len(kept.tried)} of {len(whole.tried)} candidates at {len(kept.places)} places"
                console.print(f"{lemma.name}: {counts}, {whole.guesses} guesses")
        finally:
            await checker.close()
    dump(made, path)


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]) if len(sys.argv) > 1 else RECORDED))
