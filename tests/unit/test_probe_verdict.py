"""What the prober's answers mean."""

import pytest

from ghostproof.lean.probe import ProbeAnswer
from ghostproof.verify.probe_verdict import errors_of, final_verdict, is_closed, is_recursive, offers, trial_verdict
from ghostproof.verify.verdict import Cause, Inconclusive, Progress, Proved, Reason, Rejected, Verdict


def reason(verdict: Verdict) -> Reason | Cause | None:
    match verdict:
        case Rejected(why, _):
            return why
        case Inconclusive(cause, _):
            return cause
    return None


CLOSED = {"goals": [], "closed": True, "axioms": []}


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ({"parse": "unknown tactic"}, Reason.PARSE),
        ({"refused": "sorry"}, Reason.FORBIDDEN),
        ({"sorry": True}, Reason.FINAL),
        ({"error": "Type mismatch", "cause": ""}, Reason.ERROR),
        ({"error": "gave up", "cause": "heartbeats"}, Cause.HEARTBEATS),
        ({"error": "(deterministic) timeout at `whnf`", "cause": ""}, Cause.HEARTBEATS),
        ({"error": "maximum recursion depth has been reached", "cause": ""}, Cause.MEMORY),
        ({"error": "elaboration interrupted", "cause": "interrupt"}, Cause.TIMEOUT),
        ({"failure": "broken"}, Cause.CRASH),
        ({"same": True}, Reason.NO_PROGRESS),
        ({}, Cause.CRASH),
        ({"gone": True}, Cause.CRASH),
        ({"closed": True}, Cause.CRASH),
        ({**CLOSED, "search": "exact?"}, Reason.FORBIDDEN),
        ({**CLOSED, "axioms": ["wrong"]}, Reason.FINAL),
        ({**CLOSED, "unfinished": ["price"]}, Reason.FINAL),
        ({"goals": ["⊢ p"], "closed": False, "unfinished": ["price"]}, Reason.FINAL),
        ({"goals": [], "closed": False, "value": True}, Reason.FINAL),
        ({"error": "failed", "search": "exact?"}, Reason.ERROR),
        (CLOSED, None),
    ],
)
def test_trial(answer: dict[str, object], expected: Reason | Cause | None) -> None:
    assert reason(trial_verdict(ProbeAnswer(answer))) == expected


def test_what_lean_gives_up_without_a_word_is_said_in_words() -> None:
    assert trial_verdict(ProbeAnswer({"error": "internal exception #5"})) == Rejected(
        Reason.ERROR, "A step in it is refused, or leaves goals."
    )


def test_progress_and_proof() -> None:
    assert trial_verdict(ProbeAnswer(CLOSED)) == Proved()
    assert trial_verdict(ProbeAnswer({"goals": ["⊢ p"], "closed": False})) == Progress(("⊢ p",))
    assert trial_verdict(ProbeAnswer({"goals": ["⊢ p"], "closed": True})) == Progress(("⊢ p",), closed_main=True)


def test_the_full_name_of_the_declaration_is_a_circle_although_lean_does_not_know_it_yet() -> None:
    answer = ProbeAnswer({"error": "Unknown constant `N.self`"})
    assert reason(trial_verdict(answer, "exact _root_.N.self n", "N.self")) == Reason.CIRCULAR
    assert reason(trial_verdict(answer, "exact other", "N.self")) == Reason.ERROR


def test_only_sound_closings_get_a_final_check() -> None:
    assert is_closed(ProbeAnswer(CLOSED))
    assert not is_closed(ProbeAnswer({**CLOSED, "search": "simp?"}))
    assert not is_closed(ProbeAnswer({**CLOSED, "axioms": ["wrong"]}))
    assert not is_closed(ProbeAnswer({**CLOSED, "unseen": ["hidden"]}))
    assert not is_closed(ProbeAnswer({**CLOSED, "unfinished": ["price"]}))
    assert not is_closed(ProbeAnswer({"goals": ["⊢ p"]}))
    assert not is_closed(ProbeAnswer({"error": "failed"}))


def test_no_goal_left_is_no_proof_without_a_final_check() -> None:
    assert is_closed(ProbeAnswer({"goals": [], "closed": False}))


