"""The scratch checker on a server that misbehaves by name, and what it concludes from a native Lean's words."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ghostproof.errors import LeanDied, LeanTimeout
from ghostproof.lean.document import Diagnostic, Severity
from ghostproof.lean.session import LeanSession
from ghostproof.spot import Spot, SpotKind
from ghostproof.text import Position
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.scratch_checker import ScratchChecker
from ghostproof.verify.scratch_text import Filled, Hole
from ghostproof.verify.scratch_verdict import Said, final_verdict, make_handle
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Progress, Proved, Reason, Rejected, Verdict

SERVER = Path(__file__).parents[1] / "fake_lean_server.py"
TEXT = "theorem t : p := by\n  sorry\n"
SPOT = Spot(22, 27, "", 2, SpotKind.SORRY)
SOON = Limits(seconds=0.2)
LONG = Limits(seconds=60)


@pytest.fixture
async def sessions() -> list[LeanSession]:
    return []


@pytest.fixture
async def checker(tmp_path: Path, sessions: list[LeanSession]) -> AsyncIterator[ScratchChecker]:
    def make() -> LeanSession:
        sessions.append(LeanSession([sys.executable, str(SERVER)], tmp_path, {}))
        return sessions[-1]

    checker = ScratchChecker(make, document_s=0.5)
    yield checker
    await checker.close()


@pytest.fixture
async def state(checker: ScratchChecker, tmp_path: Path) -> GoalState:
    return await checker.open(tmp_path / "A.lean", TEXT, SPOT)


async def verdict(checker: ScratchChecker, state: GoalState, tactic: str, limits: Limits = LONG) -> Verdict:
    return (await checker.check(state, Candidate(f"exact {tactic}", "test"), limits)).verdict


async def test_a_candidate_that_kills_the_server(checker: ScratchChecker, state: GoalState) -> None:
    killed = await verdict(checker, state, "CRASH")
    assert isinstance(killed, Inconclusive)
    assert killed.cause is Cause.MEMORY
    assert isinstance(await verdict(checker, state, "fine"), Progress)


async def test_a_candidate_that_kills_its_worker(checker: ScratchChecker, state: GoalState) -> None:
    killed = await verdict(checker, state, "WORKER_DIES")
    assert isinstance(killed, Inconclusive)
    assert killed.cause is Cause.CRASH
    assert isinstance(await verdict(checker, state, "fine"), Progress)


async def test_a_candidate_without_end(checker: ScratchChecker, state: GoalState) -> None:
    silent = await verdict(checker, state, "SILENT", SOON)
    assert isinstance(silent, Inconclusive)
    assert silent.cause is Cause.TIMEOUT
    assert isinstance(await verdict(checker, state, "fine"), Progress)


async def test_a_check_that_is_cancelled(checker: ScratchChecker, state: GoalState) -> None:
    waiting = asyncio.ensure_future(verdict(checker, state, "SILENT"))
    await asyncio.wait({waiting}, timeout=SOON.seconds)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert isinstance(await verdict(checker, state, "fine"), Progress)


async def test_two_checks_take_turns(checker: ScratchChecker, state: GoalState) -> None:
    both = await asyncio.gather(verdict(checker, state, "one"), verdict(checker, state, "two"))
    assert ["one" in str(both[0]), "two" in str(both[1])] == [True, True]


async def test_errors_belong_to_the_candidate_only_if_they_are_new(checker: ScratchChecker, tmp_path: Path) -> None:
    text = "-- error:above\n" + TEXT.replace("sorry\n", "sorry\n  error:behind\n")
    state = await checker.open(tmp_path / "A.lean", text, Spot(37, 42, "", 2, SpotKind.SORRY))
    assert isinstance(await verdict(checker, state, "fine"), Progress)
    assert await verdict(checker, state, "error:mine") == Rejected(Reason.ERROR, "mine")


async def test_states_stay_usable_behind_close(
    checker: ScratchChecker, state: GoalState, sessions: list[LeanSession]
) -> None:
    await checker.close()
    assert isinstance(await verdict(checker, state, "fine"), Progress)
    assert len(sessions) == 2


async def test_the_file_that_was_used_longest_ago_is_closed(
    checker: ScratchChecker, state: GoalState, sessions: list[LeanSession], tmp_path: Path
) -> None:
    for name in ("B.lean", "C.lean"):
        await checker.open(tmp_path / name, TEXT, SPOT)
    files = [sessions[0].is_open(tmp_path / name) for name in ("A.lean", "B.lean", "C.lean")]
    assert files == [False, True, True]
    assert isinstance(await verdict(checker, state, "fine"), Progress)


async def test_a_file_that_never_ends_and_one_that_kills(checker: ScratchChecker, tmp_path: Path) -> None:
    for _ in range(3):
        with pytest.raises(LeanTimeout):
            await checker.open(tmp_path / "A.lean", "-- SILENT\n" + TEXT, Spot(32, 37, "", 2, SpotKind.SORRY))
    with pytest.raises(LeanDied):
        await checker.open(tmp_path / "A.lean", "-- CRASH\n" + TEXT, Spot(31, 36, "", 2, SpotKind.SORRY))
    assert (await checker.open(tmp_path / "A.lean", TEXT, SPOT)).goals


def said(filled: Filled, *about: tuple[str, str]) -> Said:
    """Messages about the first place where a text stands; `#print` answers are informations, the rest warnings."""
    found = []
    for where, message in about:
        at = filled.source.position(filled.source.text.index(where))
        severity = Severity.INFORMATION if where == "#print" else Severity.WARNING
        found.append(Diagnostic(at, Position(at.line, at.column + len(where)), severity, message))
    return Said(filled, tuple(found), ("⊢ p",))


SORRY = ("t", "declaration uses 'sorry'")


@pytest.mark.parametrize(
    ("text", "before", "after", "reason"),
    [
        (TEXT, "[sorryAx]", "'t' depends on axioms: [propext, Classical.choice, Quot.sound]", None),
        (TEXT, "[sorryAx]", "'t' does not depend on any axioms", None),
        (TEXT, "[sorryAx]", "'t' depends on axioms: [propext, sorryAx]", Reason.FINAL),
        (TEXT, "[sorryAx]", "'t' depends on axioms: [Lean.ofReduceBool]", Reason.FINAL),
        (TEXT, "[sorryAx]", "'t' depends on axioms: [mine]", Reason.FINAL),
        (TEXT, "[mine, sorryAx]", "'t' depends on axioms: [mine]", None),
        (TEXT + "  sorry\n", "[sorryAx]", "'t' depends on axioms: [sorryAx]", None),
    ],
)
def test_axioms_of_the_finished_declaration(text: str, before: str, after: str, reason: Reason | None) -> None:
    hole = Hole.cut(text, SPOT)
    opening = said(hole.opening(), SORRY, ("#print", f"'t' depends on axioms: {before}"))
    handle = make_handle(Path("A.lean"), hole, opening, parse_main("⊢ p"))
    found = final_verdict(handle, said(hole.final("exact h"), ("#print", after)), "exact h")
    assert (found.reason if isinstance(found, Rejected) else None) == reason
    assert isinstance(found, Proved | Rejected)


def test_a_sorry_that_the_candidate_brings() -> None:
    hole = Hole.cut(TEXT, SPOT)
    handle = make_handle(Path("A.lean"), hole, said(hole.opening(), SORRY), parse_main("⊢ p"))
    assert final_verdict(handle, said(hole.final("my_macro")), "my_macro") == Proved()
    found = final_verdict(handle, said(hole.final("my_macro"), SORRY), "my_macro")
    assert found == Rejected(Reason.FINAL, "the declaration still uses `sorry`")
