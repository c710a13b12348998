"""Candidates verified per second inside of a search: what recorded searches asked, asked of everyone again.

We go on from kept states: a place behind a step costs that step, once, from the place above it. A rival has the proof
so far in its file and tries the candidates there, all of a place together. Once more with what was asked behind steps
only, where kept states make a difference, and with single tactics only: what else a search asks, such as an induction
with an automatic closer for every case, takes its own time wherever it runs.
"""

import asyncio
import statistics
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from rich.console import Console

from bench import rivals
from bench.recording import Recording, inner, load, single
from bench.replayed import Asked, Behind, Kept, Replayed, Replayer, in_round
from bench.report import Row, Target, failed, figure
from bench.throughput import guarded, turn
from ghostproof.config import Config
from ghostproof.lean.toolchain import discover
from ghostproof.workspace import make_probe

TARGET = Target(25, at_least=True)
UNIT = "candidates/s"
QUICK, WARM_UP = 7, 1
FILE = "Search.lean"
# What is asked, by the title of its rows.
PARTS: dict[str, Callable[[Recording], Recording]] = {
    "": lambda recording: recording,
    "behind steps: ": inner,
    "single tactics: ": single,
}


async def measure(console: Console, *, quick: bool) -> list[Row]:
    """Rates by contender over the same candidates, the probe's ratio to each rival, and where verdicts differ."""
    recordings = load()
    warm_up, whole = recordings[:WARM_UP], recordings[:: QUICK if quick else 1]
    parts = {title: [one for one in map(part, whole) if one.tried] for title, part in PARTS.items()}
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder:
        ours, theirs = Path(folder) / "ours", Path(folder) / "theirs"
        ours.mkdir()
        path = ours / FILE
        first = in_round(recordings[0], path, 0)
        path.write_text(first.text, "utf-8")
        project = await discover(ours, prefer=Config().lean.toolchain)
        rivals.make_project(theirs, FILE, first.text, project.toolchain)
        opponents = [rivals.Rival(name, theirs, FILE, project.toolchain) for name in rivals.NAMES]
        entered: list[Replayer] = [Kept(make_probe(project, Config())), *map(Behind, opponents)]
        contest = Contest(entered, path, console)
        try:
            await contest.start()
            await contest.run(warm_up)
            rounds = [
                {title: await contest.run(part) for title, part in parts.items()} for _ in range(1 if quick else 2)
            ]
        finally:
            await asyncio.gather(*(replayer.close() for replayer in entered))
    made = []
    for title, part in parts.items():
        made += rows(title, part, [found[title] for found in rounds], contest.broken, TARGET)
    return made


Round = dict[str, list[Replayed]]  # by contender, of each search


class Contest:
    """Everyone is asked the same in turns, in each run in texts that are new to all."""

    def __init__(self, entered: Sequence[Replayer], path: Path, console: Console) -> None:
        self._entered, self._path, self._console = entered, path, console
        self._runs = 0
        self.broken: dict[str, str] = {}

    async def start(self) -> None:
        for replayer in self._entered:
            with self._console.status(f"starting {replayer.name} (a rival is installed once)"):
                await guarded(self.broken, replayer.name, replayer.start())

    async def run(self, recordings: Sequence[Recording]) -> Round:
        """Each search once, by everyone."""
        self._runs += 1
        found: Round = {replayer.name: [] for replayer in self._entered}
        for index, recording in enumerate(recordings):
            asked = in_round(recording, self._path, self._runs)
            with self._console.status(f"{recording.lemma}: {index + 1} of {len(recordings)}"):
                for replayer in turn(self._entered, index):
                    if replayer.name in self.broken:
                        continue
                    replayed = await guarded(self.broken, replayer.name, self._replay(replayer, asked))
                    found[replayer.name] += [replayed] if replayed else []
        return found

    async def _replay(self, replayer: Replayer, asked: Asked) -> Replayed:
        await replayer.prepare(asked)
        return await replayer.replay(asked)


def rate(measured: Sequence[Recording], rounds: Sequence[Round], name: str) -> float:
    """Candidates a second, from the median time of each search."""
    times = zip(*([one.seconds for one in found[name]] for found in rounds), strict=True)
    seconds: float = sum(statistics.median(of_one) for of_one in times)
    return sum(len(one.tried) for one in measured) / seconds


def rows(
    title: str, measured: Sequence[Recording], rounds: Sequence[Round], broken: Mapping[str, str], target: Target
) -> list[Row]:
    """The rate of each, and the probe's ratio to each rival."""
    made, rates = [], dict[str, float]()
    for name in rounds[0]:
        if name in broken:
            made.append(failed(f"{title}{name}", UNIT, broken[name]))
            continue
        rates[name] = rate(measured, rounds, name)
        note = f"{', '.join(_notes(measured, rounds, name))}; {_told(measured, rounds[-1], name)}"
        made.append(Row(f"{title}{name}", rates[name], UNIT, note=note))
    for name in rivals.NAMES:
        ratio = f"{title}{Kept.name} : {name}"
        if name in rates and Kept.name in rates:
            made.append(Row(ratio, rates[Kept.name] / rates[name], "×", target))
        else:
            made.append(failed(ratio, "×", "see above", target))
    return made


def _notes(measured: Sequence[Recording], rounds: Sequence[Round], name: str) -> list[str]:
    """The rate of each round, and the CPU time of a candidate, on which a busy machine bears least."""
    used = [1000 * sum(one.cpu_s for one in found[name]) for found in rounds]
    tried = sum(len(one.tried) for one in measured)
    each = figure(statistics.median(used) / tried)
    of_rounds = [figure(rate(measured, [found], name)) for found in rounds]
    return [f"rounds: {' / '.join(of_rounds)}", f"{each} ms of CPU time each"]


def _told(measured: Sequence[Recording], found: Round, name: str) -> str:
    """How much was asked; of a rival, where its verdict is another than the probe's."""
    if name == Kept.name:
        tried, steps = sum(len(one.tried) for one in measured), sum(len(one.steps) for one in measured)
        behind = sum(one.place > 0 for recording in measured for one in recording.tried)
        return f"{tried} candidates of {len(measured)} searches, {behind} behind steps; {steps} steps taken besides"
    closed = sum(one is True for replayed in found[name] for one in replayed.closed)
    different = differences(measured, found, name)
    examples = "".join(f"; {one}" for one in different[:3])
    return f"{closed} close their goal, {len(different)} judged in another way{examples}"


def differences(measured: Sequence[Recording], found: Round, name: str) -> list[str]:
    """Candidates that close their goal for one of both only, where both came to an end."""
    different = []
    for recording, ours, theirs in zip(measured, found[Kept.name], found[name], strict=True):
        for tried, mine, other in zip(recording.tried, ours.closed, theirs.closed, strict=True):
            if mine is not None and other is not None and mine is not other:
                first = tried.text.split("\n")[0]
                different.append(f"{recording.lemma}, `{first}`: {'ours' if mine else 'theirs'} closes")
    return different
