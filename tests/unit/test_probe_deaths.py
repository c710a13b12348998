"""A prober that dies: whose fault it was, and that nobody else loses a verdict. The prober is a small script."""

import asyncio
import sys
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

import pytest

from ghostproof.lean.probe import ProbeProcess, ProbeRequest
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Progress, Verdict

# Answers `run` once `HELD` candidates wait, so that a death meets all of them; `die` ends it. Starts are counted.
PROBER = """
import json, os, sys
starts = sys.argv[1]
open(starts, "a").write("x")
first = os.path.getsize(starts) == 1
held_wanted = int(sys.argv[2]) if first else 1
def say(q, **fields): print("\\n" + json.dumps({"id": q["id"], "nonce": q["nonce"], **fields}), flush=True)
print('{"ready": true}', flush=True)
held = []
for line in sys.stdin:
    q = json.loads(line)
    if q["do"] == "config": say(q, version="0")
    elif q["do"] == "open": say(q, ends=[0], goals=["p"], main={}, stop=0, tail=0, errors=[])
    elif q["do"] == "run":
        held.append(q)
        if len(held) < held_wanted: continue
        if any(h["text"] == "die" for h in held): sys.exit(1)
        for h in held: say(h, goals=[h["text"]], closed=False)
        held, held_wanted = [], 1
"""
TEXT = "theorem t : p := by sorry\n"
SPOT = Spot(20, 25, "", 20, SpotKind.SORRY)


def count(starts: Path) -> int:
    """How often the prober was started."""
    return len(starts.read_text("utf-8"))


@pytest.fixture
async def starts(tmp_path: Path) -> Path:
    return tmp_path / "starts"


@pytest.fixture
async def checker(starts: Path) -> AsyncIterator[ProbeChecker]:
    made = ProbeChecker([sys.executable, "-c", PROBER, str(starts), "4"], Path.cwd(), {}, width=4)
    yield made
    await made.close()


async def verdict(checker: ProbeChecker, state: GoalState, text: str, *, brief: bool = False) -> Verdict:
    return (await checker.check(state, Candidate(text, "test"), Limits(seconds=60, brief=brief))).verdict


async def test_only_the_candidate_that_ends_the_prober_has_no_verdict(checker: ProbeChecker, starts: Path) -> None:
    state = await checker.open(Path("/x/A.lean"), TEXT, SPOT)
    answers = await asyncio.gather(*(verdict(checker, state, text) for text in ("a", "die", "b", "c")))
    assert [a for a in answers if isinstance(a, Progress)] == [Progress(("a",)), Progress(("b",)), Progress(("c",))]
    assert isinstance(answers[1], Inconclusive)
    assert answers[1].cause is Cause.CRASH
    assert await verdict(checker, state, "d") == Progress(("d",))


async def test_a_candidate_that_ended_the_prober_is_not_run_again(checker: ProbeChecker, starts: Path) -> None:
    state = await checker.open(Path("/x/A.lean"), TEXT, SPOT)
    await asyncio.gather(*(verdict(checker, state, text) for text in ("a", "die", "b", "c")))
    assert await verdict(checker, state, "d") == Progress(("d",))
    before = count(starts)
    for _ in range(3):
        assert isinstance(await verdict(checker, state, "die"), Inconclusive)
    assert count(starts) == before


async def test_in_a_search_the_oldest_is_guessed_to_be_to_blame_and_nobody_else_is_told(
    checker: ProbeChecker, starts: Path
) -> None:
    state = await checker.open(Path("/x/A.lean"), TEXT, SPOT)
    answers = await asyncio.gather(*(verdict(checker, state, text, brief=True) for text in ("a", "die", "b", "c")))
    assert [isinstance(answer, Inconclusive) for answer in answers] == [True, True, False, False]
    # "die" has ended it alone by now; "a" was in its company only.
    before = count(starts)
    assert await verdict(checker, state, "a") == Progress(("a",))
    assert isinstance(await verdict(checker, state, "die"), Inconclusive)
    assert count(starts) == before


async def test_a_checker_that_was_closed_starts_nothing_for_what_was_in_flight(
    checker: ProbeChecker, starts: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    state = await checker.open(Path("/x/A.lean"), TEXT, SPOT)
    both, asked, request = asyncio.Event(), [], ProbeProcess.request

    def counted(process: ProbeProcess, fields: Mapping[str, object]) -> ProbeRequest:
        asked.append(fields)
        if len(asked) == 2:
            both.set()
        return request(process, fields)

    monkeypatch.setattr(ProbeProcess, "request", counted)
    waiting = [asyncio.ensure_future(verdict(checker, state, text)) for text in ("a", "b")]
    await asyncio.wait_for(both.wait(), 60)
    await checker.close()
    assert all(isinstance(answer, Inconclusive) for answer in await asyncio.gather(*waiting))
    assert count(starts) == 1


async def test_a_text_that_cannot_be_sent_leaves_everything_as_it_was(checker: ProbeChecker) -> None:
    state = await checker.open(Path("/x/A.lean"), TEXT, SPOT)
    assert not isinstance(await verdict(checker, state, "exact \ud800"), Progress)
    answers = await asyncio.gather(*(verdict(checker, state, text) for text in "abcd"))
    assert answers == [Progress((text,)) for text in "abcd"]
