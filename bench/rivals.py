"""The rivals, each in its own process and in an environment of their own, trying tactics their users' way.

They need what they need anywhere: a folder with `lakefile.toml` and `lean-toolchain`, and `lake` and `lean` on PATH.
"""

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import venv
from asyncio.subprocess import PIPE, Process
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from filelock import FileLock
from platformdirs import user_cache_path

from bench.contender import Contender, Goal, Trial
from ghostproof.lean.toolchain import Toolchain
from ghostproof.text import Position

NAMES = ("lean-lsp-mcp", "leanclient")
PINNED = Path(__file__).with_name("rivals.txt")
DRIVER = Path(__file__).with_name("rival_driver.py")
# Tried before anything is timed, so that every file is open and elaborated and every scratch document is there.
WARM_UP = ("skip",)
START_S = 120.0
REQUEST_S = 120.0


class RivalFailed(Exception):
    """A rival could not be installed, could not start or gave no answer."""


def environment() -> Path:
    """The Python of the rivals' environment, installed at the first call and whenever a pinned version changes.

    Raises:
        RivalFailed: a package could not be installed.
    """
    version = hashlib.sha256(PINNED.read_bytes() + sys.version.encode()).hexdigest()[:12]
    folder = user_cache_path("ghostproof", appauthor=False) / "bench" / version
    python = folder / "bin" / "python"
    ready = folder / "ready"
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not ready.exists():
            venv.create(folder, with_pip=True, clear=True)
            _install(python)
            ready.touch()
    return python


def _install(python: Path) -> None:
    options = ("--quiet", "--disable-pip-version-check", "--no-deps")
    command = (python, "-m", "pip", "install", *options, "-r", PINNED)
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode != 0:
        raise RivalFailed(f"pip: {last_line(done.stderr)}")


def make_project(folder: Path, name: str, text: str, toolchain: Toolchain) -> None:
    """Lay out what the rivals take for a Lake project, with one file of the given text."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "lakefile.toml").write_text('name = "bench"\n', "utf-8")
    (folder / "lean-toolchain").write_text(f"leanprover/lean4:v{toolchain.version}\n", "utf-8")
    (folder / name).write_text(text, "utf-8")


class Rival(Contender):
    """One rival with the file open and elaborated."""

    def __init__(self, name: str, project: Path, file: str, toolchain: Toolchain, warm_up: Goal | None = None) -> None:
        self.name = name
        self._warm_up = warm_up
        self._file = file
        path = os.pathsep.join([str(toolchain.lake.parent), os.environ.get("PATH", "")])
        self._env = {**os.environ, **toolchain.env, "PATH": path}
        self._cwd = project
        self._log = project / f"{name}.log"
        self._process: Process | None = None

    async def start(self) -> None:
        python = await asyncio.to_thread(environment)
        command = (python, DRIVER, self.name, self._cwd, self._file)
        with self._log.open("wb") as log:
            self._process = await asyncio.create_subprocess_exec(
                *command, cwd=self._cwd, env=self._env, stdin=PIPE, stdout=PIPE, stderr=log
            )
        await self._answer(START_S)
        if self._warm_up is not None:
            await self.attempt([self._warm_up], WARM_UP)

    async def attempt(self, goals: Sequence[Goal], tactics: Sequence[str]) -> Trial:
        tried = [await self.try_at(goal.position, tactics) for goal in goals]
        seconds, closed = sum(seconds for seconds, _ in tried), sum(sum(closed) for _, closed in tried)
        return Trial(len(goals) * len(tactics), seconds, closed)

    async def try_at(
        self, position: Position, tactics: Sequence[str], text: str | None = None
    ) -> tuple[float, tuple[bool, ...]]:
        """Seconds that the tactics took at a place that ends its line, and of each whether it closes the goal.

        Args:
            text: what the file is to have before that; None if it stays as it is.

        Raises:
            RivalFailed: there is no answer.
        """
        assert self._process is not None
        assert self._process.stdin is not None
        request = {"line": position.line, "column": position.column, "tactics": list(tactics), "text": text}
        self._process.stdin.write(json.dumps(request).encode() + b"\n")
        answer = await self._answer(REQUEST_S)
        return answer["seconds"], tuple(answer["closed"])

    @property
    def pid(self) -> int:
        assert self._process is not None, "it was started"
        return self._process.pid

    async def _answer(self, seconds: float) -> dict[str, Any]:
        assert self._process is not None
        assert self._process.stdout is not None
        try:
            async with asyncio.timeout(seconds):
                line = await self._process.stdout.readline()
        except TimeoutError:
            raise RivalFailed(f"no answer within {seconds:g} s") from None
        if not line:
            raise RivalFailed(last_line(self._log.read_text("utf-8", "replace")))
        answer: dict[str, Any] = json.loads(line)
        return answer

    async def close(self) -> None:
        if self._process is None:
            return
        if self._process.stdin is not None:
            self._process.stdin.close()
        try:
            async with asyncio.timeout(10):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
            await self._process.wait()


def last_line(text: str) -> str:
    """The last line that says something, which is where Python and pip put the reason."""
    return next((line.strip() for line in reversed(text.splitlines()) if line.strip()), "ended without a word")
