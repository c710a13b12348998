"""Which reason for having nothing a person is told."""

import pytest

from ghostproof.suggest.refusals import Refusals
from ghostproof.verify.forbidden import not_allowed
from ghostproof.verify.verdict import Cause, Inconclusive, Progress, Reason, Rejected, Verdict

FAILED = Rejected(Reason.ERROR, "simp made no progress")
UNPROVED = Rejected(Reason.FINAL, "it rests on `lemma_a`, which is not proved\nand more")
AXIOM = Rejected(Reason.FINAL, "it rests on myAxiom")
CIRCLE = Rejected(Reason.CIRCULAR, "it uses `t`, which is being proved.")
SLOW = Inconclusive(Cause.TIMEOUT, "after 2 s")
BEATS = Inconclusive(Cause.HEARTBEATS, "maximum number of heartbeats")
UNTOLD = Inconclusive(Cause.AXIOMS, "Lean does not tell here")
COMPILED = Rejected(Reason.FORBIDDEN, not_allowed("bv_decide"))
LOST = Inconclusive(Cause.CANCELLED, "cancelled")


@pytest.mark.parametrize(
    ("verdicts", "why"),
    [
        ([], ""),
        ([FAILED] * 9, ""),
        ([Rejected(Reason.FORBIDDEN, "`exact?` looks for a proof")] * 9, ""),
        ([Progress(("⊢ p",))], ""),
        (
            [*[FAILED] * 30, UNPROVED],
            "1 would close the goal and was refused: it rests on `lemma_a`, which is not proved.",
        ),
        ([AXIOM, UNPROVED, AXIOM], "2 would close the goal and were refused: it rests on myAxiom."),
        ([CIRCLE], "1 would close the goal and was refused: it uses `t`, which is being proved."),
        ([SLOW, BEATS, FAILED], "2 without a verdict: Lean took too long."),
        ([SLOW, FAILED, FAILED], ""),
        ([SLOW, SLOW, AXIOM], "1 would close the goal and was refused: it rests on myAxiom."),
        ([UNTOLD], "1 would close the goal, without a verdict: Lean does not tell here."),
        ([*[FAILED] * 30, UNTOLD], "1 would close the goal, without a verdict: Lean does not tell here."),
        ([COMPILED, FAILED], f"{COMPILED.message}."),
        ([COMPILED, AXIOM], "1 would close the goal and was refused: it rests on myAxiom."),
        ([LOST, LOST], ""),
        ([Inconclusive(Cause.UNREAD, "")], "1 without a verdict: no reason is known."),
    ],
)
def test_the_reason(verdicts: list[Verdict], why: str) -> None:
    refusals = Refusals()
    for verdict in verdicts:
        refusals.count(verdict)
    assert refusals.why == why


def test_what_is_asked_again_is_forgotten() -> None:
    refusals = Refusals()
    for verdict in (UNTOLD, UNTOLD, SLOW):
        refusals.count(verdict)
    assert refusals.forget_undecided() == 2
    assert refusals.why == "1 without a verdict: Lean took too long."


@pytest.mark.parametrize(
    ("sources", "why"),
    [
        (["rfl", "simp", "omega", "rfl"], "All 4 had the same error: simp made no progress."),
        (["simp", "simp", "simp", "simp"], ""),
        (["rfl", "simp"], ""),
    ],
)
def test_an_error_that_all_have_is_no_candidates_fault(sources: list[str], why: str) -> None:
    refusals = Refusals()
    for source in sources:
        refusals.count(FAILED, source)
    assert refusals.why == why
    refusals.count(Rejected(Reason.ERROR, "another one"), "grind")
    assert refusals.why == ""
