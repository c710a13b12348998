"""Where this server's protocol differs from pygls' own, and the methods that it adds to LSP."""

from collections.abc import Generator
from typing import Any, Protocol

from cattrs import Converter
from lsprotocol import types as t
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method

STATUS = "ghostproof/status"
CURSOR = "ghostproof/cursor"
RESTART = "ghostproof.restart"
CANCEL = "ghostproof.cancel"


class CursorParams(Protocol):
    """From the client: where the cursor came to rest. pygls gives a message that it does not know as plain objects."""

    @property
    def textDocument(self) -> t.TextDocumentIdentifier: ...  # the name on the wire
    @property
    def position(self) -> t.Position: ...


class GhostproofProtocol(LanguageServerProtocol):
    """Positions always count UTF-16 units, as Lean's own server counts; documents are ours alone."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        # pygls keeps its own copy of each document and rebuilds it line by line at every keystroke.
        for method in (t.TEXT_DOCUMENT_DID_OPEN, t.TEXT_DOCUMENT_DID_CHANGE, t.TEXT_DOCUMENT_DID_CLOSE):
            del self.fm.builtin_features[method]
        # pygls ends the process on `exit`; ours first ends what it started.
        del self.fm.builtin_features[t.EXIT]

    @lsp_method(t.INITIALIZE)
    def lsp_initialize(self, params: t.InitializeParams) -> Generator[Any, Any, t.InitializeResult]:
        if params.capabilities.general is not None:
            params.capabilities.general.position_encodings = [t.PositionEncodingKind.Utf16]
        return (yield from super().lsp_initialize(params))
