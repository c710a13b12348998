"""Neovim as its user meets it: what the plugin costs at start, and how long ghost text takes at the demo's goals.

Warm: the probe is up and the file is elaborated. A time is from InsertEnter on a blank tactic line to the ghost text,
Neovim's own rest of 200 ms included; the editor takes it itself.
"""

import asyncio
import re
import subprocess
import tempfile
from pathlib import Path

from rich.console import Console

from bench.contender import Goal
from bench.goals import demo_goals
from bench.report import Row, Target, failed, median_row
from editors.install_neovim import install
from support.installing import InstallFailed
from support.nvim_driver import PLUGIN, Editor, lean_settings

GHOST, START = Target(1.0), Target(2)
# The time of the first ghost text after InsertEnter, taken where the screen is drawn; nil until then.
STOPWATCH = """
local entered, newest
_G.seconds = nil
vim.api.nvim_create_autocmd('InsertEnter', { callback = function()
  entered, newest, _G.seconds = vim.uv.hrtime(), nil, nil
end })
vim.api.nvim_set_decoration_provider(vim.api.nvim_create_namespace('bench'), {
  on_start = function()
    if entered and _G.ghost() then
      _G.seconds, entered = (vim.uv.hrtime() - entered) / 1e9, nil
    end
  end,
})
-- No ghost text: the request is answered, none follows, and the server no longer searches.
vim.api.nvim_create_autocmd('LspRequest', { callback = function(event)
  local request, id = event.data.request, event.data.request_id
  if request.method ~= 'textDocument/inlineCompletion' then return end
  if request.type == 'pending' then newest = id end
  if request.type ~= 'complete' or id ~= newest then return end
  vim.defer_fn(function()
    if entered and id == newest and not require('ghostproof.status').is_busy(event.data.client_id) then
      _G.seconds, entered = 0, nil
      vim.api.nvim_exec_autocmds('User', { pattern = 'Answered' })
    end
  end, 100)
end })
"""


async def measure(console: Console, *, quick: bool) -> list[Row]:
    """Rows of both measurements; failed ones where Neovim cannot be installed or gave nothing."""
    try:
        tools = await asyncio.to_thread(install)
    except InstallFailed as problem:
        return [failed("Neovim", "", str(problem))]
    # pynvim runs an event loop of its own, and a thread has none yet.
    return await asyncio.to_thread(rows, tools.nvim, console, 1 if quick else 3)


def rows(nvim: Path, console: Console, rounds: int) -> list[Row]:
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as name:
        folder = Path(name)
        with console.status("neovim: start"):
            starts = [start_ms(nvim, folder) for _ in range(5 * rounds)]
        row = median_row("the plugin's part of Neovim's start", starts, "ms", START)
        with console.status("neovim: ghost text"):
            return [row, ghost_text(nvim, folder, rounds)]


def start_ms(nvim: Path, folder: Path) -> float:
    """Milliseconds that Neovim spends in the plugin's files before it is ready, by its own clock."""
    log = folder / "start.txt"
    log.unlink(missing_ok=True)
    command = [str(nvim), "--clean", "--headless", "--cmd", f"set runtimepath^={PLUGIN}", "--startuptime", str(log)]
    subprocess.run([*command, "-c", "qa"], check=True, capture_output=True, timeout=60)
    files = [line for line in log.read_text("utf-8").splitlines() if str(PLUGIN) in line]
    # clock, time with what it sources, time of the file alone
    return sum(float(match[1]) for line in files if (match := re.match(r"\S+\s+\S+\s+(\S+?):", line)))


def ghost_text(nvim: Path, folder: Path, rounds: int) -> Row:
    goals = demo_goals(folder / "Demo.lean")
    # Every request is to be worked for.
    editor = Editor(nvim, folder / "home", lean_settings(more="suggest = { cached = 0 }"))
    try:
        editor.edit(goals[0].path, goals[0].text)
        editor.wait("#vim.lsp.get_clients({ name = 'ghostproof', bufnr = 0 }) == 1")
        editor.lua(STOPWATCH)
        at(editor, goals[1])
        for goal in goals:  # the first round compiles what Lean has not run yet
            at(editor, goal)
        samples = [at(editor, goal) for _ in range(rounds) for goal in goals]
    finally:
        editor.close()
    found = [sample for sample in samples if sample is not None]
    note = f"{len(samples) - len(found)} without ghost text" if len(found) < len(samples) else "debounce included"
    return median_row("InsertEnter to ghost text", found, "s", GHOST, note)


def at(editor: Editor, goal: Goal) -> float | None:
    """Seconds until there is ghost text in place of the goal's `sorry`; None where Lean's automation has nothing."""
    lines = goal.text.split("\n")
    line = lines[goal.position.line].replace("sorry", "", 1)
    text = "\n".join([*lines[: goal.position.line], line, *lines[goal.position.line + 1 :]])
    editor.fill(text, goal.position.line + 1, max(0, len(line.encode()) - 1))
    editor.keys("A")
    seconds = editor.wait("_G.seconds")
    return float(seconds) or None
