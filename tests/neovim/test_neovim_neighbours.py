"""Beside Lean's own language server, and on a Neovim without ghost text."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from editors.install_neovim import NeovimTools
from support.nvim_driver import Editor, lean_settings

pytestmark = pytest.mark.lean

SWAP = "theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  "
TRY_THIS = "theorem short (n : Nat) : n + 0 = n := by\n  simp?"
# What lean.nvim starts, under the name that it has there.
LEANLS = "_G.leanls = vim.lsp.start({ name = 'leanls', cmd = { ..., 'serve' }, root_dir = vim.fn.expand('%:p:h') })"


@pytest.fixture
def beside(editor: Editor, embedded_root: Path) -> Iterator[Editor]:
    editor.lua(LEANLS, str(embedded_root / "bin" / "lake"))
    editor.wait("#vim.lsp.get_clients({ name = 'leanls', bufnr = 0 }) == 1")
    yield editor
    editor.lua("vim.lsp.get_client_by_id(_G.leanls):stop()")
    editor.wait("vim.lsp.get_client_by_id(_G.leanls) == nil")


def test_beside_leanls(beside: Editor) -> None:
    beside.fill(TRY_THIS, 2, 3)
    beside.wait("vim.iter(vim.diagnostic.get(0)):any(function(d) return d.message:find('Try this') end)")
    encodings = "vim.tbl_map(function(client) return client.offset_encoding end, vim.lsp.get_clients({ bufnr = 0 }))"
    assert beside.lua(f"return {encodings}") == ["utf-16", "utf-16"]
    beside.lua("vim.ui.select = function(items, options) _G.menu = vim.tbl_map(options.format_item, items) end")
    beside.keys("gra")
    menu = beside.wait("_G.menu")
    assert any("[leanls]" in title and "Try this" in title for title in menu)
    assert any("[ghostproof]" in title and "✓ closes the goal" in title for title in menu)
    beside.fill(SWAP, 2, 1)
    beside.keys("A")
    assert beside.ghost()
    assert beside.notified == []
    assert beside.lua("return _G.deprecated") == []


def test_an_abbreviation_has_the_key_first(editor: Editor) -> None:
    """Like lean.nvim: while an abbreviation is pending, its own mapping lies on the buffer; then ours is put back."""
    ours = editor.lua("return vim.fn.maparg('<Tab>', 'i', false, true).desc")
    assert ours == "Accept the ghost text"
    editor.fill("", 1, 0)
    editor.lua(
        """
        local before = vim.fn.maparg('<Tab>', 'i', false, true)
        vim.keymap.set('i', '<Tab>', function()
          vim.schedule(function() vim.fn.mapset('i', false, before) end)
          return 'α'
        end, { buffer = true, expr = true })
        """
    )
    editor.keys("i<Tab>")
    editor.wait("vim.api.nvim_get_current_line() == 'α' and vim.fn.maparg('<Tab>', 'i', false, true).desc")
    assert editor.lua("return vim.fn.maparg('<Tab>', 'i', false, true).desc") == ours


def test_a_neovim_without_ghost_text(tools: NeovimTools, embedded_root: Path, tmp_path: Path) -> None:
    if tools.old_nvim is None:
        pytest.skip("there is no Neovim 0.11 for this machine")
    editor = Editor(tools.old_nvim, tmp_path / "home", lean_settings(checker="scratch", keys="{ accept = '<Tab>' }"))
    try:
        editor.edit(tmp_path / "Old.lean", SWAP + "sorry")
        editor.wait("#vim.lsp.get_clients({ name = 'ghostproof', bufnr = 0 }) == 1")
        editor.lua("vim.ui.select = function(items, _, done) _G.menu = #items; done(items[1], 1) end")
        editor.nvim.api.win_set_cursor(0, [2, 3])
        editor.keys("gra")
        editor.wait("not vim.api.nvim_get_current_line():find('sorry')")
        assert editor.lua("return vim.fn.maparg('<Tab>', 'i', false, true).buffer") != 1
        assert editor.lua("return require('ghostproof').accept()") is False
        assert editor.lua("return require('ghostproof').statusline()").startswith("ghostproof: ")
        assert editor.lua("return _G.deprecated") == []
        assert editor.notified == []
    finally:
        editor.close()
