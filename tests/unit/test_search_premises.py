"""Theorems in reach as moves of a search: asked for once a goal, the likelier the cheaper, and only where it helps."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from ghostproof.search.driver import ProofSearch
from ghostproof.search.prove import strategies
from ghostproof.search.strategies.premises import Premises
from ghostproof.search.strategy import Goal, Move, Query, QueryKind
from ghostproof.suggest.source import Tier
from ghostproof.verify.checker import GoalState, MainGoal
from ghostproof.verify.verdict import Verdict
from support.scripted_checker import FILE, PROVED, SPOT, TEXT, ScriptedChecker, SteppingChecker, progress, state_of

GOAL = Goal(0, MainGoal("n : Nat\n⊢ n = n", "n = n"), "theorem t (n : Nat) : n = n := by\n  ")


def heard(answers: Sequence[str | None]) -> list[Move]:
    premises = Premises()
    (query,) = premises.moves(GOAL)
    assert isinstance(query, Query)
    assert query.kind is QueryKind.LEMMAS
    found = [idea for answer in answers for idea in premises.hear(GOAL, query, answer)]
    return [move for move in found if isinstance(move, Move)]


def test_the_likelier_comes_first_and_what_leaves_goals_goes_on() -> None:
    moves = heard(["rw [a]", "exact a ..", "apply a", "induction n <;> simp_all [a]", None])
    assert [move.text for move in moves] == ["rw [a]", "exact a ..", "apply a", "induction n <;> simp_all [a]"]
    assert [move.cost for move in moves] == sorted(move.cost for move in moves)
    assert [move.onward is not None for move in moves] == [True, False, True, False]
    assert [move.tier for move in moves] == [Tier.INSTANT, Tier.INSTANT, Tier.INSTANT, Tier.QUICK]
    # What is not among the likeliest waits for inductions.
    assert moves[2].cost < 2 < moves[3].cost


@pytest.mark.parametrize(("head", "early"), [("Eq", False), ("∀", False), ("LE.le", False), ("Steps", True)])
def test_what_nothing_computes_has_its_rules_early(head: str, early: bool) -> None:
    goal = replace(GOAL, main=replace(GOAL.main, head=head))
    premises = Premises()
    (query,) = premises.moves(goal)
    assert isinstance(query, Query)
    (move,) = premises.hear(goal, query, "exact Steps.step h .refl")
    assert isinstance(move, Move)
    assert (query.cost < 1 and move.cost < 1) is early


def test_only_the_likeliest_are_tried_and_not_endlessly_far_down() -> None:
    assert 0 < len(heard([f"exact l{n} .." for n in range(200)])) < 50
    deep = Goal(9, GOAL.main, GOAL.above, depth=30)
    assert list(Premises().moves(deep)) == []


def test_it_is_asked_where_somebody_knows_theorems() -> None:
    assert "premises" in {strategy.name for strategy in strategies(lemmas=True)}
    assert "premises" not in {strategy.name for strategy in strategies()}


async def test_theorems_are_asked_for_at_the_goal_and_at_what_a_step_leaves() -> None:
    asked: list[str] = []

    async def lemmas(state: GoalState) -> Sequence[str]:
        asked.append(state.goals[0])
        return {"⊢ t": ["rw [a]"], "⊢ u": ["exact b .."]}[state.goals[0]]

    table: dict[str, Verdict] = {"rw [a]": progress("⊢ u"), "exact b ..": PROVED, "rw [a]\nexact b ..": PROVED}
    lean = SteppingChecker(table, state_of("⊢ t"), step="rw [a]", behind=state_of("⊢ u", key="u"))
    outcome = await ProofSearch(lean, FILE, TEXT, SPOT, [Premises()], lemmas=lemmas, shorten=False).run(60.0)
    assert asked == ["⊢ t", "⊢ u"]
    assert outcome.proof is not None
    assert outcome.proof.suggestion.text == "rw [a]\nexact b .."


async def test_where_nobody_knows_theorems_the_search_ends() -> None:
    lean = ScriptedChecker({}, state_of("⊢ t"))
    outcome = await ProofSearch(lean, FILE, TEXT, SPOT, [Premises()]).run(60.0)
    assert outcome.exhausted