def test_recursion_gets_a_final_check_whatever_is_left() -> None:
    assert is_recursive(ProbeAnswer({"goals": ["⊢ p"], "recursion": "foo"}))
    assert not is_recursive(ProbeAnswer({"goals": ["⊢ p"], "recursion": ""}))
    assert not is_recursive(ProbeAnswer({"error": "failed", "recursion": "foo"}))


@pytest.mark.parametrize("said", [{}, {"gone": True}, {"axioms": []}, {"goals": [], "closed": True, "axioms": []}])
def test_what_lean_does_not_say_in_the_final_check_is_not_accepted(said: dict[str, object]) -> None:
    assert reason(final_verdict(ProbeAnswer(said), (), Proved())) == Cause.CRASH


def test_a_term_that_may_not_be_elaborated_is_refused_in_the_final_check() -> None:
    assert reason(final_verdict(ProbeAnswer({"refused": "run_tac"}), (), Proved())) == Reason.FORBIDDEN


@pytest.mark.parametrize(
    "said",
    [
        {"unreached": True},
        {"sorry": True},
        {"error": "(kernel) declaration has free variables"},
        {"axioms": ["wrong"]},
        {"unfinished": ["price"]},
    ],
)
def test_what_the_candidate_did_in_place_counts(said: dict[str, object]) -> None:
    assert reason(final_verdict(ProbeAnswer({"errors": [], **said}), (), Proved())) == Reason.FINAL
    assert final_verdict(ProbeAnswer({"errors": [], "axioms": [], "unfinished": []}), (), Proved()) == Proved()


@pytest.mark.parametrize(
    ("errors", "known", "expected"),
    [
        ([], [], None),
        (["oops"], ["oops"], None),
        (["oops", "oops"], ["oops"], Reason.FINAL),
        (["new"], ["oops"], Reason.FINAL),
        (["unsolved goals\n⊢ q 5"], ["unsolved goals\n⊢ q ?x"], None),
        (["unsolved goals\n⊢ q", "unsolved goals\n⊢ r"], ["unsolved goals\n⊢ q"], Reason.FINAL),
        (["unsolved goals\n⊢ r"], ["unsolved goals\n⊢ q"], Reason.FINAL),
        (["unsolved goals\n⊢ q 5 ∧ r"], ["unsolved goals\n⊢ q ?x"], None),
        (["unsolved goals\n⊢ r 5"], ["unsolved goals\n⊢ q ?x"], Reason.FINAL),
        (["unsolved goals\n⊢ q 5", "unsolved goals\n⊢ q 6"], ["unsolved goals\n⊢ q ?x"], Reason.FINAL),
        (["can't synthesize ?m.12"], ["can't synthesize ?m.97"], None),
        (["(deterministic) timeout at `elaborator`"], [], Cause.HEARTBEATS),
        (["fail to show termination"], [], Reason.CIRCULAR),
    ],
)
def test_final(errors: list[str], known: list[str], expected: Reason | Cause | None) -> None:
    baseline = errors_of(ProbeAnswer({"errors": known}))
    assert reason(final_verdict(ProbeAnswer({"errors": errors}), baseline, Proved())) == expected


def test_a_final_check_that_does_not_end_is_no_verdict() -> None:
    assert reason(final_verdict(ProbeAnswer({"cause": "interrupt"}), (), Proved())) == Cause.TIMEOUT


def test_offers_of_several_messages() -> None:
    said = [
        "Try this:\n  [apply] exact Nat.add_comm a b",
        "Try these:\n  [apply] grind\n  [apply] exact List.rec\n    (a)\n    (b)",
        "Try this:\n  [apply] refine f ?_\n  -- Remaining subgoals:\n  -- ⊢ p",
    ]
    found = ("exact Nat.add_comm a b", "grind", "exact List.rec\n  (a)\n  (b)", "refine f ?_")
    assert offers(ProbeAnswer({"hints": said})) == found


def test_what_rests_on_a_proof_that_cannot_be_seen_has_no_verdict() -> None:
    verdict = trial_verdict(ProbeAnswer({**CLOSED, "unseen": ["Own.hidden"]}))
    assert isinstance(verdict, Inconclusive)
    assert verdict.cause is Cause.AXIOMS
    assert "Own.hidden" in verdict.message
    # What is known to be wrong is refused all the same.
    both = trial_verdict(ProbeAnswer({**CLOSED, "axioms": ["sorryAx"], "unseen": ["Own.hidden"]}))
    assert isinstance(both, Rejected)
