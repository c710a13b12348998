"""Which checker answers: the scratch until the probe is up, and never one that does not come back."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from ghostproof.errors import GhostproofError, LeanDied, LeanTimeout, NoGoal, NotImported, ToolchainBroken
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.auto_checker import REFUSED_S, AutoChecker
from ghostproof.verify.checker import GoalState, Limits, Lives
from ghostproof.verify.definitions import Definer, Definition, Definitions
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Proved
from support.stub_checker import Stub

SPOT = Spot(0, 0, "", 0, SpotKind.BLANK_LINE)
PATH = Path("A.lean")


async def answered_by(checker: AutoChecker) -> str:
    state = await checker.open(PATH, "", SPOT)
    return (await checker.check(state, Candidate("rfl", ""), Limits())).candidate.source


async def test_the_scratch_answers_while_the_probe_is_starting() -> None:
    probe, scratch = Stub("probe"), Stub("scratch")
    scratch.may_open.set()
    checker = AutoChecker(probe, scratch)
    assert await answered_by(checker) == "scratch"
    await checker.close()


async def test_the_probe_answers_once_it_is_up() -> None:
    probe, scratch = Stub("probe"), Stub("scratch")
    for event in (probe.may_start, probe.may_open, scratch.may_open):
        event.set()
    checker = AutoChecker(probe, scratch)
    probe.ready = True
    assert await answered_by(checker) == "probe"
    await checker.close()


async def test_a_state_stays_with_the_checker_that_opened_it() -> None:
    probe, scratch = Stub("probe"), Stub("scratch")
    scratch.may_open.set()
    checker = AutoChecker(probe, scratch)
    state = await checker.open(PATH, "", SPOT)
    probe.ready = True
    assert (await checker.check(state, Candidate("rfl", ""), Limits())).candidate.source == "scratch"
    await checker.close()


async def test_what_scratch_would_need_a_parser_for_waits_for_the_probe() -> None:
    probe, scratch = Stub("probe"), Stub("scratch")
    scratch.unread.add("have := h")
    for event in (probe.may_open, scratch.may_open):
        event.set()
    checker = AutoChecker(probe, scratch)
    state = await checker.open(PATH, "", SPOT)
    waits = (await checker.check(state, Candidate("have := h", ""), Limits())).verdict
    assert isinstance(waits, Inconclusive)
    assert waits.is_undecided
    again = asyncio.create_task(checker.open(PATH, "", SPOT))
    probe.may_start.set()
    opened = await again
    assert opened.key != state.key
    assert (await checker.check(opened, Candidate("have := h", ""), Limits())).candidate.source == "probe"
    await checker.close()


async def test_where_the_probe_cannot_run_scratch_reads_for_itself() -> None:
    probe, scratch = Stub("probe", start=ToolchainBroken("no")), Stub("scratch")
    scratch.unread.add("have := h")
    scratch.may_open.set()
    checker = AutoChecker(probe, scratch)
    bridging = await checker.open(PATH, "", SPOT)
    assert isinstance((await checker.check(bridging, Candidate("have := h", ""), Limits())).verdict, Inconclusive)
    probe.may_start.set()
    alone = await checker.open(PATH, "", SPOT)
    assert alone.key != bridging.key
    assert (await checker.check(alone, Candidate("have := h", ""), Limits())).candidate.source == "scratch"
    await checker.close()


async def test_a_scratch_that_hangs_is_left_for_the_probe() -> None:
    probe, scratch = Stub("probe"), Stub("scratch")
    probe.may_open.set()
    checker = AutoChecker(probe, scratch)
    asked = asyncio.create_task(answered_by(checker))
    probe.may_start.set()
    assert await asked == "probe"
    await checker.close()


@pytest.mark.parametrize("failure", [LeanDied("gone"), LeanTimeout("slow")])
async def test_a_scratch_that_fails_is_followed_by_the_probe(failure: GhostproofError) -> None:
    probe, scratch = Stub("probe"), Stub("scratch", opening=failure)
    for event in (probe.may_open, scratch.may_open):
        event.set()
    checker = AutoChecker(probe, scratch)
    asked = asyncio.create_task(answered_by(checker))
    probe.may_start.set()
    assert await asked == "probe"
    await checker.close()


async def test_both_failing_is_told() -> None:
    probe = Stub("probe", start=ToolchainBroken("no"))
    scratch = Stub("scratch", opening=LeanDied("gone"))
    for event in (probe.may_start, scratch.may_open):
        event.set()
    checker = AutoChecker(probe, scratch)
    with pytest.raises(LeanDied, match="gone"):
        await checker.open(PATH, "", SPOT)
    assert isinstance(checker.probe_error, ToolchainBroken)
    await checker.close()


@pytest.mark.parametrize(("problem", "starts"), [(ToolchainBroken("does not compile"), 1), (LeanDied("killed"), 2)])
async def test_only_a_probe_that_cannot_run_here_is_given_up(problem: GhostproofError, starts: int) -> None:
    probe, scratch = Stub("probe", start=problem), Stub("scratch")
    probe.may_start.set()
    scratch.may_open.set()
    checker = AutoChecker(probe, scratch)
    assert await answered_by(checker) == "scratch"
    await probe.ended.wait()
    assert await answered_by(checker) == "scratch"
    await asyncio.sleep(0)
    assert probe.starts == starts
    await checker.close()
    assert scratch.closed


class Clock:
    """Time that the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


