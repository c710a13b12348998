"""A model as a source: verified as its candidates come, beside automation, and never in its way."""

import math

from ghostproof.config import SuggestConfig
from ghostproof.errors import ProverFailed
from ghostproof.prover.prompts.prompter import Prompter
from ghostproof.prover.protocol import ProverStatus, SamplingParams
from ghostproof.suggest.job import Snapshot, Suggester, SuggestJob
from ghostproof.suggest.source import Context
from ghostproof.suggest.sources.model import ModelSource
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.verdict import Reason, Rejected
from support.listed_source import Listed, finished, proposal, texts
from support.scripted_checker import FILE, PROVED, SPOT, TEXT, ScriptedChecker, progress, state_of
from support.scripted_prover import GoalsAlone, ScriptedProver, drawn

GOAL = "p : Prop\nh : p\n⊢ p ∧ p"
FORBIDDEN = Rejected(Reason.FORBIDDEN, "`run_tac` is not allowed in a suggestion")


def source_of(prover: ScriptedProver) -> ModelSource:
    prompter = Prompter(GoalsAlone(), prover.count, 4096, 128)

    async def prompts() -> Prompter:
        return prompter

    return ModelSource(prover, prompts, 4, SamplingParams())


def start(checker: ScriptedChecker, prover: ScriptedProver, *others: Listed, spot: Spot = SPOT) -> SuggestJob:
    suggester = Suggester([*others, source_of(prover)], SuggestConfig())
    return suggester.start(checker, FILE, TEXT, [spot], 60)


async def test_a_candidate_is_verified_while_others_are_still_written() -> None:
    prover = ScriptedProver([drawn("constructor"), drawn("exact ⟨h, h⟩")])
    checker = ScriptedChecker({"constructor": progress("⊢ p"), "exact ⟨h, h⟩": PROVED}, state_of(GOAL))
    job = start(checker, prover)
    prover.release()
    first = await job.wait(lambda s: bool(s.suggestions), 60)
    assert texts(first) == ["constructor"]
    assert not first.done
    prover.release()
    assert texts(await finished(job)) == ["exact ⟨h, h⟩", "constructor"]


async def test_suggestions_carry_their_origin() -> None:
    prover = ScriptedProver([drawn("exact ⟨h, h⟩")])
    prover.release()
    snapshot = await finished(start(ScriptedChecker({"exact ⟨h, h⟩": PROVED}, state_of(GOAL)), prover))
    assert [s.source for s in snapshot.suggestions] == ["model"]


async def test_the_prompt_has_the_goals_and_names_the_document() -> None:
    prover = ScriptedProver()
    await finished(start(ScriptedChecker({}, state_of(GOAL)), prover))
    assert [(p.text, p.document) for p in prover.prompts] == [(GOAL, str(FILE))]


async def test_a_proof_by_automation_ends_the_models_work() -> None:
    prover = ScriptedProver([drawn("late")])
    checker = ScriptedChecker({"simp": PROVED}, state_of(GOAL))
    assert texts(await finished(start(checker, prover, Listed([proposal("simp")])))) == ["simp"]
    await prover.closed_early.wait()
    assert checker.asked == ["simp"]


async def test_what_is_no_tactic_is_not_checked() -> None:
    prover = ScriptedProver([drawn("junk"), drawn("  "), drawn("rfl")])
    prover.release(3)
    checker = ScriptedChecker({}, state_of(GOAL))
    await finished(start(checker, prover))
    assert checker.asked == ["rfl"]


async def test_what_does_not_go_on_from_the_typed_text_is_not_checked() -> None:
    prover = ScriptedProver([drawn("omega"), drawn("sorry_free")])
    prover.release(2)
    checker = ScriptedChecker({}, state_of(GOAL))
    await finished(start(checker, prover, spot=Spot(SPOT.start, SPOT.end, "", 2, SpotKind.BLANK_LINE)))
    assert checker.asked == ["sorry_free"]


async def test_refused_candidates_are_counted() -> None:
    prover = ScriptedProver([drawn("run_tac evil"), drawn("rfl")])
    prover.release(2)
    source = source_of(prover)
    checker = ScriptedChecker({"run_tac evil": FORBIDDEN}, state_of(GOAL))
    await finished(Suggester([source], SuggestConfig()).start(checker, FILE, TEXT, [SPOT], 60))
    assert dict(source.refused) == {Reason.FORBIDDEN: 1}


async def test_a_prover_that_fails_leaves_automation_alone() -> None:
    prover = ScriptedProver([drawn("rfl")], ProverFailed("The prover broke off its answer."))
    prover.release()
    checker = ScriptedChecker({"step": progress("⊢ p"), "rfl": progress("⊢ q")}, state_of(GOAL))
    snapshot: Snapshot = await finished(start(checker, prover, Listed([proposal("step")])))
    assert sorted(texts(snapshot)) == ["rfl", "step"]
    assert snapshot.error is None


async def test_what_was_found_without_the_model_is_not_the_last_word() -> None:
    prover = ScriptedProver([drawn("model_step")])
    prover.release(9)
    checker = ScriptedChecker({"step": progress("⊢ p"), "model_step": progress("⊢ q")}, state_of(GOAL))
    suggester = Suggester([Listed([proposal("step")]), source_of(prover)], SuggestConfig())

    async def found() -> list[str]:
        return sorted(texts(await finished(suggester.start(checker, FILE, TEXT, [SPOT], 60))))

    prover.status = ProverStatus("loading")
    assert await found() == ["step"]
    assert await found() == ["step"]
    assert checker.asked == ["step"], "answered from the cache, without the model"
    prover.status = ProverStatus("ready")
    assert await found() == ["model_step", "step"]


async def test_the_likeliest_goes_first_and_a_long_tactic_is_not_unlikely() -> None:
    prover = ScriptedProver([drawn("long", 3, -8.0, 16), drawn("short", 2, -3.0, 2), drawn("greedy", 0, -0.1, 3)])
    prover.release(3)
    table = {text: progress(f"⊢ {text[0]}") for text in ("long", "short", "greedy")}
    snapshot = await finished(start(ScriptedChecker(table, state_of(GOAL)), prover))
    assert texts(snapshot) == ["greedy", "long", "short"]
    assert all(not math.isnan(s.score) for s in snapshot.suggestions)


async def test_warming_reads_the_same_prompt() -> None:
    prover = ScriptedProver()
    source = source_of(prover)
    await source.warm(Context(FILE, TEXT, SPOT), state_of(GOAL))
    assert [p.text for p in prover.warmed] == [GOAL]
