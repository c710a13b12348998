"""The language server: which message goes to which handler."""

import logging
from collections.abc import Callable
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from lsprotocol import types as t
from pygls.exceptions import FeatureRequestError, JsonRpcException, PyglsError
from pygls.lsp.server import LanguageServer

from ghostproof.config import Config
from ghostproof.lsp.client import Abilities, Client
from ghostproof.lsp.code_action import code_actions
from ghostproof.lsp.hover import hover
from ghostproof.lsp.inline_completion import inline_completion
from ghostproof.lsp.panel import panel
from ghostproof.lsp.proof_actions import PROVE_KIND
from ghostproof.lsp.protocol import (
    CANCEL,
    CURSOR,
    PANEL,
    PROOF,
    PROVE,
    PROVE_HERE,
    REPAIR,
    REPAIR_HERE,
    RESTART,
    CursorParams,
    GhostproofProtocol,
    PanelParams,
    ProofFound,
    ProofMissing,
    ProofParams,
    ProveParams,
)
from ghostproof.lsp.prove import PROVING
from ghostproof.lsp.repair import REPAIRING
from ghostproof.lsp.session import Session
from ghostproof.lsp.whole_proof import Answer, answer, insert, proof

if TYPE_CHECKING:
    from ghostproof.app import App

log = logging.getLogger(__name__)


class GhostproofServer(LanguageServer):
    """A language server with one session. Nothing but `initialize` starts the application."""

    protocol: GhostproofProtocol

    def __init__(self, config: Config, build: Callable[[Config], "App"]) -> None:
        super().__init__("ghostproof", version("ghostproof"), protocol_cls=GhostproofProtocol)
        self.client = Client(self)
        self.session = Session(self.client, config, build)
        self.protocol.lost = self.session.closed
        self.was_shut_down = False
        self.leave: Callable[[], None] = lambda: None
        _lifecycle(self)
        _documents(self)
        _requests(self)

    def report_server_error(self, error: Exception, source: type[PyglsError] | type[JsonRpcException]) -> None:
        """A bug, or a client that breaks the protocol: said once, with the details in the log."""
        log.error("%s: %s", source.__name__, error)
        if source is not FeatureRequestError:
            self.client.inform(f"Ghostproof could not handle a message of the editor: {error}")


def _lifecycle(server: GhostproofServer) -> None:
    session = server.session

    @server.feature(t.INITIALIZE)
    def initialize(params: t.InitializeParams) -> None:
        session.client.abilities = Abilities.of(params.capabilities)
        session.configure(params.initialization_options)

    @server.feature(t.WORKSPACE_DID_CHANGE_CONFIGURATION)
    def configure(params: t.DidChangeConfigurationParams) -> None:
        session.configure(params.settings)

    @server.feature(t.SHUTDOWN)
    async def shutdown(_params: None) -> None:
        server.was_shut_down = True
        await session.close()

    @server.feature(t.EXIT)
    def leave(_params: None) -> None:
        server.leave()

    @server.command(RESTART)
    async def restart() -> None:
        await session.restart()

    @server.command(CANCEL)
    def cancel() -> None:
        session.cancel()


def _documents(server: GhostproofServer) -> None:
    session = server.session

    @server.feature(t.TEXT_DOCUMENT_DID_OPEN)
    def opened(params: t.DidOpenTextDocumentParams) -> None:
        session.opened(params.text_document)

    @server.feature(t.TEXT_DOCUMENT_DID_CHANGE)
    def changed(params: t.DidChangeTextDocumentParams) -> None:
        session.changed(params)

    @server.feature(t.TEXT_DOCUMENT_DID_CLOSE)
    def closed(params: t.DidCloseTextDocumentParams) -> None:
        session.closed(params.text_document.uri)

    @server.feature(CURSOR)
    def visited(params: CursorParams) -> None:
        position = params.position
        session.visited(params.textDocument.uri, t.Position(position.line, position.character))


def _requests(server: GhostproofServer) -> None:
    session = server.session

    # Without an options object pygls does not announce the capability.
    @server.feature(t.TEXT_DOCUMENT_INLINE_COMPLETION, t.InlineCompletionOptions())
    async def inline(params: t.InlineCompletionParams) -> t.InlineCompletionList:
        return await inline_completion(session, params)

    kinds = [t.CodeActionKind.QuickFix, PROVE_KIND]

    @server.feature(t.TEXT_DOCUMENT_CODE_ACTION, t.CodeActionOptions(code_action_kinds=kinds, work_done_progress=True))
    async def actions(params: t.CodeActionParams) -> list[t.CodeAction]:
        return await code_actions(session, params)

    @server.feature(t.TEXT_DOCUMENT_HOVER, t.HoverOptions())
    def told(params: t.HoverParams) -> t.Hover | None:
        return hover(session, params)

    @server.feature(PANEL)
    async def known(params: PanelParams) -> dict[str, Any]:
        return await panel(session, params)

    @server.feature(PROVE)
    async def proved(params: ProveParams) -> Answer:
        return await answer(session, params, PROVING)

    @server.feature(REPAIR)
    async def repaired(params: ProveParams) -> Answer:
        return await answer(session, params, REPAIRING)

    @server.feature(PROOF)
    async def placed(params: ProofParams) -> ProofFound | ProofMissing:
        return await proof(session, params)

    @server.command(PROVE_HERE)
    async def prove_here(at: t.TextDocumentPositionParams) -> None:
        await insert(session, at, PROVING)

    @server.command(REPAIR_HERE)
    async def repair_here(at: t.TextDocumentPositionParams) -> None:
        await insert(session, at, REPAIRING)
