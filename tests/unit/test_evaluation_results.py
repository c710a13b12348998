"""What results come to, how they are kept while they come in, and what a page tells of them."""

from pathlib import Path

import pytest

from ghostproof.cli import run
from ghostproof.errors import BadInput
from ghostproof.evaluation.journal import Conditions, EvaluationJournal, read, written
from ghostproof.evaluation.result import Failing, ShownSuggestion, StepRank, Way
from ghostproof.evaluation.summary import compared, summary
from ghostproof.report.evaluation import page
from support.evaluated import result, way
from unit.test_report import HOSTILE

CONDITIONS = Conditions(10.0, ("nearest",), ("suggestion", "search"), "4.28.0")
RESULTS = [
    result("a", way("proved", 500, source="simp"), way("proved", 3000, source="induction"), rank=1),
    result("b", way("proved", 1500, source="nearest"), way("time", accepted=2), lines=4, rank=3),
    result("c", way("exhausted"), way("proved", 2000), lines=4, lemmas=("x",), rank=9),
    result("d", way("time", accepted=3), way("time"), lines=12, lemmas=("x", "y"), missing=("x", "y")),
    result("e", way("exhausted"), way("exhausted"), lines=2, lemmas=("x", "y", "z"), missing=("x",)),
    result("f", way("failed"), way("exhausted"), lines=2),
]
STEPS = (StepRank(4, "simp", 2), StepRank(5, "omega", None))


def test_figures() -> None:
    found = summary(RESULTS)
    suggestion, search = found.ways
    assert (found.theorems, str(found.any)) == (6, "3 of 6 (50%)")
    assert (suggestion.way, suggestion.solved.part, suggestion.alone, suggestion.seconds) == (Way.SUGGESTION, 2, 1, 1.0)
    assert (search.way, search.solved.part, search.alone, search.seconds) == (Way.SEARCH, 2, 1, 2.5)
    assert [(g.name, g.theorems, g.solved, g.any) for g in found.by_length] == [
        ("1 line", 1, (1, 1), 1),
        ("2–3 lines", 2, (0, 0), 0),
        ("4–6 lines", 2, (1, 1), 2),
        ("11+ lines", 1, (0, 0), 0),
    ]
    assert [(g.name, g.theorems) for g in found.by_lemmas] == [
        ("0 lemmas", 3), ("1 lemma", 1), ("2 lemmas", 1), ("3+ lemmas", 1)
    ]  # fmt: skip
    assert [(places, share.part, share.whole) for places, share in found.next_tactic] == [
        (1, 1, 6),
        (3, 2, 6),
        (8, 2, 6),
    ]
    assert dict(found.authors)[Way.SUGGESTION] == (("nearest", 1), ("simp", 1))


def test_later_steps_count_as_places_of_their_own() -> None:
    found = summary([*RESULTS, result("g", way("proved"), way("proved"), rank=1, steps=STEPS)])
    assert [(n, share.part, share.whole) for n, share in found.next_tactic] == [(1, 2, 9), (3, 4, 9), (8, 4, 9)]


def test_what_was_not_proved_says_why() -> None:
    assert RESULTS[0].failings == ()
    assert RESULTS[3].failings == (Failing.LEMMA_MISSING, Failing.USELESS, Failing.TIMEOUT)
    assert RESULTS[4].failings == (Failing.NO_CLOSER,)
    assert RESULTS[5].failings == (Failing.FAILED,)
    assert dict(summary(RESULTS).failings)[Failing.TIMEOUT] == 1


def test_two_evaluations_are_compared_over_what_both_have_tried() -> None:
    after = [
        result("a", way("proved"), way("proved"), rank=2),
        result("d", way("proved"), way("time"), rank=4),
        result("b", way("time"), way("time")),
        result("new", way("proved"), way("proved")),
    ]
    found = compared(RESULTS, after)
    assert (found.common, found.gained, found.lost, found.nearer, found.farther) == (3, ("d",), ("b",), 1, 2)
    assert (found.before.any.part, found.after.any.part) == (2, 2)


def test_an_interrupted_evaluation_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    first = EvaluationJournal(path, CONDITIONS)
    for one in RESULTS[:3]:
        first.add(one)
    # It is killed in the middle of a line.
    with path.open("a", encoding="utf-8") as file:
        file.write('{"key": "A.lean:d", "file"')
    second = EvaluationJournal(path, CONDITIONS)
    assert list(second.done) == [one.key for one in RESULTS[:3]]
    second.add(RESULTS[3])
    second.close()
    assert read(path) == (CONDITIONS, RESULTS[:4])


def test_results_found_in_another_way_are_not_taken_up(tmp_path: Path) -> None:
    path = tmp_path / "journal"
    EvaluationJournal(path, CONDITIONS).close()
    with pytest.raises(BadInput, match=r"budget_s was 10\.0, now 5\.0"):
        EvaluationJournal(path, Conditions(5.0, ("nearest",), ("suggestion", "search"), "4.28.0"))
    (tmp_path / "other").write_text('{"a": 1}\n')
    with pytest.raises(BadInput, match="has no results"):
        EvaluationJournal(tmp_path / "other", CONDITIONS)


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    shown = (ShownSuggestion("simp", "simp", "proved"),)
    results = [*RESULTS, result("g", way("proved", proof="simp\nomega"), way("time"), shown=shown, steps=STEPS)]
    (tmp_path / "a.json").write_text(written(CONDITIONS, results), "utf-8")
    assert read(tmp_path / "a.json") == (CONDITIONS, results)


def test_comparing_from_the_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before, after = tmp_path / "a.json", tmp_path / "b.json"
    before.write_text(written(CONDITIONS, RESULTS), "utf-8")
    after.write_text(
        written(CONDITIONS, [result(one.full_name, way("proved"), way("time")) for one in RESULTS]), "utf-8"
    )
    assert run(["eval", "--compare", str(before), str(after)]) == 0
    out = capsys.readouterr().out
    assert "3 of 6 (50%)  6 of 6 (100%)  2.00 ×" in out
    assert "proved now: d, e, f" in out


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "nothing to evaluate"),
        (["nowhere.lean"], "There is no"),
        (["--without", "magic", "."], "no magic to leave out"),
        (["--compare", "nowhere.json", "nowhere.json"], "Cannot read"),
    ],
)
def test_what_can_not_be_done_is_said(
    arguments: list[str], said: str, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["eval", *arguments]) == 2
    assert said in capsys.readouterr().err


def test_the_page_tells_all_of_it_and_nothing_in_it_acts() -> None:
    hostile = result(HOSTILE, way("proved", proof=HOSTILE, source=HOSTILE), way("time"), rank=2)
    document = page(CONDITIONS, [*RESULTS, hostile], HOSTILE)
    assert "4 of 7 (57%) proved in some way" in document
    assert document.count("<polyline") == 2
    assert document.count('class="part"') == len(summary([*RESULTS, hostile]).by_length) + 4
    assert "valid but useless" in document
    assert "<script" not in document
    assert "<img" not in document
    assert HOSTILE not in document
