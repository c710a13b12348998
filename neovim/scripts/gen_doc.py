"""Writes `doc/ghostproof.txt`: the text beside this file, with tables made from what the code declares.

usage: python gen_doc.py [--nvim PROGRAM] [--check]
"""

import argparse
import json
import re
import subprocess
import sys
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from ghostproof.config import settings

PLUGIN = Path(__file__).parents[1]
TEMPLATE = Path(__file__).with_name("ghostproof.txt.in")
HELP = PLUGIN / "doc" / "ghostproof.txt"
WIDTH, COLUMN = 78, 24

DUMP = """
vim.opt.runtimepath:prepend(_G.arg[1])
local rows = {}
for _, command in ipairs(require('ghostproof.commands').list) do
  table.insert(rows, { name = command.name, doc = command.doc, tag = ':Ghostproof-' .. command.name })
end
local options = {}
for _, option in ipairs(require('ghostproof.config').options) do
  local default = vim.inspect(option.default, { newline = ' ', indent = '' })
  table.insert(options, { name = option.name, doc = option.doc .. ' Default: `' .. default .. '`.' })
end
io.stdout:write(vim.json.encode({ commands = rows, options = options }))
"""


@dataclass(frozen=True)
class Entry:
    """A term of the help file with its explanation and its tag."""

    term: str
    doc: str
    tag: str

    def __str__(self) -> str:
        # Code in backticks stays on one line.
        doc = re.sub(r"`[^`]+`", lambda code: code[0].replace(" ", "\u00a0"), self.doc)
        text = textwrap.wrap(doc, WIDTH - COLUMN, break_long_words=False, break_on_hyphens=False)
        text = [line.replace("\u00a0", " ") for line in text]
        tag = f"*{self.tag}*".rjust(WIDTH)
        if len(self.term) < COLUMN:
            return "\n".join((tag, self.term.ljust(COLUMN) + text[0], *(" " * COLUMN + line for line in text[1:])))
        return "\n".join((tag, self.term, *(" " * COLUMN + line for line in text)))


def rendered(nvim: str) -> str:
    """The whole help file."""
    declared = declarations(nvim)
    tables = {
        "@COMMANDS@": [Entry(f":Ghostproof {row['name']}", row["doc"], row["tag"]) for row in declared["commands"]],
        "@OPTIONS@": [
            Entry(row["name"], row["doc"], f"ghostproof-option-{row['name']}") for row in declared["options"]
        ],
        "@SETTINGS@": setting_entries(),
    }
    text = TEMPLATE.read_text("utf-8")
    for mark, entries in tables.items():
        text = text.replace(mark, "\n\n".join(map(str, entries)))
    return text


def setting_entries() -> Sequence[Entry]:
    entries = []
    for one in settings():
        value = f"`{json.dumps(one.default)}`"
        choices = f" One of {', '.join(f'`{choice}`' for choice in one.choices)}." if one.choices else ""
        entries.append(Entry(one.name, f"{one.doc}{choices} Default: {value}.", f"ghostproof-{one.name}"))
    return entries


def declarations(nvim: str) -> dict[str, list[dict[str, str]]]:
    """What the Lua code declares: commands and options."""
    command = [nvim, "--clean", "-l", "-", str(PLUGIN)]
    done = subprocess.run(command, input=DUMP, capture_output=True, text=True, timeout=60, check=True)
    found: dict[str, list[dict[str, str]]] = json.loads(done.stdout)
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--nvim", default="nvim", help="the Neovim that reads the Lua declarations")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if the file is not up to date")
    arguments = parser.parse_args()
    text = rendered(arguments.nvim)
    if arguments.check:
        if HELP.exists() and HELP.read_text("utf-8") == text:
            return 0
        print(f"{HELP.name} is not up to date: run {Path(__file__).name}", file=sys.stderr)
        return 1
    HELP.parent.mkdir(exist_ok=True)
    HELP.write_text(text, "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
