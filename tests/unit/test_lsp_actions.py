"""Code actions over the protocol, with an application that answers what the test says."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import pytest

from ghostproof.config import Config, LspConfig
from ghostproof.errors import NoGoal
from ghostproof.syntax.spot import SpotKind
from ghostproof.text import SourceText
from ghostproof.verify.error_above import ErrorAbove
from ghostproof.verify.verdict import Suggestion
from support.lsp_editor import FULL, URI, Editor, Json, ToldApp, action_params, progress, proved, span
from support.scripted_checker import state_of

TEXT = "theorem a : p := by\n  sorry\n"
PATIENT = Config(lsp=LspConfig(action_budget_s=60))


class Scene:
    """An editor with its application."""

    def __init__(self) -> None:
        self.app = ToldApp(PATIENT)
        self.editor = Editor(lambda config: self.app, PATIENT)

    async def begin(self, *answers: Suggestion, text: str = TEXT, capabilities: Json = FULL) -> None:
        self.app.answers = answers or None
        await self.editor.initialize(capabilities)
        self.editor.open(text)


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    made = Scene()
    yield made
    await made.editor.finish()


def suggested(answer: Json) -> list[Json]:
    """The suggestions among the code actions that were answered."""
    return [action for action in answer["result"] if "edit" in action]


def applied(text: str, edits: list[dict[str, Any]]) -> str:
    source = SourceText(text)
    start: int
    end: int
    new: str
    ((start, end, new),) = [
        (
            source.offset_from_utf16(e["range"]["start"]["line"], e["range"]["start"]["character"]),
            source.offset_from_utf16(e["range"]["end"]["line"], e["range"]["end"]["character"]),
            e["newText"],
        )
        for e in edits
    ]
    return source.text[:start] + new + source.text[end:]


async def test_an_action_edits_this_version(scene: Scene) -> None:
    await scene.begin(proved("omega"), progress("cases n with\n| zero => simp", "⊢ q"))
    first, second = await scene.editor.actions(1, 4)
    assert (first["title"], first["kind"]) == ("omega  ✓ closes the goal", "quickfix")
    assert "isPreferred" not in first
    (change,) = second["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": URI, "version": 1}
    assert applied(TEXT, change["edits"]) == "theorem a : p := by\n  cases n with\n  | zero => simp\n"


async def test_a_client_without_document_changes(scene: Scene) -> None:
    await scene.begin(proved("omega"), capabilities={})
    (action,) = await scene.editor.actions(1, 4)
    assert applied(TEXT, action["edit"]["changes"][URI]) == "theorem a : p := by\n  omega\n"


async def test_astral_characters_and_line_ends(scene: Scene) -> None:
    text = "theorem a (x : 𝕜) : x = x := by sorry\r\n"
    await scene.begin(proved("first\n| rfl"), text=text)
    (action,) = await scene.editor.actions(0, 36)
    (edit,) = action["edit"]["documentChanges"][0]["edits"]
    assert edit["range"] == span((0, 33), (0, 38))
    assert edit["newText"] == "first\r\n" + " " * 32 + "| rfl"


async def test_what_is_drawn_at_the_place_is_in_the_menu_whatever_has_been_found_since(scene: Scene) -> None:
    await scene.begin(proved("omega"), progress("cases n", "⊢ q"))
    assert [item["insertText"] for item in await scene.editor.ghosts(1, 2)] == ["omega", "cases n"]
    scene.app.answers = [proved("rfl"), progress("intro h", "⊢ q")]
    texts = [action["title"].split("  ")[0] for action in await scene.editor.actions(1, 2)]
    assert texts == ["rfl", "omega", "intro h"]
    scene.app.answers = [proved("rfl"), proved("omega")]
    assert len(await scene.editor.actions(1, 2)) == 2
    scene.editor.change((0, 12), (0, 13), "q")
    assert len(await scene.editor.actions(1, 2)) == 2
    scene.app.answers = [proved("rfl")]
    assert len(await scene.editor.actions(1, 2)) == 1


@pytest.mark.parametrize(
    ("only", "number"), [(["quickfix"], 1), ([""], 1), (["refactor"], 0), (["quickfix.other"], 0), (["source"], 0)]
)
async def test_kinds_that_are_asked_for(scene: Scene, only: list[str], number: int) -> None:
    await scene.begin(proved("omega"))
    assert len(await scene.editor.actions(1, 4, only=only)) == number


async def test_the_light_bulb_gets_what_is_known_and_starts_the_work(scene: Scene) -> None:
    await scene.begin()
    assert await scene.editor.actions(1, 4, triggerKind=2) == []
    assert len(scene.app.jobs) == 1


async def test_an_invoked_request_waits_for_the_list(scene: Scene) -> None:
    await scene.begin()
    _, answer = scene.editor.start("textDocument/codeAction", action_params(1, 4))
    job = await scene.app.job(0)
    await job.tell(proved("omega"), done=False)
    await job.tell(proved("simp"))
    assert len(suggested(await answer)) == 2


async def test_the_budget_ends_the_wait(scene: Scene) -> None:
    await scene.begin()
    scene.editor.server.session.config = replace(PATIENT, lsp=replace(PATIENT.lsp, action_budget_s=0.01))
    assert await scene.editor.actions(1, 4) == []


async def test_progress_by_the_clients_token(scene: Scene) -> None:
    await scene.begin()
    _, answer = scene.editor.start("textDocument/codeAction", action_params(1, 4) | {"workDoneToken": "mine"})
    job = await scene.app.job(0)
    await scene.editor.heard("$/progress", 2)
    await job.tell(proved("omega"))
    await answer
    reports = await scene.editor.heard("$/progress", 3)
    assert {r["token"] for r in reports} == {"mine"}
    assert [r["value"]["kind"] for r in (*reports[:2], reports[-1])] == ["begin", "report", "end"]
    assert reports[1]["value"]["message"] == "0 suggestions so far"


async def test_progress_by_a_token_of_the_server(scene: Scene) -> None:
    await scene.begin()
    _, answer = scene.editor.start("textDocument/codeAction", action_params(1, 4))
    job = await scene.app.job(0)
    await scene.editor.heard("$/progress", 2)
    await job.tell(proved("omega"))
    assert len(suggested(await answer)) == 1
    assert (await scene.editor.heard("$/progress", 3))[-1]["value"]["kind"] == "end"


async def test_the_cancel_button_of_the_progress_report(scene: Scene) -> None:
    await scene.begin()
    _, answer = scene.editor.start("textDocument/codeAction", action_params(1, 4) | {"workDoneToken": "mine"})
    await (await scene.app.job(0)).tell(proved("omega"), done=False)
    await scene.editor.heard("$/progress", 2)
    scene.editor.notify("window/workDoneProgress/cancel", {"token": "mine"})
    assert len(suggested(await answer)) == 1


async def test_diagnostics_that_caused_an_action_are_attached(scene: Scene) -> None:
    await scene.begin(proved("omega"), text="theorem a : p := by\n  intro x\n")
    unsolved = {"range": span((0, 17), (1, 9)), "message": "unsolved goals\n⊢ p", "severity": 1}
    other = {"range": span((0, 8), (0, 9)), "message": "unused variable", "severity": 2}
    (action,) = await scene.editor.actions(0, 17, diagnostics=[unsolved, other])
    assert [d["message"] for d in action["diagnostics"]] == ["unsolved goals\n⊢ p"]
    assert scene.app.jobs[0].spots[0].kind is SpotKind.BLOCK_END


async def test_the_warning_about_sorry_leads_to_it(scene: Scene) -> None:
    await scene.begin(proved("omega"))
    warning = {"range": span((0, 8), (0, 9)), "message": "declaration uses `sorry`", "severity": 2}
    (action,) = await scene.editor.actions(0, 8, diagnostics=[warning])
    assert applied(TEXT, action["edit"]["documentChanges"][0]["edits"]) == "theorem a : p := by\n  omega\n"


async def test_cancelling_leaves_the_server_well(scene: Scene) -> None:
    await scene.begin()
    number, answer = scene.editor.start("textDocument/codeAction", action_params(1, 4))
    await scene.app.job(0)
    scene.editor.notify("$/cancelRequest", {"id": number})
    assert (await answer)["error"]["code"] == -32800
    scene.app.answers = [proved("omega")]
    assert len(await asyncio.wait_for(scene.editor.actions(1, 4), 60)) == 1


async def test_an_error_above_the_goal_is_in_every_title(scene: Scene) -> None:
    await scene.begin()
    ask = scene.editor.start("textDocument/codeAction", action_params(1, 3))[1]
    job = await scene.app.job(0)
    state = replace(state_of("⊢ p"), error_above=ErrorAbove(11, "unknown identifier 'q'"))
    await job.tell(proved("simp"), progress("constructor", "a"), state=state)
    titles = [action["title"] for action in suggested(await ask)]
    assert titles == [
        "simp  ✓ closes the goal · line 12 above has an error",
        "constructor  → 1 goal · line 12 above has an error",
    ]


async def test_why_there_is_no_action_is_told_to_whoever_asked(scene: Scene) -> None:
    await scene.begin()
    _, answer = scene.editor.start("textDocument/codeAction", action_params(1, 4))
    job = await scene.app.job(0)
    await job.tell(why_none="2 would close the goal and were refused: it rests on myAxiom.")
    assert suggested(await answer) == []
    (message,) = await scene.editor.heard("window/showMessage")
    assert "it rests on myAxiom" in message["message"]


async def test_the_light_bulb_tells_nothing(scene: Scene) -> None:
    await scene.begin()
    automatic = action_params(1, 4)
    automatic["context"] |= {"triggerKind": 2}
    _, answer = scene.editor.start("textDocument/codeAction", automatic)
    job = await scene.app.job(0)
    await job.tell(why_none="2 would close the goal and were refused: it rests on myAxiom.")
    assert suggested(await answer) == []
    assert not [n for n in scene.editor.notifications if n["method"] == "window/showMessage"]


@pytest.mark.parametrize(
    ("line", "character", "place"), [(0, 9, (0, 9)), (1, 4, (1, 4)), (2, 5, (2, 4)), (3, 2, (3, 4))]
)
async def test_at_the_statement_all_that_is_missing_is_meant(
    scene: Scene, line: int, character: int, place: tuple[int, int]
) -> None:
    await scene.begin(text="theorem a : p := by\n  constructor\n  · sorry\n  · sorry\n")
    params = action_params(line, character, only=["quickfix.ghostproof.prove"])
    (action,) = await scene.editor.ask("textDocument/codeAction", params)
    position = {"line": place[0], "character": place[1]}
    assert action["command"]["arguments"] == [{"textDocument": {"uri": URI}, "position": position}]


STATED = "theorem a : p := by\n  sorry\n\nexample : q := sorry\n\ntheorem done : r := by\n  simp\n"


@pytest.mark.parametrize(
    ("line", "character", "title", "place"),
    [
        (0, 9, "Prove this lemma", (1, 2)),
        (1, 4, "Prove this lemma", (1, 2)),
        (3, 2, "Prove this example", (3, 15)),
        (3, 17, "Prove this example", (3, 15)),
    ],
)
async def test_proving_is_offered_at_the_statement_and_in_the_proof(
    scene: Scene, line: int, character: int, title: str, place: tuple[int, int]
) -> None:
    await scene.begin(text=STATED)
    params = action_params(line, character, only=["quickfix.ghostproof.prove"])
    (action,) = await scene.editor.ask("textDocument/codeAction", params)
    assert (action["title"], action["kind"]) == (title, "quickfix.ghostproof.prove")
    command = action["command"]
    position = {"line": place[0], "character": place[1]}
    assert command["command"] == "ghostproof.prove"
    assert command["arguments"] == [{"textDocument": {"uri": URI}, "position": position}]
    assert scene.app.jobs == []


@pytest.mark.parametrize(("line", "character"), [(2, 0), (5, 9), (6, 3)])
async def test_proving_is_not_offered_where_nothing_is_missing(scene: Scene, line: int, character: int) -> None:
    await scene.begin(text=STATED)
    params = action_params(line, character, only=["quickfix.ghostproof.prove"])
    assert await scene.editor.ask("textDocument/codeAction", params) == []


async def test_proving_comes_after_the_suggestions_with_what_it_puts_right(scene: Scene) -> None:
    await scene.begin(proved("simp"), text=STATED)
    told = {"range": span((0, 8), (0, 9)), "message": "declaration uses 'sorry'", "severity": 2}
    found = await scene.editor.ask("textDocument/codeAction", action_params(1, 4, diagnostics=[told]))
    assert [action["title"] for action in found] == ["simp  ✓ closes the goal", "Prove this lemma"]
    assert [d["message"] for d in found[1]["diagnostics"]] == [told["message"]]


async def test_proving_is_not_offered_where_lean_sees_no_goal(scene: Scene) -> None:
    scene.app.error = NoGoal("Lean sees no goal.")
    await scene.begin()
    assert await scene.editor.ask("textDocument/codeAction", action_params(1, 4)) == []


BROKEN = """\
theorem a : p := by
  constructor
  · exact old
  · simp

