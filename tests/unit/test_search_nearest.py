"""The project's own proofs as moves of a search: the likelier the cheaper, and none where they are left out."""

from collections.abc import Sequence
from pathlib import Path

from ghostproof.search.prove import strategies
from ghostproof.search.strategies.nearest import Nearest
from ghostproof.search.strategy import Goal
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.nearest import NearestSource
from ghostproof.verify.checker import MainGoal

GOAL = Goal(0, MainGoal("n : Nat\n⊢ n = n", "n = n"), "theorem t (n : Nat) : n = n := by\n  ")


def test_what_was_done_at_the_same_goal_comes_first() -> None:
    asked: list[tuple[str, str]] = []

    def near(goal: str, above: str) -> Sequence[tuple[str, float]]:
        asked.append((goal, above))
        return [("rfl", 1.0), ("simp", 0.5), ("omega", 0.5)]

    moves = list(Nearest(near).moves(GOAL))
    assert asked == [(GOAL.main.goal, GOAL.above)]
    assert [(move.text, move.tier, move.strategy) for move in moves] == [
        ("rfl", Tier.HINT, "nearest"),
        ("simp", Tier.QUICK, "nearest"),
        ("omega", Tier.QUICK, "nearest"),
    ]
    assert [move.cost for move in moves] == sorted(move.cost for move in moves)
    # What they leave is worth a look, the likelier the sooner.
    onward = [move.onward for move in moves if move.onward is not None]
    assert len(onward) == 3
    assert onward == sorted(onward)


def test_only_the_likeliest_are_tried() -> None:
    moves = list(Nearest(lambda goal, above: [(f"exact h{n}", 0.3) for n in range(100)]).moves(GOAL))
    assert 0 < len(moves) < 30


def test_it_is_asked_where_something_may_be_known() -> None:
    assert "nearest" in {strategy.name for strategy in strategies(near=lambda goal, above: [])}
    assert "nearest" not in {strategy.name for strategy in strategies()}


def test_nothing_is_known_of_a_project_that_nothing_was_learned_of() -> None:
    assert NearestSource(lambda path: None).likely(Path("A.lean"), GOAL.main.goal, GOAL.above) == []
