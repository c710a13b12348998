"""The list beside the editor, over the protocol: what it is told, when, and that it is told no more than is true."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from ghostproof.config import Config
from ghostproof.errors import NoGoal
from ghostproof.verify.error_above import ErrorAbove
from support.lsp_editor import Editor, ToldApp, at, progress, proved
from support.scripted_checker import state_of

TEXT = "theorem a : p := by\n  sorry\n"


@pytest.fixture
async def app() -> ToldApp:
    return ToldApp(Config())


@pytest.fixture
async def editor(app: ToldApp) -> AsyncIterator[Editor]:
    made = Editor(lambda config: app)
    await made.initialize()
    made.open(TEXT)
    yield made
    await made.finish()


async def test_each_suggestion_comes_with_the_goals_that_it_leaves(app: ToldApp, editor: Editor) -> None:
    nothing = await editor.ask("ghostproof/panel", at(1, 3))
    _, waiting = editor.start("ghostproof/panel", at(1, 3, known=nothing["known"]))
    job = await app.job(1)
    found = progress("induction n", "⊢ p 0", "ih : p n\n⊢ p (n + 1)"), proved("simp")
    await job.tell(*found, state=state_of("n : Nat\n⊢ p n"), checked=7)
    known = (await waiting)["result"]
    assert known["version"] == 1
    assert [(s["text"], s["outcome"], s["goals"]) for s in known["suggestions"]] == [
        ("induction n", "→ 2 goals", ["⊢ p 0", "ih : p n\n⊢ p (n + 1)"]),
        ("simp", "✓ closes the goal", []),
    ]
    assert known["suggestions"][1]["newText"] == "simp"
    assert known["suggestions"][1]["range"] == {
        "start": {"line": 1, "character": 2},
        "end": {"line": 1, "character": 7},
    }


async def test_an_answer_waits_for_news(app: ToldApp, editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await editor.ask("ghostproof/panel", at(1, 3))
    assert not first["done"]
    assert first["suggestions"] == []
    job = await app.job(0)
    monkeypatch.setattr(app, "suggest", lambda *_: job)
    _, second = editor.start("ghostproof/panel", at(1, 3, known=first["known"]))
    await job.tell(progress("constructor", "⊢ a", "⊢ b"), done=False)
    news = (await second)["result"]
    assert [s["text"] for s in news["suggestions"]] == ["constructor"]
    assert news["known"] != first["known"]
    _, third = editor.start("ghostproof/panel", at(1, 3, known=news["known"]))
    await job.tell(done=True)
    assert (await third)["result"]["done"]


async def test_nothing_of_an_older_text_is_told(app: ToldApp, editor: Editor, monkeypatch: pytest.MonkeyPatch) -> None:
    first = await editor.ask("ghostproof/panel", at(1, 3))
    job = await app.job(0)
    monkeypatch.setattr(app, "suggest", lambda *_: job)
    _, second = editor.start("ghostproof/panel", at(1, 3, known=first["known"]))
    editor.change((0, 0), (0, 0), "\n")
    await editor.ask("textDocument/inlineCompletion", {**at(9, 0), "context": {"triggerKind": 1}})  # it has been read
    await job.tell(proved("simp"))
    late = (await second)["result"]
    assert late["version"] == 2
    assert late["suggestions"] == []


async def test_where_no_tactic_can_go_it_says_so(editor: Editor) -> None:
    answer = await editor.ask("ghostproof/panel", at(0, 3))
    assert answer["done"]
    assert "No tactic can go" in answer["message"]


async def test_what_went_wrong_is_told(app: ToldApp, editor: Editor) -> None:
    app.error = NoGoal("Lean sees no tactic goal there.", "Its first error: unknown identifier 'q'")
    answer = await editor.ask("ghostproof/panel", at(1, 3))
    assert answer["done"]
    assert "unknown identifier" in answer["message"]


async def test_why_there_is_nothing_is_told_once_it_is_certain(app: ToldApp, editor: Editor) -> None:
    nothing = await editor.ask("ghostproof/panel", at(1, 3))
    job = await app.job(0)
    await job.tell(done=False, why_none="1 would close the goal and was refused: it rests on `bad`.")
    _, waiting = editor.start("ghostproof/panel", at(1, 3, known="something else"))
    assert (await waiting)["result"]["message"] == nothing["message"] == ""
    _, waiting = editor.start("ghostproof/panel", at(1, 3, known=nothing["known"]))
    later = await app.job(2)
    await later.tell(why_none="1 would close the goal and was refused: it rests on `bad`.")
    assert "it rests on `bad`" in (await waiting)["result"]["message"]


async def test_a_document_that_is_not_open_is_no_failure(editor: Editor) -> None:
    params = at(1, 3) | {"textDocument": {"uri": "file:///tmp/Other.txt"}}
    assert (await editor.ask("ghostproof/panel", params))["suggestions"] == []


async def test_an_error_above_the_goal_stands_beside_the_suggestions(app: ToldApp, editor: Editor) -> None:
    above = ErrorAbove(11, "unknown identifier 'q'")
    nothing = await editor.ask("ghostproof/panel", at(1, 3))
    assert nothing["errorAbove"] is None
    _, waiting = editor.start("ghostproof/panel", at(1, 3, known=nothing["known"]))
    job = await app.job(1)
    await job.tell(proved("simp"), state=replace(state_of("⊢ p"), error_above=above))
    known = (await waiting)["result"]
    assert known["errorAbove"] == {"line": 11, "message": "unknown identifier 'q'", "told": above.told}
