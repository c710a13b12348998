"""`ghostproof prove --all --write`, interrupted: what was found is whole in its file, and nothing goes on."""

import asyncio
import signal
import sys
from pathlib import Path

import psutil
import pytest

from support.lean_texts import APP, UNDECIDED
from support.processes import ended

pytestmark = [pytest.mark.lean, pytest.mark.slow]

EASY = "theorem a (n : Nat) : n + 0 = n := by\r\n  sorry\r\n"
OPEN = (APP + UNDECIDED).replace("\n", "\r\n")
PATIENCE_S = 300


async def line_with(stream: asyncio.StreamReader, words: str) -> str:
    """The next line that has the words in it."""
    async for line in stream:
        if words in line.decode():
            return line.decode()
    pytest.fail(f"it ended without saying {words!r}")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.parametrize(
    ("asked", "code", "options"),
    [
        (signal.SIGINT, 130, ["--checker", "probe"]),
        (signal.SIGTERM, 143, ["--checker", "scratch"]),
        # Ray has a handler of its own for this signal.
        (signal.SIGTERM, 143, ["--checker", "scratch", "--ray", "local"]),
    ],
    ids=["Ctrl-C", "SIGTERM", "SIGTERM on a cluster"],
)
async def test_interrupted(
    embedded_root: Path, tmp_path: Path, asked: signal.Signals, code: int, options: list[str]
) -> None:
    first, second = tmp_path / "A.lean", tmp_path / "B.lean"
    first.write_bytes((EASY + OPEN).encode())
    second.write_bytes(OPEN.encode())
    wanted = ["--all", "--write", "--jobs", "2", "--toolchain", "embedded", *options]
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "ghostproof", "prove", str(first), str(second), "--budget", "3000", *wanted),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    assert process.stdout is not None
    try:
        await asyncio.wait_for(line_with(process.stdout, "✓ A.lean:2:3"), PATIENCE_S)
        family = [child.pid for child in psutil.Process(process.pid).children(recursive=True)]
        assert family
        process.send_signal(asked)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    finally:
        if process.returncode is None:
            process.kill()
    assert process.returncode == code
    assert "Interrupted: 1 of 1 places that were searched are proved." in err.decode()
    assert "Traceback" not in err.decode()
    assert f"1 proof written to {first}" in out.decode()
    ended(*family)
    written = first.read_bytes().decode()
    assert written.endswith(OPEN)
    assert "sorry" not in written.removesuffix(OPEN)
    assert second.read_bytes().decode() == OPEN
    assert names(tmp_path) == ["A.lean", "B.lean"]