async def until(holds: Callable[[], bool]) -> None:
    """Let the loop run until something holds; what the tests wait for needs no time, only turns."""
    for _ in range(1000):
        if holds():
            return
        await asyncio.sleep(0)
    raise AssertionError("it never holds")


@pytest.mark.parametrize(
    ("problem", "first", "last"),
    [
        (ToolchainBroken("does not compile"), [60.0, 120.0, 240.0, 480.0], 3600.0),
        (LeanDied("killed"), [0.0, 5.0, 10.0, 20.0], 2560.0),
        (LeanTimeout("slow"), [0.0, 5.0, 10.0, 20.0], 2560.0),
    ],
)
async def test_a_probe_that_does_not_start_is_tried_ever_more_rarely(
    problem: GhostproofError, first: list[float], last: float
) -> None:
    probe, scratch, clock = Stub("probe", start=problem), Stub("scratch"), Clock()
    probe.may_start.set()
    checker = AutoChecker(probe, scratch, clock)
    pauses: list[float] = []
    await checker.start()
    for _ in range(11):
        await until(lambda: checker.lives.probe == "failed")
        began = clock.now
        await checker.start()
        while checker.lives.probe == "failed":
            clock.now += 2.5
            await checker.start()
        await until(lambda: probe.starts == len(pauses) + 2)
        pauses.append(clock.now - began)
    assert pauses[:4] == first
    assert pauses[-1] == last
    await checker.close()


async def test_a_probe_that_comes_up_at_last_is_no_failure_any_more() -> None:
    probe, scratch, clock = Stub("probe", start=ToolchainBroken("does not compile")), Stub("scratch"), Clock()
    for event in (probe.may_start, probe.may_open, scratch.may_open):
        event.set()
    checker = AutoChecker(probe, scratch, clock)
    assert await answered_by(checker) == "scratch"
    await until(lambda: checker.lives.probe == "failed")
    probe._start = None
    clock.now += REFUSED_S
    await checker.start()
    await until(lambda: checker.lives.probe == "ready")
    assert checker.lives == Lives("ready", "serving")
    assert await answered_by(checker) == "probe"
    await checker.close()


async def test_both_lives_are_told_as_they_change() -> None:
    probe, scratch = Stub("probe", start=ToolchainBroken("no")), Stub("scratch")
    scratch.may_open.set()
    checker = AutoChecker(probe, scratch)
    told: list[Lives] = []
    checker.on_change = lambda: told.append(checker.lives)
    assert checker.lives == Lives("resting", "resting")
    await checker.open(PATH, "", SPOT)
    assert checker.lives == Lives("starting", "serving")
    probe.may_start.set()
    await until(lambda: bool(told))
    assert told == [Lives("failed", "serving", checker.probe_error)]
    await checker.close()
    assert checker.lives.scratch == "resting"


UNTOLD = Inconclusive(Cause.AXIOMS, "scratch cannot tell")


async def test_what_scratch_cannot_tell_is_the_probes_as_soon_as_it_is_up() -> None:
    probe, scratch = Stub("probe"), Stub("scratch")
    scratch.may_open.set()
    probe.may_open.set()
    scratch.verdicts["rfl"] = UNTOLD
    checker = AutoChecker(probe, scratch)
    state = await checker.open(PATH, "", SPOT)
    assert (await checker.check(state, Candidate("rfl", ""), Limits())).verdict == UNTOLD
    again = asyncio.create_task(checker.open(PATH, "", SPOT))
    elsewhere = await checker.open(PATH, "other", SPOT)
    assert elsewhere.key == state.key, "other places are still scratch's"
    assert not again.done()
    probe.may_start.set()
    assert (await again).key != state.key
    assert (await checker.check(await again, Candidate("rfl", ""), Limits())).verdict == Proved()
    await checker.close()


async def test_what_scratch_cannot_tell_stays_so_where_the_probe_cannot_start() -> None:
    probe, scratch = Stub("probe", start=ToolchainBroken("no")), Stub("scratch")
    scratch.may_open.set()
    scratch.verdicts["rfl"] = UNTOLD
    checker = AutoChecker(probe, scratch)
    state = await checker.open(PATH, "", SPOT)
    await checker.check(state, Candidate("rfl", ""), Limits())
    again = asyncio.create_task(checker.open(PATH, "", SPOT))
    probe.may_start.set()
    assert (await again).key == state.key
    await checker.close()


