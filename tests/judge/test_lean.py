"""A Lean that is asleep is ended and started again, also one whose first thread still looks about."""

import stat
import sys
from pathlib import Path

import pytest

from judge.lean import Lean, NoLean

# The stand-in for a Lean whose first thread only looks about; the tests themselves wait for its end.
ASLEEP = "while True:\n    time.sleep(0.01)\n"


def program(folder: Path, body: str) -> Path:
    """A `lean` that counts its starts."""
    path = folder / "lean"
    count = f"starts = pathlib.Path({str(folder / 'starts')!r})\nwith starts.open('a') as file: file.write('x')\n"
    path.write_text(f"#!{sys.executable}\nimport pathlib, time\n{count}{body}", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return path


async def test_one_that_sleeps_is_started_again(tmp_path: Path) -> None:
    once = f"if len(starts.read_text()) < 2:\n    {ASLEEP.replace(chr(10), chr(10) + '    ')}\n"
    lean = Lean(program(tmp_path, once), tmp_path, idle_s=2.0)
    assert await lean.read("A", "theorem t : 1 = 1 := rfl\n") == []
    assert (tmp_path / "starts").read_text("utf-8") == "xx"


async def test_one_that_always_sleeps_judges_nothing(tmp_path: Path) -> None:
    lean = Lean(program(tmp_path, ASLEEP), tmp_path, idle_s=2.0, starts=2)
    with pytest.raises(NoLean, match="2 starts"):
        await lean.read("A", "theorem t : 1 = 1 := rfl\n")
