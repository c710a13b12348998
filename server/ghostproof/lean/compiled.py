"""A program of ours that Lean has compiled, kept in the user's cache: it starts without being elaborated again.

One folder for each toolchain and text, made in the background by one process at a time, and moved into place whole.
What lies there is run, so it must be the user's own, closed to others, and what was put there. Whoever starts a program
has its source to fall back on: a Lean that cannot compile it, or run what it compiled, costs nothing but the try.
"""

import contextlib
import hashlib
import json
import logging
import shutil
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from filelock import AsyncFileLock, Timeout

from ghostproof.host.confine.command import Confinement, confined
from ghostproof.host.folders import make_private
from ghostproof.host.processes import run
from ghostproof.host.programs import on_path
from ghostproof.lean.embedded.paths import PROGRAM, SYMBOLS, cache_root
from ghostproof.lean.fingerprint import changed
from ghostproof.lean.probe_script import Script
from ghostproof.lean.pruning import PARTIAL, prune, used
from ghostproof.lean.toolchain import Project, confinement_of

log = logging.getLogger(__name__)

MERGE = Path(__file__).with_name("Merge.lean")
STAMP = "stamp.json"
START = "Start.lean"
# Written in place of a program that Lean did not run: it is not tried again.
UNUSABLE = "unusable"
# On the embedded Lean 16 s of processor time; on a loaded machine a multiple.
COMPILE_S = 600.0
# The longest wait for others that compile, of which some may have been stopped and not ended.
TURN_S = 4 * COMPILE_S
LOOK_S = 0.2


class CannotCompile(Exception):
    """Why Lean did not compile the program; the source serves on."""


@dataclass(frozen=True)
class Launch:
    """How a compiled program is started: the command line, and variables on top of the project's own."""

    argv: tuple[str, ...]
    env: Mapping[str, str]


