"""A search from start to end, on checkers that answer, hang and die."""

import asyncio
from pathlib import Path

import pytest

from ghostproof.config import SuggestConfig
from ghostproof.errors import LeanDied, LeanTimeout, NoGoal
from ghostproof.suggest.job import Snapshot, Suggester, SuggestJob
from ghostproof.suggest.source import Proposal, Tier
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import GoalState, Limits
from ghostproof.verify.verdict import Candidate, Cause, Inconclusive, Reason, Rejected
from support.clock import later
from support.listed_source import Listed, finished, proposal, texts
from support.scripted_checker import FILE, PROVED, SPOT, TEXT, ScriptedChecker, progress, state_of

BUDGET_S = 60.0
GOAL = "p : Prop\nh : p\n⊢ p ∧ p"


def start(
    checker: ScriptedChecker, *sources: Listed, budget_s: float = BUDGET_S, spots: tuple[Spot, ...] = (SPOT,)
) -> SuggestJob:
    return Suggester(sources, SuggestConfig()).start(checker, FILE, TEXT, spots, budget_s)


async def out_of_time(job: SuggestJob, checker: ScriptedChecker) -> Snapshot:
    """What a search has found when its time is over while a candidate hangs."""
    await checker.hanging.wait()
    with later(BUDGET_S):
        return await finished(job)


async def test_a_whole_search() -> None:
    checker = ScriptedChecker({"constructor": progress("⊢ p", "⊢ p"), "simp": PROVED}, state_of(GOAL))
    snapshot = await finished(start(checker, Listed([proposal("rfl"), proposal("constructor"), proposal("simp")])))
    assert texts(snapshot) == ["simp", "constructor"]
    assert snapshot.state == state_of(GOAL)
    assert snapshot.checker == "probe"
    assert snapshot.checked == 3
    assert snapshot.error is None
    assert snapshot.first_ms is not None
    assert snapshot.first_ms <= snapshot.total_ms


async def test_a_text_is_checked_once() -> None:
    checker = ScriptedChecker({}, state_of(GOAL))
    await finished(start(checker, Listed([proposal("rfl"), proposal("rfl ")]), Listed([proposal("rfl")])))
    assert checker.asked == ["rfl"]


async def test_once_closed_only_instant_candidates_go_on() -> None:
    checker = ScriptedChecker({"grind": PROVED, "simp": PROVED}, state_of(GOAL))
    source = Listed(
        [
            proposal("grind", Tier.INSTANT),
            proposal("rfl", Tier.INSTANT),
            proposal("simp", Tier.INSTANT),
            proposal("induction n"),
            proposal("exact?", Tier.SLOW),
        ]
    )
    snapshot = await finished(start(checker, source))
    assert checker.asked == ["grind", "rfl", "simp"]
    assert texts(snapshot) == ["simp"]


async def test_a_cheap_proof_stops_a_dear_check_in_flight() -> None:
    gate = asyncio.Event()
    checker = ScriptedChecker({"simp": PROVED}, state_of(GOAL), width=2, hang=["exact?"])
    source = Listed([proposal("exact?", Tier.SLOW), proposal("simp", Tier.INSTANT)], slow=gate)
    job = start(checker, source)
    await checker.hanging.wait()
    gate.set()
    assert texts(await finished(job)) == ["simp"]
    assert checker.cancelled == ["exact?"]


async def test_as_many_in_flight_as_the_checker_is_wide() -> None:
    checker = ScriptedChecker({}, state_of(GOAL), width=3)
    await finished(start(checker, Listed([proposal(f"t{n}") for n in range(9)])))
    assert checker.most_in_flight == 3


async def test_the_first_suggestion_does_not_wait_for_a_slow_source() -> None:
    gate = asyncio.Event()
    checker = ScriptedChecker({"step": progress("⊢ p"), "late": PROVED}, state_of(GOAL))
    job = start(checker, Listed([proposal("step")]), Listed([proposal("early"), proposal("late")], slow=gate))
    assert texts(await job.wait(lambda s: bool(s.suggestions), 60)) == ["step"]
    assert not job.snapshot.done
    gate.set()
    assert texts(await finished(job)) == ["late", "step"]


