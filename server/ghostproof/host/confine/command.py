"""The command line by which a program is started confined, on each kind of system, and what it then may touch.

Linux: `launcher.py`, with Landlock, seccomp, limits, and an end that comes with the death of this process. macOS:
`sandbox-exec` behind the launcher's limits; written from its documentation, and not run by our tests. Windows has the
job object that every tree is in (`windows.py`), and nothing here.
"""

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from ghostproof.host.confine import seatbelt

Mode = Literal["auto", "free", "off", "require"]
_PACKAGES = str(Path(__file__).parents[3])
_LAUNCH = f"import sys; sys.path.append({_PACKAGES!r}); from ghostproof.host.confine.launcher import main; main()"
# Neither the user's site packages nor variables such as PYTHONSTARTUP have a say in it, and it starts in half the time.
_PYTHON = ("-I", "-S", "-c", _LAUNCH)


@dataclass(frozen=True)
class Confinement:
    """What a program may touch, and all that it starts.

    Attributes:
        mode: `auto` runs it with what the system has, `require` refuses where something is missing, `free` runs it
            unconfined under the supervisor that ends it with this process, `off` without.
        read: files and folders that may be read.
        run: those whose programs may be run too.
        write: folders in which files may be made, changed and removed.
        scratch: where a folder for its temporary files is made, and removed at the end; None for none.
        memory: most bytes that all its processes hold together, and that each may ask for; 0 for any number.
        processes: most processes at a time; 0 for any number.
    """

    mode: Mode = "auto"
    read: tuple[Path, ...] = ()
    run: tuple[Path, ...] = ()
    write: tuple[Path, ...] = ()
    scratch: Path | None = None
    memory: int = 0
    processes: int = 0


def can_confine(system: str = sys.platform) -> bool:
    """Whether this system has any of it."""
    return bool(sys.executable) and system in ("linux", "darwin")


def confined(argv: Sequence[str], confinement: Confinement, *, system: str = sys.platform) -> list[str]:
    """The command line that runs another one confined, where this system can."""
    if confinement.mode == "off" or not can_confine(system):
        return list(argv)
    launcher = [sys.executable, *_PYTHON, *_options(confinement), "--parent", str(os.getpid())]
    if system == "linux" or confinement.mode == "free":
        return [*launcher, "--", *argv]
    return [*launcher, "--", seatbelt.PROGRAM, "-p", seatbelt.profile(confinement.read, confinement.run,
            [*confinement.write, *_as_list(confinement.scratch)]), *argv]  # fmt: skip


def report_command(confinement: Confinement) -> list[str]:
    """The command line that says what of the confinement can be had: lines of part, `yes` or `no`, and a remark."""
    return [sys.executable, *_PYTHON, *_options(confinement), "--report"]


def _as_list(path: Path | None) -> list[Path]:
    return [] if path is None else [path]


_OF_MODE: dict[Mode, tuple[str, ...]] = {"require": ("--require",), "free": ("--free",)}


def _options(confinement: Confinement) -> list[str]:
    options: list[str] = []
    for option, paths in (("--read", confinement.read), ("--run", confinement.run), ("--write", confinement.write)):
        for path in paths:
            options += [option, str(path)]
    if confinement.scratch is not None:
        options += ["--scratch", str(confinement.scratch)]
    options += ["--memory", str(confinement.memory), "--processes", str(confinement.processes)]
    return [*options, *_OF_MODE.get(confinement.mode, ())]
