"""A model in a proof search: what it is asked and when, and a prover that stalls, fails and writes garbage."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from ghostproof.errors import ProverFailed
from ghostproof.prover.prompts.deepseek_v2 import DeepSeekV2
from ghostproof.prover.prompts.family import Family
from ghostproof.prover.prompts.plain import Plain
from ghostproof.prover.prompts.prompter import Prompter
from ghostproof.search.driver import ProofSearch
from ghostproof.search.model_adviser import Draws, ModelAdviser
from ghostproof.search.posed import posed
from ghostproof.search.strategies.model import ModelProofs
from ghostproof.search.strategy import Consult, Goal, Query, QueryKind
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.checker import GoalState
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.verdict import Progress, Verdict
from support.scripted_adviser import ScriptedAdviser
from support.scripted_checker import FAILED, FILE, PROVED, ScriptedChecker, state_of
from support.scripted_prover import ScriptedProver, drawn

PROOF, PLANNED, REPAIR, SKETCH = QueryKind.PROOF, QueryKind.PLANNED, QueryKind.REPAIR, QueryKind.SKETCH
LONG_S = 60.0
TEXT = "theorem t : p := by\n  sorry\n"
SPOT = Spot(22, 27, "", 2, SpotKind.SORRY)


class OneGoal(ScriptedChecker):
    """Sees the same goal in every place but the first, whose goal is `t`."""

    def __init__(self, table: Mapping[str, Verdict], goal: str = "⊢ sub") -> None:
        super().__init__(table, state_of("⊢ t"), width=2)
        self._other = goal

    async def open(self, path: object, text: str, spot: Spot) -> GoalState:
        return state_of("⊢ t" if text == TEXT else self._other, key=text)


async def searched(checker: OneGoal, adviser: ScriptedAdviser) -> str | None:
    outcome = await ProofSearch(checker, FILE, TEXT, SPOT, [ModelProofs()], adviser=adviser).run(LONG_S)
    return outcome.proof.suggestion.text if outcome.proof else None


async def test_proofs_come_first_then_a_repair_a_plan_and_sketches() -> None:
    adviser = ScriptedAdviser({PROOF: {"": ["simp"]}})
    assert await searched(OneGoal({}), adviser) is None
    assert [work.query.kind for work in adviser.asked] == [PROOF, REPAIR, PLANNED, SKETCH, SKETCH]


async def test_nothing_is_to_be_repaired_where_nothing_was_written() -> None:
    adviser = ScriptedAdviser({})
    assert await searched(OneGoal({}), adviser) is None
    assert REPAIR not in [work.query.kind for work in adviser.asked]


async def test_a_repair_is_told_the_best_failures_with_their_steps_and_messages() -> None:
    table: dict[str, Verdict] = {"intro x": Progress(("⊢ sub",))}
    adviser = ScriptedAdviser({PROOF: {"t : p": ["omega", "intro x\nring"]}, REPAIR: {"t : p": ["rfl"]}})
    assert await searched(OneGoal(table | {"rfl": PROVED}), adviser) == "rfl"
    repair = next(work for work in adviser.asked if work.query.kind is REPAIR)
    assert [(f.script, f.step) for f in repair.query.failed] == [("intro x\nring", "ring"), ("omega", "omega")]
    assert {f.message for f in repair.query.failed} == {FAILED.message}


async def test_a_sketch_is_followed_by_one_that_knows_what_became_of_its_steps() -> None:
    table: dict[str, Verdict] = {
        "have a : q := ?_\nexact f a": Progress(("⊢ sub",)),
        "exact whole": PROVED,
    }
    adviser = ScriptedAdviser({SKETCH: {"t : p": ["have a : q := by sorry\nexact f a"]}})
    assert await searched(OneGoal(table), adviser) is None
    again = [work for work in adviser.asked if work.query.kind is SKETCH and "t : p" in work.query.statement][-1]
    assert [fact.goal for fact in again.learnt] == ["⊢ sub"]
    assert not again.learnt[0].proved


async def test_the_steps_of_a_sketch_are_asked_about_as_theorems_and_put_together() -> None:
    whole = "have a : q := by omega\nexact f a"
    table: dict[str, Verdict] = {"have a : q := ?_\nexact f a": Progress(("⊢ sub",)), "omega": PROVED, whole: PROVED}
    adviser = ScriptedAdviser(
        {SKETCH: {"t : p": ["have a : q := by sorry\nexact f a"]}, PROOF: {"theorem goal_1 :": ["omega"]}}
    )
    assert await searched(OneGoal(table | {"omega": PROVED}, "⊢ sub"), adviser) == whole


async def test_a_goal_that_is_tried_by_somebody_else_as_well_does_not_stall_the_model() -> None:
    adviser = ScriptedAdviser({PROOF: {"": ["simp", "simp", "simp"]}, PLANNED: {"": ["simp", "rfl"]}})
    assert await searched(OneGoal({"rfl": PROVED}), adviser) == "rfl"


@pytest.mark.parametrize(
    ("goal", "theorem"),
    [
        ("α : Type\ninst✝ : BEq α\nxs : List α\nh : xs ≠ []\n⊢ p xs",
         "theorem goal_1 (α : Type) [BEq α] (xs : List α) (h : xs ≠ []) :\n    p xs := by\n  "),
        ("case a\nx✝¹ x✝ : Nat\n⊢ x✝¹ = x✝", "theorem goal_1 (x_1 x_0 : Nat) :\n    x_1 = x_0 := by\n  "),
        ("n : Nat := 3\n⊢ n = 3", "theorem goal_1 (n : Nat) :\n    n = 3 := by\n  "),
    ],
)  # fmt: skip
def test_a_goal_is_posed_as_a_theorem(goal: str, theorem: str) -> None:
    above = "def p := 1\n\n/-- About it. -/\ntheorem t : p := by\n  intro x\n  "
    assert posed(Goal(1, parse_main(goal), above)) == "def p := 1\n\n/-- About it. -/\n" + theorem


@pytest.mark.parametrize("end", [":= by\n  ", ":= ", ":= by "])
def test_a_theorem_without_any_proof_is_posed_as_it_is(end: str) -> None:
    assert posed(Goal(0, parse_main("⊢ p"), f"theorem t : p {end}")) == "theorem t : p := by\n  "


def consult(kind: QueryKind = PROOF) -> Consult:
    (query, *_) = ModelProofs().moves(Goal(0, parse_main("⊢ p"), "theorem t : p := by\n  "))
    assert isinstance(query, Query)
    return Consult(0, replace(query, kind=kind))


def adviser_of(prover: ScriptedProver, family: Family, context: int = 32_768) -> ModelAdviser:
    async def prompts(tokens: int) -> Prompter:
        return Prompter(family, prover.count, context, tokens)

    return ModelAdviser(prover, prompts, Draws(proofs=4, tokens=256, plan_tokens=512))


async def answers(adviser: ModelAdviser, kind: QueryKind = PROOF) -> Sequence[str]:
    return [answer async for answer in adviser.ask(consult(kind))]


async def test_scripts_are_taken_out_of_what_a_chat_model_writes() -> None:
    said = [
        "Let us think.\n\n```lean4\ntheorem t : p := by\n  intro h\n  simp\n```",
        "I can't.",
        "```lean4\ntheorem t : p := by\n```",
        "```lean4\n\x00garbage",
        "```lean4\ntheorem t : p := by\n  omega",
    ]
    prover = ScriptedProver([drawn(text) for text in said])
    prover.release(len(said))
    adviser = adviser_of(prover, DeepSeekV2())
    assert await answers(adviser) == ["intro h\nsimp", "omega"]
    assert adviser.tokens == sum(drawn(text).tokens for text in said) > 0


async def test_who_knows_the_theorems_in_reach_is_no_model() -> None:
    prover = ScriptedProver([])
    assert await answers(adviser_of(prover, Plain()), QueryKind.LEMMAS) == []
    assert not prover.prompts


@pytest.mark.parametrize("kind", [kind for kind in QueryKind if kind is not QueryKind.LEMMAS])
async def test_each_kind_of_query_has_its_prompt(kind: QueryKind) -> None:
    prover = ScriptedProver([])
    assert await answers(adviser_of(prover, Plain()), kind) == []
    assert len(prover.prompts) == (kind is not REPAIR), "there is nothing to repair"


@pytest.mark.parametrize("context", [32_768, 900])
async def test_theorems_from_elsewhere_are_shown_as_far_as_they_fit(context: int) -> None:
    async def facts() -> Sequence[str]:
        return ["theorem near : p ↔ q", "theorem far : " + "q ∧ " * 400 + "q"]

    async def prompts(tokens: int) -> Prompter:
        return Prompter(Plain(), prover.count, context, tokens)

    prover = ScriptedProver([])
    adviser = ModelAdviser(prover, prompts, Draws(proofs=4, tokens=256, plan_tokens=256), facts)
    await answers(adviser)
    (prompt,) = prover.prompts
    assert "theorem near : p ↔ q" in prompt.text
    assert ("theorem far" in prompt.text) == (context > 1000)


async def test_a_statement_that_is_too_long_is_not_asked_about() -> None:
    prover = ScriptedProver([drawn("simp")])
    assert await answers(adviser_of(prover, Plain(), context=64)) == []
    assert prover.prompts == []


async def test_a_prover_that_fails_says_so() -> None:
    prover = ScriptedProver([], failure=ProverFailed("gone"))
    with pytest.raises(ProverFailed):
        await answers(adviser_of(prover, Plain()))


async def test_a_prover_that_stalls_is_left_when_nobody_listens_any_more() -> None:
    prover = ScriptedProver([drawn("simp"), drawn("rfl")])
    prover.release()
    told = adviser_of(prover, Plain()).ask(consult())
    assert await anext(told) == "simp"
    await told.aclose()
    await asyncio.wait_for(prover.closed_early.wait(), LONG_S)