async def test_what_the_probe_cannot_import_the_official_server_may() -> None:
    """As where Lake keeps what is imported out of the build folders."""
    probe, scratch = Stub("probe", opening=NotImported("no such module")), Stub("scratch")
    probe.ready = True
    probe.may_open.set()
    scratch.may_open.set()
    checker = AutoChecker(probe, scratch)
    assert await answered_by(checker) == "scratch"
    await checker.close()


@pytest.mark.parametrize("failure", [NoGoal("no goal"), NotImported("not built")])
async def test_what_nobody_can_import_is_told_with_leans_words(failure: NoGoal) -> None:
    probe = Stub("probe", opening=NotImported("no such module: Mine"))
    scratch = Stub("scratch", opening=failure)
    probe.ready = True
    probe.may_open.set()
    scratch.may_open.set()
    checker = AutoChecker(probe, scratch)
    with pytest.raises(NotImported, match="no such module: Mine"):
        await checker.open(PATH, "", SPOT)
    await checker.close()


async def test_a_probe_that_starts_soon_is_waited_for_instead_of_starting_scratch() -> None:
    probe, scratch = Stub("probe"), Stub("scratch")
    probe.starts_soon = True
    for event in (probe.may_open, scratch.may_open):
        event.set()
    checker = AutoChecker(probe, scratch, head_start_s=600)
    answer = asyncio.create_task(answered_by(checker))
    await asyncio.wait_for(probe.began.wait(), 60)
    assert scratch.opened == 0
    probe.may_start.set()
    assert await asyncio.wait_for(answer, 60) == "probe"
    assert scratch.opened == 0
    await checker.close()


@pytest.mark.parametrize("failure", [LeanDied("killed"), LeanTimeout("hung"), ToolchainBroken("no")])
async def test_scratch_serves_at_once_when_a_probe_that_starts_soon_does_not(failure: GhostproofError) -> None:
    probe, scratch = Stub("probe", start=failure), Stub("scratch")
    probe.starts_soon = True
    probe.may_start.set()
    scratch.may_open.set()
    checker = AutoChecker(probe, scratch, head_start_s=600)
    assert await asyncio.wait_for(answered_by(checker), 60) == "scratch"
    await checker.close()


async def test_a_probe_that_starts_soon_and_does_not_come_is_waited_for_no_longer_than_that() -> None:
    probe, scratch = Stub("probe"), Stub("scratch")
    probe.starts_soon = True
    scratch.may_open.set()
    checker = AutoChecker(probe, scratch, head_start_s=0.01)
    assert await asyncio.wait_for(answered_by(checker), 60) == "scratch"
    await checker.close()


async def test_after_its_death_a_probe_is_not_waited_for_before_scratch() -> None:
    probe, scratch = Stub("probe"), Stub("scratch")
    probe.starts_soon = True
    for event in (probe.may_start, probe.may_open, scratch.may_open):
        event.set()
    checker = AutoChecker(probe, scratch, head_start_s=600)
    assert await asyncio.wait_for(answered_by(checker), 60) == "probe"
    probe.ready = False
    assert await asyncio.wait_for(answered_by(checker), 60) == "scratch"
    await checker.close()


async def test_whoever_waits_for_the_probe_is_served_by_it() -> None:
    probe, scratch = Stub("probe"), Stub("scratch")
    probe.may_open.set()
    checker = AutoChecker(probe, scratch)
    await checker.start()
    waiting = asyncio.create_task(checker.await_probe(600))
    await probe.began.wait()
    assert not waiting.done()
    probe.may_start.set()
    await waiting
    assert await answered_by(checker) == "probe"
    await checker.await_probe(600)  # it is up: there is nothing to wait for
    await checker.close()


@pytest.mark.parametrize("seconds", [600, 0.01], ids=["that fails", "that takes too long"])
async def test_a_probe_is_waited_for_no_longer_than_it_may_come(seconds: float) -> None:
    probe, scratch = Stub("probe", start=LeanTimeout("slow")), Stub("scratch")
    scratch.may_open.set()
    if seconds == 600:
        probe.may_start.set()
    checker = AutoChecker(probe, scratch)
    await checker.start()
    await checker.await_probe(seconds)
    assert await answered_by(checker) == "scratch"
    await checker.close()


class Telling(Stub):
    """A checker that knows one function."""

    async def define(self, state: GoalState, limits: Limits) -> Definitions:
        return Definitions({"rev": Definition("rev")})


@pytest.mark.parametrize("ready", [True, False])
async def test_definitions_are_told_by_the_probe_alone(ready: bool) -> None:
    probe, scratch = Telling("probe"), Stub("scratch")
    for event in (probe.may_open, scratch.may_open):
        event.set()
    checker = AutoChecker(probe, scratch)
    probe.ready = ready
    state = await checker.open(PATH, "", SPOT)
    assert isinstance(checker, Definer)
    assert list((await checker.define(state, Limits())).functions) == (["rev"] if ready else [])
    await checker.close()
