"""A real Neovim with this plugin at the other end of a pipe: keys in, screen and state out."""

import contextlib
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import psutil
import pynvim

from support.processes import command_line, send
from support.waiting import HANGS_S

PLUGIN = Path(__file__).parents[2] / "neovim"
SERVER = (sys.executable, "-m", "ghostproof", "serve")
COLUMNS, LINES = 100, 30

# Loaded before the plugin: every event that a test may wait for is sent to it, and what must not happen is noted down.
PRELUDE = """
local channel = ...
local events = { 'LspAttach', 'LspDetach', 'LspRequest', 'LspNotify', 'LspProgress', 'DiagnosticChanged', 'User',
  'TextChanged', 'TextChangedI', 'ModeChanged', 'CursorMovedI', 'BufEnter', 'InsertEnter' }
vim.api.nvim_create_autocmd(events, { callback = function()
  vim.schedule(function() vim.rpcnotify(channel, 'changed') end)
end })
_G.deprecated = {}
vim.deprecate = function(name) table.insert(_G.deprecated, name) end
_G.notified = {}
vim.notify = function(message) -- shown on the screen, it would wait for a key
  table.insert(_G.notified, message)
  vim.schedule(function() vim.rpcnotify(channel, 'changed') end)
end
_G.limit = function(milliseconds)
  local timer = assert(vim.uv.new_timer())
  timer:start(milliseconds, 0, vim.schedule_wrap(function() vim.rpcnotify(channel, 'limit') end))
  return function() timer:close() end
end
_G.ghost = function()
  local namespace = vim.api.nvim_get_namespaces()['nvim.lsp.inline_completion']
  if not namespace then return nil end
  local mark = vim.api.nvim_buf_get_extmarks(0, namespace, 0, -1, { details = true })[1]
  if not mark then return nil end
  local lines = { mark[4].virt_text or {}, unpack(mark[4].virt_lines or {}) }
  return table.concat(vim.tbl_map(function(line)
    return table.concat(vim.tbl_map(function(chunk) return chunk[1] end, line))
  end, lines), '\\n')
end
_G.settled = function()
  local client = vim.lsp.get_clients({ name = 'ghostproof', bufnr = 0 })[1]
  if not client or require('ghostproof.status').is_busy(client.id) then return nil end
  local pending = vim.iter(pairs(client.requests)):any(function(_, request) return request.type == 'pending' end)
  return not pending and _G.ghost() or nil
end
"""


class Editor:
    """One Neovim process.

    Args:
        program: which Neovim.
        home: folder of its state, data and configuration.
        init: Lua that is run before the plugin is loaded, as a user's `init.lua`.
        plugin: whether the plugin's folder is on the runtime path.
    """

    def __init__(
        self, program: Path, home: Path, init: str = "", *, plugin: bool = True, env: Mapping[str, str] | None = None
    ) -> None:
        home.mkdir(parents=True, exist_ok=True)
        start = home / "init.lua"
        start.write_text(f"{_runtime_path() if plugin else ''}\n{init}\n", "utf-8")
        folders = {f"XDG_{name}_HOME": home / name.lower() for name in ("STATE", "DATA", "CONFIG")}
        environment = [f"{name}={value}" for name, value in {**folders, **(env or {})}.items()]
        command = [str(program), "--clean", "-u", "NONE", "--embed", "--headless", "-n"]
        self.nvim = pynvim.attach("child", argv=["env", *environment, *command])
        self.pid = int(self.lua("return vim.fn.getpid()"))
        self.lua(PRELUDE, self.nvim.channel_id)
        self.nvim.command(f"source {start}")
        self.nvim.command("runtime! plugin/ghostproof.lua")
        self.nvim.command("filetype plugin indent on")
        self.nvim.ui_attach(COLUMNS, LINES, rgb=True)

    def lua(self, code: str, *arguments: object) -> Any:  # noqa: ANN401 - whatever the Lua code returns
        return self.nvim.exec_lua(code, *arguments)

    def wait(self, expression: str, *arguments: object) -> Any:  # noqa: ANN401
        """The value of a Lua expression as soon as it is true; looked at again whenever something has happened.

        Raises:
            AssertionError: it has not become true within the limit.
        """
        self.lua("_G.unlimited = _G.limit(...)", HANGS_S * 1000)
        while not (value := self.lua(f"return {expression}", *arguments)):
            message = self.nvim.next_message()
            assert message is not None, "Neovim has ended."
            assert message[1] != "limit", f"not true after {HANGS_S} s: {expression}\n{self.notified}\n{self.lines}"
        self.lua("_G.unlimited()")
        return value

    def keys(self, keys: str) -> None:
        self.nvim.input(keys)

    def edit(self, path: Path, text: str) -> None:
        """Open a file with this text, which is also on disk."""
        path.write_text(text, "utf-8")
        self.nvim.command(f"edit {path}")

    def fill(self, text: str, line: int, column: int) -> None:
        """Replace the buffer's text and go to a place (from 1 and from 0, in bytes), in Normal mode."""
        self.lua("vim.cmd.stopinsert()")
        self.wait("vim.api.nvim_get_mode().mode == 'n'")
        self.nvim.api.buf_set_lines(0, 0, -1, True, text.split("\n"))
        self.nvim.api.win_set_cursor(0, [line, column])

    @property
    def lines(self) -> list[str]:
        return list(self.nvim.api.buf_get_lines(0, 0, -1, True))

    @property
    def notified(self) -> list[str]:
        """Every message of `vim.notify` so far."""
        return list(self.lua("return _G.notified"))

    def ghost(self) -> str:
        """The ghost text, once there is some."""
        return str(self.wait("_G.ghost()"))

    def settled_ghost(self) -> str:
        """The ghost text, once there is some that stays: what closes the goal replaces what only leads on."""
        return str(self.wait("_G.settled()"))

    def server_pid(self) -> int:
        """Process id of the language server."""
        children = psutil.Process(self.pid).children(recursive=True)
        return next(child.pid for child in children if {"serve", "ghostproof"} <= set(command_line(child)))

    def close(self) -> None:
        """Quit, and see that nothing that was started is left."""
        family = psutil.Process(self.pid).children(recursive=True)
        with contextlib.suppress(EOFError, OSError):
            self.nvim.command("qa!")
        with contextlib.suppress(OSError):
            self.nvim.close()
        _, left = psutil.wait_procs(family, timeout=HANGS_S)
        running = [str(process) for process in left]
        send(left)
        assert not running, f"still running after Neovim has quit: {running}"


def lean_settings(*, checker: str = "probe", command: Sequence[str] = SERVER, keys: str = "{}", more: str = "") -> str:
    """Lua of a user who lets the embedded Lean check; `more` are further settings."""
    words = ", ".join(f"'{word}'" for word in command)
    settings = f"{{ lean = {{ toolchain = 'embedded', checker = '{checker}' }}, {more} }}"
    return f"vim.g.ghostproof = {{ cmd = {{ {words} }}, keys = {keys}, settings = {settings} }}"


def _runtime_path() -> str:
    return f"vim.opt.runtimepath:prepend('{PLUGIN}')"


def environment() -> dict[str, str]:
    """What a Neovim that is run as a plain process gets."""
    return {**os.environ, "NVIM_LOG_FILE": os.devnull}