async def test_sources_take_turns() -> None:
    checker = ScriptedChecker({}, state_of(GOAL))
    await finished(start(checker, Listed([proposal(f"a{n}") for n in range(3)]), Listed([proposal("b0")])))
    assert checker.asked.index("b0") <= 1


async def test_hints_are_checked_before_what_waits() -> None:
    hint = Proposal(Candidate("exact And.intro h h", "exact?"), Tier.HINT)
    checker = ScriptedChecker({"exact And.intro h h": PROVED}, state_of(GOAL))
    source = Listed([proposal("exact?"), *(proposal(f"t{n}") for n in range(9))], after={"exact?": [hint]})
    snapshot = await finished(start(checker, source))
    assert checker.asked == ["exact?", "exact And.intro h h"]
    assert snapshot.suggestions[0].source == "exact?"


async def test_steps_of_a_search_are_shown_only_when_they_close() -> None:
    checker = ScriptedChecker({"a": progress("⊢ x"), "b": PROVED}, state_of(GOAL))
    source = Listed([proposal("a", step=True), proposal("b", step=True)])
    assert texts(await finished(start(checker, source))) == ["b"]


async def test_limits_follow_the_tier_and_the_settings() -> None:
    checker = ScriptedChecker({}, state_of(GOAL))
    source = Listed([proposal("cheap", Tier.INSTANT), proposal("dear", Tier.SLOW)])
    await finished(Suggester([source], SuggestConfig(heartbeats=60_000)).start(checker, FILE, TEXT, [SPOT], 60))
    assert checker.limits["cheap"].seconds < checker.limits["dear"].seconds
    assert checker.limits["cheap"].heartbeats < checker.limits["dear"].heartbeats == 60_000


async def test_a_longer_search_gives_its_candidates_more_seconds_and_no_more_heartbeats() -> None:
    usual, shorter, longer = [await limits_of_a_candidate(times * SuggestConfig.budget_s) for times in (1, 0.5, 12)]
    assert shorter == usual
    assert longer.seconds == 12 * usual.seconds
    assert longer.heartbeats == usual.heartbeats


async def limits_of_a_candidate(budget_s: float) -> Limits:
    checker = ScriptedChecker({}, state_of(GOAL))
    await finished(start(checker, Listed([proposal("rfl")]), budget_s=budget_s))
    return checker.limits["rfl"]


async def test_the_budget_ends_the_search_and_keeps_what_was_found() -> None:
    checker = ScriptedChecker({"step": progress("⊢ p")}, state_of(GOAL), hang=["stuck"])
    job = start(checker, Listed([proposal("step"), proposal("stuck")]))
    snapshot = await out_of_time(job, checker)
    assert texts(snapshot) == ["step"]
    assert snapshot.error is None
    assert checker.cancelled == ["stuck"]


async def test_cancel_stops_what_is_in_flight() -> None:
    checker = ScriptedChecker({"step": progress("⊢ p")}, state_of(GOAL), hang=["stuck"])
    job = start(checker, Listed([proposal("step"), proposal("stuck")]))
    await checker.hanging.wait()
    job.cancel()
    assert job.snapshot.done
    assert texts(job.snapshot) == ["step"]
    await checker.idle.wait()
    assert checker.cancelled == ["stuck"]


async def test_a_waiter_that_goes_away_leaves_the_job_running() -> None:
    checker = ScriptedChecker({"simp": PROVED}, state_of(GOAL))
    gate = asyncio.Event()
    job = start(checker, Listed([proposal("rfl"), proposal("simp")], slow=gate))
    waiter = asyncio.ensure_future(finished(job))
    await asyncio.sleep(0)
    waiter.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiter
    gate.set()
    assert texts(await finished(job)) == ["simp"]


async def test_a_wait_that_is_over_gives_what_there_is() -> None:
    checker = ScriptedChecker({}, state_of(GOAL), hang=["stuck"])
    job = start(checker, Listed([proposal("stuck")]))
    snapshot = await job.wait(lambda s: bool(s.suggestions), 0.01)
    assert not snapshot.done
    job.cancel()


