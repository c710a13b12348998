"""All that is missing in a declaration, hole by hole: what is proved goes in, and in the end what is left is told."""

from collections.abc import AsyncIterator

import pytest

from ghostproof.errors import GhostproofError, LeanDied, NoGoal, NoToolchain
from ghostproof.lsp.left import NOT_SEARCHED
from ghostproof.search.proof import Outcome
from ghostproof.search.unfinished import Unfinished
from ghostproof.syntax.missing import all_holes
from ghostproof.text import SourceText
from ghostproof.verify.small_values import Refuted
from support.lsp_editor import FULL, URI, Editor, Json, at
from support.told_proving import Client, ToldProving

FOUR = """\
def p := True

theorem a : p := by
  constructor
  · sorry
  · sorry
  · sorry
  · sorry

theorem b : p := by
  sorry
"""
VAIN = Outcome(done=True, exhausted=True, tried=5, goals=2, left=("⊢ p",))
FALSE = Outcome(done=True, refuted=Refuted((("n", "0"),)))
WHY = "No proof was found: everything that is known was tried (5 steps at 2 goals)."
IS_FALSE = "This is false, for example for n = 0."


def failed(problem: GhostproofError) -> Outcome:
    return Outcome(done=True, error=problem)


@pytest.fixture
async def proving() -> ToldProving:
    return ToldProving()


@pytest.fixture
async def editor(proving: ToldProving) -> AsyncIterator[Editor]:
    made = Editor(lambda config: proving.app)
    await made.initialize(FULL)
    made.open(FOUR)
    yield made
    await made.finish()


@pytest.fixture
def client(proving: ToldProving, editor: Editor) -> Client:
    proving.go_on.set()
    return Client(proving, editor, FOUR)


async def prove_all(client: Client, line: int = 2) -> Json:
    """Ask at a line and put in what is found, as long as there is more; the last answer."""
    answer = await client.editor.ask("ghostproof/prove", at(line, 9))
    while "edit" in answer:
        await client.put_in(answer)
        if not answer.get("more"):
            return answer
        # Whoever goes on says after what; the place is nobody's business any more.
        answer = await client.editor.ask("ghostproof/prove", at(0, 0, after=answer["name"]))
    return answer


def bullets(*proved: bool) -> str:
    """The text with some of its holes filled."""
    text = FOUR
    lines = text.split("\n")
    for nth, done in enumerate(proved):
        if done:
            lines[4 + nth] = "  · intro h\n    simp"
    return "\n".join(lines)


async def test_each_is_proved_and_nothing_is_said(proving: ToldProving, client: Client) -> None:
    assert "edit" in await prove_all(client)
    assert client.text == bullets(True, True, True, True)
    assert proving.lines == [4, 6, 8, 10]


# What is left, by its line in the file in the end.
@pytest.mark.parametrize(
    ("vain", "proved", "told"),
    [
        ({4: VAIN}, (False, True, True, True), [f"line 5: {WHY}"]),
        ({4: VAIN, 5: VAIN}, (False, False, True, True), [f"lines 5 and 6: {WHY}"]),
        ({4: VAIN, 7: FALSE}, (False, True, False, True), [f"line 5: {WHY}", f"line 8: {IS_FALSE}"]),
        ({6: FALSE}, (True, False, True, True), [f"line 7: {IS_FALSE}"]),
        ({10: VAIN}, (True, True, True, False), [f"line 11: {WHY}"]),
        ({4: VAIN, 5: VAIN, 6: VAIN, 7: VAIN}, (False,) * 4, [f"lines 5, 6, 7 and 8: {WHY}"]),
        ({4: failed(NoGoal("It is a value."))}, (False, True, True, True), ["line 5: It is a value."]),
        ({4: failed(LeanDied("Lean died."))}, (False, True, True, True), ["line 5: Lean died."]),
        # Where Lean itself is missing nobody asks for it at each place.
        ({4: failed(NoToolchain("No Lean."))}, (False,) * 4, ["lines 5, 6, 7 and 8: No Lean."]),
    ],
)
async def test_what_has_no_proof_is_passed_over_and_told_in_the_end(
    proving: ToldProving, client: Client, vain: dict[int, Outcome], proved: tuple[bool, ...], told: list[str]
) -> None:
    proving.vain = vain
    answer = await prove_all(client)
    assert client.text == bullets(*proved)
    assert answer["message"] == "\n".join(["Not proved:", *told])
    assert set(proving.lines) >= set(vain)
    assert len(proving.lines) == len(set(proving.lines))


