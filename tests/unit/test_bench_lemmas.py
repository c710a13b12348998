"""The bench of whole proofs: which lemmas a run has, and how its rows count."""

import math
from pathlib import Path

from bench.lemmas import SAMPLE, Answer, Found, chosen, rows_of, spots

from lemmas.corpus import Grade, Lemma


def lemma(name: str, grade: Grade) -> Lemma:
    return Lemma(name, Path("x.lean"), "theorem t : p := by\n  sorry\n", 22, grade, False, False)


EASY = [lemma(f"x:easy{n}", "easy") for n in range(4)]
FALSE = [lemma(f"x:false{n}", "false") for n in range(2)]


def test_a_run_never_mixes_what_is_held_out_with_the_rest() -> None:
    for quick in (True, False):
        shown, hidden = chosen(quick=quick, held_out=False), chosen(quick=quick, held_out=True)
        assert not any(one.held_out for one in shown)
        assert all(one.held_out for one in hidden)
        assert shown
        assert hidden


def test_a_look_has_some_of_each_grade() -> None:
    for grade in ("easy", "medium", "hard", "false"):
        assert sum(one.grade == grade for one in chosen(quick=True, held_out=False)) == SAMPLE


def test_every_lemma_has_a_place_for_its_proof() -> None:
    for one in chosen(quick=False, held_out=False):
        spot = spots(one)[0]
        assert one.text[spot.start : spot.end] == "sorry"
        assert spot.fill(one.text, "simp").count("sorry") == one.text.count("sorry") - 1


def test_what_a_fresh_lean_refuses_is_not_counted() -> None:
    proofs = [Found(one, Answer("text" if n < 3 else None), 1.0) for n, one in enumerate(EASY)]
    found = {"prove": [*proofs, *(Found(one, Answer(), 2.0) for one in FALSE)]}
    rows = {row.name: row for row in rows_of(found, [EASY[0]], "60 s each")}
    assert rows["easy: prove"].value == 50
    assert rows["easy: prove"].passed is False
    assert rows["proofs that a fresh lean refuses"].passed is False
    assert "x:easy0" in rows["proofs that a fresh lean refuses"].note
    assert rows["false: proved"].passed
    assert rows["easy: not proved"].note == "x:easy3"
    assert math.isnan(rows["hard: prove"].value)


def test_a_false_lemma_with_a_proof_misses_its_target() -> None:
    rows = {row.name: row for row in rows_of({"prove": [Found(FALSE[0], Answer("text"), 1.0)]}, [], "")}
    assert rows["false: proved"].passed is False


def test_a_false_lemma_counts_once_an_instance_is_told() -> None:
    found = [Found(FALSE[0], Answer(is_refuted=True), 1.0), Found(FALSE[1], Answer(), 1.0)]
    rows = {row.name: row for row in rows_of({"prove": found}, [], "")}
    assert rows["false: refuted"].value == 50
    assert rows["false: refuted"].passed is False
    assert rows["false: not refuted"].note == "x:false1"
