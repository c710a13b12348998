"""The plugin's sources: formatted, free of what Luacheck finds, and documented as they are."""

import shutil
import subprocess
import sys
from pathlib import Path

from editors.install_neovim import NeovimTools
from support.nvim_driver import PLUGIN, environment

TESTS = Path(__file__).parent
FILES = sorted(str(path) for folder in (PLUGIN, TESTS) for path in folder.rglob("*.lua"))
NODE = shutil.which("node", path=str(Path(sys.executable).parent)) or shutil.which("node") or "node"


def succeeds(*command: str) -> None:
    done = subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_stylua(tools: NeovimTools) -> None:
    succeeds(NODE, str(PLUGIN / "scripts" / "stylua.mjs"), str(tools.stylua), "--check", *FILES)


def test_luacheck(tools: NeovimTools) -> None:
    options = ("--config", str(PLUGIN / ".luacheckrc"), "--no-cache", "--no-color", "--quiet")
    succeeds(str(tools.nvim), "--clean", "-l", str(tools.luacheck), *FILES, *options)


def test_help_is_up_to_date(tools: NeovimTools) -> None:
    succeeds(sys.executable, str(PLUGIN / "scripts" / "gen_doc.py"), "--nvim", str(tools.nvim), "--check")


def test_help_has_no_ambiguous_tags(tools: NeovimTools, tmp_path: Path) -> None:
    shutil.copytree(PLUGIN / "doc", tmp_path / "doc", ignore=shutil.ignore_patterns("tags"))
    succeeds(str(tools.nvim), "--clean", "--headless", "-c", f"helptags {tmp_path / 'doc'}", "-c", "qa")
    assert "\n:Ghostproof-suggest\t" in (tmp_path / "doc" / "tags").read_text("utf-8")
