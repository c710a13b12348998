"""What the engine does next."""

from dataclasses import replace

import pytest

from ghostproof.prover.engine.scheduler.schedule import (
    BatchLimits,
    Pass,
    PrefillPass,
    Relief,
    RequestStage,
    Standing,
    StepPass,
    TakeFrom,
    gives_way,
    next_pass,
    relief,
    superseded,
)
from ghostproof.prover.protocol import Priority

BATCH = BatchLimits(chunk=64, rows=8)
WAITING, PREFILL, DRAWING, DRAINING = (
    RequestStage.WAITING,
    RequestStage.PREFILL,
    RequestStage.DRAWING,
    RequestStage.DRAINING,
)
AFTER_PREFILL, AFTER_STEP = PrefillPass(99), StepPass((99,))


def tactic(number: int, stage: RequestStage = WAITING, rows: int = 4) -> Standing:
    return Standing(number, Priority.TACTIC, f"doc{number}", rows, stage)


def warm(number: int, stage: RequestStage = WAITING) -> Standing:
    return Standing(number, Priority.WARM, f"doc{number}", 0, stage)


def proof(number: int, stage: RequestStage = WAITING, rows: int = 4) -> Standing:
    return Standing(number, Priority.PROOF, f"doc{number}", rows, stage)


def blocked(standing: Standing) -> Standing:
    return replace(standing, blocked=True)


CASES: list[tuple[str, list[Standing], Pass | None, Pass | None]] = [
    ("nothing to do", [], None, None),
    ("the oldest first", [tactic(2), tactic(1)], None, PrefillPass(1)),
    ("what has begun first", [tactic(1), tactic(2, PREFILL)], None, PrefillPass(2)),
    ("a tactic before a proof that draws", [proof(1, DRAWING), tactic(2)], AFTER_STEP, PrefillPass(2)),
    ("a tactic before a warm-up that has begun", [warm(1, PREFILL), tactic(2)], AFTER_PREFILL, PrefillPass(2)),
    ("a warm-up before a proof", [proof(1, PREFILL), warm(2)], None, PrefillPass(2)),
    ("a tactic draws alone", [proof(1, DRAWING), tactic(2, DRAWING)], None, StepPass((2,))),
    ("proofs go on when tactics are idle", [proof(1, DRAWING), tactic(2, DRAINING)], None, StepPass((1,))),
    ("documents draw together", [tactic(1, DRAWING), tactic(2, DRAWING)], None, StepPass((1, 2))),
    ("a newcomer joins", [tactic(1, DRAWING), tactic(2)], AFTER_STEP, PrefillPass(2)),
    ("a long prompt takes turns", [tactic(1, DRAWING), tactic(2, PREFILL)], AFTER_PREFILL, StepPass((1,))),
    ("a long prompt alone goes on", [tactic(2, PREFILL)], AFTER_PREFILL, PrefillPass(2)),
    ("rows are limited", [tactic(1, DRAWING, 6), tactic(2)], AFTER_STEP, StepPass((1,))),
    ("nobody overtakes", [tactic(1, DRAWING, 6), tactic(2, rows=4), tactic(3, rows=1)], AFTER_STEP, StepPass((1,))),
    ("a wide request runs alone", [tactic(1, rows=50)], None, PrefillPass(1)),
    ("a warm-up takes no rows", [warm(1), warm(2, PREFILL)], None, PrefillPass(2)),
    ("rows of proofs do not count for tactics", [proof(1, DRAWING, 8), tactic(2, rows=8)], None, PrefillPass(2)),
    ("what is blocked waits", [blocked(tactic(1, DRAWING)), tactic(2, DRAWING)], None, StepPass((2,))),
    ("a blocked tactic lets a proof go on", [blocked(tactic(2)), proof(1, DRAWING)], None, StepPass((1,))),
    (
        "a full batch that drains lets a proof go on",
        [tactic(1, DRAINING, 8), tactic(2), proof(3)],
        None,
        PrefillPass(3),
    ),
    ("everything drains", [tactic(1, DRAINING)], AFTER_STEP, None),
]


@pytest.mark.parametrize(("standings", "latest", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES])
def test_the_next_pass(standings: list[Standing], latest: Pass | None, expected: Pass | None) -> None:
    assert next_pass(standings, BATCH, latest) == expected


def test_the_newest_request_of_a_document_supersedes() -> None:
    newest = Standing(5, Priority.TACTIC, "a", 1)
    others = [
        Standing(1, Priority.TACTIC, "a", 1, DRAWING),
        Standing(2, Priority.WARM, "a", 0),
        Standing(3, Priority.TACTIC, "b", 1),
        Standing(4, Priority.TACTIC, "a", 1),
        newest,
    ]
    assert superseded(newest, others) == [1, 4]


def test_nobodys_requests_do_not_supersede_each_other() -> None:
    assert superseded(Standing(2, Priority.TACTIC, "", 1), [Standing(1, Priority.TACTIC, "", 1)]) == []


def test_the_newest_of_the_least_urgent_gives_way() -> None:
    holders = [proof(1), proof(3), warm(4), tactic(2)]
    assert gives_way(tactic(9), holders) == 3
    assert gives_way(warm(9), [tactic(1), warm(2)]) is None
    assert gives_way(proof(9), holders) is None


RELIEFS: list[tuple[str, Standing, list[Standing], bool, bool, Relief | TakeFrom]] = [
    ("a warm-up without memory ends", warm(1), [proof(2)], True, False, Relief.GIVE_UP),
    ("a less urgent one pays first", tactic(3, DRAWING), [tactic(1, DRAWING), proof(2)], True, True, TakeFrom(2)),
    ("then half of the own candidates", tactic(3, DRAWING), [tactic(1, DRAWING)], True, True, Relief.NARROW),
    ("a prompt cannot be halved", tactic(3, PREFILL), [tactic(1, DRAWING)], True, False, Relief.WAIT),
    ("one candidate waits for others", tactic(3, DRAWING, 1), [tactic(1, DRAWING)], True, True, Relief.WAIT),
    ("or for the others of its pass", tactic(3, DRAWING, 1), [], False, True, Relief.WAIT),
    ("nobody waits for who waits", tactic(3, DRAWING, 1), [blocked(tactic(1))], True, True, Relief.GIVE_UP),
    ("alone with one candidate it ends", tactic(3, DRAWING, 1), [], True, True, Relief.GIVE_UP),
]


@pytest.mark.parametrize(
    ("needy", "holders", "alone", "computed", "expected"), [case[1:] for case in RELIEFS], ids=[c[0] for c in RELIEFS]
)
def test_what_a_pass_without_memory_costs(
    needy: Standing, holders: list[Standing], alone: bool, computed: bool, expected: Relief | TakeFrom
) -> None:
    assert relief(needy, holders, alone=alone, computed=computed) == expected


@pytest.mark.parametrize(
    ("going", "rows", "always", "by_half"),
    [(16, 16, False, False), (15, 16, True, False), (9, 16, True, False), (8, 16, True, True), (1, 2, True, True),
     (5, 6, True, False), (4, 6, True, True), (3, 4, True, False), (1, 1, False, False)],
)  # fmt: skip
def test_rows_move_together_at_once_or_when_half_of_their_places_are_free(
    going: int, rows: int, always: bool, by_half: bool
) -> None:
    assert BatchLimits(1, 1).compacts(going, rows) is always
    assert BatchLimits(1, 1, compact_by_half=True).compacts(going, rows) is by_half