async def test_nothing_is_tried_where_lean_is_missing(proving: ToldProving, client: Client) -> None:
    proving.missing = failed(NoToolchain("No Lean."))
    await prove_all(client)
    assert proving.lines == [4]


async def test_the_goals_that_are_left_and_what_was_tried_are_told_of_all(proving: ToldProving, client: Client) -> None:
    proving.vain = {4: VAIN, 7: VAIN}
    proving.reports = [Outcome(now="simp", trying=("simp",), tried=1)]
    answer = await prove_all(client)
    assert (answer["left"], answer["tried"]) == (["⊢ p", "⊢ p"], ["simp"])


async def test_many_reasons_are_no_wall_of_text(proving: ToldProving, editor: Editor, client: Client) -> None:
    holes = 20
    client.text = "theorem a : p := by\n" + "  · sorry\n" * holes
    editor.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    editor.open(client.text)
    proving.vain = {line: failed(NoGoal(f"Reason {line}.")) for line in range(1, holes + 1)}
    answer = await prove_all(client, 0)
    lines = answer["message"].split("\n")
    assert lines[:2] == ["Not proved:", "line 2: Reason 1."]
    assert lines[-1] == "and 12 more."
    assert len(lines) == 10


def part(client: Client, line: int) -> Outcome:
    """What a search finds that can do half of a hole."""
    source = SourceText(client.text)
    holes = all_holes(source, client.text.index("theorem a"))
    spot = next(hole for hole in holes if source.position(hole.start).line == line)
    return Outcome(done=True, unfinished=Unfinished(spot, "constructor\n· simp\n· sorry", ("⊢ q",)))


async def test_the_best_part_of_what_is_left_is_told_where_it_stands_in_the_end(
    proving: ToldProving, client: Client
) -> None:
    proving.vain, proving.lemma = {4: part(client, 4)}, "theorem key : q\n\n"
    answer = await prove_all(client)
    lemmas = 3 * proving.lemma.count("\n")
    assert answer["message"].startswith(f"Not proved:\nline {5 + lemmas}: ")
    await client.type("def p", "-- above\ndef p")
    shown = await client.editor.ask("ghostproof/proof", {"name": answer["unfinished"]})
    assert shown["left"] == ["⊢ q"]
    made = client.insert(shown)
    assert made == client.text.replace("  · sorry", "  · constructor\n    · simp\n    · sorry", 1)
    assert proving.rechecked[-1] == made


async def test_it_goes_on_wherever_the_declaration_stands_now(proving: ToldProving, client: Client) -> None:
    proving.vain = {4: VAIN}
    answer = await client.editor.ask("ghostproof/prove", at(2, 9))
    await client.put_in(answer)
    await client.type("def p", "-- above\ndef p")
    answer = await client.editor.ask("ghostproof/prove", at(2, 9, after=answer["name"]))
    await client.put_in(answer)
    assert proving.lines == [4, 5, 8]
    assert client.text == bullets(False, True, True).replace("def p", "-- above\ndef p")


async def test_of_two_that_are_the_same_it_goes_on_with_its_own(
    proving: ToldProving, editor: Editor, client: Client
) -> None:
    one = "example : p := by\n  · intro h\n    simp\n  · sorry\n  · sorry\n\n"
    client.text = one + one.replace("intro h\n    simp", "sorry")
    editor.notify("textDocument/didClose", {"textDocument": {"uri": URI}})
    editor.open(client.text)
    answer = await editor.ask("ghostproof/prove", at(6, 9))
    await client.put_in(answer)
    assert client.text == one + one
    answer = await editor.ask("ghostproof/prove", at(6, 9, after=answer["name"]))
    await client.put_in(answer)
    assert client.text == one + one.replace("sorry", "intro h\n    simp", 1)


async def test_where_the_declaration_has_changed_it_does_not_go_on(proving: ToldProving, client: Client) -> None:
    answer = await client.editor.ask("ghostproof/prove", at(2, 9))
    await client.put_in(answer)
    await client.type("theorem a", "theorem a'")
    answer = await client.editor.ask("ghostproof/prove", at(2, 9, after=answer["name"]))
    assert "The declaration has changed meanwhile" in answer["message"]
    assert proving.lines == [4]


