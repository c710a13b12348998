"""What searches in one file find out, and what the next ones in it make of that."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from ghostproof.search.conjecture import Conjecture
from ghostproof.search.known_lemmas import Guess, Recall, Use
from ghostproof.search.remembered import MOST_FILES, MOST_RECALLED, FilesRemembered, Lemma, Remembered
from ghostproof.search.strategies.exploration import Exploration
from ghostproof.search.strategy import Doubt, Goal, Idea, Move
from ghostproof.verify.small_values import Refuted, Survived
from ghostproof.verify.verdict import Candidate, Checked, Progress, Reason, Rejected, Verdict
from support.own_numbers import GOAL, KNOWN, PLUS
from support.told_definitions import told

TRUE = {"∀ (n : N), plus n N.z = n", "∀ (n m : N), plus n (N.s m) = N.s (plus n m)"}
REFUSED = Rejected(Reason.ERROR, "no")


def said(move: Move, verdict: Verdict) -> Checked:
    return Checked(Candidate(move.text, move.strategy), verdict)


def search(remembered: Remembered, goal: Goal = GOAL, recalled: Verdict = REFUSED) -> list[Idea]:
    """All ideas of a search in which small values leave what is true and Lean accepts the guesses of that."""
    strategy = Exploration(remembered)
    waiting: list[Idea] = list(strategy.moves(goal))
    found: list[Idea] = []
    while waiting:
        idea = waiting.pop(0)
        found.append(idea)
        if isinstance(idea, Doubt):
            trials = [Survived(9, 0) if one in TRUE else Refuted(()) for one in idea.statements]
            waiting += strategy.sifted(goal, idea, trials)
        elif isinstance(idea, Move):
            verdict = Progress(("x",)) if isinstance(idea, Guess) else recalled if isinstance(idea, Recall) else REFUSED
            waiting += strategy.follow(goal, idea, said(idea, verdict))
    return found


def doubted(ideas: list[Idea]) -> set[str]:
    return {statement for idea in ideas if isinstance(idea, Doubt) for statement in idea.statements}


def test_what_one_search_has_proved_the_next_one_tries_before_it_guesses() -> None:
    remembered = Remembered()
    assert not any(isinstance(idea, Recall) for idea in search(remembered))
    first, *later = search(remembered, recalled=Progress(("x",)))
    assert isinstance(first, Recall)
    assert all(statement in first.text for statement in TRUE)
    assert all(first.cost < idea.cost for idea in later if isinstance(idea, Doubt))
    uses = [idea for idea in later if isinstance(idea, Use)]
    assert uses
    assert all({one.statement for one in use.given} == TRUE for use in uses)
    assert not any(isinstance(idea, Guess) for idea in later)


def test_what_lean_refuses_now_is_proved_again() -> None:
    remembered = Remembered()
    search(remembered)
    again = search(remembered)
    assert {idea.guessed.statement for idea in again if isinstance(idea, Guess) and idea.guessed} == TRUE


def test_what_small_values_refute_is_not_guessed_again() -> None:
    remembered = Remembered()
    before = doubted(search(remembered))
    assert before > TRUE
    assert doubted(search(remembered)) == TRUE


@pytest.mark.parametrize(
    "changed",
    [
        lambda goal: replace(
            goal, known=told(replace(KNOWN.functions["plus"], print="other"), *KNOWN.families.values())
        ),
        lambda goal: replace(goal, main=replace(goal.main, functions=(replace(PLUS, name="other"),))),
    ],
)
def test_what_is_known_of_other_definitions_is_not_recalled(changed: Callable[[Goal], Goal]) -> None:
    remembered = Remembered()
    before = doubted(search(remembered))
    again = search(remembered, changed(GOAL))
    assert not any(isinstance(idea, Recall) for idea in again)
    assert len(doubted(again)) >= len(before)


def equation(left: str, about: str = "plus") -> Conjecture:
    return Conjecture((("x", "N"),), left, "x", about=frozenset({(about, "N")}))


def test_a_lemma_about_what_only_its_goal_has_is_not_kept() -> None:
    remembered = Remembered()
    remembered.prove(KNOWN, equation("plus x a"), Lemma("its proof"), ["a", "b"])
    remembered.prove(KNOWN, equation("plus x x"), Lemma("its proof"), ["a", "x"])
    assert list(remembered.recall(KNOWN, ["plus"])) == [equation("plus x x")]


def test_a_lemma_comes_with_what_it_rests_on_or_not_at_all() -> None:
    remembered = Remembered()
    base, other = equation("plus x N.z"), equation("times x N.z", "times")
    remembered.prove(KNOWN, base, Lemma("one"), [])
    remembered.prove(KNOWN, other, Lemma("two"), [])
    remembered.prove(KNOWN, equation("plus N.z x"), Lemma("three", (base,)), [])
    remembered.prove(KNOWN, equation("plus x x"), Lemma("four", (other,)), [])
    assert [lemma.text for lemma in remembered.recall(KNOWN, ["plus"]).values()] == ["one", "three"]


def test_few_are_recalled() -> None:
    remembered = Remembered()
    for nth in range(2 * MOST_RECALLED):
        remembered.prove(KNOWN, equation(f"plus x {nth}"), Lemma("one"), [])
    assert len(remembered.recall(KNOWN, ["plus"])) == MOST_RECALLED


def test_each_file_has_its_own_and_the_latest_are_kept() -> None:
    files = FilesRemembered()
    first = files.of(Path("0.lean"))
    assert files.of(Path("1.lean")) is not first
    assert files.of(Path("0.lean")) is first
    for nth in range(2, MOST_FILES + 1):
        files.of(Path(f"{nth}.lean"))
    assert files.of(Path("0.lean")) is first
    for nth in range(MOST_FILES):
        files.of(Path(f"other {nth}.lean"))
    assert files.of(Path("0.lean")) is not first


def test_what_is_false_of_a_goals_own_variable_says_nothing_elsewhere() -> None:
    remembered = Remembered()
    guess = Conjecture((("x", "N"),), "plus (f x) x", "f x", about=frozenset({("plus", "N")}))
    remembered.refute(KNOWN, guess, ["f", "x"])
    assert not remembered.is_refuted(KNOWN, guess)
    remembered.refute(KNOWN, guess, ["x", "g"])
    assert remembered.is_refuted(KNOWN, guess)
