"""`ghostproof/prove` over the protocol: an edit for the very text that was asked about, or a message; no leftovers."""

from collections.abc import AsyncIterator

import pytest

from ghostproof.errors import NoGoal
from ghostproof.search.proof import Outcome
from ghostproof.search.unfinished import Unfinished
from ghostproof.syntax.spot import Spot, SpotKind
from support.lsp_editor import FULL, URI, Editor, at, span
from support.told_proving import TEXT, Client, ToldProving

CHANGED = "A proof was found, but its declaration has changed meanwhile. Nothing was changed."


@pytest.fixture
async def proving() -> ToldProving:
    return ToldProving()


@pytest.fixture
async def editor(proving: ToldProving) -> AsyncIterator[Editor]:
    made = Editor(lambda config: proving.app)
    await made.initialize(FULL)
    made.open(TEXT)
    yield made
    await made.finish()


@pytest.fixture
def client(proving: ToldProving, editor: Editor) -> Client:
    return Client(proving, editor)


async def test_a_proof_is_an_edit_at_its_hole(client: Client) -> None:
    await client.begin()
    answer = await client.end()
    assert client.insert(answer) == TEXT.replace("sorry", "intro h\n  simp", 1)
    assert (answer["version"], answer["declaration"], answer["proof"]) == (1, "a", "intro h\nsimp")


async def test_asked_for_at_the_statement_it_fills_the_first_hole(client: Client) -> None:
    await client.begin(5, 9)
    assert client.insert(await client.end()) == TEXT[: TEXT.rindex("sorry")] + "intro h\n  simp\n"


TWO = "theorem a : p := by\n  constructor\n  · sorry\n  · sorry\n"


@pytest.mark.parametrize(("line", "more"), [(0, True), (1, True), (2, None), (3, None)])
async def test_of_a_declaration_with_more_that_is_missing_the_editor_asks_again(
    proving: ToldProving, editor: Editor, line: int, more: bool | None
) -> None:
    editor.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    editor.open(TWO)
    proving.go_on.set()
    answer = await editor.ask("ghostproof/prove", at(line, 6))
    assert answer.get("more") is more
    again = await editor.ask("ghostproof/proof", {"name": answer["name"]})
    assert again.get("more") is more


async def test_the_last_that_is_missing_is_the_last(proving: ToldProving, editor: Editor) -> None:
    editor.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    editor.open(TWO.replace("sorry", "simp", 1))
    proving.go_on.set()
    assert "more" not in await editor.ask("ghostproof/prove", at(0, 6))


LEMMA = "theorem k : p := trivial\n\n"


@pytest.mark.parametrize("typed", [False, True])
async def test_a_lemma_above_comes_as_an_edit_of_its_own_and_is_named(
    proving: ToldProving, client: Client, typed: bool
) -> None:
    proving.lemma = LEMMA
    await client.begin()
    if typed:
        await client.type("def p", "/-- It holds. -/\ndef p")
    answer = await client.end()
    whole = client.text.replace("theorem a", f"{LEMMA}theorem a").replace("sorry", "intro h\n  simp", 1)
    assert client.insert(answer) == whole
    assert len(answer["edit"]["changes"][URI]) == 2
    assert (answer["above"], answer["proof"]) == (LEMMA.strip(), "intro h\nsimp")
    assert proving.rechecked == ([whole] if typed else [])


ABOVE = [("def p", "/-- It holds. -/\ndef p"), ("True\n", "True ∧ True\n\n"), ("def p := True\n\n", "")]


@pytest.mark.parametrize(("old", "new"), ABOVE)
async def test_what_is_typed_above_moves_it_if_lean_accepts_it_there(
    proving: ToldProving, client: Client, old: str, new: str
) -> None:
    await client.begin()
    await client.type(old, new)
    answer = await client.end()
    assert client.insert(answer) == client.text.replace("sorry", "intro h\n  simp", 1)
    assert answer["version"] == 2
    assert proving.rechecked == [client.insert(answer)]


@pytest.mark.parametrize(("old", "new"), ABOVE)
async def test_where_lean_does_not_accept_it_any_more_it_is_dropped(
    proving: ToldProving, client: Client, old: str, new: str
) -> None:
    proving.accepts = False
    await client.begin()
    await client.type(old, new)
    answer = await client.end()
    assert "edit" not in answer
    assert "Lean does not accept it" in answer["message"]


async def test_what_is_typed_below_changes_nothing(proving: ToldProving, client: Client) -> None:
    await client.begin()
    await client.type("theorem b : p := by\n  sorry", "theorem b : p := trivial")
    answer = await client.end()
    assert client.insert(answer) == client.text.replace("sorry", "intro h\n  simp", 1)
    assert proving.rechecked == []