theorem b : q := by simp [gone]

theorem c : foo := by
  sorry; gone
"""
REFUSED = {"range": span((2, 10), (2, 13)), "message": "unknown identifier 'old'", "severity": 1, "source": "Lean 4"}


def repairing(found: Json) -> list[Json]:
    return [action for action in found if action["title"] == "Repair this proof"]


@pytest.mark.parametrize(
    ("cursor", "told", "place"),
    [
        ((2, 5), {}, (1, 2)),
        ((0, 9), {}, (1, 2)),
        ((1, 4), {"range": span((0, 17), (3, 8)), "message": "unsolved goals\n⊢ p"}, (1, 2)),
        ((5, 22), {"range": span((5, 26), (5, 30)), "source": "Lean"}, (5, 20)),
        ((5, 22), {"range": span((5, 20), (5, 31)), "source": None, "severity": None}, (5, 20)),
        ((2, 5), {"severity": 2}, None),
        ((2, 5), {"source": "spell checker"}, None),
        ((5, 22), {}, None),
        ((0, 9), {"range": span((0, 12), (0, 13))}, None),
        ((8, 11), {"range": span((8, 9), (8, 13))}, None),
    ],
    ids=[
        "at the tactic",
        "at the statement",
        "about the whole block",
        "on one line",
        "of nobody that says so",
        "a warning",
        "of somebody else",
        "in another declaration",
        "in the statement",
        "in a proof that is unfinished",
    ],
)
async def test_repair_is_offered_where_lean_refuses_something_of_a_proof(
    scene: Scene, cursor: tuple[int, int], told: Json, place: tuple[int, int] | None
) -> None:
    await scene.begin(text=BROKEN)
    diagnostic = {name: value for name, value in {**REFUSED, **told}.items() if value is not None}
    params = action_params(*cursor, diagnostics=[diagnostic], triggerKind=2)
    found = repairing(await scene.editor.ask("textDocument/codeAction", params))
    if place is None:
        assert found == []
        return
    (action,) = found
    assert action["kind"] == "quickfix"
    assert [each["message"] for each in action["diagnostics"]] == [diagnostic["message"]]
    position = {"line": place[0], "character": place[1]}
    assert action["command"]["command"] == "ghostproof.repair"
    assert action["command"]["arguments"] == [{"textDocument": {"uri": URI}, "position": position}]


async def test_one_repair_is_offered_for_all_that_is_wrong_with_a_proof(scene: Scene) -> None:
    await scene.begin(text=BROKEN)
    second = {**REFUSED, "range": span((3, 4), (3, 8)), "message": "simp made no progress"}
    params = action_params(2, 5, diagnostics=[REFUSED, second], triggerKind=2)
    (action,) = repairing(await scene.editor.ask("textDocument/codeAction", params))
    assert [each["message"] for each in action["diagnostics"]] == [REFUSED["message"], second["message"]]


async def test_of_two_broken_proofs_the_one_at_the_cursor_is_repaired(scene: Scene) -> None:
    await scene.begin(text="def f := g (by old) (by older)\n")
    told = [{**REFUSED, "range": span((0, at), (0, at + 3))} for at in (15, 24)]
    params = action_params(0, 26, diagnostics=told, triggerKind=2)
    (action,) = repairing(await scene.editor.ask("textDocument/codeAction", params))
    assert action["command"]["arguments"][0]["position"] == {"line": 0, "character": 24}


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("theorem t : p ∧ q := ⟨hp, old⟩\n", 21),
        ("theorem t : ∀ n, p n | 0 => a | n + 1 => old n\n", 21),
        ("example : p := foo old\n", 15),
        ("instance : C where law x := old x\n", 28),
        ("def f : Nat := old\n", None),
        ("def f : Nat := g (by exact old)\n", 21),
        ("theorem t : p ∧ q := ⟨sorry, old⟩\n", None),
    ],
    ids=["a term", "equations", "an example", "a field", "a value", "a block in a value", "unfinished"],
)
async def test_repair_is_offered_for_terms_that_prove(scene: Scene, text: str, place: int | None) -> None:
    await scene.begin(text=text)
    at = text.index("old")
    told = {**REFUSED, "range": span((0, at), (0, at + 3))}
    found = repairing(
        await scene.editor.ask("textDocument/codeAction", action_params(0, at, diagnostics=[told], triggerKind=2))
    )
    places = [action["command"]["arguments"][0]["position"]["character"] for action in found]
    assert places == ([] if place is None else [place])
