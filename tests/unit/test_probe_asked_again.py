"""A prober that dies while it is asked for something: the question is put once more, and only once."""

import asyncio
import sys
from pathlib import Path

import pytest

from ghostproof.errors import LeanDied
from ghostproof.syntax.spot import find_spot
from ghostproof.text import SourceText
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker

FILE = Path("T.lean")
TEXT = "theorem t : 1 = 1 := by sorry\n"
# Writes down what it is asked, and dies of the requests of these numbers, over all its processes; 0 leaves all open.
PROBER = """
import json, pathlib, sys
seen, fatal = pathlib.Path(sys.argv[1]), [int(number) for number in sys.argv[2:]]
print('{"id":0,"ready":true}', flush=True)
for line in sys.stdin:
    asked = json.loads(line)
    if "id" not in asked: continue
    if asked["do"] in ("open", "values"):
        with seen.open("a") as log: log.write(asked["do"] + "\\n")
        if len(seen.read_text().split()) in fatal: raise SystemExit(1)
        if 0 in fatal: continue
    said = {"ends": [0], "goals": ["⊢ 1 = 1"], "main": {}, "stop": 0, "tail": 0, "prints": [{"print": "7"}]}
    print("\\n" + json.dumps({"id": asked["id"], "nonce": asked["nonce"], **said}), flush=True)
"""


def prober(tmp_path: Path, *fatal: int) -> ProbeChecker:
    argv = (sys.executable, "-c", PROBER, str(tmp_path / "seen"), *map(str, fatal))
    return ProbeChecker(argv, tmp_path, {})


async def opened(probe: ProbeChecker) -> GoalState:
    spot = find_spot(SourceText(TEXT), TEXT.index("sorry"))
    assert spot is not None
    return await probe.open(FILE, TEXT, spot)


def seen(tmp_path: Path) -> list[str]:
    return (tmp_path / "seen").read_text().split()


async def test_an_opening_is_asked_for_again(tmp_path: Path) -> None:
    probe = prober(tmp_path, 1)
    assert (await opened(probe)).goals == ("⊢ 1 = 1",)
    assert seen(tmp_path) == ["open", "open"]
    await probe.close()


async def test_only_once(tmp_path: Path) -> None:
    probe = prober(tmp_path, 1, 2)
    with pytest.raises(LeanDied):
        await opened(probe)
    assert seen(tmp_path) == ["open", "open"]
    await probe.close()


async def test_a_question_about_a_goal_is_put_again_where_the_goal_is_opened_again(tmp_path: Path) -> None:
    probe = prober(tmp_path, 2)
    state = await opened(probe)
    assert [one.print for one in await probe.values(state, ["7"], Limits())] == ["7"]
    assert seen(tmp_path) == ["open", "values", "open", "values"]
    await probe.close()


async def test_a_goal_that_can_not_be_opened_again_is_asked_for_no_more_than_twice(tmp_path: Path) -> None:
    probe = prober(tmp_path, *range(2, 9))
    state = await opened(probe)
    assert [one.print for one in await probe.values(state, ["7"], Limits())] == [""]
    assert seen(tmp_path) == ["open", "values", "open", "open"]
    assert [one.print for one in await probe.values(state, ["7"], Limits())] == [""]
    assert seen(tmp_path)[4:] == ["open", "open"]
    await probe.close()


async def test_nobody_asks_again_behind_a_close(tmp_path: Path) -> None:
    probe = prober(tmp_path, 0)
    opening = asyncio.create_task(opened(probe))
    while not (tmp_path / "seen").exists():
        await asyncio.wait([opening], timeout=0.01)
    await probe.close()
    with pytest.raises(LeanDied):
        await opening
    assert seen(tmp_path) == ["open"]
    assert not probe.ready
