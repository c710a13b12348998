"""Hover over the protocol: what is on offer there, with its goals; never the beginning of a search."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from ghostproof.config import Config
from ghostproof.verify.error_above import ErrorAbove
from ghostproof.verify.verdict import Candidate, Checked, Proved, Suggestion
from support.lsp_editor import FULL, URI, Editor, Json, ToldApp, progress, proved
from support.scripted_checker import state_of

TEXT = "theorem a : p := by\n  sorry\n\ntheorem b : q := by\n  \n"
MARKDOWN = {**FULL, "textDocument": {"hover": {"contentFormat": ["markdown", "plaintext"]}}}


@pytest.fixture
async def app() -> ToldApp:
    return ToldApp(Config(), [progress("induction n", "⊢ p 0", "ih : p n\n⊢ p (n + 1)"), proved("simp")])


@pytest.fixture
async def editor(app: ToldApp) -> AsyncIterator[Editor]:
    made = Editor(lambda config: app)
    await made.initialize(MARKDOWN)
    made.open(TEXT)
    yield made
    await made.finish()


async def hover(editor: Editor, line: int, character: int) -> Json:
    params = {"textDocument": {"uri": URI}, "position": {"line": line, "character": character}}
    return await editor.ask("textDocument/hover", params)


async def test_it_tells_the_suggestions_with_the_goals_that_each_leaves(editor: Editor) -> None:
    await editor.ghosts(1, 3)
    known = await hover(editor, 1, 5)
    assert known["contents"] == {
        "kind": "markdown",
        "value": "```lean\ninduction n\n```\n\n→ 2 goals · 0 ms\n\n"
        "```lean\n⊢ p 0\n\nih : p n\n⊢ p (n + 1)\n```\n\n"
        "```lean\nsimp\n```\n\n✓ closes the goal · 0 ms",
    }
    assert known["range"] == {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 7}}


async def test_what_is_drawn_there_is_told_whatever_has_been_found_since(app: ToldApp, editor: Editor) -> None:
    app.answers = [proved("omega")]
    await editor.ghosts(1, 3)
    app.answers = [proved("rfl"), progress("intro h", "⊢ q")]
    await editor.actions(1, 3)
    told = (await hover(editor, 1, 3))["contents"]["value"]
    assert re.findall(r"```lean\n(\w+)", told) == ["rfl", "omega", "intro"]


async def test_who_had_the_idea_is_told_where_the_text_does_not(app: ToldApp, editor: Editor) -> None:
    app.answers = [Suggestion.of(Checked(Candidate("exact h.symm", "model"), Proved()))]
    await editor.ghosts(1, 3)
    assert "✓ closes the goal · model · 0 ms" in (await hover(editor, 1, 3))["contents"]["value"]


async def test_it_searches_for_nothing(app: ToldApp, editor: Editor) -> None:
    assert await hover(editor, 1, 3) is None
    assert app.jobs == []


@pytest.mark.parametrize(("line", "character"), [(0, 3), (0, 19), (3, 3), (4, 2)])
async def test_elsewhere_it_says_nothing(editor: Editor, line: int, character: int) -> None:
    await editor.ghosts(1, 3)
    assert await hover(editor, line, character) is None


async def test_on_the_blank_before_an_empty_place(editor: Editor) -> None:
    await editor.ghosts(4, 2)
    assert await hover(editor, 4, 2) is not None
    assert await hover(editor, 4, 1) is not None
    assert await hover(editor, 3, 19) is None


async def test_of_an_older_text_it_says_nothing(editor: Editor) -> None:
    await editor.ghosts(1, 3)
    editor.change((4, 2), (4, 2), " ")
    assert await hover(editor, 1, 3) is None


async def test_what_does_not_go_on_with_what_is_typed_is_left_out(app: ToldApp, editor: Editor) -> None:
    editor.change((4, 2), (4, 2), "si")
    await editor.ghosts(4, 4)
    known = (await hover(editor, 4, 4))["contents"]["value"]
    assert "simp" in known
    assert "induction" not in known


async def test_no_text_ends_its_block_of_code(app: ToldApp, editor: Editor) -> None:
    app.answers = [progress("cases h\n```\n# x", "⊢ `````")]
    await editor.ghosts(1, 3)
    known = (await hover(editor, 1, 3))["contents"]["value"]
    assert known.startswith("````lean\ncases h\n```\n# x\n````\n")
    assert known.endswith("``````lean\n⊢ `````\n``````")


async def test_an_error_above_the_goal_is_told_and_not_read_as_markdown(app: ToldApp, editor: Editor) -> None:
    app.answers = None
    above = ErrorAbove(0, "unknown identifier `[q](x)`")
    place = {"textDocument": {"uri": URI}, "position": {"line": 1, "character": 3}}
    _, waiting = editor.start("textDocument/inlineCompletion", {**place, "context": {"triggerKind": 1}})
    await (await app.job(0)).tell(proved("simp"), state=replace(state_of("⊢ p"), error_above=above))
    await waiting
    known = (await hover(editor, 1, 3))["contents"]["value"]
    assert known.endswith("\n\nLine 1 above has an error:\n\n```lean\nunknown identifier `[q](x)`\n```")


async def test_plain_text_for_a_client_that_reads_no_markdown(app: ToldApp) -> None:
    editor = Editor(lambda config: app)
    await editor.initialize()
    editor.open(TEXT)
    await editor.ghosts(1, 3)
    contents = (await hover(editor, 1, 3))["contents"]
    assert contents["kind"] == "plaintext"
    assert contents["value"].startswith("induction n\n\n→ 2 goals")
    await editor.finish()


@pytest.mark.parametrize(
    ("steps", "told"),
    [
        (["cases h", "constructor"], ["simp", "grind", "cases h", "constructor"]),
        ([], ["simp", "grind", "exact h", "tauto"]),
    ],
)
async def test_many_ways_to_close_the_goal_leave_room_for_another_way(
    app: ToldApp, editor: Editor, steps: list[str], told: list[str]
) -> None:
    app.answers = [*map(proved, ("simp", "grind", "exact h", "tauto")), *(progress(step, "⊢ q") for step in steps)]
    await editor.ghosts(1, 3)
    value = (await hover(editor, 1, 3))["contents"]["value"]
    assert re.findall(r"```lean\n([a-z ]+)\n```", value) == told
