"""A prober that dies of something else while it is asked: the question is put once more, and only once."""

import asyncio
import sys
from pathlib import Path

import pytest

from ghostproof.errors import LeanDied
from ghostproof.syntax.spot import find_spot
from ghostproof.text import SourceText
from ghostproof.verify.checker import GoalState
from ghostproof.verify.probe_checker import ProbeChecker

FILE = Path("T.lean")
TEXT = "theorem t : 1 = 1 := by\n  sorry\n"
# Dies at so many of its openings, those of earlier processes included.
DIES = """
import json, pathlib, sys
openings, deaths = pathlib.Path(sys.argv[1]), int(sys.argv[2])
print('{"id":0,"ready":true}', flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    if asked["do"] == "open":
        with openings.open("a") as seen: seen.write("open\\n")
        if len(openings.read_text().split()) <= deaths: raise SystemExit(1)
    if asked["do"] == "open" and deaths < 0: continue
    said = {"id": asked["id"], "nonce": asked["nonce"], "goals": ["⊢ 1 = 1"], "main": {"goal": "⊢ 1 = 1"}}
    print("\\n" + json.dumps(said), flush=True)
"""


def dying(tmp_path: Path, deaths: int) -> ProbeChecker:
    return ProbeChecker((sys.executable, "-c", DIES, str(tmp_path / "seen"), str(deaths)), tmp_path, {})


async def opened(probe: ProbeChecker) -> GoalState:
    spot = find_spot(SourceText(TEXT), TEXT.index("sorry"))
    assert spot is not None
    return await probe.open(FILE, TEXT, spot)


def seen(tmp_path: Path) -> list[str]:
    return (tmp_path / "seen").read_text().split()


async def test_an_opening_is_asked_for_again(tmp_path: Path) -> None:
    probe = dying(tmp_path, 1)
    assert (await opened(probe)).goals == ("⊢ 1 = 1",)
    assert seen(tmp_path) == ["open", "open"]
    await probe.close()


async def test_only_once(tmp_path: Path) -> None:
    probe = dying(tmp_path, 2)
    with pytest.raises(LeanDied):
        await opened(probe)
    assert seen(tmp_path) == ["open", "open"]
    await probe.close()


async def test_nobody_asks_again_behind_a_close(tmp_path: Path) -> None:
    probe = dying(tmp_path, -1)
    opening = asyncio.create_task(opened(probe))
    while not (tmp_path / "seen").exists():
        await asyncio.wait([opening], timeout=0.01)
    await probe.close()
    with pytest.raises(LeanDied):
        await opening
    assert seen(tmp_path) == ["open"]
    assert not probe.ready