async def test_what_changes_while_one_is_searched_for_ends_the_others(proving: ToldProving, client: Client) -> None:
    proving.missing = VAIN
    proving.go_on.clear()
    await client.begin(2, 9)
    await client.type("theorem a", "theorem a'")
    told = ["Not proved:", f"line 5: {WHY}", f"lines 6, 7 and 8: {NOT_SEARCHED}"]
    assert (await client.end())["message"].split("\n") == told
    assert proving.lines == [4]


@pytest.mark.parametrize("after", ["", "nobody", 7, None, ["x"], {"a": 1}])
async def test_after_something_that_is_no_proof_of_ours(client: Client, after: Json) -> None:
    answer = await client.editor.ask("ghostproof/prove", at(2, 9, after=after))
    assert "edit" in answer if after is None else "not known any more" in answer["message"]


async def test_a_proof_with_nothing_behind_it_is_followed_by_none(client: Client) -> None:
    answer = await client.editor.ask("ghostproof/prove", at(4, 6))  # at a hole, which is wanted alone
    assert "more" not in answer
    again = await client.editor.ask("ghostproof/prove", at(2, 9, after=answer["name"]))
    assert "not known any more" in again["message"]


async def test_progress_names_the_line_and_is_one_for_all(proving: ToldProving, editor: Editor, client: Client) -> None:
    proving.reports, proving.missing = [Outcome(now="simp", tried=1, goals=2)], VAIN
    proving.one_by_one = True
    proving.go_on.clear()
    _, waiting = editor.start("ghostproof/prove", at(2, 9, workDoneToken="mine"))
    for number in range(4):
        await editor.heard("$/progress", 2 + number)
        proving.go_on.set()
    await waiting
    told = [each["value"] for each in await editor.heard("$/progress", 6)]
    assert [each["kind"] for each in told] == ["begin", *["report"] * 4, "end"]
    assert [each["message"] for each in told[1:-1]] == [f"line {line}: 1 step, 2 goals: simp" for line in (5, 6, 7, 8)]


@pytest.mark.parametrize("by", ["the button", "the request"])
async def test_a_cancel_ends_it_all(proving: ToldProving, editor: Editor, client: Client, by: str) -> None:
    proving.vain = {4: VAIN}
    proving.reports = [Outcome(now="simp", tried=1, goals=2)]
    answer = await editor.ask("ghostproof/prove", at(2, 9))
    await client.put_in(answer)
    proving.go_on.clear()
    proving.ended.clear()
    number, waiting = editor.start("ghostproof/prove", at(2, 9, after=answer["name"], workDoneToken="mine"))
    await editor.heard("$/progress", 2)
    if by == "the button":
        editor.notify("window/workDoneProgress/cancel", {"token": "mine"})
        assert (await waiting)["result"] == {}
    else:
        editor.notify("$/cancelRequest", {"id": number})
        assert "error" in await waiting
    await proving.ended.wait()
    assert proving.cancelled == 1
    assert proving.lines == [4, 5, 7]


async def test_as_a_command_the_server_has_all_put_in_and_says_what_is_left(
    proving: ToldProving, editor: Editor, client: Client
) -> None:
    def applied(edit: Json) -> None:
        (change,) = edit["documentChanges"]
        client.take_over(change["textDocument"]["version"], change["edits"])

    proving.vain = {6: VAIN}
    editor.on_apply = applied
    await editor.ask("workspace/executeCommand", {"command": "ghostproof.prove", "arguments": [at(2, 9)]})
    assert len([each for each in editor.asked if each["method"] == "workspace/applyEdit"]) == 3
    (said,) = await editor.heard("window/showMessage")
    assert said["message"] == f"Not proved:\nline 7: {WHY}"


async def test_as_a_command_it_ends_where_the_editor_tells_its_change_too_late(
    proving: ToldProving, editor: Editor, client: Client
) -> None:
    await editor.ask("workspace/executeCommand", {"command": "ghostproof.prove", "arguments": [at(2, 9)]})
    assert proving.lines == [4]
    assert not [each for each in editor.notifications if each["method"] == "window/showMessage"]
