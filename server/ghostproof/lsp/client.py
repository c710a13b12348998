"""What the server says to its client unasked: messages, each once, and its status."""

import dataclasses
from typing import TYPE_CHECKING

from lsprotocol import types as t
from pygls.lsp.server import LanguageServer

from ghostproof.errors import GhostproofError
from ghostproof.lsp.protocol import STATUS
from ghostproof.visible import visible, visible_lines

if TYPE_CHECKING:
    from ghostproof.app import Status

MOST_SAID = 100


@dataclasses.dataclass(frozen=True)
class Abilities:
    """What the client can do, as far as an answer depends on it."""

    document_changes: bool = False
    progress: bool = False
    markdown: bool = False

    @staticmethod
    def of(capabilities: t.ClientCapabilities) -> "Abilities":
        workspace, window, document = capabilities.workspace, capabilities.window, capabilities.text_document
        edit = workspace.workspace_edit if workspace else None
        hover = document.hover if document else None
        return Abilities(
            document_changes=bool(edit and edit.document_changes),
            progress=bool(window and window.work_done_progress),
            markdown=bool(hover and t.MarkupKind.Markdown in (hover.content_format or ())),
        )


class Client:
    """The other end of the connection."""

    def __init__(self, server: LanguageServer) -> None:
        self.server = server
        self.abilities = Abilities()
        self._said: set[str] = set()

    @property
    def folders(self) -> list[str]:
        """URIs of the folders that are open at present, in the client's order."""
        workspace = self.server.workspace
        return list(workspace.folders) or ([workspace.root_uri] if workspace.root_uri else [])

    def error(self, problem: GhostproofError) -> None:
        """Show an error with its hint, unless it was shown before."""
        self._say(str(problem), t.MessageType.Error)

    def inform(self, message: str) -> None:
        """Show a message, unless it was shown before."""
        self._say(message, t.MessageType.Info)

    def say(self, message: str) -> None:
        """Show the answer to what the user has asked for, each time."""
        self._show(message, t.MessageType.Info)

    def forget(self) -> None:
        """Let every message be shown again."""
        self._said.clear()

    def status(self, status: "Status") -> None:
        """Tell what a status bar shows, and once what a person should know."""
        if status.notice:
            self._say(status.notice, t.MessageType.Warning)
        prover = status.prover
        fields = {
            "toolchain": visible(status.toolchain),
            "checker": status.checker,
            "state": status.state,
            "message": visible(status.message),
            "probe": status.lives.probe,
            "scratch": status.lives.scratch,
            "notice": visible(status.notice),
            "prover": {
                "state": prover.state,
                "model": visible(prover.model),
                "device": visible(prover.device),
                "tokensPerSecond": round(prover.tokens_per_s, 1),
                "message": visible(prover.message),
                **({"promptsGoTo": visible(prover.goes_to)} if prover.goes_to else {}),
            },
        }
        self.server.protocol.notify(STATUS, fields)

    def _say(self, message: str, kind: t.MessageType) -> None:
        message = visible_lines(message)
        if len(self._said) >= MOST_SAID:
            return  # whatever goes on there, nobody reads it any more
        if message not in self._said:
            self._said.add(message)
            self._show(message, kind)

    def _show(self, message: str, kind: t.MessageType) -> None:
        self.server.window_show_message(t.ShowMessageParams(type=kind, message=visible_lines(message)))
