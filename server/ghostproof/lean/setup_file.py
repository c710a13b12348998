"""How Lake sets up one file: options, plugins and libraries, as `lake setup-file` tells them without building anything.

Lake has spoken two protocols. To 4.21 the imports are arguments, and the answer has `paths` and `setupOptions`. Since
4.22 the file's header is a line of JSON on stdin, and the answer is Lean's `ModuleSetup`. Both are asked the newer way
first; an older Lake answers it with the older shape, without what its imports need, and is asked again.
Where none of it works, the options are read from the lakefile, and `why` says so.
"""

import asyncio
import json
import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path, PureWindowsPath
from time import monotonic
from typing import Literal

from ghostproof.host.confine.command import confined
from ghostproof.host.processes import ProgramResult, run
from ghostproof.lean.lake_options import lake_options
from ghostproof.lean.toolchain import Project, confinement_of
from ghostproof.syntax.header import Imports, read_imports

log = logging.getLogger(__name__)

# Lake reads the lakefiles and compares the hashes of what is imported; a whole Mathlib takes it a second or two.
SETUP_S = 20.0
# What failed is looked at again after so long: the imports may have been built meanwhile.
AGAIN_S = 60.0
_NO_BUILD = ("--no-build", "--no-cache")
# What Lake has in its artifact cache only is put into the build folders, where `lake env` lets Lean look. Since 4.31;
# older Lakes pass it over.
_RESTORE = "LAKE_RESTORE_ARTIFACTS"
_NO_LAKEFILE, _NEEDS_BUILD = 2, 3
_SHOWN = 300
_FILES_KEPT = 64


@dataclass(frozen=True)
class FileSetup:
    """How a file is set up.

    Attributes:
        options: names and values, as in `lean -Dname=value`; without `weak.` in front.
        plugins, dynlibs: shared libraries that Lean loads before the file.
        way: who told: Lake, or the lakefile as far as it can be read without Lake, or nobody, in a folder without one.
        why: what was amiss, as a person reads it: why not Lake, or what of its answer the probe cannot follow; or "".
    """

    options: Mapping[str, str] = field(default_factory=dict)
    plugins: tuple[str, ...] = ()
    dynlibs: tuple[str, ...] = ()
    way: Literal["setup-file", "lakefile", "none"] = "none"
    why: str = ""

    @property
    def flags(self) -> tuple[str, ...]:
        """What Lean's command line needs for it."""
        return (*(f"--load-dynlib={path}" for path in self.dynlibs), *(f"--plugin={path}" for path in self.plugins))


class _Unhelpful(Exception):
    """Lake did not say it. `lasting`: nor will it, whatever is built."""

    def __init__(self, why: str, *, lasting: bool = False) -> None:
        super().__init__(why)
        self.lasting = lasting


class Setups:
    """The files of one project, each set up once for its header."""

    def __init__(self, project: Project, seconds: float = SETUP_S, clock: Callable[[], float] = monotonic) -> None:
        self._project = project
        self._seconds = seconds
        self._clock = clock
        self._lock = asyncio.Lock()
        self._known: dict[tuple[Path, Imports], tuple[float, FileSetup]] = {}
        self._useless = "the embedded Lean's lake does not have it" if project.toolchain.kind == "embedded" else ""

    async def of(self, path: Path, text: str) -> FileSetup:
        """The setup of a file with this text. Never raises; takes no longer than `seconds`, twice with an old Lake."""
        if not self._project.is_lake:
            return FileSetup()
        key = (path, read_imports(text))
        async with self._lock:
            until, known = self._known.get(key, (0.0, None))
            if known is None or self._clock() >= until:
                known = await self._asked(*key)
                until = float("inf") if known.way == "setup-file" else self._clock() + AGAIN_S
                self._known.pop(key, None)
                self._known[key] = until, known
                while len(self._known) > _FILES_KEPT:
                    self._known.pop(next(iter(self._known)))
            return known

    async def _asked(self, path: Path, imports: Imports) -> FileSetup:
        try:
            if self._useless:
                raise _Unhelpful(self._useless)
            return await self._by_lake(path, imports)
        except _Unhelpful as problem:
            if problem.lasting:
                self._useless = str(problem)
            log.info("%s is set up without lake setup-file: %s", path, problem)
            return FileSetup(lake_options(self._project.root), way="lakefile", why=str(problem))

    async def _by_lake(self, path: Path, imports: Imports) -> FileSetup:
        answer = _answer(await self._run([str(path), "-"], imports.as_json() + "\n"))
        if "paths" not in answer:
            return _module_setup(answer)
        names = [one.module for one in imports.imports]
        return _old_setup(_answer(await self._run([str(path), *names])))

    async def _run(self, arguments: Sequence[str], said: str = "") -> ProgramResult:
        toolchain = self._project.toolchain
        asked = [str(toolchain.lake), "setup-file", *arguments, *_NO_BUILD]
        command = confined(asked, confinement_of(self._project, builds=True))
        env = {_RESTORE: os.environ.get(_RESTORE, "true"), **toolchain.env}
        try:
            return await run(command, self._project.root, env, self._seconds, said=said.encode())
        except TimeoutError:
            raise _Unhelpful(f"it did not answer within {self._seconds:g} s", lasting=True) from None
        except OSError as problem:
            raise _Unhelpful(f"lake cannot be started: {problem.strerror or problem}", lasting=True) from None


