"""The language server as an editor meets it: the real command, real Lean, pytest-lsp's client."""

import asyncio
import itertools
import os
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio
from lsprotocol import types as t
from pygls.exceptions import JsonRpcRequestCancelled
from pytest_lsp import ClientServerConfig, LanguageClient

from ghostproof.text import SourceText
from support.processes import command_line, send
from support.waiting import HANGS_S

CURSOR = "‸"
# Tests wait for answers, however slow the machine; budgets are tried where the application is a fake.
SETTINGS = {
    "lean": {"toolchain": "embedded", "document_s": 300},
    "suggest": {"budget_s": 120},
    "lsp": {"debounce_s": 0.01, "ghost_budget_s": 300, "action_budget_s": 300},
}
CAPABILITIES = t.ClientCapabilities(
    general=t.GeneralClientCapabilities(position_encodings=[t.PositionEncodingKind.Utf8]),
    workspace=t.WorkspaceClientCapabilities(workspace_edit=t.WorkspaceEditClientCapabilities(document_changes=True)),
    window=t.WindowClientCapabilities(work_done_progress=True),
)
ERRORS = "theorem wrong : 1 = 2 := by\n  simp\n\n#check nonsense\n\n"


@dataclass
class Editor:
    """One client with its server, and the folder its files are in."""

    client: LanguageClient
    folder: Path
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def open(self, text: str, language: str = "lean4", uri: str = "") -> str:
        uri = uri or (self.folder / f"File{next(self.numbers)}.lean").as_uri()
        self.client.text_document_did_open(t.DidOpenTextDocumentParams(t.TextDocumentItem(uri, language, 1, text)))
        return uri

    def change(self, uri: str, at: t.Position, text: str, version: int = 2) -> None:
        change = t.TextDocumentContentChangePartial(range=t.Range(at, at), text=text)
        name = t.VersionedTextDocumentIdentifier(uri=uri, version=version)
        self.client.text_document_did_change(t.DidChangeTextDocumentParams(name, [change]))

    def close(self, uri: str) -> None:
        self.client.text_document_did_close(t.DidCloseTextDocumentParams(t.TextDocumentIdentifier(uri)))

    def asked(self, uri: str, at: t.Position, *, automatic: bool = False) -> t.InlineCompletionParams:
        kind = t.InlineCompletionTriggerKind
        context = t.InlineCompletionContext(trigger_kind=kind.Automatic if automatic else kind.Invoked)
        return t.InlineCompletionParams(context=context, text_document=t.TextDocumentIdentifier(uri), position=at)

    async def ghosts(self, uri: str, at: t.Position, *, automatic: bool = False) -> list[t.InlineCompletionItem]:
        params = self.asked(uri, at, automatic=automatic)
        found = await self.client.text_document_inline_completion_async(params)
        assert isinstance(found, t.InlineCompletionList)
        return list(found.items)

    async def actions(self, uri: str, at: t.Position, **context: Any) -> list[t.CodeAction]:  # noqa: ANN401 - LSP's own
        params = t.CodeActionParams(
            t.TextDocumentIdentifier(uri), t.Range(at, at), t.CodeActionContext(diagnostics=[], **context)
        )
        found = await self.client.text_document_code_action_async(params)
        return [action for action in found or () if isinstance(action, t.CodeAction)]


def marked(text: str) -> tuple[str, t.Position]:
    """A text without its cursor mark, and where the mark was."""
    source = SourceText(text)
    line, character = source.utf16_position(source.text.index(CURSOR))
    return text.replace(CURSOR, ""), t.Position(line, character)


def applied(text: str, where: t.Range, new: str) -> str:
    source = SourceText(text)
    start = source.offset_from_utf16(where.start.line, where.start.character)
    end = source.offset_from_utf16(where.end.line, where.end.character)
    return source.text[:start] + new.replace("\r\n", "\n") + source.text[end:]


async def connect(folder: Path | None, **env: str) -> Editor:
    command = [sys.executable, "-m", "ghostproof", "serve", "--stdio"]
    client = await ClientServerConfig(server_command=command, server_env={**os.environ, **env}).start()
    assert isinstance(client, LanguageClient)
    await client.initialize_session(
        t.InitializeParams(
            capabilities=CAPABILITIES,
            root_uri=folder.as_uri() if folder else None,
            initialization_options=SETTINGS,
        )
    )
    return Editor(client, folder or Path())


