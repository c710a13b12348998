"""Ghost text over the protocol, with an application that answers what the test says."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import replace

import pytest

from ghostproof.config import Config, LspConfig
from ghostproof.errors import NoGoal, NoToolchain
from ghostproof.verify.verdict import Suggestion
from support.lsp_editor import URI, Editor, ToldApp, ghost_params, progress, proved

TEXT = "theorem a : p := by\n  \n"
PATIENT = Config(lsp=LspConfig(debounce_s=0, ghost_budget_s=60))


class Scene:
    """An editor with its application."""

    def __init__(self) -> None:
        self.app = ToldApp(PATIENT)
        self.editor = Editor(lambda config: self.app, PATIENT)

    async def begin(self, text: str = TEXT, answers: Sequence[Suggestion] | None = None) -> None:
        self.app.answers = answers
        await self.editor.initialize()
        self.editor.open(text)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    made = Scene()
    yield made
    await made.editor.finish()


async def test_items_are_laid_out_for_their_place(scene: Scene) -> None:
    await scene.begin("theorem a : p := by", [proved("omega"), progress("cases n with\n| zero => simp", "⊢ q")])
    items = await scene.editor.ghosts(0, 19)
    assert [item["insertText"] for item in items] == ["\n  omega", "\n  cases n with\n  | zero => simp"]
    assert items[0]["range"] == {"start": {"line": 0, "character": 19}, "end": {"line": 0, "character": 19}}


async def test_nothing_outside_a_spot(scene: Scene) -> None:
    await scene.begin("theorem a : p := by\n  simp -- by\n", [proved("omega")])
    assert await scene.editor.ghosts(1, 12) == []
    assert scene.app.jobs == []


async def test_nothing_while_an_abbreviation_is_typed(scene: Scene) -> None:
    await scene.begin("theorem a : p := by\n  \\to", [proved("omega")])
    assert await scene.editor.ghosts(1, 5, automatic=True) == []
    assert scene.app.jobs == []


async def test_line_ends_and_astral_characters(scene: Scene) -> None:
    await scene.begin("theorem a (x : 𝕜) : x = x := by\r\n", [proved("rfl")])
    (item,) = await scene.editor.ghosts(0, 32)
    assert item["insertText"] == "\r\n  rfl"
    assert item["range"]["start"] == {"line": 0, "character": 32}


@pytest.mark.parametrize("language", ["lean4", "lean"])
async def test_language_ids(scene: Scene, language: str) -> None:
    scene.app.answers = [proved("omega")]
    await scene.editor.initialize()
    scene.editor.open(TEXT, language)
    assert len(await scene.editor.ghosts(1, 2)) == 1


async def test_other_languages_are_ignored(scene: Scene) -> None:
    scene.app.answers = [proved("omega")]
    await scene.editor.initialize()
    scene.editor.open(TEXT, "markdown")
    assert await scene.editor.ghosts(1, 2) == []
    assert scene.app.events == []


@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "file://", "vscode-vfs://github/o/r/A.lean"])
async def test_documents_in_no_file_are_served_from_their_text(scene: Scene, uri: str) -> None:
    scene.app.answers = [proved("omega")]
    await scene.editor.initialize()
    scene.editor.open(TEXT, uri=uri)
    assert len(await scene.editor.ghosts(1, 2, uri=uri)) == 1
    assert not [each for each in scene.editor.notifications if each["method"] == "window/showMessage"]


async def test_shown_with_the_first_proof_while_the_search_goes_on(scene: Scene) -> None:
    await scene.begin()
    _, answer = scene.editor.start("textDocument/inlineCompletion", ghost_params(1, 2))
    job = await scene.app.job(0)
    await job.tell(progress("constructor", "⊢ p", "⊢ q"), done=False)
    await job.tell(proved("omega"), done=False)
    items = (await answer)["result"]["items"]
    assert [item["insertText"] for item in items] == ["constructor", "omega"]


async def test_shown_when_the_budget_is_over(scene: Scene) -> None:
    await scene.begin()
    scene.editor.server.session.config = replace(PATIENT, lsp=replace(PATIENT.lsp, ghost_budget_s=0.01))
    assert await scene.editor.ghosts(1, 2) == []


async def test_a_newer_request_supersedes_the_older_one(scene: Scene) -> None:
    await scene.begin()
    _, older = scene.editor.start("textDocument/inlineCompletion", ghost_params(1, 2))
    await scene.app.job(0)
    _, newer = scene.editor.start("textDocument/inlineCompletion", ghost_params(1, 2))
    assert (await older)["result"]["items"] == []
    await (await scene.app.job(1)).tell(proved("omega"))
    assert len((await newer)["result"]["items"]) == 1


async def test_an_automatic_request_that_is_overtaken_while_it_rests_starts_no_work(scene: Scene) -> None:
    await scene.begin(answers=[proved("omega")])
    scene.editor.server.session.config = replace(PATIENT, lsp=replace(PATIENT.lsp, debounce_s=600))
    _, older = scene.editor.start("textDocument/inlineCompletion", ghost_params(1, 2, automatic=True))
    assert len(await scene.editor.ghosts(1, 2)) == 1
    assert (await older)["result"]["items"] == []
    assert len(scene.app.jobs) == 1


async def test_cancelling_a_request(scene: Scene) -> None:
    await scene.begin()
    number, answer = scene.editor.start("textDocument/inlineCompletion", ghost_params(1, 2))
    await scene.app.job(0)
    scene.editor.notify("$/cancelRequest", {"id": number})
    assert (await answer)["error"]["code"] == -32800
    scene.app.answers = [proved("omega")]
    assert len(await scene.editor.ghosts(1, 2)) == 1


async def test_a_change_while_lean_works_empties_the_answer(scene: Scene) -> None:
    await scene.begin()
    _, answer = scene.editor.start("textDocument/inlineCompletion", ghost_params(1, 2))
    job = await scene.app.job(0)
    scene.editor.change((0, 0), (0, 0), "-- new\n")
    await scene.editor.ask(
        "textDocument/codeAction",
        {
            "textDocument": {"uri": URI},
            "range": {"start": {"line": 0, "character": 0}, "end": {"line": 0, "character": 0}},
            "context": {"diagnostics": []},
        },
    )
    await job.tell(proved("omega"))
    assert (await answer)["result"]["items"] == []


async def test_typing_along_needs_no_new_work(scene: Scene) -> None:
    await scene.begin(answers=[proved("omega"), proved("simp")])
    await scene.editor.ghosts(1, 2)
    scene.editor.change((1, 2), (1, 2), "om")
    (item,) = await scene.editor.ghosts(1, 4, automatic=True)
    assert item["insertText"] == "omega"
    assert item["range"] == {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 4}}
    assert len(scene.app.jobs) == 1


async def test_typing_along_over_a_line_end(scene: Scene) -> None:
    await scene.begin("theorem a : p := by", [proved("omega")])
    await scene.editor.ghosts(0, 19)
    scene.editor.change((0, 19), (0, 19), "\n  o")
    (item,) = await scene.editor.ghosts(1, 3, automatic=True)
    assert item["insertText"] == "  omega"
    assert item["range"] == {"start": {"line": 1, "character": 0}, "end": {"line": 1, "character": 3}}
    assert len(scene.app.jobs) == 1


async def test_typing_something_else_asks_again(scene: Scene) -> None:
    await scene.begin(answers=[proved("omega")])
    await scene.editor.ghosts(1, 2)
    scene.editor.change((1, 2), (1, 2), "si")
    scene.app.answers = [proved("simp"), proved("omega")]
    (item,) = await scene.editor.ghosts(1, 4)
    assert (item["insertText"], len(scene.app.jobs)) == ("simp", 2)


async def test_a_change_elsewhere_asks_again(scene: Scene) -> None:
    await scene.begin(answers=[proved("omega")])
    await scene.editor.ghosts(1, 2)
    scene.editor.change((0, 0), (0, 0), "-- new\n")
    await scene.editor.ghosts(2, 2)
    assert len(scene.app.jobs) == 2


async def test_sorry_is_replaced(scene: Scene) -> None:
    await scene.begin("theorem a : p := by\n  sorry\n", [proved("omega")])
    (item,) = await scene.editor.ghosts(1, 2)
    assert (item["insertText"], item["filterText"]) == ("omega", "sorry")
    assert item["range"] == {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 7}}


async def test_errors_are_shown_once_with_what_to_do(scene: Scene) -> None:
    await scene.begin()
    scene.app.error = NoToolchain("No Lean was found.", "ghostproof toolchain install")
    assert await scene.editor.ghosts(1, 2) == []
    assert await scene.editor.ghosts(1, 2) == []
    shown = await scene.editor.heard("window/showMessage")
    assert [(m["type"], m["message"]) for m in shown] == [(1, "No Lean was found.\n  ghostproof toolchain install")]


async def test_no_goal_is_no_error(scene: Scene) -> None:
    await scene.begin()
    scene.app.error = NoGoal("No goal here.")
    assert await scene.editor.ghosts(1, 2) == []
    assert not [n for n in scene.editor.notifications if n["method"] == "window/showMessage"]


async def test_ghost_text_can_be_turned_off(scene: Scene) -> None:
    await scene.begin(answers=[proved("omega")])
    scene.editor.notify("workspace/didChangeConfiguration", {"settings": {"ghostproof": {"lsp": {"automatic": False}}}})
    assert await scene.editor.ghosts(1, 2, automatic=True) == []
    assert len(await scene.editor.ghosts(1, 2)) == 1


@pytest.mark.parametrize("text", [TEXT, "theorem a : p := by\n  sorry\n"])
async def test_an_accepted_suggestion_that_leaves_goals_leads_to_the_next_line(scene: Scene, text: str) -> None:
    await scene.begin(text, [progress("cases h", "⊢ q")])
    (item,) = await scene.editor.ghosts(1, 2)
    scene.editor.change((1, 2), (1, len(text.split("\n")[1])), item["insertText"])
    for _ in range(2):  # asking again changes nothing
        (item,) = await scene.editor.ghosts(1, 9)
        assert item["insertText"] == "\n  cases h"
        assert item["range"] == {"start": {"line": 1, "character": 9}, "end": {"line": 1, "character": 9}}


async def test_a_goal_that_is_closed_needs_no_next_line(scene: Scene) -> None:
    await scene.begin(TEXT, [proved("omega")])
    await scene.editor.ghosts(1, 2)
    scene.editor.change((1, 2), (1, 2), "omega")
    assert await scene.editor.ghosts(1, 7) == []
