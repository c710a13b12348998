"""Messages that are none: every request is answered, nothing is lost silently, and the server goes on."""

import asyncio
import json
from collections.abc import AsyncIterator

import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from support.lsp_editor import URI, Editor, Json, ToldApp, proved

TEXT = "theorem a : p := by\n  \n"
INVALID_REQUEST, NOT_FOUND, INVALID_PARAMS, NOT_INITIALIZED = -32600, -32601, -32602, -32002
HERE = {"textDocument": {"uri": URI}, "position": {"line": 1, "character": 2}}
RANGE = {"start": {"line": 1, "character": 2}, "end": {"line": 1, "character": 2}}


@pytest.fixture
async def editor() -> AsyncIterator[Editor]:
    made = Editor(lambda config: ToldApp(config, [proved("omega")]))
    yield made
    await made.finish()


async def begun(editor: Editor) -> Editor:
    await editor.initialize()
    editor.open(TEXT)
    return editor


async def code(editor: Editor, message: Json, number: Json = "x") -> int:
    """The error that answers a request."""
    answer = editor.expect(number)
    editor.send(json.dumps(message).encode())
    return int((await answer)["error"]["code"])


async def alive(editor: Editor) -> None:
    assert [item["insertText"] for item in await editor.ghosts(1, 2)] == ["omega"]


WRONG: dict[str, tuple[str, Json]] = {
    "none": ("textDocument/codeAction", None),
    "a list": ("textDocument/codeAction", []),
    "a number": ("textDocument/inlineCompletion", 5),
    "nothing in it": ("textDocument/inlineCompletion", {}),
    "no position": ("textDocument/inlineCompletion", {"textDocument": {"uri": URI}, "context": {"triggerKind": 1}}),
    "no document": ("textDocument/inlineCompletion", {**HERE, "textDocument": None, "context": {"triggerKind": 1}}),
    "a position of words": (
        "textDocument/inlineCompletion",
        {**HERE, "position": {"line": "one", "character": 2}, "context": {"triggerKind": 1}},
    ),
    "a negative line": (
        "textDocument/inlineCompletion",
        {**HERE, "position": {"line": -1, "character": 2}, "context": {"triggerKind": 1}},
    ),
    "a line beyond numbers": (
        "textDocument/inlineCompletion",
        {**HERE, "position": {"line": 10**30, "character": 2}, "context": {"triggerKind": 1}},
    ),
    "an unknown trigger": ("textDocument/inlineCompletion", {**HERE, "context": {"triggerKind": 99}}),
    "half a range": (
        "textDocument/codeAction",
        {"textDocument": {"uri": URI}, "range": {"start": RANGE["start"]}, "context": {"diagnostics": []}},
    ),
    "diagnostics that are none": (
        "textDocument/codeAction",
        {"textDocument": {"uri": URI}, "range": RANGE, "context": {"diagnostics": [1]}},
    ),
    "a message within": (
        "textDocument/codeAction",
        {"textDocument": {"jsonrpc": "2.0", "id": 1, "method": "shutdown"}, "range": RANGE, "context": {}},
    ),
    "an unknown command": ("workspace/executeCommand", {"command": "rm"}),
    "no command": ("workspace/executeCommand", {}),
}


@pytest.mark.parametrize("what", WRONG)
async def test_parameters_that_cannot_be_read_are_answered(editor: Editor, what: str) -> None:
    await begun(editor)
    method, params = WRONG[what]
    message = {"jsonrpc": "2.0", "id": "x", "method": method, "params": params}
    assert await code(editor, message) == INVALID_PARAMS
    if params is None:
        del message["params"]
        assert await code(editor, message) == INVALID_PARAMS
    await alive(editor)


STRANGE = ["textDocument/definition", "$/ghost", "ghostproof/none", "", "a" * 10_000, "\x1b[2J", "__class__"]


@pytest.mark.parametrize("method", STRANGE)
@pytest.mark.parametrize("params", [None, {}, [], {"1": {"class": 2}}, 5])
async def test_a_method_that_is_not_there_is_answered(editor: Editor, method: str, params: Json) -> None:
    await begun(editor)
    assert await code(editor, {"jsonrpc": "2.0", "id": "x", "method": method, "params": params}) == NOT_FOUND
    await alive(editor)


