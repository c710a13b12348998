"""How scripts of a model are tried, against a Lean that refuses every text with a bad step in it."""

from collections.abc import Mapping

import pytest

from ghostproof.search.attempt import Attempt, attempts, follow, learnt
from ghostproof.search.strategy import Move
from ghostproof.verify.verdict import (
    Candidate,
    Cause,
    Checked,
    Inconclusive,
    Progress,
    Proved,
    Reason,
    Rejected,
    Verdict,
)

REFUSED = Rejected(Reason.ERROR, "it fails")
LEFT = Progress(("⊢ left",))


def lean(text: str) -> Verdict:
    """Refuses what holds `bad`; `done` at the end closes the goal."""
    if "bad" in text:
        return REFUSED
    return Proved() if text.endswith("done") else LEFT


def told(move: Move, verdict: Verdict) -> Checked:
    return Checked(Candidate(move.text, "model"), verdict)


def tried(script: str) -> tuple[list[Move], int]:
    """The moves that are steps of the search in the end, and how many texts Lean had to read on the way."""
    waiting: list[Move] = list(attempts(script, "model"))
    ends: list[Move] = []
    read = 0
    while waiting:
        move = waiting.pop(0)
        if move.onward is not None and not isinstance(move, Attempt):
            ends.append(move)
            continue
        read += 1
        assert isinstance(move, Attempt)
        waiting += follow(move, told(move, lean(move.text)))
    return ends, read


def plans(move: Move) -> list[list[str]]:
    return [[further.text for further in place] for place in move.plan]


def test_a_script_that_lean_accepts_asks_for_nothing_more() -> None:
    assert tried("intro x\ndone") == ([], 1)


def test_a_script_that_leaves_goals_is_a_step() -> None:
    ends, _ = tried("intro x\nsimp")
    assert [end.text for end in ends] == ["intro x\nsimp"]


def test_the_longest_part_that_runs_is_kept_and_the_rest_tried_behind_it() -> None:
    ends, read = tried("\n".join([*(f"step{n}" for n in range(12)), "bad", "more", "done"]))
    (kept,) = ends
    assert kept.text == "\n".join(f"step{n}" for n in range(12))
    assert plans(kept) == [["more\ndone"]]
    assert read <= 6, "halving"


def test_a_first_step_that_fails_is_left_out() -> None:
    first, _ = tried("bad\nintro x\nsimp")
    assert [end.text for end in first] == ["intro x\nsimp"]


def test_a_step_with_a_block_that_fails_becomes_a_goal_with_the_block_tried_on_it() -> None:
    ends, _ = tried("intro x\nhave h : p := by\n  simp\n  bad\nexact h.1\ndone")
    opened, before = ends
    assert opened.text == "intro x\nhave h : p := ?_"
    assert plans(opened) == [["simp\nbad"], ["exact h.1\ndone"]]
    assert opened.skeleton is not None
    assert opened.skeleton.fill(["omega", "rfl"]) == "intro x\nhave h : p := by omega\nrfl"
    assert before.text == "intro x"
    assert plans(before) == [["exact h.1\ndone"]]


def test_every_case_of_an_induction_that_fails_is_a_goal() -> None:
    ends, _ = tried("induction n with\n| zero => simp\n| succ n ih =>\n  bad\n  done")
    assert [end.text for end in ends] == ["induction n with\n| zero => ?_\n| succ n ih =>\n  ?_"]
    assert plans(ends[0])[:2] == [["simp"], ["bad\ndone"]]
    assert ends[0].skeleton is not None
    assert ends[0].skeleton.fill(["simp", "omega"]) == "induction n with\n| zero => simp\n| succ n ih =>\n  omega"


@pytest.mark.parametrize("bullet", ["· {}", "case inl h => {}", "next => {}"])
def test_bullets_behind_the_failing_one_are_tried_on_their_goals(bullet: str) -> None:
    lines = ["constructor", bullet.format("rfl"), bullet.format("bad"), bullet.format("omega")]
    (kept,), _ = tried("\n".join([*lines, "done"]))
    assert kept.text == "\n".join(lines[:2])
    alone = [["bad"], ["omega"]] if bullet.startswith("·") else [[lines[2]], [lines[3]]]
    assert plans(kept) == alone


def sketched(script: str) -> tuple[str, str, tuple[int, ...] | None]:
    """What Lean is asked about a sketch, what is written of it with letters in its holes, and their goals."""
    (move,) = attempts(script, "model")
    assert move.onward is not None
    assert move.skeleton is not None
    return move.text, move.skeleton.fill("ABCDEF"[: move.skeleton.holes]), move.order


