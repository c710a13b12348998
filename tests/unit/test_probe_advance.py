"""States behind steps, with a small script for a prober: how many are kept, and what becomes of them."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from ghostproof.lean.probe_session import Capacity
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Progress, Proved, Verdict

# Writes down all that it is asked. `wait` in a step is answered when it is cancelled; `mine` closes by recursion. A
# file with `slowly` in it is opened once a step is asked for. The first time, the state is gone as `lost run` is run,
# or as `lost final` is checked in the end.
PROBER = """
import json, sys
def say(q, **fields): print("\\n" + json.dumps({"id": q["id"], "nonce": q["nonce"], **fields}), flush=True)
print('{"ready": true}', flush=True)
waiting = {}
for line in sys.stdin:
    q = json.loads(line)
    open(sys.argv[1], "a").write(line)
    states = [{"goals": ["⊢ g"], "main": {"target": "g"}} for _ in q.get("into", [])]
    if q["do"] == "config": say(q, version="0")
    elif q["do"] == "open" and "slowly" in q["text"]: waiting["open"] = q
    elif q["do"] == "open": say(q, ends=[0], goals=["⊢ p"], main={}, stop=0, tail=0, errors=[])
    elif q["do"] == "advance" and "wait" in q["text"]: waiting[q["id"]] = (q, states)
    elif q["do"] == "advance":
        say(q, states=states)
        if "open" in waiting: say(waiting.pop("open"), ends=[0], goals=["⊢ q"], main={}, stop=0, tail=0, errors=[])
    elif q["do"] == "drop": pass
    elif q["do"] == "cancel": say(waiting[q["target"]][0], states=waiting[q["target"]][1])
    elif q["text"] == "lost " + q["do"] and q["text"] not in waiting:
        waiting[q["text"]] = q
        say(q, gone=True)
    elif q["do"] == "run": say(q, goals=[], closed=True, recursion="t" if q["text"] == "mine" else "")
    elif q["do"] == "final": say(q, errors=[])
"""
TEXT = "theorem t : p := by sorry\n"
SPOT = Spot(20, 25, "", 20, SpotKind.SORRY)
FILE = Path("/x/A.lean")
LIMITS = Limits(seconds=60)


@pytest.fixture
async def log(tmp_path: Path) -> Path:
    return tmp_path / "asked"


@pytest.fixture
async def checker(log: Path) -> AsyncIterator[ProbeChecker]:
    capacity = Capacity(steps=2)
    made = ProbeChecker([sys.executable, "-c", PROBER, str(log)], Path.cwd(), {}, width=2, capacity=capacity)
    yield made
    await made.close()


def asked(log: Path, kind: str) -> list[dict[str, Any]]:
    return [q for q in map(json.loads, log.read_text("utf-8").splitlines()) if q["do"] == kind]


def dropped(log: Path) -> list[int]:
    return [number for q in asked(log, "drop") for number in q.get("states", [])]


def place(nth: int) -> Place:
    above = f"theorem t : p := by\n  step{nth}\n  "
    return Place(f"{above}sorry\n", Spot(len(above), len(above) + 5, "", 2, SpotKind.SORRY))


async def verdict(checker: ProbeChecker, state: GoalState | None, text: str = "rfl") -> Verdict:
    assert state is not None
    return (await checker.check(state, Candidate(text, "test"), LIMITS)).verdict


async def test_the_oldest_states_beyond_the_bound_go_and_are_opened_again(checker: ProbeChecker, log: Path) -> None:
    root = await checker.open(FILE, TEXT, SPOT)
    places = [place(nth) for nth in range(3)]
    first, second, third = await checker.advance(root, "step", FILE, places, LIMITS)
    [into] = [q["into"] for q in asked(log, "advance")]
    assert await verdict(checker, third) == Progress((), closed_main=True)
    assert dropped(log) == into[:1]
    opened = len(asked(log, "open"))
    assert isinstance(await verdict(checker, first), Proved), "it was opened in the file, and finally checked there"
    assert len(asked(log, "open")) == opened + 1
    assert await verdict(checker, second) == Progress((), closed_main=True)
    assert len(asked(log, "open")) == opened + 1


async def test_what_is_opened_beside_a_step_keeps_its_own_number(checker: ProbeChecker, log: Path) -> None:
    root = await checker.open(FILE, TEXT, SPOT)
    opening = asyncio.create_task(checker.open(FILE, f"-- slowly\n{TEXT}", Spot(30, 35, "", 20, SpotKind.SORRY)))
    while len(asked(log, "open")) < 2:
        await verdict(checker, root)
    [behind] = await checker.advance(root, "step", FILE, [place(0)], LIMITS)
    opened = await opening
    for state, number in ((opened, asked(log, "open")[1]["state"]), (behind, asked(log, "advance")[0]["into"][0])):
        await verdict(checker, state)
        assert asked(log, "run")[-1]["state"] == number


@pytest.mark.parametrize("lost", ["lost run", "lost final"])
async def test_a_state_that_is_gone_is_opened_again(checker: ProbeChecker, log: Path, lost: str) -> None:
    root = await checker.open(FILE, TEXT, SPOT)
    assert isinstance(await verdict(checker, root, lost), Proved)
    first, second = [q["state"] for q in asked(log, "open")]
    assert first != second
    assert asked(log, "final")[-1]["state"] == second


async def test_what_nobody_wants_is_not_kept(checker: ProbeChecker, log: Path) -> None:
    root = await checker.open(FILE, TEXT, SPOT)
    found = await checker.advance(root, "step", FILE, [None, place(1)], LIMITS)
    assert found[0] is None
    assert await verdict(checker, found[1]) == Progress((), closed_main=True)
    assert dropped(log) == asked(log, "advance")[0]["into"][:1]


async def test_a_cancelled_step_leaves_no_state_behind(checker: ProbeChecker, log: Path) -> None:
    root = await checker.open(FILE, TEXT, SPOT)
    going = asyncio.create_task(checker.advance(root, "wait", FILE, [place(0), place(1)], LIMITS))
    # The prober reads one request after the other: what it has answered tells that it has read those before.
    await verdict(checker, root)
    assert asked(log, "advance")
    going.cancel()
    with pytest.raises(asyncio.CancelledError):
        await going
    await verdict(checker, root)
    await verdict(checker, root)
    assert dropped(log) == asked(log, "advance")[0]["into"]


async def test_a_kept_state_has_no_final_check_unless_the_theorem_is_used(checker: ProbeChecker, log: Path) -> None:
    root = await checker.open(FILE, TEXT, SPOT)
    [state] = await checker.advance(root, "step", FILE, [place(0)], LIMITS)
    assert await verdict(checker, state) == Progress((), closed_main=True)
    assert asked(log, "final") == []
    assert isinstance(await verdict(checker, state, "mine"), Proved)
    assert len(asked(log, "final")) == 1
