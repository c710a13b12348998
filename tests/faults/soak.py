"""Random kills against running servers, and a table of what came of them: `python tests/faults/soak.py`.

Most kills meet a real `ghostproof serve` whose Lean is the stand-in of `fake_lean.py`, which starts in a moment; every
tenth meets the official native `lean --server`, where this machine can have it, under the session of ours that talks to
it. `SOAK_KILLS` says how many, `SOAK_SEED` which; `SOAK_EMBEDDED` of them meet a server with the embedded Lean.
`SOAK_STARTS` is the number of starts of the embedded Lean that are tried side by side.
"""

import asyncio
import os
import random
import re
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

import psutil

from faults.editor import Editor, Json, theorem
from faults.fake_lean import install
from ghostproof.errors import GhostproofError
from ghostproof.lean.confinement import Sandbox
from ghostproof.lean.embedded.paths import cache_root
from ghostproof.lean.session import LeanSession
from ghostproof.lean.toolchain import discover, server_command
from lean.starts import starts
from native.install_lean import install as install_native
from native.install_lean import unavailable
from support.processes import send

KILLS, SEED = 1000, 20_261_128
NATIVE_SHARE = 10  # every tenth
WARM_UP = 20  # rounds before memory is looked at
RECOVERY_S = 120.0  # what is not back by then is lost
SETTINGS: Json = {
    "lean": {"toolchain": "project", "checker": "probe"},
    "suggest": {"budget_s": 60},
    "lsp": {"ghost_budget_s": 60, "debounce_s": 0},
}
EMBEDDED: Json = {**SETTINGS, "lean": {"toolchain": "embedded", "checker": "auto", "document_s": 300}}


@dataclass
class Tally:
    """What came of the kills of one kind."""

    kills: int = 0
    recovered: int = 0
    lost_edits: int = 0
    seconds: list[float] = field(default_factory=list)


@dataclass
class Report:
    """A whole soak.

    Attributes:
        tallies: by what was killed, in which moment.
        orphans: processes that were there when all servers had left.
        touched: requests by which a server would have changed the user's text.
        memory: of the language server in bytes, after the warm-up and at the end.
    """

    seed: int
    tallies: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    orphans: int = 0
    touched: int = 0
    memory: tuple[int, int] = (0, 0)

    @property
    def kills(self) -> int:
        return sum(tally.kills for tally in self.tallies.values())

    @property
    def recovered(self) -> int:
        return sum(tally.recovered for tally in self.tallies.values())

    @property
    def lost_edits(self) -> int:
        return sum(tally.lost_edits for tally in self.tallies.values())

    @property
    def growth(self) -> float:
        """Memory at the end as a multiple of what it was after the warm-up."""
        return self.memory[1] / self.memory[0] if self.memory[0] else 1.0

    def __str__(self) -> str:
        rows = [f"{'what was killed':44} {'kills':>6} {'back':>6} {'lost':>5} {'median s':>9} {'worst s':>8}"]
        for name, tally in sorted(self.tallies.items()):
            times = sorted(tally.seconds) or [0.0]
            rows.append(
                f"{name:44} {tally.kills:6} {tally.recovered:6} {tally.lost_edits:5} "
                f"{times[len(times) // 2]:9.2f} {times[-1]:8.2f}"
            )
        rows.append(f"{'all':44} {self.kills:6} {self.recovered:6} {self.lost_edits:5}")
        rows.append(f"orphans: {self.orphans}; edits made to the user's text: {self.touched}; seed {self.seed}")
        before, after = (value / 2**20 for value in self.memory)
        rows.append(f"memory of the language server: {before:.1f} MiB → {after:.1f} MiB ({self.growth - 1:+.1%})")
        return "\n".join(rows)