class CompiledProgram:
    """The compiled form of a script for a project's Lean, whether it is there yet or not.

    Args:
        turn_s: the longest wait for others that compile.
    """

    def __init__(self, project: Project, script: Script, turn_s: float = TURN_S) -> None:
        self._project, self._script, self._turn_s = project, script, turn_s
        self.problem = ""  # why it was not made when it was last tried
        lean = project.toolchain.lean
        decides = (project.toolchain.version, project.toolchain.name, str(lean), changed(lean.resolve()))
        text = script.text + MERGE.read_text("utf-8")
        self._key = hashlib.sha256(json.dumps([decides, text]).encode()).hexdigest()[:24]

    @property
    def _symbols(self) -> str:
        """The embedded Lean's table of its own code, with which a program imports nothing; "" for any other Lean."""
        toolchain = self._project.toolchain
        return str(toolchain.lean.resolve().parents[1] / PROGRAM / SYMBOLS) if toolchain.kind == "embedded" else ""

    @property
    def module(self) -> str:
        """The name of the compiled module."""
        return f"Ghostproof_{self._key}"

    @property
    def folder(self) -> Path:
        return cache_root() / "compiled" / self._key

    def launch(self) -> Launch | None:
        """How to start it; None if it is not there, or not as it was made."""
        if not self.folder.is_dir() or not make_private(self.folder) or _sums(self.folder) != _stamped(self.folder):
            return None
        used(self.folder)
        run = [str(self._project.toolchain.lean), "--run", str(self.folder / START), str(self.folder)]
        if self._project.is_lake:
            run = [str(self._project.toolchain.lake), "env", *run]
        argv = confined(run, confinement_of(self._project, also_read=(self.folder,)))
        return Launch(tuple(argv), {"LEAN_PATH": str(self.folder)})

    def discard(self, why: str) -> None:
        """Lean does not run it: it is not tried again."""
        log.warning("a compiled program does not run, its source is used: %s", why)
        with contextlib.suppress(OSError):
            (self.folder / STAMP).unlink(missing_ok=True)
            (self.folder / UNUSABLE).write_text(why, "utf-8")

    async def make(self) -> bool:
        """Compile it, unless it is there or is known not to work. Whether it can be launched now.

        Of all processes of this user one compiles, and the others wait: for most it is their own program that is made
        meanwhile, and for the others there would be one more compiler that needs a core and a gigabyte.
        """
        self.problem = ""
        if self.launch() is not None:
            return True
        try:
            async with _turn(self._turn_s):
                if self.launch() is None:
                    await self._compile()
        except (OSError, Timeout) as problem:
            self._note(problem)
        return self.launch() is not None

    async def _compile(self) -> None:
        """Have Lean make it, and put it into its place. Where Lean cannot, nothing is left."""
        work = self._workplace()
        if work is None:
            return
        try:
            await self._lean(work, self.module)
            if self._is_split(work):
                self._write_merge(work)
                await self._lean(work, MERGE.stem)
            self._settle(work)
        except (OSError, TimeoutError, CannotCompile) as problem:
            self._note(problem)
        finally:
            shutil.rmtree(work, ignore_errors=True)

    def _note(self, problem: Exception) -> None:
        self.problem = str(problem) or type(problem).__name__
        log.info("a program could not be compiled, its source is used: %s", self.problem)

    def _workplace(self) -> Path | None:
        """A new folder with the source in it; None where nothing is to be made."""
        if (unusable := self.folder / UNUSABLE).exists():
            self.problem = unusable.read_text("utf-8", errors="replace")
            return None
        if not make_private(self.folder.parent):
            self.problem = f"{self.folder.parent} cannot be closed to others."
            return None
        # Its name begins with no dot: the embedded Lean sees no such folder.
        work = Path(tempfile.mkdtemp(prefix=f"{self._key}{PARTIAL}", dir=self.folder.parent))
        # The embedded Lean keeps the code of modules apart, where `Merge.lean` finds it.
        header = "module\n" if self._symbols else ""
        (work / f"{self.module}.lean").write_text(header + self._script.text, "utf-8")
        return work

    def _is_split(self, work: Path) -> bool:
        """Whether Lean has put the code into a file of its own."""
        return (work / f"{self.module}.ir").exists()

    def _settle(self, work: Path) -> None:
        """Keep what is needed of what Lean has made, stamp it, and move it into place."""
        made = work / f"{self.module}.olean"
        if self._is_split(work):
            (work / f"{self.module}.merged.olean").replace(made)
        header = "prelude\n" if self._symbols else ""
        (work / START).write_text(f"{header}import {self.module}\n", "utf-8")
        for file in work.iterdir():
            if file not in (made, work / START):
                file.unlink()
        (work / STAMP).write_text(json.dumps(_sums(work)), "utf-8")
        shutil.rmtree(self.folder, ignore_errors=True)  # what is there has not stood the test
        work.rename(self.folder)
        prune(self.folder.parent)

    def _write_merge(self, work: Path) -> None:
        words = [json.dumps(word, ensure_ascii=False) for word in (self._symbols, str(work), self.module)]
        call = " ".join(("alone (← getEnv)", *words) if self._symbols else ("merge", *words[1:]))
        (work / MERGE.name).write_text(MERGE.read_text("utf-8") + f"run_cmd do GhostproofMerge.{call}\n", "utf-8")

    async def _lean(self, work: Path, module: str) -> None:
        """Compile a module of the folder."""
        toolchain = self._project.toolchain
        made, source = (str(work / f"{module}.{ending}") for ending in ("olean", "lean"))
        # It may do everything, as what is elaborated is our own text alone and the folder has to be written; but it
        # ends with this process.
        command = [str(toolchain.lean), f"--root={work}", "-o", made, source]
        nice = on_path("nice")  # a person is using the source form meanwhile
        ahead = [str(nice), "-n", "19"] if nice else []
        watched = confined([*ahead, *command], Confinement("free"))
        done = await run(watched, self._project.root, toolchain.env, COMPILE_S)
        if done.code != 0:
            raise CannotCompile(f"{done.output}\n{done.errors}".strip()[-2000:] or f"exit status {done.code}")


def _turn(longest_s: float) -> AsyncFileLock:
    """The right to compile. The system takes it back from a process that has ended, however it has.

    It is tried for in the event loop's own thread, which never waits for it: whoever is cancelled holds nothing.
    """
    file = cache_root() / "compiled.lock"
    return AsyncFileLock(file, timeout=longest_s, poll_interval=LOOK_S, run_in_executor=False)


def _sums(folder: Path) -> dict[str, str]:
    """What lies in a folder, by name: a sum of each file, but the stamp itself."""
    try:
        files = sorted(file for file in folder.iterdir() if file.name != STAMP)
        return {file.name: hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
    except OSError:
        return {}


def _stamped(folder: Path) -> dict[str, str] | None:
    try:
        stamp = json.loads((folder / STAMP).read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return stamp if isinstance(stamp, dict) else None