def _answer(finished: ProgramResult) -> Mapping[str, object]:
    """The JSON object that Lake prints, on its last line."""
    if finished.code == _NO_LAKEFILE:
        raise _Unhelpful("it finds no lakefile")
    if finished.code == _NEEDS_BUILD:
        raise _Unhelpful("the file's imports are not built, or out of date: `lake build` builds them")
    if finished.code != 0:
        said = " ".join(finished.errors.split()) or "nothing"
        raise _Unhelpful(f"it failed with status {finished.code} and said: {said[-_SHOWN:]}")
    lines = finished.output.strip().splitlines()
    try:
        answer = json.loads(lines[-1]) if lines else None
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise _Unhelpful(f"it says what no Lake says: {finished.output.strip()[:_SHOWN]!r}")
    return answer


def _module_setup(answer: Mapping[str, object]) -> FileSetup:
    if "options" not in answer and "plugins" not in answer:
        raise _Unhelpful(f"its answer is of no known version, with the fields {', '.join(sorted(answer)) or 'none'}")
    options, plugins = _options(answer.get("options")), _paths(answer.get("plugins"))
    cached = _only_cached(answer.get("importArts"))
    why = f"{cached} is in Lake's artifact cache only: `{_RESTORE}=true lake build` puts it where Lean looks"
    return FileSetup(options, plugins, _paths(answer.get("dynlibs")), "setup-file", why if cached else "")


def _only_cached(artifacts: object) -> str:
    """The first import whose file is not called as the module is, so that no search path leads to it; "" if none.

    Its files are a list, or lists within a list in newer versions.
    """
    for module, files in artifacts.items() if isinstance(artifacts, dict) else ():
        while isinstance(files, list) and files:
            files = files[0]
        last = module.rpartition(".")[2].strip("«»")
        if isinstance(files, str) and PureWindowsPath(files).name.partition(".")[0] != last.partition(".")[0]:
            return str(module)
    return ""


def _old_setup(answer: Mapping[str, object]) -> FileSetup:
    paths = answer.get("paths")
    libraries: Mapping[str, object] = paths if isinstance(paths, dict) else {}
    return FileSetup(
        _options(answer.get("setupOptions")),
        _paths(libraries.get("pluginPaths")),
        _paths(libraries.get("loadDynlibPaths")),
        "setup-file",
    )


def _options(value: object) -> dict[str, str]:
    """Options of an answer. Lake's `weak.` ones need not exist; the probe leaves out what Lean does not know anyway."""
    pairs = value.items() if isinstance(value, dict) else ()
    return {name.removeprefix("weak."): _text(one) for name, one in pairs if isinstance(one, bool | int | str)}


def _text(value: bool | int | str) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _paths(value: object) -> tuple[str, ...]:
    """Paths of shared libraries: strings, or objects that have one."""
    items = value if isinstance(value, list) else []
    paths = (item.get("path") if isinstance(item, dict) else item for item in items)
    return tuple(path for path in paths if isinstance(path, str) and path)
