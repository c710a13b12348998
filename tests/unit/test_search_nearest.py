"""The project's own proofs as moves of a search: the likelier the cheaper, and none where they are left out."""

import asyncio
import threading
from collections.abc import Sequence
from pathlib import Path

from ghostproof.learning.learned import Learned
from ghostproof.learning.store import StepStore
from ghostproof.search.driver import ProofSearch
from ghostproof.search.prove import strategies
from ghostproof.search.strategies.nearest import Near, Nearest
from ghostproof.search.strategy import Goal, Move
from ghostproof.suggest.source import Tier
from ghostproof.suggest.sources.nearest import NearestSource
from ghostproof.verify.checker import MainGoal
from ghostproof.verify.verdict import Verdict
from support.scripted_checker import FILE, PROVED, SPOT, TEXT, SteppingChecker, progress, state_of

GOAL = Goal(0, MainGoal("n : Nat\n⊢ n = n", "n = n"), "theorem t (n : Nat) : n = n := by\n  ")


async def moves_of(near: Near) -> list[Move]:
    nearest = Nearest(near)
    await nearest.prepare(GOAL.main.goal, GOAL.above)
    return list(nearest.moves(GOAL))


async def test_what_was_done_at_the_same_goal_comes_first() -> None:
    asked: list[tuple[str, str]] = []

    async def near(goal: str, above: str) -> Sequence[tuple[str, float]]:
        asked.append((goal, above))
        return [("rfl", 1.0), ("simp", 0.5), ("omega", 0.5)]

    moves = await moves_of(near)
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


async def test_only_the_likeliest_are_tried() -> None:
    async def near(goal: str, above: str) -> Sequence[tuple[str, float]]:
        return [(f"exact h{n}", 0.3) for n in range(100)]

    moves = await moves_of(near)
    assert 0 < len(moves) < 30


def test_it_is_asked_where_something_may_be_known() -> None:
    async def near(goal: str, above: str) -> Sequence[tuple[str, float]]:
        return []

    assert "nearest" in {strategy.name for strategy in strategies(near=near)}
    assert "nearest" not in {strategy.name for strategy in strategies()}


async def test_nothing_is_known_of_a_project_that_nothing_was_learned_of() -> None:
    assert await NearestSource(lambda path: None).likely(Path("A.lean"), GOAL.main.goal, GOAL.above) == []


async def test_the_search_has_it_at_every_goal() -> None:
    asked: list[str] = []

    async def near(goal: str, above: str) -> Sequence[tuple[str, float]]:
        asked.append(goal)
        return {"⊢ t": [("rw [a]", 0.95)], "⊢ u": [("exact b", 0.5)]}[goal]

    table: dict[str, Verdict] = {"rw [a]": progress("⊢ u"), "exact b": PROVED, "rw [a]\nexact b": PROVED}
    lean = SteppingChecker(table, state_of("⊢ t"), step="rw [a]", behind=state_of("⊢ u", key="u"))
    outcome = await ProofSearch(lean, FILE, TEXT, SPOT, [Nearest(near)], shorten=False).run(60.0)
    assert asked == ["⊢ t", "⊢ u"]
    assert outcome.proof is not None
    assert outcome.proof.suggestion.text == "rw [a]\nexact b"


async def test_a_look_up_that_waits_for_whoever_writes_holds_nobody_else(tmp_path: Path) -> None:
    store = StepStore(tmp_path / "steps.sqlite", 100)
    written, held = threading.Event(), threading.Event()

    def write() -> None:
        with store._lock:
            held.set()
            written.wait()

    writing = asyncio.create_task(asyncio.to_thread(write))
    await asyncio.to_thread(held.wait)
    source = NearestSource(lambda path: Learned(store, lambda path: path.name))
    asked = asyncio.create_task(source.likely(Path("A.lean"), GOAL.main.goal, GOAL.above))
    for _ in range(10):
        await asyncio.sleep(0)  # the loop goes round although the look-up can't
    assert not asked.done()
    written.set()
    assert await asked == []
    await writing
    store.close()
