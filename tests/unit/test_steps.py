"""A step as a line of JSON: under the names that existing training code reads, and back again."""

import json

import pytest

from ghostproof.learning.steps import Premise, TacticStep, declaration_id, from_json, to_json

STEP = TacticStep(
    file_path="Lib/Append.lean",
    full_name="Lib.append_nil'",
    theorem_statement="theorem append_nil' (xs : List α) : xs ++ [] = xs",
    start=(12, 3),
    end=(12, 24),
    tactic="rw [nil', List.nil_x]",
    goals_before=("α : Type\nxs : List α\n⊢ xs ++ [] = xs", "⊢ True"),
    goals_after=("⊢ True",),
    premises=(Premise("Lib.nil'", 4, 8), Premise("List.nil_x", 10, 20, "Init.Data.List")),
    rest="rw [nil', List.nil_x]\ntrivial",
    decl_start=(11, 1),
    decl_until="theorem append_nil' (xs : List α) : xs ++ [] = xs := by\n  ",
    imports=("Init", "Lib.Basic"),
    environment="4.28.0",
)


def test_a_line_is_read_back() -> None:
    line = to_json(STEP)
    assert "\n" not in line
    assert from_json(line) == STEP


@pytest.mark.parametrize(
    ("field", "value"),
    [
        pytest.param("file_path", "Lib/Append.lean", id="LeanDojo: file_path"),
        pytest.param("full_name", "Lib.append_nil'", id="LeanDojo: full_name"),
        pytest.param("state_before", "α : Type\nxs : List α\n⊢ xs ++ [] = xs\n\n⊢ True", id="LeanDojo: state_before"),
        pytest.param("state_after", "⊢ True", id="LeanDojo: state_after"),
        pytest.param("start", [12, 3], id="LeanDojo: start"),
        pytest.param("state", "α : Type\nxs : List α\n⊢ xs ++ [] = xs\n\n⊢ True", id="ntp-toolkit: state"),
        pytest.param("nextTactic", "rw [nil', List.nil_x]", id="ntp-toolkit: nextTactic"),
        pytest.param("declUpToTactic", STEP.decl_until, id="ntp-toolkit: declUpToTactic"),
        pytest.param("declId", "Lib/Append.lean:11:Lib.append_nil'", id="ntp-toolkit: declId"),
    ],
)
def test_names_of_fields(field: str, value: object) -> None:
    assert json.loads(to_json(STEP))[field] == value


def test_the_annotated_tactic_marks_premises() -> None:
    text, premises = json.loads(to_json(STEP))["annotated_tactic"]
    assert text == "rw [<a>nil'</a>, <a>List.nil_x</a>]"
    assert [premise["full_name"] for premise in premises] == ["Lib.nil'", "List.nil_x"]


def test_no_goals_are_told_as_lean_does() -> None:
    closed = TacticStep("A.lean", "", "", (1, 1), (1, 4), "rfl", ("⊢ True",), ())
    assert closed.state_after == "no goals"
    assert from_json(to_json(closed)).goals_after == ()
    assert declaration_id(closed) == "A.lean:1:"


@pytest.mark.parametrize("line", ["", "[]", "{}", "null", '{"tactic": 1}', "{", '{"premises": [1]}'])
def test_what_is_no_step_is_refused(line: str) -> None:
    with pytest.raises(ValueError, match="no step"):
        from_json(line)