async def disconnect(editor: Editor) -> None:
    await editor.client.shutdown_session()
    await editor.client.stop()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def editor(embedded_root: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Editor]:
    connected = await connect(tmp_path_factory.mktemp("lsp"))
    yield connected
    await disconnect(connected)


def server_processes() -> list[psutil.Process]:
    """The servers that this test run has started."""
    return [child for child in psutil.Process().children() if {"ghostproof", "serve"} <= set(command_line(child))]


# Each proof is within reach of Lean's automation: the first suggestion closes the goal.
PLACES = {
    "behind by": "theorem a (x y : Nat) (h : x < y) : x + 1 ≤ y := by‸\n",
    "a blank line": "theorem a (x y : Nat) (h : x < y) : x + 1 ≤ y := by\n  ‸\n",
    "no newline at the end": "theorem a (p q : Prop) (h : p ∧ q) : q := by\n  ‸",
    "errors elsewhere": ERRORS + "theorem a (x y : Nat) (h : x < y) : x + 1 ≤ y := by\n  ‸\n",
    "mid-edit above": "theorem b (n : Nat) : (n = n := by\n  have\n\ntheorem a (n : Nat) : n + 0 = n := by\n  ‸\n",
    "mid-edit below": "theorem a (n : Nat) : n + 0 = n := by\n  ‸\n\ntheorem b (n : Nat : n = := by\n",
    "carriage returns": "theorem a (x y : Nat)\r\n    (h : x < y) : x + 1 ≤ y := by\r\n  ‸\r\n",
    "astral characters": "theorem a {𝕜 : Type} (𝕏 𝕐 : 𝕜) (h : 𝕏 = 𝕐) : 𝕐 = 𝕏 := by ‸\n",
    "where": "theorem a (n : Nat) : n ≤ n + 1 :=\n  aux\nwhere\n  aux : n ≤ n + 1 := by\n    ‸\n",
    "mutual": (
        "mutual\ntheorem a (n : Nat) : n ≤ n + 1 := by\n  ‸\ntheorem b (n : Nat) : n ≤ n + 2 := by\n  omega\nend\n"
    ),
    "instance": (
        "structure Pos where\n  n : Nat\n  pos : 0 < n\n\ninstance : Inhabited Pos where\n"
        "  default := { n := 3, pos := by ‸ }\n"
    ),
    "a nested have": (
        "theorem a (x y : Nat) (h : x < y) : x < y + 1 := by\n  have h' : x + 1 ≤ y := by\n    ‸\n  omega\n"
    ),
    "calc": (
        "theorem a (x y z : Nat) (h : x = y + 0) (k : y = z) : x = z := by\n"
        "  calc\n    x = y := by simp [h]\n    _ = z := by ‸\n"
    ),
    "case": (
        "theorem a (p q : Prop) (h : p ∨ q) : q ∨ p := by\n  cases h\n  case inl h => exact Or.inr h\n"
        "  case inr h =>\n    ‸\n"
    ),
    "induction": ("theorem a (n : Nat) : 0 + n = n := by\n  induction n with\n  | zero => rfl\n  | succ n ih => ‸\n"),
    "match with by": (
        "theorem a (n : Nat) : n = 0 ∨ 0 < n :=\n  match n with\n  | 0 => by simp\n  | k + 1 => by\n    ‸\n"
    ),
    "by inside a term": "def a (n : Nat) (h : 0 < n) : { m : Nat // m < n } := ⟨0, by ‸⟩\n",
    "sorry": "theorem a (x y : Nat) (h : x < y) : x + 1 ≤ y := by\n  ‸sorry\n",
    "a bullet": "theorem a (p q : Prop) (hp : p) (hq : q) : p ∧ q := by\n  constructor\n  · exact hp\n  · ‸\n",
}


@pytest.mark.lean
@pytest.mark.parametrize("uri", ["untitled:Untitled-1", "vscode-vfs://github/o/r/A.lean", "git:{folder}/A.lean?x"])
async def test_documents_in_no_file_are_served_from_their_text(editor: Editor, uri: str) -> None:
    """Which Lean judges them is the folder's choice; what they say is the client's."""
    text, at = marked(PLACES["sorry"])
    opened = editor.open(text, uri=uri.format(folder=editor.folder))
    (best, *_) = await editor.ghosts(opened, at)
    assert isinstance(best.insert_text, str)
    found = await editor.client.text_document_hover_async(t.HoverParams(t.TextDocumentIdentifier(opened), at))
    assert found is not None
    assert isinstance(found.contents, t.MarkupContent)
    assert best.insert_text in found.contents.value
    assert "✓ closes the goal" in found.contents.value
    editor.close(opened)
    assert not list(editor.folder.iterdir()), "nothing is written for them"


