"""Lean itself parses what spots lay out: two tactics, one below the other, at every place of the table."""

import asyncio
import os
from pathlib import Path

import pytest

from ghostproof.lean.toolchain import Toolchain
from ghostproof.syntax.spot import find_spot
from support.spot_cases import CASES, locate

# What stands around these cursors does not parse, whatever the tactic.
UNFINISHED = {
    "by and a brace without end",
    "errors above",
    "an unfinished declaration above",
    "by that opens a parenthesis to come",
    "then",
}


@pytest.mark.lean
async def test_lean_parses_every_layout(toolchain: Toolchain, tmp_path: Path) -> None:
    file = tmp_path / "Layouts.lean"
    names: list[str] = []
    text = ""
    for name, (before, after) in CASES.items():
        if after is None or name in UNFINISHED:
            continue
        source, offset = locate(before)
        spot = find_spot(source, offset)
        assert spot is not None
        text += spot.fill(source.text, "skip\nsorry") + "\n\n"
        names += [name] * (text.count("\n") - len(names))
    file.write_text(text, "utf-8")
    lean = await asyncio.create_subprocess_exec(
        toolchain.lean, file, stdout=asyncio.subprocess.PIPE, env={**os.environ, **toolchain.env}
    )
    output = (await lean.communicate())[0].decode()
    complaints = [line for line in output.splitlines() if "error: unexpected" in line or "; expected" in line]
    assert "sorry" in output, "Lean read the file"
    assert [names[int(line.split(":")[1]) - 1] for line in complaints] == [], complaints