NO_REQUESTS: dict[str, Json] = {
    "a number": 5,
    "a string": "initialize",
    "null": None,
    "an empty batch": [],
    "an empty object": {},
    "no version": {"id": [1], "method": "shutdown"},
    "another version": {"jsonrpc": "1.0", "id": None, "method": "shutdown"},
    "an id of null": {"jsonrpc": "2.0", "id": None, "method": "shutdown"},
    "an id of a list": {"jsonrpc": "2.0", "id": [1], "method": "shutdown"},
    "an id of half": {"jsonrpc": "2.0", "id": 0.5, "method": "shutdown"},
    "an id of true": {"jsonrpc": "2.0", "id": True, "method": "shutdown"},
}


@pytest.mark.parametrize("what", NO_REQUESTS)
async def test_what_is_no_request_is_refused(editor: Editor, what: str) -> None:
    await begun(editor)
    editor.send(json.dumps(NO_REQUESTS[what]).encode())
    await alive(editor)
    (refusal,) = editor.refused
    assert (refusal["id"], refusal["error"]["code"]) == (None, INVALID_REQUEST)


async def test_a_method_that_is_no_string_is_refused(editor: Editor) -> None:
    await begun(editor)
    methods: tuple[object, ...] = (1, None, ["shutdown"], {})
    for method in methods:
        assert await code(editor, {"jsonrpc": "2.0", "id": "x", "method": method}) == INVALID_REQUEST
    await alive(editor)


NO_JSON = [b"", b"{", b"\xff\xfe", b"[" * 100_000, b'{"a": ' * 50_000, b"nothing", b'"\\ud8"', b"1" * 5000, b"{} {}"]


@pytest.mark.parametrize("body", NO_JSON, ids=lambda body: body[:8].decode("latin-1"))
async def test_what_is_no_json_is_told(editor: Editor, body: bytes) -> None:
    await begun(editor)
    editor.send(body)
    await alive(editor)
    (refusal,) = editor.refused
    assert refusal["id"] is None
    assert refusal["error"]["code"] == -32700


HEADERS = {
    "any case": b"content-LENGTH:%d\r\nContent-Type: application/vscode-jsonrpc; charset=utf-8\r\n\r\n",
    "line feeds only": b"Content-Length: %d\n\n",
    "twice": b"Content-Length: 3\r\nContent-Length: %d\r\n\r\n",
    "nonsense before": b"GET / HTTP/1.1\r\nHost: x\r\n\r\n\xff\r\nContent-Length: -4\r\nContent-Length: %d\r\n\r\n",
    "a long line before": b"a" * 300_000 + b"\r\nContent-Length: %d\r\n\r\n",
    "a length beyond numbers before": b"Content-Length: " + b"9" * 5000 + b"\r\n\r\nContent-Length: %d\r\n\r\n",
    "empty lines before": b"\r\n" * 1000 + b"Content-Length: %d\r\n\r\n",
}


@pytest.mark.parametrize("what", HEADERS)
async def test_the_stream_is_read_on_behind_strange_headers(editor: Editor, what: str) -> None:
    await begun(editor)
    body = json.dumps({"jsonrpc": "2.0", "id": "x", "method": "$/ghost"}).encode()
    answer = editor.expect("x")
    editor.feed(HEADERS[what] % len(body) + body)
    assert (await answer)["error"]["code"] == NOT_FOUND
    await alive(editor)


async def test_a_batch_is_several_messages(editor: Editor) -> None:
    await begun(editor)
    answers = [editor.expect(number) for number in ("a", "b")]
    message = {"jsonrpc": "2.0", "method": "$/ghost"}
    editor.send(json.dumps([{**message, "id": "a"}, message, {**message, "id": "b"}, 7]).encode())
    assert [(await answer)["error"]["code"] for answer in answers] == [NOT_FOUND] * 2
    await alive(editor)
    assert len(editor.refused) == 1


async def test_before_the_beginning_and_after_the_end(editor: Editor) -> None:
    request = {"jsonrpc": "2.0", "id": "x", "method": "textDocument/inlineCompletion", "params": None}
    assert await code(editor, request) == NOT_INITIALIZED
    editor.open(TEXT)
    await begun(editor)
    assert await code(editor, {**request, "method": "initialize", "params": {"capabilities": {}}}) == INVALID_REQUEST
    await editor.ask("shutdown", None)
    assert await code(editor, request) == INVALID_REQUEST
    assert await code(editor, {**request, "method": "shutdown"}) == INVALID_REQUEST


