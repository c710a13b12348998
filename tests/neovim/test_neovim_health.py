"""`:checkhealth ghostproof`: findings with their cures."""

from pathlib import Path

import pytest

from editors.install_neovim import NeovimTools
from support.nvim_driver import Editor


def report(editor: Editor) -> list[str]:
    editor.wait("vim.bo.filetype == 'checkhealth'")
    lines = [line.strip() for line in editor.lines]
    editor.nvim.command("bwipeout!")
    return lines


def test_everything_that_is_wrong_has_a_cure(tools: NeovimTools, tmp_path: Path) -> None:
    init = """
    vim.g.ghostproof = { cmd = { 'no-such' }, colour = 1, keys = { accept = '<C-J>' } }
    vim.keymap.set('i', '<C-J>', 'x')
    """
    editor = Editor(tools.nvim, tmp_path / "home", init)
    try:
        editor.nvim.command("checkhealth ghostproof")
        lines = report(editor)
    finally:
        editor.close()
    wrong = [number for number, line in enumerate(lines) if "ERROR" in line or "WARNING" in line]
    assert len(wrong) == 3
    assert all("ADVICE" in lines[number + 1] for number in wrong)
    text = "\n".join(lines)
    assert "`no-such` is not executable" in text
    assert "pip install" in text
    assert "`colour` is not an option." in text
    assert "`keys.accept`: <C-J> is mapped by something else as well" in text


@pytest.mark.lean
@pytest.mark.slow
def test_a_healthy_session(editor: Editor) -> None:
    editor.fill("", 1, 0)
    editor.lua("_G.prompt = vim.fn.getcwd()")
    editor.nvim.command("Ghostproof doctor")
    lines = report(editor)
    text = "\n".join(lines)
    assert "ERROR" not in text
    assert "WARNING" not in text
    for finding in (
        "code actions, commands and ghost text",
        "attached to 1 buffers",
        "lean:",
        "probe: works",
        "scratch: works",
        "prover:",
        "counts positions in utf-16",
    ):
        assert any(finding in line and "OK" in line for line in lines), finding