@pytest.mark.parametrize("below", ["\ntheo", "\n-- so\n\ntheorem", "#ev", "-- sorry"])
async def test_what_is_begun_below_is_no_part_of_it(client: Client, below: str) -> None:
    await client.begin(6, 3)
    await client.type("theorem b : p := by\n  sorry\n", f"theorem b : p := by\n  sorry\n{below}")
    answer = await client.end()
    assert client.insert(answer) == client.text.replace("b : p := by\n  sorry", "b : p := by\n  intro h\n  simp")


@pytest.mark.parametrize("further", ["  simp", "\n  -- so\n  simp"])
async def test_what_goes_on_below_is_a_part_of_it(client: Client, further: str) -> None:
    await client.begin(6, 3)
    await client.type("theorem b : p := by\n  sorry\n", f"theorem b : p := by\n  sorry\n{further}")
    assert (await client.end())["message"] == CHANGED


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("  sorry", "  simp"),
        ("theorem a", "theorem a'"),
        ("theorem a : p", "theorem a : q"),
        ("theorem a", "@[simp] theorem a"),
        ("  sorry\n\n", "  sorry\n  done\n\n"),
        ("theorem a : p := by\n  sorry\n\n", ""),
        ("theorem a : p := by\n  sorry\n\ntheorem b", "theorem b : p := by\n  sorry\n\ntheorem a"),
    ],
)
async def test_where_its_declaration_has_changed_it_is_dropped(
    proving: ToldProving, client: Client, old: str, new: str
) -> None:
    await client.begin()
    await client.type(old, new)
    assert await client.end() == {"message": CHANGED, "tried": [], "left": []}
    assert proving.rechecked == []


async def test_what_was_typed_and_taken_back_is_a_change_all_the_same(client: Client) -> None:
    await client.begin()
    await client.type("theorem a : p", "theorem a : q")
    await client.type("theorem a : q", "theorem a : p")
    assert (await client.end())["message"] == CHANGED


async def test_several_changes_at_once_above_and_below(proving: ToldProving, client: Client) -> None:
    await client.begin()
    edits = [
        {"range": span((5, 0), (5, 7)), "text": "lemma"},
        {"range": span((0, 0), (0, 0)), "text": "-- one\n-- two\n"},
    ]
    client.editor.notify(
        "textDocument/didChange", {"textDocument": {"uri": URI, "version": 7}, "contentChanges": edits}
    )
    client.text = "-- one\n-- two\n" + TEXT.replace("theorem b", "lemma b")
    await client.editor.ask("textDocument/hover", at(0, 0))
    answer = await client.end()
    assert client.insert(answer) == client.text.replace("sorry", "intro h\n  simp", 1)


async def test_a_proof_that_was_found_moves_on_until_it_is_put_in(proving: ToldProving, client: Client) -> None:
    await client.begin()
    name = {"name": (await client.end())["name"]}
    await client.type("def p", "-- above\ndef p")
    answer = await client.editor.ask("ghostproof/proof", name)
    assert client.insert(answer) == client.text.replace("sorry", "intro h\n  simp", 1)
    assert (answer["version"], answer["name"]) == (2, name["name"])
    await client.type("  sorry", "  simp")
    assert (await client.editor.ask("ghostproof/proof", name))["message"] == CHANGED


async def test_a_proof_of_a_document_that_was_closed_is_not_known_any_more(client: Client) -> None:
    await client.begin()
    name = {"name": (await client.end())["name"]}
    client.editor.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    assert "prove again" in (await client.editor.ask("ghostproof/proof", name))["message"]


async def test_where_the_document_is_closed_and_opened_again_it_is_dropped(client: Client) -> None:
    await client.begin()
    client.editor.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    client.editor.open(TEXT)
    await client.editor.ask("textDocument/hover", at(0, 0))
    assert "not open any more" in (await client.end())["message"]


async def test_line_ends_of_the_document_are_kept(proving: ToldProving, editor: Editor) -> None:
    editor.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    editor.open(TEXT.replace("\n", "\r\n"))
    proving.go_on.set()
    answer = await editor.ask("ghostproof/prove", at(3, 3))
    (change,) = answer["edit"]["changes"][URI]
    assert change["newText"] == "intro h\r\n  simp"
    assert change["range"] == span((3, 2), (3, 7))


async def test_where_there_is_no_proof_it_says_why_and_what_was_tried(proving: ToldProving, client: Client) -> None:
    proving.reports = [
        Outcome(now="waiting for Lean"),
        Outcome(now="simp", trying=("simp",), tried=1),
        Outcome(now="omega, grind", trying=("omega", "grind"), tried=3),
        Outcome(now="simp", trying=("simp",), tried=4),
        Outcome(now="the whole proof", tried=4),
    ]
    proving.missing = Outcome(done=True, tried=5, goals=2, exhausted=True, left=("⊢ p",))
    await client.begin()
    answer = await client.end()
    assert answer["message"].startswith("No proof was found: everything that is known was tried (5 steps at 2 goals)")
    assert answer["tried"] == ["simp", "omega", "grind"]
    assert answer["left"] == ["⊢ p"]


