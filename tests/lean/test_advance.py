"""Going on from a kept state: the same goals and verdicts as in the file, without a second run of what is above."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from ghostproof.search.place import inner, script_mark
from ghostproof.syntax.spot import Spot, find_spot
from ghostproof.text import SourceText
from ghostproof.verify.advance import Place
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.probe_checker import ProbeChecker
from ghostproof.verify.verdict import Candidate, Progress, Proved, Reason, Rejected, Verdict

pytestmark = pytest.mark.lean

TEXT = """\
def app : List α → List α → List α
  | [], ys => ys
  | x :: xs, ys => x :: app xs ys

theorem t (xs : List α) : app xs [] = xs := by
  sorry
"""
STEP = "induction xs with\n| nil => sorry\n| cons x xs ih =>\n  sorry"
LIMITS = Limits(400_000, 240.0)


def spot() -> Spot:
    found = find_spot(SourceText(TEXT), TEXT.index("sorry"))
    assert found is not None
    return found


def place(nth: int, step: str = STEP) -> Place:
    """The goal at one `sorry` of a step, in the file."""
    mark, parts = script_mark(), step.split("sorry")
    return inner(TEXT, spot(), "sorry".join(parts[: nth + 1]) + mark + "sorry".join(parts[nth + 1 :]), mark)


async def advanced(
    probe: ProbeChecker, folder: Path, step: str, places: Sequence[Place | None]
) -> tuple[GoalState | None, ...]:
    state = await probe.open(folder / "Advance.lean", TEXT, spot())
    return await probe.advance(state, step, folder / "Advance.lean", places, LIMITS)


async def verdict(probe: ProbeChecker, state: GoalState | None, text: str) -> Verdict:
    assert state is not None
    return (await probe.check(state, Candidate(text, "test"), LIMITS)).verdict


def _reason(found: Verdict) -> Reason | None:
    return found.reason if isinstance(found, Rejected) else None


async def test_goals_are_those_in_the_file(probe: ProbeChecker, tmp_path: Path) -> None:
    places = [place(0), place(1)]
    kept = await advanced(probe, tmp_path, STEP, places)
    for state, at in zip(kept, places, strict=True):
        opened = await probe.open(tmp_path / "Advance.lean", at.text, at.spot)
        assert state is not None
        assert state.goals == opened.goals
        assert state.main == opened.main


async def test_verdicts_are_those_of_a_step(probe: ProbeChecker, tmp_path: Path) -> None:
    nil, cons = await advanced(probe, tmp_path, STEP, [place(0), place(1)])
    assert await verdict(probe, nil, "rfl") == Progress((), closed_main=True)
    assert await verdict(probe, cons, "rw [app, ih]") == Progress((), closed_main=True)
    assert isinstance(await verdict(probe, cons, "rw [app]"), Progress)
    assert isinstance(await verdict(probe, nil, "exact ih"), Rejected)
    assert isinstance(await verdict(probe, nil, "sorry"), Rejected)


async def test_a_text_that_was_read_at_one_goal_is_judged_at_each(probe: ProbeChecker, tmp_path: Path) -> None:
    """What a text reads as is kept; what it does, and whether it names the goal itself, is asked anew."""
    nil, cons = await advanced(probe, tmp_path, STEP, [place(0), place(1)])
    for _ in range(2):
        assert await verdict(probe, nil, "rfl") == Progress((), closed_main=True)
        assert _reason(await verdict(probe, cons, "rfl")) is Reason.ERROR
        assert _reason(await verdict(probe, nil, "rw [app, ih]")) is Reason.ERROR
        assert await verdict(probe, cons, "rw [app, ih]") == Progress((), closed_main=True)
        for state in (nil, cons):
            assert _reason(await verdict(probe, state, "skip; run_tac pure ()")) is Reason.FORBIDDEN
            assert _reason(await verdict(probe, state, "exact (")) is Reason.PARSE
            assert _reason(await verdict(probe, state, "skip")) is Reason.NO_PROGRESS
        assert _reason(await verdict(probe, nil, "apply Eq.trans ?nil")) is Reason.FORBIDDEN
        assert _reason(await verdict(probe, cons, "apply Eq.trans ?nil")) is not Reason.FORBIDDEN


async def test_what_stands_in_the_file_is_judged_in_the_file(probe: ProbeChecker, tmp_path: Path) -> None:
    """The same goal opened as a place of a file has a final check, whatever is kept of it."""
    at = place(0)
    await advanced(probe, tmp_path, STEP, [at, None])
    opened = await probe.open(tmp_path / "Advance.lean", at.text, at.spot)
    assert isinstance(await verdict(probe, opened, "rfl"), Proved)


async def test_steps_go_on_from_steps(probe: ProbeChecker, tmp_path: Path) -> None:
    _, cons = await advanced(probe, tmp_path, STEP, [None, place(1)])
    assert cons is not None
    further = STEP[: STEP.rindex("sorry")] + "have h : app xs [] = xs := by\n    sorry\n  sorry"
    step = "have h : app xs [] = xs := by\n  sorry\nsorry"
    places = [place(1, further), place(2, further)]
    first, second = await probe.advance(cons, step, tmp_path / "Advance.lean", places, LIMITS)
    assert await verdict(probe, first, "exact ih") == Progress((), closed_main=True)
    assert await verdict(probe, second, "rw [app]\nrw [h]") == Progress((), closed_main=True)


async def test_a_state_that_was_dropped_is_opened_again(probe: ProbeChecker, tmp_path: Path) -> None:
    nil, cons = await advanced(probe, tmp_path, STEP, [place(0), place(1)])
    assert nil is not None
    assert cons is not None
    await probe.close()
    assert isinstance(await verdict(probe, nil, "rfl"), Proved | Progress)
    assert isinstance(await verdict(probe, cons, "rw [app, ih]"), Proved | Progress)


@pytest.mark.parametrize(
    "step",
    [
        "skip",
        "induction xs <;> sorry",
        "exact nonsense\nsorry",
        "run_tac pure ()\nsorry",
        "induction xs with\n| nil => sorry",
    ],
)
async def test_a_step_that_is_none_gives_nothing(probe: ProbeChecker, tmp_path: Path, step: str) -> None:
    assert await advanced(probe, tmp_path, step, [place(0)]) == (None,)


async def test_a_recursive_step_is_judged_where_it_stands(probe: ProbeChecker, tmp_path: Path) -> None:
    """Lean says in place whether a proof that uses its own theorem ends."""
    step = "cases xs with\n| nil => sorry\n| cons x xs =>\n  sorry"
    places = [place(0, step), place(1, step)]
    nil, cons = await advanced(probe, tmp_path, step, places)
    assert isinstance(await verdict(probe, nil, "exact t _"), Rejected)
    assert isinstance(await verdict(probe, cons, "rw [app, t xs]"), Proved | Progress)