@pytest.mark.lean
async def test_without_any_folder_a_document_is_served_all_the_same(embedded_root: Path) -> None:
    editor = await connect(None)
    text, at = marked(PLACES["a blank line"])
    assert await editor.ghosts(editor.open(text, uri="untitled:Untitled-1"), at)
    await disconnect(editor)


@pytest.mark.lean
@pytest.mark.parametrize("name", PLACES)
async def test_ghost_text_and_action_agree(editor: Editor, name: str) -> None:
    text, at = marked(PLACES[name])
    uri = editor.open(text)
    (best, *_) = await editor.ghosts(uri, at)
    assert best.range is not None
    assert isinstance(best.insert_text, str)
    actions = await editor.actions(uri, at)
    # Where a line above has an error, the title ends with that.
    assert actions[0].title.split(" · line ")[0].endswith("✓ closes the goal")
    assert actions[0].edit is not None
    assert actions[0].edit.document_changes is not None
    change = actions[0].edit.document_changes[0]
    assert isinstance(change, t.TextDocumentEdit)
    assert (change.text_document.uri, change.text_document.version) == (uri, 1)
    (edit,) = change.edits
    assert isinstance(edit, t.TextEdit)
    ghosts = [applied(text, g.range, str(g.insert_text)) for g in await editor.ghosts(uri, at) if g.range]
    assert applied(text, edit.range, edit.new_text) == ghosts[0]
    assert ("\r\n" in edit.new_text) == ("\r\n" in text and "\n" in edit.new_text)
    editor.close(uri)


@pytest.mark.lean
async def test_who_asks_gets_the_whole_list_to_cycle_through(editor: Editor) -> None:
    text, at = marked("theorem swap (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  ‸\n")
    uri = editor.open(text)
    asked = [ghost.insert_text for ghost in await editor.ghosts(uri, at)]
    # An invoked menu is the whole list.
    listed = await editor.actions(uri, at)
    assert "constructor" in asked
    assert len(asked) == len([action for action in listed if "  ✓ " in action.title or "  → " in action.title])
    editor.close(uri)


@pytest.mark.lean
@pytest.mark.parametrize("language", ["lean4", "lean"])
async def test_both_language_ids(editor: Editor, language: str) -> None:
    text, at = marked(PLACES["a blank line"])
    uri = editor.open(text, language)
    assert await editor.ghosts(uri, at)
    editor.close(uri)


@pytest.mark.lean
@pytest.mark.parametrize(
    "text",
    [
        "theorem a : 1 = 1 := by\n  rfl\n\n‸\n",
        "-- by ‸\ntheorem a : 1 = 1 := by\n  rfl\n",
        'def s := "by ‸"\n',
        "theorem a : 1 = 1 := ‸\n",
        "theorem a : 1 = 1 := by\n  \\al‸\n",
    ],
)
async def test_nothing_elsewhere(editor: Editor, text: str) -> None:
    plain, at = marked(text)
    uri = editor.open(plain)
    assert await editor.ghosts(uri, at, automatic=True) == []
    editor.close(uri)


@pytest.mark.lean
async def test_typing_along_a_suggestion(editor: Editor) -> None:
    text, at = marked(PLACES["behind by"])
    uri = editor.open(text)
    (best, *_) = await editor.ghosts(uri, at)
    assert isinstance(best.insert_text, str)
    assert best.insert_text.startswith("\n  ")
    editor.change(uri, at, best.insert_text[:4])
    typed = t.Position(at.line + 1, 3)
    (going_on, *_) = await editor.ghosts(uri, typed, automatic=True)
    assert going_on.insert_text == best.insert_text[1:]
    assert going_on.range == t.Range(t.Position(at.line + 1, 0), typed)
    editor.close(uri)


