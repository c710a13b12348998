"""A suggestion can only be made from an acceptance."""

import pytest

from ghostproof.verify.verdict import (
    Candidate,
    Cause,
    Checked,
    Inconclusive,
    Progress,
    Proved,
    Reason,
    Rejected,
    Suggestion,
    Unverified,
    Verdict,
)

SIMP = Candidate("simp", "simp", 1.0)


@pytest.mark.parametrize(
    "verdict", [Rejected(Reason.ERROR, "no"), *(Inconclusive(cause, "no answer") for cause in Cause)]
)
def test_what_lean_did_not_accept_is_no_suggestion(verdict: Verdict) -> None:
    with pytest.raises(Unverified):
        Suggestion.of(Checked(SIMP, verdict))


def test_a_suggestion_cannot_be_made_by_hand() -> None:
    with pytest.raises(Unverified):
        Suggestion("simp", "simp", Proved(), 1.0)


def test_an_acceptance_becomes_a_suggestion_with_its_remaining_goals() -> None:
    proved = Suggestion.of(Checked(SIMP, Proved(), ms=3))
    assert (proved.kind, proved.goals, proved.source, proved.ms) == ("proved", (), "simp", 3)
    progress = Suggestion.of(Checked(SIMP, Progress(("⊢ q",))))
    assert (progress.kind, progress.goals) == ("progress", ("⊢ q",))


@pytest.mark.parametrize(
    ("verdict", "says"),
    [
        (Proved(), "✓ closes the goal"),
        (Progress(("a", "b")), "→ 2 goals"),
        (Progress(("a",)), "→ 1 goal"),
        (Progress(("a",), closed_main=True), "✓ closes the goal, 1 left"),
    ],
)
def test_the_outcome_says_what_happens_to_the_goal(verdict: Verdict, says: str) -> None:
    assert Suggestion.of(Checked(SIMP, verdict)).outcome == says
