"""Beginning and end of a client's session, its settings, and what the server tells unasked."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from ghostproof.app import Status
from ghostproof.config import Config
from ghostproof.prover.protocol import ProverStatus
from ghostproof.verify.checker import Lives
from support.lsp_editor import Editor, ToldApp, proved

TEXT = "theorem a : p := by\n  \n"


class Scene:
    """An editor and every application that was built for it."""

    def __init__(self) -> None:
        self.apps: list[ToldApp] = []
        self.editor = Editor(self.build)

    def build(self, config: Config) -> ToldApp:
        self.apps.append(ToldApp(config, [proved("omega")]))
        return self.apps[-1]


@pytest.fixture
async def scene() -> AsyncIterator[Scene]:
    made = Scene()
    yield made
    await made.editor.finish()


async def test_capabilities(scene: Scene) -> None:
    capabilities = (await scene.editor.initialize())["capabilities"]
    assert capabilities["positionEncoding"] == "utf-16"
    assert capabilities["inlineCompletionProvider"] == {}
    assert capabilities["codeActionProvider"]["codeActionKinds"] == ["quickfix", "quickfix.ghostproof.prove"]
    assert capabilities["textDocumentSync"]["openClose"] is True
    assert capabilities["textDocumentSync"]["change"] == 2
    commands = {"ghostproof.restart", "ghostproof.cancel", "ghostproof.prove", "ghostproof.repair"}
    assert {*capabilities["executeCommandProvider"]["commands"]} == commands


async def test_initialize_touches_no_lean(scene: Scene) -> None:
    await scene.editor.initialize()
    assert scene.apps == []


async def test_opening_and_closing(scene: Scene) -> None:
    await scene.editor.initialize()
    scene.editor.open(TEXT)
    await scene.editor.ghosts(1, 2)
    scene.editor.notify("textDocument/didClose", {"textDocument": {"uri": "file:///tmp/project/File.lean"}})
    assert await scene.editor.ghosts(1, 2) == []
    assert scene.apps[-1].events == ["warm", "forget"]


async def test_shutdown_ends_what_was_started(scene: Scene) -> None:
    await scene.editor.initialize()
    scene.editor.open(TEXT)
    assert await scene.editor.ask("shutdown", None) is None
    assert scene.apps[-1].events == ["warm", "close"]
    assert scene.editor.server.was_shut_down


def cursor(line: int, character: int) -> dict[str, object]:
    where = {"line": line, "character": character}
    return {"textDocument": {"uri": "file:///tmp/project/File.lean"}, "position": where}


async def test_a_resting_cursor_has_its_place_made_ready(scene: Scene) -> None:
    await scene.editor.initialize()
    scene.editor.open(TEXT)
    scene.editor.notify("ghostproof/cursor", cursor(1, 2))
    scene.editor.notify("ghostproof/cursor", cursor(0, 3))  # no place for a tactic
    await scene.editor.ghosts(1, 2)
    assert [event for event in scene.apps[-1].events if event != "warm"] == ["warm blank line"]


async def test_restart(scene: Scene) -> None:
    await scene.editor.initialize()
    scene.editor.open(TEXT)
    await scene.editor.ask("workspace/executeCommand", {"command": "ghostproof.restart"})
    assert scene.apps[-1].events == ["warm", "restart", "warm"]
    assert len(await scene.editor.ghosts(1, 2)) == 1


async def test_cancel_ends_the_searches(scene: Scene) -> None:
    await scene.editor.initialize()
    scene.editor.open(TEXT)
    await scene.editor.ask("workspace/executeCommand", {"command": "ghostproof.cancel"})
    assert scene.apps[-1].events == ["warm", "forget"]
    assert len(await scene.editor.ghosts(1, 2)) == 1


async def test_initialization_options(scene: Scene) -> None:
    await scene.editor.initialize(options={"lsp": {"debounce_s": 0.5}, "suggest": {"limit": 3}})
    scene.editor.open(TEXT)
    await scene.editor.ghosts(1, 2)
    assert scene.apps[-1].config.suggest.limit == 3
    assert scene.editor.server.session.config.lsp.debounce_s == 0.5


async def test_changed_settings_reach_the_application(scene: Scene) -> None:
    await scene.editor.initialize()
    scene.editor.open(TEXT)
    settings = {"ghostproof": {"suggest": {"limit": 2}}}
    scene.editor.notify("workspace/didChangeConfiguration", {"settings": settings})
    assert len(await scene.editor.ghosts(1, 2)) == 1
    assert scene.apps[-1].config.suggest.limit == 2
    assert (scene.apps[-2].events, scene.apps[-1].events) == (["warm", "close"], ["warm"])


async def test_settings_of_the_answers_alone_leave_lean_running(scene: Scene) -> None:
    await scene.editor.initialize()
    before = len(scene.apps)
    scene.editor.notify("workspace/didChangeConfiguration", {"settings": {"lsp": {"debounce_s": 1}}})
    await scene.editor.ghosts(1, 2)
    assert len(scene.apps) == before
    assert scene.editor.server.session.config.lsp.debounce_s == 1


async def test_unknown_settings_are_reported_and_change_nothing(scene: Scene) -> None:
    await scene.editor.initialize(options={"lsp": {"colour": "green"}})
    (message,) = await scene.editor.heard("window/showMessage")
    assert "`lsp.colour` is not a setting" in message["message"]
    assert scene.editor.server.session.config == Config()


BUSY = Status(
    toolchain="Lean 4.28.0 (project)",
    checker="probe",
    state="busy",
    lives=Lives("starting", "serving"),
    prover=ProverStatus("ready", "Prover-7B", "cuda", 241.26),
)


async def test_a_notice_is_shown_once(scene: Scene) -> None:
    await scene.editor.initialize()
    scene.editor.open(TEXT)
    await scene.editor.ghosts(1, 2)
    for _ in range(2):
        scene.apps[-1].on_status(replace(BUSY, notice="The probe cannot start.", lives=Lives("failed", "serving")))
    (message,) = await scene.editor.heard("window/showMessage")
    assert (message["type"], message["message"]) == (2, "The probe cannot start.")
    told = await scene.editor.heard("ghostproof/status", 2)
    assert [(s["probe"], s["scratch"], s["notice"]) for s in told] == [
        ("failed", "serving", "The probe cannot start.")
    ] * 2


async def test_status(scene: Scene) -> None:
    await scene.editor.initialize()
    scene.editor.open(TEXT)
    await scene.editor.ghosts(1, 2)
    scene.apps[-1].on_status(BUSY)
    (status,) = await scene.editor.heard("ghostproof/status")
    prover = {"state": "ready", "model": "Prover-7B", "device": "cuda", "tokensPerSecond": 241.3, "message": ""}
    lean = {"toolchain": "Lean 4.28.0 (project)", "checker": "probe", "state": "busy", "message": ""}
    assert status == {**lean, "probe": "starting", "scratch": "serving", "notice": "", "prover": prover}


async def test_a_malformed_message_does_not_end_the_server(scene: Scene) -> None:
    await scene.editor.initialize()
    scene.editor.notify("textDocument/didOpen", {"nonsense": 1})
    scene.editor.open(TEXT)
    assert len(await scene.editor.ghosts(1, 2)) == 1
