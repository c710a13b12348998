"""Lean that starts for the client's folder ahead of the server: for which folder, with which settings, and its end."""

from collections.abc import Iterable
from pathlib import Path

import pytest

from ghostproof.app import App
from ghostproof.config import Config, LeanConfig
from ghostproof.head_start import HeadStart
from ghostproof.host.uris import uri_of
from ghostproof.lsp.first_message import folder_and_settings
from ghostproof.workspace import Workspace

BASE = Config(lean=LeanConfig(toolchain="project"))
WIDE = BASE.updated({"lean": {"width": 3}})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A project whose Lean is nowhere: whatever starts there ends at once."""
    (tmp_path / "lean-toolchain").write_text(str(tmp_path / "nowhere"))
    return tmp_path


def initialize(**params: object) -> dict[str, object]:
    return {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": params}


def named(paths: Iterable[Path]) -> list[dict[str, str]]:
    return [{"uri": uri_of(path), "name": path.name} for path in paths]


def test_the_first_folder_of_this_machine_counts(tmp_path: Path) -> None:
    elsewhere = [{"uri": "vscode-remote://there/x", "name": "x"}, 7, {"uri": None}, *named([tmp_path / "gone"])]
    message = initialize(workspaceFolders=[*elsewhere, *named([tmp_path])], rootUri=uri_of(tmp_path.parent))
    assert folder_and_settings(message, BASE) == (tmp_path, BASE)


def test_the_root_counts_where_there_are_no_folders(tmp_path: Path) -> None:
    assert folder_and_settings(initialize(workspaceFolders=None, rootUri=uri_of(tmp_path)), BASE) == (tmp_path, BASE)


@pytest.mark.parametrize("options", [{"lean": {"width": 3}}, {"ghostproof": {"lean": {"width": 3}}}])
def test_the_client_s_settings_are_those_that_it_starts_with(tmp_path: Path, options: object) -> None:
    message = initialize(rootUri=uri_of(tmp_path), initializationOptions=options)
    assert folder_and_settings(message, BASE) == (tmp_path, WIDE)


@pytest.mark.parametrize(
    "message",
    [
        None,
        7,
        [],
        {},
        {"method": "initialize"},
        {"method": "initialize", "params": []},
        {"method": "shutdown", "params": {"rootUri": "file:///tmp"}},
        initialize(rootUri=None),
        initialize(rootUri="file://" + "x" * 5000),
        initialize(rootUri="file:///tmp/%00"),
        initialize(workspaceFolders={"uri": "file:///tmp"}),
        initialize(rootUri="file:///tmp", initializationOptions={"lean": {"width": "many"}}),
        initialize(rootUri="file:///tmp", initializationOptions={"nothing": 1}),
    ],
    ids=str,
)
def test_what_names_no_folder_or_bad_settings_starts_nothing(message: object) -> None:
    assert folder_and_settings(message, BASE) is None


async def test_it_is_taken_once(folder: Path) -> None:
    head_start = HeadStart(folder / "Below", BASE)
    workspace = head_start.take(BASE)
    assert workspace is not None
    assert workspace.root == folder, "the folder belongs to the project around it"
    assert head_start.take(BASE) is None
    await workspace.close()
    await head_start.close()


class Ended(Workspace):
    ended = False

    async def close(self) -> None:
        await super().close()
        self.ended = True


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[Ended]:
    """Every workspace that a head start makes."""
    made: list[Ended] = []

    def make(root: Path, config: Config) -> Ended:
        made.append(Ended(root, config))
        return made[-1]

    monkeypatch.setattr("ghostproof.head_start.Workspace", make)
    return made


@pytest.mark.parametrize("config", [None, WIDE])
async def test_what_nobody_takes_is_ended(folder: Path, ended: list[Ended], config: Config | None) -> None:
    head_start = HeadStart(folder, BASE)
    assert config is None or head_start.take(config) is None
    await head_start.close()
    assert [workspace.ended for workspace in ended] == [True]


async def test_the_application_uses_it_for_the_first_file_of_its_project(folder: Path) -> None:
    workspace = Ended(folder, BASE)
    app = App(BASE, ahead=workspace)
    assert app.workspace(folder / "A.lean") is workspace
    assert not workspace.ended
    await app.close()
    assert workspace.ended


@pytest.mark.parametrize("opened", [True, False])
async def test_the_application_ends_one_of_another_project(folder: Path, *, opened: bool) -> None:
    other = folder / "other"
    other.mkdir()
    (other / "lean-toolchain").write_text("nowhere")
    workspace = Ended(other, BASE)
    workspace.start_soon()
    app = App(BASE, ahead=workspace)
    if opened:
        assert app.workspace(folder / "A.lean") is not workspace
    await app.close()
    assert workspace.ended
