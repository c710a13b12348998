"""Neovim for the tests: installed at the first use of a machine, and one session with a warm Lean for all of them."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from editors.install_neovim import NeovimTools, install
from support.nvim_driver import Editor, lean_settings

KEYS = "{ accept = '<Tab>', next = '<M-n>', previous = '<M-p>' }"
FIRST = "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  "


@pytest.fixture(scope="session")
def tools() -> NeovimTools:
    return install()


@pytest.fixture(scope="session")
def session(tools: NeovimTools, embedded_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    """A Neovim whose server has a warm Lean."""
    folder = tmp_path_factory.mktemp("neovim")
    editor = Editor(tools.nvim, folder / "home", lean_settings(keys=KEYS))
    editor.edit(folder / "Session.lean", FIRST)
    editor.wait("#vim.lsp.get_clients({ name = 'ghostproof', bufnr = 0 }) == 1")
    yield editor
    editor.close()


@pytest.fixture
def editor(session: Editor) -> Editor:
    """The shared session; what earlier tests were told is forgotten."""
    session.lua("_G.notified = {}; _G.deprecated = {}")
    return session
