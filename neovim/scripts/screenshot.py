"""Puts a session in a terminal into `README.md`: real Neovim, real server, real Lean, as tmux shows it.

usage: python screenshot.py [--nvim PROGRAM]
"""

import argparse
import contextlib
import os
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

PLUGIN = Path(__file__).parents[1]
README = PLUGIN / "README.md"
BLOCK = re.compile(r"(?<=<!-- screenshot -->\n).*?(?=<!-- /screenshot -->)", re.DOTALL)
WIDTH, HEIGHT = 90, 15
LONGEST_S = 90
TICK_S = 0.1

FILE = """\
def rev {α : Type} : List α → List α → List α
  | [], acc => acc
  | x :: xs, acc => rev xs (x :: acc)

theorem rev_spec {α : Type} (xs acc : List α) : rev xs acc = xs.reverse ++ acc := by

theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by
  sorry
"""
INIT = """
vim.opt.runtimepath:prepend('@PLUGIN@')
vim.g.ghostproof = { keys = { accept = '<Tab>' }, settings = { lean = { toolchain = 'embedded', checker = 'probe' } } }
vim.o.laststatus, vim.o.ruler, vim.o.showcmd, vim.o.shortmess = 2, false, false, vim.o.shortmess .. 'IF'
vim.o.number = true
vim.o.statusline = "%t%m%=%{v:lua.require'ghostproof'.statusline()}"
"""


class Terminal:
    """A tmux session of its own."""

    def __init__(self, folder: Path) -> None:
        self._tmux = ("tmux", "-S", str(folder / "tmux"), "-f", os.devnull)

    def run(self, *words: str) -> str:
        done = subprocess.run([*self._tmux, *words], check=True, capture_output=True, text=True, timeout=30)
        return done.stdout

    def screen(self) -> str:
        return self.run("capture-pane", "-p").rstrip("\n")

    def shows(self, text: str) -> str:
        """The screen, once it shows this text."""
        end = time.monotonic() + LONGEST_S
        while text not in (screen := self.screen()):
            if time.monotonic() > end:
                raise TimeoutError(f"{text!r} has not come:\n{screen}")
            time.sleep(TICK_S)
        return screen

    def keys(self, *keys: str) -> None:
        self.run("send-keys", *keys)


@contextlib.contextmanager
def session(nvim: str) -> Iterator[Terminal]:
    """Neovim in a terminal, with the file open and the server attached."""
    with tempfile.TemporaryDirectory(prefix="ghostproof-") as name:
        folder = Path(name)
        (folder / "Rev.lean").write_text(FILE, "utf-8")
        (folder / "init.lua").write_text(INIT.replace("@PLUGIN@", str(PLUGIN)), "utf-8")
        folders = [f"XDG_{kind}_HOME={folder}" for kind in ("STATE", "DATA", "CONFIG")]
        path = f"PATH={Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', os.defpath)}"
        command = ["env", path, *folders, nvim, "--clean", "-n", "-u", str(folder / "init.lua"), "Rev.lean"]
        terminal = Terminal(folder)
        size = ("-x", str(WIDTH), "-y", str(HEIGHT))
        terminal.run("new-session", "-d", "-c", name, *size, *command)
        try:
            terminal.shows("ghostproof: idle")
            yield terminal
        finally:
            with contextlib.suppress(subprocess.CalledProcessError):
                terminal.keys("Escape", ":qa!", "Enter")
                terminal.run("wait-for", "-S", "end")
            with contextlib.suppress(subprocess.CalledProcessError):
                terminal.run("kill-server")


def screens(nvim: str) -> Iterator[tuple[str, str]]:
    """What is done, and what the terminal then shows."""
    with session(nvim) as terminal:
        terminal.keys("5G", "o", "Space", "Space")
        terminal.shows("fun_induction")
        yield "A blank line after `by`: line 6 is ghost text that Lean has accepted.", terminal.shows("idle")
        terminal.keys("Tab")
        terminal.shows("[+]")
        terminal.keys("Escape", "/sorry", "Enter", "gra")
        menu = terminal.shows("closes the goal")
        yield "`<Tab>` has accepted it; `gra` at the `sorry` of the next theorem shows the menu.", menu
        terminal.keys("1", "Enter")
        terminal.shows("h")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nvim", default="nvim")
    blocks = [f"{said}\n\n```text\n{screen}\n```\n" for said, screen in screens(parser.parse_args().nvim)]
    text, count = BLOCK.subn(lambda _: "\n".join(blocks), README.read_text("utf-8"))
    if count != 1:
        print(f"{README.name} has no place for the screenshot.", file=sys.stderr)
        return 1
    README.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
