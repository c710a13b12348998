"""The steps of finished proofs, told by a real Lean: every frame that a tactic can stand in, and nothing unfinished."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ghostproof.errors import GhostproofError
from ghostproof.lean.toolchain import Project
from ghostproof.learning.harvest import Harvester, harvester
from ghostproof.learning.steps import TacticStep, from_json, to_json

pytestmark = pytest.mark.lean

FRAMES = Path(__file__).parents[1] / "harvested" / "Frames.lean"


@pytest.fixture(scope="module")
async def harvest(project: Project) -> AsyncIterator[Harvester]:
    session, found = harvester(project, 60)
    yield found
    await session.end()


@pytest.fixture(scope="module")
async def steps(harvest: Harvester, project: Project) -> list[TacticStep]:
    return await harvest.steps(project.root / "Frames.lean", FRAMES.read_text("utf-8"))


@pytest.mark.parametrize(
    ("declaration", "tactics"),
    [
        ("double_eq", ["induction n with …", "rfl", "simp only [double, ih]", "omega"]),
        ("both", ["constructor", "exact hp", "have h : q := by …", "exact hq", "exact h"]),
        ("twice", ["rw [double_eq]", "omega"]),
        ("all", ["constructor", "constructor <;> simp_all", "simp_all", "simp_all"]),
        ("terms", ["exact h"]),
        ("cases'", ["match n with …", "left", "rfl", "right", "exact Nat.succ_pos k"]),
        ("steps", ["calc a = b := by rw [h] …", "rw [h]", "exact k"]),
        ("case_by_case", ["cases h", "exact Or.inr hp", "apply Or.inl", "assumption"]),
        ("tried", ["first …", "simp"]),
        ("unfinished", []),
        ("wrong", []),
        ("", ["refine ⟨?_, ?_⟩", "all_goals trivial", "trivial", "trivial"]),
    ],
)
async def test_every_frame_has_its_steps(steps: list[TacticStep], declaration: str, tactics: list[str]) -> None:
    name = f"Shop.{declaration}" if declaration else ""
    found = [step.tactic.split("\n") for step in steps if step.full_name == name]
    assert [lines[0] + (" …" if len(lines) > 1 else "") for lines in found] == tactics


async def test_a_step_has_what_stands_around_it(steps: list[TacticStep]) -> None:
    step = next(step for step in steps if step.tactic == "simp only [double, ih]")
    assert step.goals_before == ("case succ\nk : Nat\nih : double k = 2 * k\n⊢ double (k + 1) = 2 * (k + 1)",)
    assert step.goals_after == ("case succ\nk : Nat\nih : double k = 2 * k\n⊢ 2 * k + 2 = 2 * (k + 1)",)
    assert (step.full_name, step.file_path) == ("Shop.double_eq", "Frames.lean")
    assert step.theorem_statement == "theorem double_eq (n : Nat) : double n = 2 * n"
    assert step.annotated_tactic == "simp only [<a>double</a>, ih]"
    assert [premise.full_name for premise in step.premises] == ["Shop.double"]
    assert step.rest == "simp only [double, ih]\nomega"
    line = FRAMES.read_text("utf-8").split("\n")[step.start[0] - 1]
    assert line[step.start[1] - 1 : step.end[1] - 1] == step.tactic
    assert step.decl_until.endswith("| succ k ih =>\n    ")
    assert step.environment.startswith("4.")


async def test_blocks_are_written_as_they_would_stand_elsewhere(steps: list[TacticStep]) -> None:
    split = next(step for step in steps if step.tactic == "constructor")
    assert split.rest == "constructor\n· exact hp\n· have h : q := by\n    exact hq\n  exact h"
    by_match = next(step for step in steps if step.tactic.startswith("match"))
    assert by_match.tactic.split("\n")[3:] == ["  right", "  exact Nat.succ_pos k"]


async def test_goals_that_one_tactic_closes_are_steps_of_their_own(steps: list[TacticStep]) -> None:
    goals = [step.main_goal for step in steps if step.tactic == "simp_all"]
    assert [goal.rpartition("⊢ ")[2] for goal in goals] == ["b = a", "a = b"]


async def test_every_step_is_a_line_of_json(steps: list[TacticStep]) -> None:
    assert [from_json(to_json(step)) for step in steps] == steps


async def test_an_edit_costs_what_stands_below_it(harvest: Harvester, project: Project) -> None:
    path = project.root / "Edited.lean"
    above = "theorem one (a b : Nat) (h : a = b) : b = a := by\n  exact h.symm\n\n"
    below = "theorem two (a : Nat) : a = a := by\n  sorry\n"
    assert [step.tactic for step in await harvest.steps(path, above + below)] == ["exact h.symm"]
    finished = await harvest.steps(path, above + below.replace("sorry", "rfl"))
    assert [step.tactic for step in finished] == ["exact h.symm", "rfl"]
    moved = await harvest.steps(path, "\n\n" + above + below.replace("sorry", "simp"))
    assert [(step.tactic, step.start[0]) for step in moved] == [("exact h.symm", 4), ("simp", 7)]
    assert await harvest.steps(path, "def x := 1\n") == []


async def test_more_steps_than_one_answer_has_come_all(harvest: Harvester, project: Project) -> None:
    text = "".join(f"theorem t{n} (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  constructor\n  · exact h.2\n  · exact h.1\n"
                   for n in range(40))  # fmt: skip
    steps = await harvest.steps(project.root / "Many.lean", text)
    assert [step.full_name for step in steps] == [f"t{n}" for n in range(40) for _ in range(3)]
    assert [step.start[0] for step in steps] == [4 * n + line for n in range(40) for line in (2, 3, 4)]


async def test_an_import_that_is_missing_is_told(harvest: Harvester, project: Project) -> None:
    with pytest.raises(GhostproofError, match="Missing"):
        await harvest.steps(
            project.root / "Importing.lean", "import Missing.Module\ntheorem a : True := by\n  trivial\n"
        )