@pytest.mark.lean
async def test_superseded_and_cancelled_requests(editor: Editor) -> None:
    text, at = marked("theorem a (xs ys : List Nat) : (xs ++ ys).length = ys.length + xs.length := by\n  ‸\n")
    uri = editor.open(text)
    older = asyncio.ensure_future(editor.ghosts(uri, at))
    newer = asyncio.ensure_future(editor.ghosts(uri, at))
    assert await older == []
    assert await newer
    editor.change(uri, t.Position(0, 0), "-- changed\n")
    params = editor.asked(uri, t.Position(at.line + 1, at.character))
    number = "cancel me"
    cancelled = editor.client.protocol.send_request_async(t.TEXT_DOCUMENT_INLINE_COMPLETION, params, msg_id=number)
    waiting = asyncio.ensure_future(cancelled)
    await asyncio.sleep(0)
    editor.client.cancel_request(t.CancelParams(id=number))
    with pytest.raises(JsonRpcRequestCancelled):
        await waiting
    assert await editor.ghosts(uri, t.Position(at.line + 1, at.character))
    editor.close(uri)


@pytest.mark.lean
async def test_titles_say_what_is_left(editor: Editor) -> None:
    text, at = marked(
        "opaque p : Prop\nopaque q : Prop\n\ntheorem a (h : p ∨ q) : q ∨ p ∧ q := by\n  ‸\n",
    )
    uri = editor.open(text)
    titles = [action.title for action in await editor.actions(uri, at)]
    assert titles
    assert all("  → " in title and title.endswith(("goal", "goals")) for title in titles), titles
    editor.close(uri)


@pytest.mark.lean
async def test_the_light_bulb_is_answered_at_once_and_knows_more_later(editor: Editor) -> None:
    text, at = marked(PLACES["sorry"])
    uri = editor.open(text)
    await editor.actions(uri, at, trigger_kind=t.CodeActionTriggerKind.Automatic)
    invoked = await editor.actions(uri, at)
    later = await editor.actions(uri, at, trigger_kind=t.CodeActionTriggerKind.Automatic)
    assert [action.title for action in later] == [action.title for action in invoked] != []
    assert await editor.actions(uri, at, only=["refactor"]) == []
    editor.close(uri)


@pytest.mark.lean
async def test_lean_killed_in_the_middle_of_a_request(editor: Editor) -> None:
    text, at = marked(PLACES["a blank line"])
    uri = editor.open(text)
    assert await editor.ghosts(uri, at)
    editor.change(uri, t.Position(0, 0), "theorem zero (n : Nat) : n = n := by rfl\n\n")
    moved = t.Position(at.line + 2, at.character)
    asked = asyncio.ensure_future(editor.ghosts(uri, moved))
    await asyncio.sleep(0)
    for server in server_processes():
        send(server.children(recursive=True))
    await asked
    assert await editor.ghosts(uri, moved)
    editor.close(uri)


@pytest.mark.lean
async def test_restart(editor: Editor) -> None:
    text, at = marked(PLACES["a blank line"])
    uri = editor.open(text)
    await editor.client.workspace_execute_command_async(t.ExecuteCommandParams("ghostproof.restart"))
    assert await editor.ghosts(uri, at)
    editor.close(uri)


@pytest.mark.lean
async def test_shutdown_leaves_no_process(embedded_root: Path, tmp_path: Path) -> None:
    before = {server.pid for server in server_processes()}
    other = await connect(tmp_path)
    text, at = marked(PLACES["a blank line"])
    uri = other.open(text)
    assert await other.ghosts(uri, at)
    (server,) = [server for server in server_processes() if server.pid not in before]
    family = [server, *server.children(recursive=True)]
    assert len(family) > 1
    await disconnect(other)
    _, alive = psutil.wait_procs(family, timeout=HANGS_S)
    assert alive == []


async def test_no_lean_at_all(tmp_path: Path) -> None:
    nothing = {"GHOSTPROOF_CACHE": str(tmp_path / "cache"), "ELAN_HOME": str(tmp_path), "PATH": "/usr/bin:/bin"}
    editor = await connect(tmp_path, **nothing)
    try:
        text, at = marked(PLACES["a blank line"])
        uri = editor.open(text)
        assert await editor.ghosts(uri, at) == []
        assert await editor.ghosts(uri, at) == []
        (message,) = editor.client.messages
        assert message.type == t.MessageType.Error
        assert "ghostproof toolchain install" in message.message
    finally:
        await disconnect(editor)


async def test_the_server_dies_with_its_client(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "ghostproof", "serve", "--stdio"]
    pipe = asyncio.subprocess.PIPE
    server = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
    assert server.stdin is not None
    server.stdin.close()
    assert await server.wait() == 1