async def test_spots_are_tried_until_there_is_a_goal() -> None:
    other = Spot(3, 3, " ", 4, SpotKind.AFTER_BY)
    checker = ScriptedChecker({"simp": PROVED}, state_of(GOAL), no_goal=[other])
    snapshot = await finished(start(checker, Listed([proposal("simp")]), spots=(other, SPOT)))
    assert checker.opened == [other, SPOT]
    assert texts(snapshot) == ["simp"]


async def test_no_goal_anywhere() -> None:
    checker = ScriptedChecker({}, state_of(GOAL), no_goal=[SPOT])
    assert isinstance((await finished(start(checker, Listed([])))).error, NoGoal)
    assert isinstance((await finished(start(checker, Listed([]), spots=()))).error, NoGoal)


@pytest.mark.parametrize("error", [LeanDied("gone"), LeanTimeout("too slow")])
async def test_a_file_that_cannot_be_opened(error: LeanDied | LeanTimeout) -> None:
    snapshot = await finished(start(ScriptedChecker({}, state_of(GOAL), open_fails=error), Listed([proposal("simp")])))
    assert snapshot.error is error
    assert snapshot.done
    assert snapshot.state is None


async def test_lean_dies_once_and_the_search_goes_on_without_the_killer() -> None:
    checker = ScriptedChecker({"step": progress("⊢ p"), "simp": PROVED}, state_of(GOAL), kill=["killer"])
    snapshot = await finished(start(checker, Listed([proposal("step"), proposal("killer"), proposal("simp")])))
    assert texts(snapshot) == ["simp", "step"]
    assert snapshot.error is None
    assert len(checker.opened) == 2
    assert checker.asked.count("killer") == 1


async def test_what_died_beside_the_killer_is_asked_again() -> None:
    table = {"simp": PROVED}
    checker = ScriptedChecker(table, state_of(GOAL), width=2, hang=["slow"], kill=["killer"])
    source = Listed([proposal("slow", Tier.QUICK), proposal("killer", Tier.SLOW), proposal("simp", Tier.SLOW)])
    job = start(checker, source)
    await checker.hanging.wait()
    checker.hanging.clear()
    await out_of_time(job, checker)
    assert checker.asked.count("slow") == 2
    assert checker.asked.count("killer") == 1


async def test_lean_dies_twice() -> None:
    checker = ScriptedChecker({"step": progress("⊢ p")}, state_of(GOAL), kill=["k1", "k2"])
    snapshot = await finished(start(checker, Listed([proposal("step"), proposal("k1"), proposal("k2")])))
    assert isinstance(snapshot.error, LeanDied)
    assert texts(snapshot) == ["step"]


async def test_the_same_state_is_answered_from_the_cache() -> None:
    checker = ScriptedChecker({"simp": PROVED}, state_of(GOAL))
    suggester = Suggester([Listed([proposal("rfl"), proposal("simp")])], SuggestConfig())
    await finished(suggester.start(checker, FILE, TEXT, [SPOT], 60))
    asked = len(checker.asked)
    snapshot = await finished(suggester.start(checker, FILE, TEXT, [SPOT], 60))
    assert texts(snapshot) == ["simp"]
    assert len(checker.asked) == asked


async def test_the_same_goal_elsewhere_is_checked_anew_with_what_worked_first() -> None:
    suggester = Suggester([Listed([proposal("rfl"), proposal("simp")])], SuggestConfig())
    await finished(suggester.start(ScriptedChecker({"simp": PROVED}, state_of(GOAL)), FILE, TEXT, [SPOT], 60))
    elsewhere = ScriptedChecker({}, state_of(GOAL, key="other"))
    snapshot = await finished(suggester.start(elsewhere, FILE, TEXT, [SPOT], 60))
    assert elsewhere.asked[0] == "simp"
    assert texts(snapshot) == []