class Window:
    """The rounds against one language server."""

    def __init__(self, editor: Editor, chance: random.Random, report: Report, lean: str) -> None:
        self._editor, self._chance, self._report, self._lean = editor, chance, report, lean
        self._number = 0
        self.seen: dict[int, psutil.Process] = {}

    def _look(self) -> None:
        for process in self._editor.descendants():
            self.seen[process.pid] = process

    async def round(self) -> None:
        """One edit, one kill somewhere around it, and the suggestion that has to come all the same."""
        moment = self._chance.choice(("at rest", "after an edit", "in a request", "while it starts"))
        whom = self._chance.choice(("Lean", "its launcher"))
        self._look()
        self._number += 1
        tally = self._report.tallies[f"{self._lean}: {whom}, {moment}"]
        asked = None
        if moment == "while it starts":
            self._strike("Lean")
            self._editor.write(theorem(self._number))
            asked = self._editor.ask_ghost()[1]
            await self._someone_starts()
        elif moment == "at rest":
            await self._editor.ghost()
        else:
            self._editor.write(theorem(self._number))
            if moment == "in a request":
                asked = self._editor.ask_ghost()[1]
                await asyncio.sleep(self._chance.random() * 0.02)
        struck = self._strike(whom)
        if moment == "at rest":
            self._editor.write(theorem(self._number))
        started = time.monotonic()
        found = await self._asked_at_last()
        if struck:
            tally.kills += 1
            tally.recovered += found != ""
            tally.lost_edits += self._is_old(found)
            tally.seconds.append(time.monotonic() - started)
        if asked is not None:
            with suppress(TimeoutError):
                await asyncio.wait_for(asked, RECOVERY_S)
        self._look()

    def _is_old(self, found: str) -> bool:
        """Whether a suggestion is about another text than the present one; the stand-in accepts one tactic only."""
        names = re.findall(r"\bh\d+\b", found)
        old = any(name != f"h{self._number}" for name in names) or (
            bool(found) and self._lean == "stand-in" and not names
        )
        if old:
            print(f"at edit {self._number} the suggestion was {found!r}", flush=True)
        return old

    async def _asked_at_last(self) -> str:
        try:
            return await asyncio.wait_for(self._editor.ghost_at_last(), RECOVERY_S)
        except TimeoutError:
            return ""

    async def _someone_starts(self) -> None:
        deadline = time.monotonic() + RECOVERY_S
        while not self._editor.descendants() and time.monotonic() < deadline:  # noqa: ASYNC110 - no event says so
            await asyncio.sleep(0)

    def _strike(self, whom: str) -> bool:
        """Kill one; whether there was any."""
        family = self._editor.descendants()
        workers = self._editor.workers()
        launchers = [process for process in family if process not in workers]
        victims = workers if whom == "Lean" else launchers or workers
        if not victims:
            return False
        send([self._chance.choice(victims)])
        return True

    def memory(self) -> int:
        return int(self._editor.process.memory_info().rss)


async def window(report: Report, chance: random.Random, kills: int, settings: Json, lean: str) -> None:
    """So many kills against one language server, which must be the same from the first to the last."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "project").mkdir()
        text = theorem(0)
        (folder / "project" / "File.lean").write_text(text)
        toolchain = install(folder / "toolchain")
        path = f"{toolchain / 'bin'}{os.pathsep}{os.environ['PATH']}"
        editor = await Editor.start(folder / "project", settings, {"PATH": path})
        rounds = Window(editor, chance, report, lean)
        editor.write(text)
        await editor.ghost_at_last()
        already, done, before = report.kills, 0, rounds.memory()
        while report.kills - already < kills:
            await rounds.round()
            done += 1
            if done == WARM_UP:
                before = rounds.memory()
        if not report.memory[0]:
            report.memory = (before, rounds.memory())
        await editor.finish()
        report.touched += len(editor.touched) + ((folder / "project" / "File.lean").read_text() != text)
        report.orphans += left(rounds.seen)


def left(seen: dict[int, psutil.Process]) -> int:
    """How many of these processes still run, a while after all that started them have left."""
    _, alive = psutil.wait_procs(list(seen.values()), timeout=30)
    return sum(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in alive)


async def native(report: Report, chance: random.Random, kills: int) -> None:
    """So many kills of the official server's processes: its watchdog, its file worker, the launcher above both."""
    root = install_native().root
    with tempfile.TemporaryDirectory() as name:
        (Path(name) / "lean-toolchain").write_text(str(root))
        project = await discover(Path(name))
        project = replace(project, sandbox=Sandbox("auto"))
        session = LeanSession(server_command(project), Path(name), project.toolchain.env)
        seen: dict[int, psutil.Process] = {}
        file = Path(name) / "File.lean"
        try:
            for number in range(kills):
                await _native_round(report, chance, session, file, number, seen)
        finally:
            await session.close()
        report.orphans += left(seen)