@pytest.mark.parametrize(
    "answer",
    [
        {"result": None, "error": None},
        {"error": None},
        {"result": {"unexpected": 1}},
        {},
        {"error": {"code": "no", "message": None}},
        {"error": {"code": -1, "message": "no"}},
        {"error": 5},
    ],
)
async def test_an_answer_to_the_server_is_taken_whatever_it_is(editor: Editor, answer: Json) -> None:
    """An `error` of null is none; what is no answer at all is a refusal, and nobody waits on."""
    await begun(editor)
    protocol = editor.server.protocol
    asked = protocol.send_request_async("window/workDoneProgress/create", {"token": "t"}, msg_id="ours")
    editor.send(json.dumps({"jsonrpc": "2.0", "id": "ours", **answer}).encode())
    if isinstance(answer.get("error"), dict | int):
        with pytest.raises(Exception, match="no"):
            await asked
    else:
        await asked
    await alive(editor)


async def test_an_answer_to_nothing_is_ignored(editor: Editor) -> None:
    await begun(editor)
    number, ghosts = editor.start("textDocument/inlineCompletion", {**HERE, "context": {"triggerKind": 1}})
    answered: tuple[object, ...] = (number, "never asked", None, [1], {})
    for known in answered:
        editor.send(json.dumps({"jsonrpc": "2.0", "id": known, "result": None}).encode())
    assert len((await ghosts)["result"]["items"]) == 1
    await alive(editor)


BROKEN_CHANGES: list[Json] = [
    {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"range": RANGE, "text": None}]},
    {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"range": RANGE}]},
    {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [{"range": {"start": 1}, "text": ""}]},
    {"textDocument": {"uri": URI, "version": 2}, "contentChanges": {"text": "x"}},
    {"textDocument": {"uri": URI, "version": "two"}, "contentChanges": [{"text": "x"}]},
    {"textDocument": {"uri": URI}, "contentChanges": [{"text": "x"}]},
    {"textDocument": {"uri": URI, "version": 2}, "contentChanges": [7]},
]


@pytest.mark.parametrize("params", BROKEN_CHANGES)
async def test_a_document_whose_change_cannot_be_read_gets_no_suggestions(editor: Editor, params: Json) -> None:
    """Nobody knows what it says: nothing may be suggested for what it said before, until it is opened anew."""
    await begun(editor)
    await alive(editor)
    editor.notify("textDocument/didChange", params)
    assert await editor.ghosts(1, 2) == []
    assert await editor.actions(1, 2) == []
    editor.open(TEXT, version=9)
    await alive(editor)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=())),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)
METHODS = [
    "initialize", "initialized", "textDocument/didOpen", "textDocument/didChange", "textDocument/didClose",
    "textDocument/inlineCompletion", "textDocument/codeAction", "workspace/executeCommand", "$/cancelRequest",
    "workspace/didChangeConfiguration", "ghostproof/cursor", "window/workDoneProgress/cancel", "$/setTrace", "x",
]  # fmt: skip
FIELDS = st.fixed_dictionaries(
    {},
    optional={
        "textDocument": JSON | st.fixed_dictionaries({"uri": st.just(URI)}, optional={"text": JSON, "version": JSON}),
        "position": JSON | st.fixed_dictionaries({"line": st.integers(), "character": st.integers()}),
        "range": JSON,
        "context": JSON | st.just({"triggerKind": 1, "diagnostics": []}),
        "contentChanges": JSON | st.lists(st.fixed_dictionaries({"text": JSON}, optional={"range": JSON}), max_size=2),
        "settings": JSON,
        "id": JSON,
        "command": JSON | st.sampled_from(["ghostproof.restart", "ghostproof.cancel"]),
        "arguments": JSON,
        "token": JSON,
    },
)
MESSAGE = st.fixed_dictionaries(
    {"jsonrpc": st.just("2.0"), "method": st.sampled_from(METHODS)}, optional={"params": FIELDS | JSON, "error": JSON}
)


# To shrink an example takes longer than to read it.
@settings(max_examples=60, deadline=None, derandomize=True, database=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(MESSAGE | JSON | st.binary(max_size=20), max_size=8))
def test_whatever_comes_the_server_goes_on_and_answers(messages: list[Json]) -> None:
    async def session() -> None:
        editor = Editor(lambda config: ToldApp(config, [proved("omega")]))
        await editor.initialize()
        waiting = []
        for number, message in enumerate(messages):
            if isinstance(message, dict) and "method" in message:
                waiting.append(editor.expect(f"request {number}"))
                editor.send(json.dumps({**message, "id": f"request {number}"}).encode())
            editor.send(message if isinstance(message, bytes) else json.dumps(message).encode())
        async with asyncio.timeout(60):
            for answer in waiting:
                response = await answer
                assert ("result" in response) != ("error" in response)
        editor.open(TEXT, version=1)
        await alive(editor)
        await editor.finish()

    asyncio.run(session())
