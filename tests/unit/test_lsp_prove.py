"""`ghostproof/prove` over the protocol: an edit for the very text that was asked about, or a message; no leftovers."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from pathlib import Path

import pytest

from ghostproof.config import Config
from ghostproof.errors import NoGoal
from ghostproof.search.proof import Outcome, Proof
from ghostproof.syntax.spot import Spot
from ghostproof.verify.verdict import Candidate, Checked, Proved, Suggestion
from support.lsp_editor import URI, Editor, Json, ToldApp

TEXT = "theorem a : p := by\n  sorry\n"


class ProvingApp(ToldApp):
    """Answers a search when it is told to; what was cancelled is counted."""

    def __init__(self) -> None:
        super().__init__(Config())
        self.searching = asyncio.Event()
        self.go_on = asyncio.Event()
        self.ended = asyncio.Event()
        self.cancelled = 0
        self.script = "intro h\nsimp"
        self.problem: NoGoal | None = None

    async def prove(
        self,
        path: Path,
        text: str,
        spots: Sequence[Spot],
        budget_s: float,
        report: Callable[[Outcome], None] = lambda outcome: None,
    ) -> Outcome:
        self.searching.set()
        try:
            await self.go_on.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        finally:
            self.ended.set()
        if self.problem is not None:
            return Outcome(done=True, error=self.problem)
        accepted = Suggestion.of(Checked(Candidate(self.script, "prove"), Proved()))
        return Outcome(Proof(spots[0], accepted), done=True)


@pytest.fixture
async def app() -> ProvingApp:
    return ProvingApp()


@pytest.fixture
async def editor(app: ProvingApp) -> AsyncIterator[Editor]:
    made = Editor(lambda config: app)
    await made.initialize()
    made.open(TEXT)
    yield made
    await made.finish()


def at(line: int, character: int) -> Json:
    return {"textDocument": {"uri": URI}, "position": {"line": line, "character": character}}


async def test_a_proof_is_an_edit_at_its_hole(app: ProvingApp, editor: Editor) -> None:
    app.go_on.set()
    answer = await editor.ask("ghostproof/prove", at(1, 3))
    (change,) = answer["edit"]["changes"][URI]
    assert change["newText"] == "intro h\n  simp"
    assert change["range"] == {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 7}}


async def test_a_proof_of_an_older_text_is_dropped_with_a_message(app: ProvingApp, editor: Editor) -> None:
    _, waiting = editor.start("ghostproof/prove", at(1, 3))
    await app.searching.wait()
    editor.change((0, 0), (0, 0), "\n")
    await editor.ask("textDocument/inlineCompletion", {**at(9, 0), "context": {"triggerKind": 1}})  # it has been read
    app.go_on.set()
    answer = (await waiting)["result"]
    assert "edit" not in answer
    assert "has changed" in answer["message"]


async def test_where_there_is_no_proof_it_says_why(app: ProvingApp, editor: Editor) -> None:
    app.problem = NoGoal("Lean sees no goal.")
    app.go_on.set()
    assert await editor.ask("ghostproof/prove", at(1, 3)) == {"message": "Lean sees no goal."}


async def test_a_cancelled_request_ends_the_search(app: ProvingApp, editor: Editor) -> None:
    number, waiting = editor.start("ghostproof/prove", at(1, 3))
    await app.searching.wait()
    editor.notify("$/cancelRequest", {"id": number})
    assert "error" in await waiting
    await app.ended.wait()
    assert app.cancelled == 1
