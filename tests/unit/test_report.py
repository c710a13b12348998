"""The report of a proof search: what the journal keeps, what the page tells, and that nothing in it acts."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

from ghostproof.commands.whole_proofs import write_report
from ghostproof.errors import BadInput, LeanDied, NoGoal
from ghostproof.report.proofs import page
from ghostproof.report.reported import Reported
from ghostproof.search.graph import SearchGraph
from ghostproof.search.overview import MOST_TRIALS, Journal, Overview
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.strategy import Doubt, Goal, Idea, Look, Looked, Move, Sift, Sifted, Tried, Try
from ghostproof.syntax.spot import Spot, SpotKind
from ghostproof.verify.goal_text import parse_main
from ghostproof.verify.small_values import Refuted, Survived, Trial
from ghostproof.verify.verdict import Candidate, Checked, Progress, Proved, Reason, Rejected, Suggestion, Verdict
from unit.test_search_graph import Table, closer, goal, step

SPOT = Spot(22, 27, "", 2, SpotKind.SORRY)
HOSTILE = '<script>document.title = "owned"</script><img src=x onerror=alert(1)>'
SPLIT = {"t": [step("cases h"), closer("simp")], "a": [closer("rfl")], "b": [closer("bad"), closer("omega", 2)]}
VERDICTS: dict[str, Verdict] = {"cases h": Progress((goal("a"), goal("b"))), "rfl": Proved(), "omega": Proved()}


def journalled(
    moves: Mapping[str, Sequence[Move]], verdicts: Mapping[str, Verdict], root: str = "t"
) -> tuple[Overview, SearchGraph]:
    """A search with a table for Lean, written down."""
    graph, journal = SearchGraph(parse_main(goal(root)), "", [Table(moves)]), Journal()
    while (work := graph.next_work()) is not None:
        if isinstance(work, Look):
            finding: Looked | Tried = Looked(work, parse_main(graph.open_goal(work.number)))
        else:
            assert isinstance(work, Try)
            verdict = verdicts.get(work.move.text, Rejected(Reason.ERROR, "unsolved goals"))
            finding = Tried(work, Checked(Candidate(work.move.text, "table"), verdict, ms=1.0))
        journal.note(finding)
        graph.absorb(finding)
    return journal.overview(graph), graph


def outcome_of(overview: Overview, script: str | None) -> Outcome:
    proof = Proof(SPOT, Suggestion.of(Checked(Candidate(script, "prove"), Proved()))) if script else None
    return Outcome(proof=proof, tried=3, goals=3, done=True, exhausted=True, ms=1234.0, overview=overview)


def test_the_path_of_the_proof_is_marked() -> None:
    overview, graph = journalled(SPLIT, VERDICTS)
    assert graph.proof is not None
    root = overview.goal(0)
    assert [goal.on_path for goal in overview.goals] == [True, True, True]
    assert [(step.text, step.children, step.closes) for step in root.steps] == [("cases h", (1, 2), True)]
    assert [goal.closed_by for goal in overview.goals] == ["table"] * 3
    assert [(t.text, t.outcome, t.message) for t in overview.goal(2).trials] == [
        ("bad", "refused", "unsolved goals"),
        ("omega", "proved", ""),
    ]


def test_a_way_that_did_not_lead_there_is_not_on_the_path() -> None:
    moves = {**SPLIT, "t": [*SPLIT["t"], closer("exact h", 2.5)], "b": [closer("bad")]}
    overview, _ = journalled(moves, {**VERDICTS, "exact h": Proved()})
    assert [(goal.on_path, goal.given_up) for goal in overview.goals] == [(True, False), (False, False), (False, True)]
    assert [(step.closes, step.given_up) for step in overview.goal(0).steps] == [(False, True), (True, False)]


def test_no_more_is_kept_than_anybody_reads() -> None:
    overview, _ = journalled({"t": [closer(f"try{n}") for n in range(MOST_TRIALS + 7)]}, {})
    assert len(overview.goal(0).trials) == MOST_TRIALS
    assert overview.goal(0).left_out == 7
    assert "7 more are not listed" in page([Reported("A.lean:1:1", outcome_of(overview, None))])


class Guesser(Table):
    """Has two guesses, one of them hostile text."""

    def moves(self, goal: Goal) -> Iterable[Idea]:
        yield Doubt(("∀ n, f n = n", HOSTILE), self)

    def sifted(self, goal: Goal, doubt: Doubt, trials: Sequence[Trial]) -> Iterable[Idea]:
        return ()


def test_guesses_that_are_false_stand_there_with_the_instance() -> None:
    graph, journal = SearchGraph(parse_main(goal("t")), "", [Guesser({})]), Journal()
    work = graph.next_work()
    assert isinstance(work, Sift)
    journal.note(Sifted(work, (Survived(9, 0), Refuted((("n", HOSTILE), ("m", "1"))))))
    overview = journal.overview(graph)
    assert overview.goal(0).refuted == ((HOSTILE, f"n = {HOSTILE}, m = 1"),)
    html = page([Reported("A.lean:1:1", replace(outcome_of(overview, None), tokens=4321))])
    assert "false: 1" in html
    assert HOSTILE not in html
    assert "f n = n" not in html
    assert "4321 tokens" in html


class Parts(HTMLParser):
    """The elements and attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[str] = []
        self.attributes: list[tuple[str, str | None]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append(tag)
        self.attributes += attrs


def parts(html: str) -> Parts:
    found = Parts()
    found.feed(html)
    return found


def test_whatever_stands_in_it_is_text() -> None:
    moves = {HOSTILE: [step(HOSTILE)], f"a {HOSTILE}": [closer(HOSTILE + "x")]}
    overview, _ = journalled(moves, {HOSTILE: Progress((goal(f"a {HOSTILE}"),))}, root=HOSTILE)
    html = page([Reported(HOSTILE, outcome_of(overview, HOSTILE))], title=HOSTILE)
    found = parts(html)
    assert HOSTILE not in html
    assert html.count("&lt;script&gt;") >= 6
    assert not {"script", "img", "link", "iframe", "object"} & set(found.elements)
    assert not [name for name, _ in found.attributes if name.startswith("on") or name == "src"]
    assert all(value is None or value.startswith("#") for name, value in found.attributes if name == "href")


def test_what_hides_is_shown() -> None:
    html = page([Reported("A\u202e.lean:1:1", outcome_of(Overview(()), "simp -- \u202e\x1b[2J"))])
    assert "\u202e" not in html
    assert "\x1b" not in html
    assert "⟨U+202E⟩" in html


def test_the_page_needs_nothing_but_itself() -> None:
    html = page([Reported("A.lean:1:1", outcome_of(journalled(SPLIT, VERDICTS)[0], "cases h"))])
    assert "default-src 'none'" in html
    assert "http" not in html.replace("http-equiv", "")
    assert html.count("in the proof") == 3


def test_a_goal_that_several_steps_leave_is_told_once() -> None:
    moves = {"t": [step("left"), step("right")], "a": [closer("no")], "b": [], "c": []}
    verdicts: dict[str, Verdict] = {"left": Progress((goal("a"), goal("b"))), "right": Progress((goal("a"), goal("c")))}
    html = page([Reported("A.lean:1:1", outcome_of(journalled(moves, verdicts)[0], None))])
    assert html.count("which stands above") == 1


def test_a_page_that_cannot_be_written_is_bad_input(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="report cannot be written"):
        write_report(tmp_path / "nowhere" / "report.html", [])
    write_report(tmp_path / "report.html", [])
    assert "0 of 0 proved" in (tmp_path / "report.html").read_text("utf-8")


def test_the_step_that_closes_a_goal_stands_before_the_others() -> None:
    moves = {**SPLIT, "t": [*SPLIT["t"], closer("exact h", 2.5)], "b": [closer("bad")]}
    overview, _ = journalled(moves, {**VERDICTS, "exact h": Proved()})
    html = page([Reported("A.lean:1:1", outcome_of(overview, "exact h"))])
    goals = html[html.index("<h3>Goals</h3>") :]
    assert goals.index('<pre class="proof">exact h</pre>') < goals.index("<pre>cases h</pre>")
    assert "other steps that led on from here: 1" in goals


@pytest.mark.parametrize(
    ("outcome", "result"),
    [
        (Outcome(proof=Proof(SPOT, Suggestion.of(Checked(Candidate("simp", "prove"), Proved())))), "✓ proved"),
        (Outcome(goal="n : Nat\n⊢ n = 1", refuted=Refuted((("n", "0"),))), "✗ false"),
        (Outcome(goal="⊢ p", exhausted=True), "✗ not proved"),
        (Outcome(error=NoGoal("There is none.", "Look elsewhere.")), "✗ nothing to prove"),
        (Outcome(error=LeanDied("Lean ended.")), "✗ no answer"),
    ],
)
def test_the_table_tells_what_came_of_each_and_the_page_what_to_do(outcome: Outcome, result: str) -> None:
    one = Reported("A.lean:1:1", outcome)
    html = page([one, one])
    assert html.count(f">{result}</span>") == 2
    assert html.count(one.target) >= 2 * bool(one.target)
    assert outcome.cure in html
