"""An editor at random: edits at hostile places, documents that come and go, requests that are cancelled.

After every step the server has the client's text to the letter, every request is answered, and what is offered, once it
is applied to the client's own text, gives the very text that was verified.
"""

import asyncio
import json
from collections import Counter
from collections.abc import Coroutine, Sequence
from pathlib import Path
from typing import Any, ClassVar, TypeVar

from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from ghostproof.config import Config
from ghostproof.lsp.documents import EditedDocument
from ghostproof.syntax.spot import Spot
from ghostproof.verify.verdict import Suggestion
from support.lsp_editor import Editor, Json, ToldApp, ToldJob, action_params, ghost_params, progress, proved, span
from support.waiting import HANGS_S

T = TypeVar("T")
URIS = ["file:///tmp/project/A.lean", "file:///tmp/project/B%20ℕ.lean", "untitled:C"]
OFFERS: tuple[Suggestion, ...] = (
    proved("omega"),
    progress("constructor", "case left\n⊢ p", "case right\n⊢ q"),
    proved("exact ⟨𝕜,\n  h⟩"),
    proved("exact \x1b[2J"),
    proved("rfl\u202e"),
)
PIECES = [
    "theorem a : p := by\n", "theorem a : p := by\r\n", "  ", "  sorry\n", "  sorry\r\n", "sorry", " by\n    ", "om",
    "  · ", "\n", "\r\n", "\r", "𝕜", "𝔸", "ℕ", "\ud835", "\udd38", "\ud800", "\0", "\u2028", "\x0b", "\t", "--", "/-",
    '"', "«", "e\u0301",
]  # fmt: skip
TEXTS = st.lists(st.sampled_from(PIECES), max_size=8).map("".join)
LINES = st.integers(0, 6) | st.just(2**31 - 1)
UNITS = st.integers(0, 12) | st.just(2**31 - 1)
POSITIONS = st.tuples(LINES, UNITS) | st.just((1, 2)) | st.just((1, 7))
URI = st.sampled_from(URIS)
UNREADABLE: list[Json] = [{"text": None}, {"range": 5, "text": ""}, {}, "x", {"range": {}, "text": ""}]
# A whole file with a place in it, so that something is offered; any edit may follow.
PLACES = ["theorem a : p := by{}  {}", "theorem 𝕜 : p := by{}  sorry{}", "\ufeffexample : p := by{}{}"]
FILES = st.builds(
    lambda text, end: text.format(end, end), st.sampled_from(PLACES), st.sampled_from(["\n", "\r\n", "\r"])
)
ENDS = (b"\r\0\n\0", b"\n\0", b"\r\0")


class Mirror:
    """A text as an editor has it: UTF-16 units, and lines that end as LSP says. Written apart from the server's own."""

    def __init__(self, text: str) -> None:
        self.units = text.encode("utf-16-le", "surrogatepass")

    @property
    def text(self) -> str:
        return self.units.decode("utf-16-le", "surrogatepass")

    def offset(self, line: int, character: int) -> int:
        at = 0
        for _ in range(line):
            _, at = self._line_end(at)
            if at > len(self.units):
                return len(self.units)
        return min(at + 2 * character, self._line_end(at)[0])

    def _line_end(self, at: int) -> tuple[int, int]:
        """Where the line ends, and where the next begins: behind the text, where there is none."""
        while at < len(self.units):
            for end in ENDS:
                if self.units.startswith(end, at):
                    return at, at + len(end)
            at += 2
        return at, at + 1

    def replace(self, start: tuple[int, int], end: tuple[int, int], text: str) -> None:
        a, b = sorted((self.offset(*start), self.offset(*end)))
        self.units = self.units[:a] + text.encode("utf-16-le", "surrogatepass") + self.units[b:]


