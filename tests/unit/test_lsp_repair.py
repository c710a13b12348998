"""`ghostproof/repair` over the protocol: which proof is repaired, what is answered, and that a cancel ends it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from ghostproof.config import Config
from ghostproof.errors import GhostproofError, LeanTimeout
from ghostproof.proving import Proving
from ghostproof.search.broken import Broken
from ghostproof.search.proof import Outcome, Proof
from ghostproof.search.strategy import Failure
from ghostproof.search.task import ReportOutcome
from ghostproof.syntax.written_proofs import WrittenProof
from ghostproof.text import SourceText
from ghostproof.verify.verdict import Candidate, Checked, Proved, Suggestion
from support.lsp_editor import FULL, URI, Editor, Json, ToldApp, at

TEXT = """\
theorem a : p ∧ q := by
  constructor
  · exact old
  · simp

def two : Nat := f (by
  simp) (by
  gone)

axiom three : Nat
"""


class ToldRepairs(Proving):
    """Knows which scripts Lean refuses; repairs each by the same script, once it is told to go on."""

    def __init__(self) -> None:
        self.app = ToldApp(Config())
        super().__init__(self.app.config, self.app.workspace, self.app.learning)
        self.app.proving = self
        self.refused = {"constructor\n· exact old\n· simp", "gone"}
        self.problem: GhostproofError | None = None
        self.asked_about: list[str] = []
        self.failures: list[Failure] = []
        self.searching, self.go_on = asyncio.Event(), asyncio.Event()
        self.cancelled = 0

    async def broken(self, path: Path, text: str, proof: WrittenProof) -> tuple[Broken, ...]:
        self.asked_about.append(proof.script)
        if self.problem is not None:
            raise self.problem
        found = () if proof.script not in self.refused else (Broken(proof, Failure(proof.script, "unknown")),)
        return found + tuple([each for part in proof.parts for each in await self.broken(path, text, part)])

    async def recheck(self, path: Path, text: str, proof: Proof) -> Proof | None:
        return proof

    async def repair(
        self,
        path: Path,
        text: str,
        broken: Broken,
        budget_s: float,
        report: ReportOutcome = lambda outcome: None,
    ) -> Outcome:
        self.failures.append(broken.failure)
        report(Outcome(now="exact h", tried=1, goals=1))
        self.searching.set()
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        accepted = Suggestion.of(Checked(Candidate("exact\n  new", "prove"), Proved()))
        return Outcome(Proof(broken.proof.spot, accepted), done=True)


@pytest.fixture
async def proving() -> ToldRepairs:
    return ToldRepairs()


@pytest.fixture
async def editor(proving: ToldRepairs) -> AsyncIterator[Editor]:
    made = Editor(lambda config: proving.app)
    await made.initialize(FULL)
    made.open(TEXT)
    yield made
    await made.finish()


def inserted(text: str, changes: list[Json]) -> str:
    (change,) = changes
    source = SourceText(text)
    start, end = (
        source.offset_from_utf16(change["range"][side]["line"], change["range"][side]["character"])
        for side in ("start", "end")
    )
    new: str = change["newText"]
    return text[:start] + new + text[end:]


FIRST = TEXT.replace("constructor\n  · exact old\n  · simp", "exact\n    new")
THIRD = TEXT.replace("gone", "exact\n    new")


@pytest.mark.parametrize(
    ("line", "character", "expected", "asked"),
    [
        (2, 6, FIRST, 1),
        (0, 3, FIRST, 1),
        (0, 22, FIRST, 1),
        (7, 3, THIRD, 1),
        (5, 2, THIRD, 3),
    ],
    ids=["in it", "at the statement", "at its by", "the second of a declaration", "the first that is broken"],
)
async def test_the_proof_at_the_cursor_is_repaired(
    proving: ToldRepairs, editor: Editor, line: int, character: int, expected: str, asked: int
) -> None:
    proving.go_on.set()
    answer = await editor.ask("ghostproof/repair", at(line, character))
    assert inserted(TEXT, answer["edit"]["changes"][URI]) == expected
    assert len(proving.asked_about) == asked
    assert [failure.message for failure in proving.failures] == ["unknown"]


async def test_it_follows_what_is_typed_above_and_is_told_again(proving: ToldRepairs, editor: Editor) -> None:
    _, waiting = editor.start("ghostproof/repair", at(2, 6))
    await proving.searching.wait()
    editor.change((0, 0), (0, 0), "-- above\n")
    await editor.ask("textDocument/hover", at(0, 0))
    proving.go_on.set()
    answer = (await waiting)["result"]
    assert inserted("-- above\n" + TEXT, answer["edit"]["changes"][URI]) == "-- above\n" + FIRST
    assert answer["version"] == 2
    again = await editor.ask("ghostproof/proof", {"name": answer["name"]})
    assert again["edit"] == answer["edit"]


async def test_a_repair_of_what_has_changed_is_dropped(proving: ToldRepairs, editor: Editor) -> None:
    _, waiting = editor.start("ghostproof/repair", at(2, 6))
    await proving.searching.wait()
    editor.change((2, 10), (2, 13), "new")
    await editor.ask("textDocument/hover", at(0, 0))
    proving.go_on.set()
    assert "its declaration has changed" in (await waiting)["result"]["message"]


@pytest.mark.parametrize(("line", "said"), [(9, "no proof at"), (2, "Lean refuses nothing")])
async def test_where_nothing_is_to_be_repaired_it_says_so(
    proving: ToldRepairs, editor: Editor, line: int, said: str
) -> None:
    proving.refused.clear()
    answer = await editor.ask("ghostproof/repair", at(line, 5))
    assert said in answer["message"]
    assert proving.failures == []


async def test_a_lean_that_does_not_come_to_the_proof_is_told(proving: ToldRepairs, editor: Editor) -> None:
    proving.problem = LeanTimeout("Lean did not come to the goal.")
    assert (await editor.ask("ghostproof/repair", at(2, 6)))["message"] == "Lean did not come to the goal."


async def test_progress_is_told_and_its_button_ends_the_search(proving: ToldRepairs, editor: Editor) -> None:
    _, waiting = editor.start("ghostproof/repair", {**at(2, 6), "workDoneToken": "mine"})
    reports = await editor.heard("$/progress", 2)
    assert reports[1]["value"]["message"] == "1 step, 1 goal: exact h"
    editor.notify("window/workDoneProgress/cancel", {"token": "mine"})
    assert (await waiting)["result"] == {}
    assert proving.cancelled == 1


async def test_as_a_command_the_server_has_it_put_in(proving: ToldRepairs, editor: Editor) -> None:
    proving.go_on.set()
    await editor.ask("workspace/executeCommand", {"command": "ghostproof.repair", "arguments": [at(2, 6)]})
    (asked,) = [each for each in editor.asked if each["method"] == "workspace/applyEdit"]
    (change,) = asked["params"]["edit"]["documentChanges"]
    assert inserted(TEXT, change["edits"]) == FIRST
    assert asked["params"]["label"] == "Ghostproof: repair"
