"""The Lua modules, tested in Lua, and Neovim's start with the plugin: silent, and nothing loaded that is not needed."""

import json
import subprocess
from pathlib import Path

from editors.install_neovim import NeovimTools
from support.nvim_driver import PLUGIN, environment

LUA = Path(__file__).parent / "lua"
REPORT = "MiniTest.gen_reporter.stdout({ quit_on_finish = true })"
START = """
local loaded = vim.tbl_filter(function(name)
  return vim.startswith(name, 'ghostproof') or vim.startswith(name, 'vim.lsp')
end, vim.tbl_keys(package.loaded))
local said = vim.fn.execute('messages')
local maps = vim.api.nvim_get_keymap('i')
io.stdout:write(vim.json.encode({ loaded = loaded, said = said, maps = #maps, command = vim.fn.exists(':Ghostproof') }))
"""


def run(tools: NeovimTools, *arguments: str) -> subprocess.CompletedProcess[str]:
    command = [str(tools.nvim), "--headless", "--clean", "--cmd", "set noswapfile", *arguments]
    return subprocess.run(command, env=environment(), capture_output=True, text=True, timeout=60, check=False)


def test_lua_modules(tools: NeovimTools) -> None:
    done = run(
        tools,
        "--cmd",
        f"set runtimepath^={PLUGIN},{tools.mini_test}",
        "+lua require('mini.test').setup()",
        f"+lua MiniTest.run_file('{LUA / 'test_modules.lua'}', {{ execute = {{ reporter = {REPORT} }} }})",
    )
    assert done.returncode == 0, done.stdout + done.stderr


def start(tools: NeovimTools, tmp_path: Path, *arguments: str) -> dict[str, object]:
    script = tmp_path / "start.lua"
    script.write_text(START, "utf-8")
    done = run(tools, *arguments, "-c", f"luafile {script}", "-c", "qa!")
    assert done.returncode == 0
    assert done.stderr == ""
    found: dict[str, object] = json.loads(done.stdout)
    return found


def test_nothing_is_loaded_before_a_lean_buffer(tools: NeovimTools, tmp_path: Path) -> None:
    without = start(tools, tmp_path)
    found = start(tools, tmp_path, "--cmd", f"set runtimepath^={PLUGIN}", "+edit Some.txt")
    assert found["loaded"] == []
    assert found["command"] == 2
    assert found["said"] == without["said"] == ""
    assert found["maps"] == without["maps"]


def test_a_missing_server_is_told_once_and_in_words(tools: NeovimTools) -> None:
    show = "vim.notify = function(message) io.stderr:write(message, '|') end"
    init = f"lua {show}; vim.g.ghostproof = {{ cmd = {{ 'no-such' }} }}"
    done = run(tools, "--cmd", f"set runtimepath^={PLUGIN}", "--cmd", init, "+edit A.lean", "+edit B.lean", "+qa!")
    assert done.stderr == "Ghostproof: `no-such` is not executable. `:checkhealth ghostproof` tells how to install it.|"