async def test_an_unfinished_search_is_not_cached() -> None:
    checker = ScriptedChecker({"step": progress("⊢ p")}, state_of(GOAL), hang=["stuck"])
    suggester = Suggester([Listed([proposal("step"), proposal("stuck")])], SuggestConfig())
    await finished(suggester.start(checker, FILE, TEXT, [SPOT], 0.05))
    await finished(suggester.start(checker, FILE, TEXT, [SPOT], 0.05))
    assert checker.asked.count("stuck") == 2


async def test_a_step_back_on_the_path_is_not_offered() -> None:
    text = "theorem t : p := by\n  rw [h]\n  sorry\n"
    first, second = Spot(22, 28, "", 2, SpotKind.TACTIC), Spot(31, 36, "", 2, SpotKind.SORRY)
    source = Listed([proposal("rw [← h]"), proposal("simp")])
    suggester = Suggester([source], SuggestConfig())
    await finished(suggester.start(ScriptedChecker({}, state_of("⊢ p")), FILE, text, [first], 60))
    checker = ScriptedChecker({"rw [← h]": progress("⊢ p")}, state_of("⊢ q", key="below"))
    snapshot = await finished(suggester.start(checker, FILE, text, [second], 60))
    assert texts(snapshot) == []


UNTOLD = Inconclusive(Cause.AXIOMS, "This checker cannot tell.")


class Better(ScriptedChecker):
    """Once it cannot tell, another checker answers at the next opening, by another state."""

    def __init__(self, later: GoalState) -> None:
        super().__init__({"omega": UNTOLD}, state_of(GOAL))
        self._later = later

    async def open(self, path: Path, text: str, spot: Spot) -> GoalState:
        if self.asked:
            self._table = {"omega": PROVED}
            self._state = self._later
        return await super().open(path, text, spot)


async def test_what_one_checker_cannot_tell_another_is_asked() -> None:
    checker = Better(state_of(GOAL, key="another"))
    snapshot = await finished(start(checker, Listed([proposal("omega"), proposal("rfl")])))
    assert texts(snapshot) == ["omega"]
    assert checker.asked == ["omega", "rfl", "omega"]
    assert (snapshot.checked, snapshot.why_none) == (2, "")


async def test_the_same_checker_is_not_asked_again_what_it_cannot_tell() -> None:
    checker = ScriptedChecker({"omega": UNTOLD}, state_of(GOAL))
    snapshot = await finished(start(checker, Listed([proposal("omega")])))
    assert checker.asked == ["omega"]
    assert snapshot.why_none == "1 would close the goal, without a verdict: This checker cannot tell."


async def test_why_nothing_was_accepted_is_told() -> None:
    resting = Rejected(Reason.FINAL, "it rests on sorryAx")
    checker = ScriptedChecker({"exact a": resting, "exact b": resting}, state_of(GOAL))
    source = Listed([proposal(text) for text in ("exact a", "exact b", "rfl", "simp", "omega")])
    snapshot = await finished(start(checker, source))
    assert snapshot.why_none == "2 would close the goal and were refused: it rests on sorryAx."


async def test_a_time_that_is_over_is_told() -> None:
    checker = ScriptedChecker({}, state_of(GOAL), hang=["grind"])
    snapshot = await out_of_time(start(checker, Listed([proposal("rfl"), proposal("grind")])), checker)
    assert "was over before everything was tried" in snapshot.why_none
    assert snapshot.error is None


async def test_a_lean_that_judges_nothing_is_no_empty_answer() -> None:
    checker = ScriptedChecker({}, state_of(GOAL), hang=["grind"])
    snapshot = await out_of_time(start(checker, Listed([proposal("grind")])), checker)
    assert isinstance(snapshot.error, LeanTimeout)
    assert "did not finish" in snapshot.error.message


async def test_an_answer_that_is_still_under_way_says_so() -> None:
    checker = ScriptedChecker({}, state_of(GOAL), hang=["grind"])
    job = start(checker, Listed([proposal("grind")]))
    before = job.snapshot.unfinished(60)
    assert before is not None
    assert "it was not ready at this place within 60 s" in before.message
    await checker.hanging.wait()
    after = job.snapshot.unfinished(60)
    assert after is not None
    assert "candidates were still being checked" in after.message
    job.cancel()
    assert job.snapshot.unfinished(60) is None