@pytest.mark.parametrize("unproved", ["by sorry", "by\n  sorry", "sorry", "by exact sorry", "by admit"])
def test_a_sketch_is_tried_at_once_with_holes_of_ours(unproved: str) -> None:
    assert sketched(f"have a : p := {unproved}\nhave b : q := {unproved}\nexact f a b") == (
        "have a : p := ?_\nhave b : q := ?_\nexact f a b",
        "have a : p := by A\nhave b : q := by B\nexact f a b",
        (1, 0),
    )


def test_what_a_sketch_proves_itself_is_left_as_it_is() -> None:
    text, written, _ = sketched("have a : p := by simp\nhave b : q := sorry\nexact f a b")
    assert text == "have a : p := by simp\nhave b : q := ?_\nexact f a b"
    assert written == "have a : p := by simp\nhave b : q := by A\nexact f a b"


@pytest.mark.parametrize("end", ["sorry", "exact sorry", "admit"])
def test_a_sketch_may_leave_its_own_goal_open(end: str) -> None:
    assert sketched(f"intro x\nhave a : p := by sorry\nhave b : q := by sorry\n{end}") == (
        "intro x\nhave a : p := ?_\nhave b : q := ?_",
        "intro x\nhave a : p := by A\nhave b : q := by B\nC",
        (2, 1, 0),
    )


@pytest.mark.parametrize(
    ("script", "told"),
    [
        (
            "have a : p := by sorry\ncases x with\n| l => sorry\n| r => sorry",
            ("have a : p := ?_\ncases x with\n| l => ?_\n| r => ?_",
             "have a : p := by A\ncases x with\n| l => B\n| r => C", (2, 0, 1)),
        ),
        (
            "have a : p := by sorry\nconstructor\n· sorry\n· have b : q := by sorry\n  exact b",
            ("have a : p := ?_\nconstructor", "have a : p := by A\nconstructor\n· B\n· C", (2, 0, 1)),
        ),
        (
            "calc a = b := by sorry\n  _ = c := by sorry",
            ("calc\n  a = b := ?_\n  _ = c := ?_", "calc\n  a = b := by A\n  _ = c := by B", (0, 1)),
        ),
        (
            "obtain ⟨a, b⟩ : ∃ x, p x := by sorry\nexact f a b",
            ("have : ∃ x, p x := ?_\nobtain ⟨a, b⟩ := this\nexact f a b",
             "have : ∃ x, p x := by A\nobtain ⟨a, b⟩ := this\nexact f a b", (0,)),
        ),
        ("exact f (by sorry) (by simp)", ("refine f (?_) (by simp)", "refine f (A) (by simp)", (0,))),
    ],
)  # fmt: skip
def test_cases_bullets_and_chains_of_a_sketch_are_goals(script: str, told: object) -> None:
    assert sketched(script) == told


def test_a_sketch_that_lean_refuses_is_kept_as_far_as_it_runs() -> None:
    ends, _ = tried("have a : p := by sorry\nbad\nexact a\ndone")
    assert [end.text for end in ends] == ["have a : p := ?_"]
    assert plans(ends[0]) == [[], ["exact a\ndone"]]


@pytest.mark.parametrize("script", ["", "  \n", "sorry", "exact sorry", "x" * 30_000])
def test_what_says_nothing_is_not_tried(script: str) -> None:
    assert attempts(script, "model") == ()


def test_blocks_in_blocks_without_end_are_not_followed() -> None:
    deep = "".join(f"{'  ' * n}have h{n} : p := by\n" for n in range(40)) + "  " * 40 + "sorry"
    for move in attempts(deep, "model"):
        assert len(move.text) < 1000


@pytest.mark.parametrize(
    "verdict",
    [REFUSED, Rejected(Reason.PARSE, "?"), Rejected(Reason.FORBIDDEN, "no"), Inconclusive(Cause.TIMEOUT, "…")],
)
def test_a_script_is_taken_apart_whatever_was_wrong_with_it(verdict: Verdict) -> None:
    (whole,) = attempts("intro x\nsimp\ndone", "model")
    assert isinstance(whole, Attempt)
    (part,) = follow(whole, told(whole, verdict))
    assert part.text == "intro x"
    assert part.onward is None


def test_the_failing_step_is_known_in_the_end() -> None:
    move: Move = attempts("intro x\nbad\ndone", "model")[0]
    known: Mapping[str, str] = {}
    for _ in range(5):
        assert isinstance(move, Attempt)
        seen = learnt(move, told(move, lean(move.text)))
        assert seen is not None
        if seen.is_settled:
            known = {"step": seen.failing, "message": seen.message, "script": seen.script}
            break
        (move,) = follow(move, told(move, lean(move.text)))
    assert known == {"step": "bad", "message": "it fails", "script": "intro x\nbad\ndone"}
