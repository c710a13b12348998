"""The installer of Neovim: done once, and clear where it cannot work."""

import os
import subprocess
import sys
from pathlib import Path

from editors import install_neovim
from editors.install_neovim import NeovimTools

TESTS = Path(__file__).parents[1]


def run(**env: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "editors.install_neovim"]
    path = os.pathsep.join(filter(None, (str(TESTS), os.environ.get("PYTHONPATH"))))
    environment = {**os.environ, "PYTHONPATH": path, **env}
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=120, check=False)


def test_what_is_there_is_not_installed_again(tools: NeovimTools, tmp_path: Path) -> None:
    done = run(PATH=str(tmp_path))  # nothing could be downloaded or unpacked
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == f"NVIM {version(tools)}: {tools.nvim}\n"


def test_a_machine_without_apt_is_told_so(tmp_path: Path) -> None:
    done = run(PATH=str(tmp_path), GHOSTPROOF_CACHE=str(tmp_path / "cache"))
    assert done.returncode == 1
    assert done.stdout == ""
    assert "apt-get is missing" in done.stderr
    left = [path.name for path in (tmp_path / "cache" / "editors").iterdir()]
    assert left in ([], [f".{install_neovim.REVISION}.lock"])


def version(tools: NeovimTools) -> str:
    done = subprocess.run([tools.nvim, "--version"], capture_output=True, text=True, timeout=60, check=True)
    return done.stdout.split()[1]