def lean_text(text: str) -> str:
    """The text as Lean reads it, and as it is verified."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


class Asked(ToldApp):
    """Keeps what it was asked, so that what comes of it can be held against it."""

    def __init__(self, config: Config) -> None:
        super().__init__(config, OFFERS)
        self.verified: set[str] = set()

    def suggest(self, path: Path, text: str, spots: Sequence[Spot], budget_s: float | None = None) -> ToldJob:
        job = super().suggest(path, text, spots)
        text.encode()  # as whoever sends it to Lean
        self.verified |= {job.spots[0].fill(text, offer.text) for offer in OFFERS}
        return job


class HostileEditor(RuleBasedStateMachine):
    applied: ClassVar = Counter[str]()  # edits that were offered and held against what was verified, in all runs

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.mirrors: dict[str, Mirror] = {}
        self.versions = dict.fromkeys(URIS, 0)
        self.apps: list[Asked] = []
        self.waiting: dict[int, asyncio.Future[Any]] = {}
        self.editor = self.run(self._begin())

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(asyncio.wait_for(work, HANGS_S))

    def build(self, config: Config) -> Asked:
        self.apps.append(Asked(config))
        return self.apps[-1]

    async def _begin(self) -> Editor:
        editor = Editor(self.build)
        await editor.initialize(options={"lsp": {"debounce_s": 0, "ghost_budget_s": 0}})
        return editor

    async def _settled(self) -> None:
        """Every notification before this was taken."""
        await self.editor.start("ghost/none", None)[1]

    def _change(self, uri: str, changes: list[Json]) -> None:
        self.versions[uri] += 1
        document = {"uri": uri, "version": self.versions[uri]}
        self.editor.notify("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    @rule(uri=URI, text=FILES | TEXTS, language=st.sampled_from(["lean4", "lean4", "lean", "python"]))
    def opens(self, uri: str, text: str, language: str) -> None:
        """Also one that is open already; sometimes with a version that was there before."""
        self.versions[uri] = max(1, self.versions[uri] - 1)
        self.editor.open(text, language, uri, self.versions[uri])
        self.mirrors.pop(uri, None)
        if language != "python":
            self.mirrors[uri] = Mirror(text)

    @rule(uri=URI, edits=st.lists(st.tuples(POSITIONS, POSITIONS, TEXTS), max_size=3))
    def changes_parts(self, uri: str, edits: list[tuple[tuple[int, int], tuple[int, int], str]]) -> None:
        self._change(uri, [{"range": span(start, end), "text": text} for start, end, text in edits])
        if uri in self.mirrors:
            for start, end, text in edits:
                self.mirrors[uri].replace(start, end, text)

    @rule(uri=URI, text=FILES | TEXTS)
    def changes_all(self, uri: str, text: str) -> None:
        self._change(uri, [{"text": text}])
        if uri in self.mirrors:
            self.mirrors[uri] = Mirror(text)

    @rule(uri=URI, change=st.sampled_from(UNREADABLE))
    def changes_in_a_way_that_nobody_can_read(self, uri: str, change: Json) -> None:
        self._change(uri, [change])
        self.mirrors.pop(uri, None)

    @rule(uri=URI)
    def closes(self, uri: str) -> None:
        self.editor.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        self.mirrors.pop(uri, None)

    @rule(uri=URI, at=POSITIONS)
    def rests(self, uri: str, at: tuple[int, int]) -> None:
        position = {"line": at[0], "character": at[1]}
        self.editor.notify("ghostproof/cursor", {"textDocument": {"uri": uri}, "position": position})

    @rule(uri=URI, text=FILES, insertion=TEXTS, at=POSITIONS, ghosts=st.booleans())
    def asks_where_something_is_offered(
        self, uri: str, text: str, insertion: str, at: tuple[int, int], ghosts: bool
    ) -> None:
        self.opens(uri, text, "lean4")
        self.changes_parts(uri, [((1, 0), (1, 0), insertion)] if at == (1, 7) else [])
        self.asks_for_ghost_text(uri, at, automatic=False) if ghosts else self.asks_for_actions(uri, at)

    @rule(uri=URI, at=POSITIONS, automatic=st.booleans())
    def asks_for_ghost_text(self, uri: str, at: tuple[int, int], automatic: bool) -> None:
        for item in self.run(self.editor.ghosts(*at, automatic=automatic, uri=uri)):
            where = item["range"]
            self._check(uri, where["start"], where["end"], item["insertText"])

    @rule(uri=URI, at=POSITIONS)
    def asks_for_actions(self, uri: str, at: tuple[int, int]) -> None:
        params = {**action_params(*at), "textDocument": {"uri": uri}}
        for action in self.run(self.editor.ask("textDocument/codeAction", params)):
            if "command" in action:
                (place,) = action["command"]["arguments"]
                assert place["textDocument"] == {"uri": uri}
                continue
            (change,) = action["edit"]["documentChanges"]
            assert change["textDocument"] == {"uri": uri, "version": self.versions[uri]}
            (edit,) = change["edits"]
            self._check(uri, edit["range"]["start"], edit["range"]["end"], edit["newText"])

    def _check(self, uri: str, start: Json, end: Json, text: str) -> None:
        """An edit that was offered, applied to the client's text, gives what was verified, to the letter."""
        mirror = Mirror(self.mirrors[uri].text)
        mirror.replace((start["line"], start["character"]), (end["line"], end["character"]), text)
        assert mirror.text.replace("\r\n", "\n") in self.apps[-1].verified
        self.applied[uri] += 1
        assert "\x1b" not in text
        assert "\u202e" not in text

    @rule(uri=URI, at=POSITIONS, actions=st.booleans())
    def begins_to_ask(self, uri: str, at: tuple[int, int], actions: bool) -> None:
        method = "textDocument/codeAction" if actions else "textDocument/inlineCompletion"
        params = {**action_params(*at), "textDocument": {"uri": uri}} if actions else ghost_params(*at, True, uri)
        number, answer = self.run(self._start(method, params))
        self.waiting[number] = answer

    async def _start(self, method: str, params: Json) -> tuple[int, "asyncio.Future[Any]"]:
        return self.editor.start(method, params)

    @precondition(lambda self: self.waiting)
    @rule(data=st.data())
    def cancels(self, data: st.DataObject) -> None:
        self.editor.notify("$/cancelRequest", {"id": data.draw(st.sampled_from(sorted(self.waiting)))})

    @rule(number=st.sampled_from([-1, "x", None, [], 1e9]))
    def cancels_what_was_never_asked(self, number: Json) -> None:
        self.editor.notify("$/cancelRequest", {"id": number})

    @rule(body=st.binary(max_size=12) | st.sampled_from([b"[]", b"[[]]", b"{}", b"null", b'{"jsonrpc": "2.0"}']))
    def sends_rubbish(self, body: bytes) -> None:
        self.editor.send(body)

    @invariant()
    def has_the_same_text(self) -> None:
        self.run(self._settled())
        known: dict[str, EditedDocument] = {document.uri: document for document in self.editor.server.session.documents}
        assert known.keys() == self.mirrors.keys()
        for uri, mirror in self.mirrors.items():
            assert known[uri].text == mirror.text
            assert known[uri].source.text == lean_text(mirror.text)

    def teardown(self) -> None:
        async def end() -> None:
            for answer in self.waiting.values():
                response = await answer
                assert ("result" in response) or response["error"]["code"] == -32800
            assert json.dumps(await self.editor.ask("shutdown", None)) == "null"
            await self.editor.finish()

        self.run(end())
        self.loop.close()


# To shrink an example takes longer than to read it; the examples are the same in every run.
bounded = settings(
    max_examples=90,
    stateful_step_count=30,
    deadline=None,
    derandomize=True,
    database=None,
    phases=[Phase.explicit, Phase.generate],
)


def test_whatever_an_editor_does() -> None:
    run_state_machine_as_test(HostileEditor, settings=bounded)
    assert HostileEditor.applied.total() > 100, "what was offered was hardly tried"
    assert set(URIS) == set(HostileEditor.applied), "some of the documents were never served"