async def _native_round(
    report: Report,
    chance: random.Random,
    session: LeanSession,
    file: Path,
    number: int,
    seen: dict[int, psutil.Process],
) -> None:
    def text(version: str) -> str:
        return f"prelude\ntheorem t : h{number}{version} := h{number}{version}\n"

    version = await session.set_text(file, text("a"))
    await session.barrier(file, version, RECOVERY_S)
    assert session.pid is not None
    launcher = psutil.Process(session.pid)
    family = launcher.children(recursive=True)
    seen.update({process.pid: process for process in (launcher, *family)})
    named: dict[str, Callable[[], psutil.Process]] = {
        "launcher": lambda: launcher,
        "watchdog": lambda: family[0],
        "file worker": lambda: family[-1],
    }
    whom = chance.choice(list(named))
    moment = chance.choice(("at rest", "after an edit"))
    tally = report.tallies[f"native lean --server: {whom}, {moment}"]
    if moment == "after an edit":
        await session.set_text(file, text("b"))
    send([named[whom]()])
    tally.kills += 1
    started = time.monotonic()
    found = await _diagnostics(session, file, text("b"))
    tally.seconds.append(time.monotonic() - started)
    tally.recovered += found is not None
    tally.lost_edits += found is not None and f"h{number}b" not in found


async def _diagnostics(session: LeanSession, file: Path, text: str) -> str | None:
    """What Lean says about a text, asked again until it says something; None if it never does."""
    deadline = time.monotonic() + RECOVERY_S
    while time.monotonic() < deadline:
        with suppress(GhostproofError):
            version = await session.set_text(file, text)
            diagnostics = await session.barrier(file, version, RECOVERY_S)
            if diagnostics:
                return " ".join(one.message for one in diagnostics)
        await asyncio.sleep(0.01)
    return None


async def soak(kills: int, seed: int, embedded: int = 0) -> Report:
    """A whole soak of so many kills, the same for the same seed but for the moments at which processes answer."""
    report, chance = Report(seed), random.Random(seed)
    official = kills // NATIVE_SHARE if unavailable() is None else 0
    await window(report, chance, kills - official - embedded, SETTINGS, "stand-in")
    if official:
        await native(report, chance, official)
    if embedded:
        await window(report, chance, embedded, EMBEDDED, "embedded")
    return report


def main() -> int:
    kills, seed = int(os.environ.get("SOAK_KILLS", KILLS)), int(os.environ.get("SOAK_SEED", SEED))
    print(f"{kills} kills, seed {seed}; Lean's folder for temporary files: {cache_root() / 'tmp'}", flush=True)
    report = asyncio.run(soak(kills, seed, int(os.environ.get("SOAK_EMBEDDED", "0"))))
    print(report)
    asked = int(os.environ.get("SOAK_STARTS", "0"))
    started = asyncio.run(starts(asked))
    if asked:
        print(f"starts of the embedded Lean: {dict(started)}")
    bad = report.kills - report.recovered + report.lost_edits + report.orphans + report.touched
    bad += asked - started["ended"]
    return 1 if bad or report.growth > 1.1 else 0


if __name__ == "__main__":
    sys.exit(main())