HOLE = Spot(TEXT.index("sorry"), TEXT.index("sorry") + 5, "", 2, SpotKind.SORRY)
PART = Outcome(done=True, unfinished=Unfinished(HOLE, "constructor\n· simp\n· sorry", ("⊢ q",)))


async def test_the_best_part_of_a_proof_is_told_to_whoever_asks_for_it(proving: ToldProving, client: Client) -> None:
    proving.missing = PART
    await client.begin()
    answer = await client.end()
    assert "edit" not in answer
    assert proving.rechecked == []
    part = await client.editor.ask("ghostproof/proof", {"name": answer["unfinished"]})
    assert part["left"] == ["⊢ q"]
    assert client.insert(part) == TEXT.replace("sorry", "constructor\n  · simp\n  · sorry", 1)
    assert proving.rechecked == [client.insert(part)]


async def test_a_part_moves_with_its_declaration_and_is_dropped_with_it(proving: ToldProving, client: Client) -> None:
    proving.missing = PART
    await client.begin()
    name = {"name": (await client.end())["unfinished"]}
    await client.type("def p", "-- above\ndef p")
    part = await client.editor.ask("ghostproof/proof", name)
    assert client.insert(part) == client.text.replace("sorry", "constructor\n  · simp\n  · sorry", 1)
    await client.type("  sorry", "  simp")
    assert (await client.editor.ask("ghostproof/proof", name))["message"] == CHANGED


async def test_a_part_that_does_not_hold_in_place_is_not_told(proving: ToldProving, client: Client) -> None:
    proving.missing, proving.accepts = PART, False
    await client.begin()
    part = await client.editor.ask("ghostproof/proof", {"name": (await client.end())["unfinished"]})
    assert "does not hold" in part["message"]
    assert "edit" not in part


async def test_where_lean_sees_no_goal_it_says_so(proving: ToldProving, client: Client) -> None:
    proving.missing = Outcome(done=True, error=NoGoal("Lean sees no goal."))
    await client.begin()
    assert (await client.end())["message"] == "Lean sees no goal."


async def test_where_nothing_is_missing_it_says_so(editor: Editor) -> None:
    answer = await editor.ask("ghostproof/prove", at(0, 3))
    assert answer["message"] == "There is nothing to prove at the cursor."


async def test_progress_says_what_is_tried(proving: ToldProving, editor: Editor) -> None:
    proving.reports = [Outcome(now="induction n", tried=1, goals=2)]
    _, waiting = editor.start("ghostproof/prove", {**at(3, 3), "workDoneToken": "mine"})
    reports = await editor.heard("$/progress", 2)
    assert reports[0]["value"]["cancellable"]
    assert reports[1]["value"]["message"] == "1 step, 2 goals: induction n"
    editor.notify("window/workDoneProgress/cancel", {"token": "mine"})
    assert (await waiting)["result"] == {}
    assert proving.cancelled == 1


async def test_partial_results_tell_what_is_known_meanwhile(proving: ToldProving, editor: Editor) -> None:
    proving.reports = [Outcome(goal="⊢ p\u202e", now="simp, rfl", trying=("simp", "rfl"), tried=1, goals=2)]
    number, waiting = editor.start("ghostproof/prove", {**at(3, 3), "partialResultToken": 7})
    (told,) = await editor.heard("$/progress", 1)
    assert told == {
        "token": 7,
        "value": {"goal": "⊢ p⟨U+202E⟩", "trying": ["simp", "rfl"], "tried": 1, "goals": 2},
    }
    editor.notify("$/cancelRequest", {"id": number})
    assert "error" in await waiting


async def test_as_a_command_the_server_has_it_put_in(proving: ToldProving, editor: Editor) -> None:
    proving.go_on.set()
    await editor.ask("workspace/executeCommand", {"command": "ghostproof.prove", "arguments": [at(3, 3)]})
    (asked,) = [each for each in editor.asked if each["method"] == "workspace/applyEdit"]
    (change,) = asked["params"]["edit"]["documentChanges"]
    assert change["textDocument"] == {"uri": URI, "version": 1}
    assert change["edits"] == [{"range": span((3, 2), (3, 7)), "newText": "intro h\n  simp"}]
    for _ in range(2):
        await editor.ask("workspace/executeCommand", {"command": "ghostproof.prove", "arguments": [at(0, 3)]})
    said = await editor.heard("window/showMessage", 2)
    assert {each["message"] for each in said} == {"There is nothing to prove at the cursor."}


async def test_a_cancelled_request_ends_the_search(proving: ToldProving, editor: Editor) -> None:
    number, waiting = editor.start("ghostproof/prove", at(3, 3))
    await proving.searching.wait()
    editor.notify("$/cancelRequest", {"id": number})
    assert "error" in await waiting
    await proving.ended.wait()
    assert proving.cancelled == 1
