"""What the bench measures at: the demo's goals, the generated files, and the rivals' requests."""

from pathlib import Path

from bench.goals import demo_goals, sorry_goals
from bench.longfile_text import long_text
from bench.rivals import last_line, make_project
from bench.throughput import turn

from ghostproof.lean.toolchain import Toolchain


def test_every_goal_of_the_demo_is_a_sorry_at_the_end_of_its_line() -> None:
    goals = demo_goals()
    assert len(goals) > 10
    for goal in goals:
        assert goal.text[goal.spot.start : goal.spot.end] == "sorry"
        assert goal.text.split("\n")[goal.position.line][goal.position.column :] == "sorry"


def test_prose_is_no_goal() -> None:
    assert sorry_goals(Path("X.lean"), "/-! every sorry -/\n-- a sorry\ntheorem t : p := by\n  sorry -- later\n") == []


def test_long_texts_have_the_wanted_length_and_differ_in_the_last_theorem_only() -> None:
    for lines in (200, 5000):
        one, two = long_text(lines, 1), long_text(lines, 2)
        assert abs(one.count("\n") - lines) < 30
        assert one[: one.rindex("theorem")] == two[: two.rindex("theorem")]
        assert one != two


def test_everyone_starts_a_goal_in_turn() -> None:
    assert [turn(["a", "b", "c"], index)[0] for index in range(4)] == ["a", "b", "c", "a"]


def test_a_rival_project_is_what_they_look_for(tmp_path: Path) -> None:
    make_project(tmp_path, "X.lean", "example : True := trivial\n", Toolchain("embedded", Path(), Path(), "4.28.0-pre"))
    assert (tmp_path / "lean-toolchain").read_text("utf-8") == "leanprover/lean4:v4.28.0-pre\n"
    assert (tmp_path / "lakefile.toml").exists()
    assert (tmp_path / "X.lean").exists()


def test_the_reason_is_the_last_line_that_says_something() -> None:
    assert last_line("Traceback\n  x\nValueError: bad\n\n") == "ValueError: bad"
    assert last_line("\n") == "ended without a word"
