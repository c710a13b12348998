"""Where this server's protocol differs from pygls' own, and the methods that it adds to LSP.

pygls drops a message that it cannot read, and whoever sent it waits for ever. Here every request is answered.
"""

import logging
from collections.abc import Callable, Generator, Mapping
from typing import Any, NotRequired, Protocol, TypedDict, cast

from attrs import fields_dict
from cattrs import BaseValidationError, Converter, StructureHandlerNotFoundError
from lsprotocol import types as t
from pygls.exceptions import (
    FeatureNotificationError,
    JsonRpcException,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcMethodNotFound,
    JsonRpcParseError,
    JsonRpcServerNotInitialized,
)
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol, lsp_method
from pygls.protocol.json_rpc import JsonRPCNotification, JsonRPCRequestMessage, JsonRPCResponseMessage, RPCMessage

log = logging.getLogger(__name__)

STATUS = "ghostproof/status"
CURSOR = "ghostproof/cursor"
PANEL = "ghostproof/panel"
PROVE = "ghostproof/prove"
REPAIR = "ghostproof/repair"
PROOF = "ghostproof/proof"
RESTART = "ghostproof.restart"
CANCEL = "ghostproof.cancel"
PROVE_HERE = "ghostproof.prove"
REPAIR_HERE = "ghostproof.repair"

LONGEST_NAME = 80
# After one of these that cannot be read, the document is not what we think it is.
_TELLS_TEXT = frozenset({t.TEXT_DOCUMENT_DID_OPEN, t.TEXT_DOCUMENT_DID_CHANGE, t.TEXT_DOCUMENT_DID_CLOSE})


class CursorParams(Protocol):
    """From the client: where the cursor came to rest. pygls gives a message that it does not know as plain objects."""

    @property
    def textDocument(self) -> t.TextDocumentIdentifier: ...  # the name on the wire
    @property
    def position(self) -> t.Position: ...


class PanelParams(CursorParams, Protocol):
    """From the client: where its cursor is. `known`, where it is there, is that of the answer that it shows."""


class ErrorAboveNote(TypedDict):
    """`errorAbove` of a panel's answer: the first error of the file above the goal, or null. `line` counts from 0;
    `told` is the sentence to show beside the suggestions."""

    line: int
    message: str
    told: str


class ProveParams(CursorParams, Protocol):
    """From the client: where a proof is wanted, or is to be repaired; `workDoneToken`, where it is there, is what its
    progress goes by, and by `partialResultToken` it is told what is known meanwhile, as `SearchedSoFar`.

    `after`, where it is there, is the `name` of a proof with `more` that was put in: the server goes on with what is
    missing further down in its declaration, wherever that stands now, whatever the position.
    """


class SearchedSoFar(TypedDict):
    """A partial result of proving or repairing: the `goal` at the hole, what is being tried, steps and goals so far."""

    goal: str
    trying: list[str]
    tried: int
    goals: int


class ProofParams(Protocol):
    """From the client: `name` of a proof that was found, or of an unfinished one, of which it wants to know where it
    stands now."""

    @property
    def name(self) -> str: ...


class ProofFound(TypedDict):
    """What proving and repairing answer: an edit of the document at `version`, accepted by Lean there.

    `name` is what `ghostproof/proof` takes, `declaration` what was proved, `proof` its text as it is put in. `left`,
    where it is there, says that this is only a part of a proof, with `sorry` for each of these goals. `above`, where it
    is there, are theorems that the first of several changes puts in above the declaration, which nobody gets without
    having seen them. `more`, where it is there, is true: asked again with this proof's name for `after`, the server
    goes on with the next hole of the declaration, or says in the end which ones are left.
    """

    name: str
    version: int
    declaration: str
    proof: str
    edit: dict[str, Any]
    left: NotRequired[list[str]]
    above: NotRequired[str]
    more: NotRequired[bool]


class ProofMissing(TypedDict):
    """Why there is no proof: `message` for the user; what was `tried`, and the goals that are `left`, in short. Where
    all of a declaration was asked for, it is about each hole that is left, by its line.

    `unfinished`, where it is there, is the name by which `ghostproof/proof` tells the best part of a proof: it is for
    a user who asks for that, and has to be called unfinished.
    """

    message: str
    tried: list[str]
    left: list[str]
    unfinished: NotRequired[str]


class GhostproofProtocol(LanguageServerProtocol):
    """Positions always count UTF-16 units, as Lean's own server counts; documents are ours alone."""

    def __init__(self, server: LanguageServer, converter: Converter) -> None:
        super().__init__(server, converter)
        # pygls keeps its own copy of each document and rebuilds it line by line at every keystroke.
        for method in (t.TEXT_DOCUMENT_DID_OPEN, t.TEXT_DOCUMENT_DID_CHANGE, t.TEXT_DOCUMENT_DID_CLOSE):
            del self.fm.builtin_features[method]
        # pygls ends the process on `exit`; ours first ends what it started.
        del self.fm.builtin_features[t.EXIT]
        self.lost: Callable[[str], None] = lambda uri: None
        self._began = False

    def structure_message(self, data: dict[str, object]) -> object:
        """Nothing yet: what looks like a message inside another is none."""
        return data

    def handle_message(self, message: object) -> None:
        self.receive(message)

    def receive(self, message: object) -> None:
        """Take a message, or several: any JSON."""
        for each in message if isinstance(message, list) and message else [message]:
            self._receive(each)

    def unreadable(self, why: str) -> None:
        """Take the news that there was a message that is no JSON."""
        self._refuse(None, JsonRpcParseError(f"Ghostproof cannot read {why}."))

    def _receive(self, message: object) -> None:
        if not isinstance(message, dict) or message.get("jsonrpc") != self.VERSION:
            known = message.get("id") if isinstance(message, dict) else None
            self._refuse(_id(known), JsonRpcInvalidRequest("This is no message of JSON-RPC 2.0."))
        elif "method" not in message:
            self._answered(message)
        elif "id" in message:
            self._asked(message)
        else:
            self._notified(message)

    def _asked(self, message: Mapping[str, Any]) -> None:
        """A request: it is answered, whatever is wrong with it."""
        number, method = _id(message["id"]), message["method"]
        problem: JsonRpcException | None = None
        if number is None or not isinstance(method, str):
            problem = JsonRpcInvalidRequest("A request has a number or a string for its `id`, and a `method`.")
        elif self._shutdown or (self._began and method == t.INITIALIZE):
            problem = JsonRpcInvalidRequest("The server was told to shut down, or is initialized already.")
        elif not self._began and method != t.INITIALIZE:
            problem = JsonRpcServerNotInitialized("The server is not initialized.")
        elif not self._handles(method, asked=True):
            problem = JsonRpcMethodNotFound.of(method[:LONGEST_NAME])
        if problem is not None:
            self._refuse(number, problem)
            return
        try:
            structured = self._structured(message, method, JsonRPCRequestMessage)
        except JsonRpcException:
            self._refuse(number, JsonRpcInvalidParams(f"The parameters of `{method}` are not what LSP wants."))
            return
        self._began = True
        super().handle_message(structured)

    def _notified(self, message: Mapping[str, Any]) -> None:
        method, params = message["method"], message.get("params")
        if method != t.EXIT and (self._shutdown or not self._began):
            return
        try:
            if not isinstance(method, str) or (method in _TELLS_TEXT and not _tells_text(params)):
                raise JsonRpcInvalidParams
            if not self._handles(method, asked=False) and method != t.CANCEL_REQUEST:
                return
            structured = self._structured(message, method, JsonRPCNotification)
        except JsonRpcException:
            if method in _TELLS_TEXT:
                # What the document says now is unknown: nothing may be suggested for what it said before.
                self.lost(_uri(params))
            problem = JsonRpcInvalidParams(f"The parameters of `{str(method)[:LONGEST_NAME]}` are not what LSP wants.")
            self._server.report_server_error(problem, FeatureNotificationError)
            return
        super().handle_message(structured)

    def _answered(self, message: Mapping[str, Any]) -> None:
        """An answer to a request of ours. An `error` of null is none."""
        number = _id(message.get("id"))
        if number is None or number not in self._result_types:
            return
        error = message.get("error")
        known = {"result": message.get("result")} if error is None else {"error": error}
        kind = self._result_types[number] if error is None else t.ResponseErrorMessage
        try:
            structured = self._of({"jsonrpc": self.VERSION, "id": number, **known}, kind or JsonRPCResponseMessage)
        except JsonRpcException:
            refused = t.ResponseError(JsonRpcInvalidRequest.CODE, "an answer that is none")
            structured = cast(RPCMessage, t.ResponseErrorMessage(number, refused))
        self._result_types.pop(number, None)
        super().handle_message(structured)

    def _handles(self, method: str, *, asked: bool) -> bool:
        """Whether there is a handler, and the method is one that is asked, or told, as it was."""
        if method not in self.fm.builtin_features and method not in self.fm.features:
            return False
        kind = self.get_message_type(method)
        return kind is None or ("id" in fields_dict(kind)) == asked

    def _structured(self, message: Mapping[str, object], method: str, unknown: type) -> RPCMessage:
        kind = self.get_message_type(method)
        names = fields_dict(kind or unknown)
        plain = {name: value for name, value in message.items() if name in names}
        return self._of(plain if kind else {"params": None, **plain}, kind or unknown)

    def _of(self, fields: Mapping[str, object], kind: type) -> RPCMessage:
        """What the converter makes of a message.

        Raises:
            JsonRpcInvalidParams: nothing.
        """
        try:
            return cast(RPCMessage, self._converter.structure(fields, kind))
        except (BaseValidationError, StructureHandlerNotFoundError, ValueError, TypeError, LookupError) as problem:
            raise JsonRpcInvalidParams from problem
        except (AttributeError, ArithmeticError, RecursionError) as problem:
            raise JsonRpcInvalidParams from problem

    def _refuse(self, number: int | str | None, problem: JsonRpcException) -> None:
        log.warning("refused a message: %s", problem)
        error = {"code": problem.code, "message": problem.message}
        # The converter leaves out an `id` of null, which says that nobody knows whose answer it is.
        self._send_data({"jsonrpc": self.VERSION, "id": number, "error": error})

    @lsp_method(t.INITIALIZE)
    def lsp_initialize(self, params: t.InitializeParams) -> Generator[Any, Any, t.InitializeResult]:
        if params.capabilities.general is not None:
            params.capabilities.general.position_encodings = [t.PositionEncodingKind.Utf16]
        result = yield from super().lsp_initialize(params)
        result.capabilities.experimental = {"ghostproof": {"prove": True, "repair": True}}
        return result


def _id(value: object) -> int | str | None:
    """An id that a request may have; None for anything else."""
    return value if isinstance(value, int | str) and not isinstance(value, bool) else None


def _tells_text(params: object) -> bool:
    """Whether what is told of a document is text, where it is told: the converter would make text of anything."""
    if not isinstance(params, dict) or not isinstance(params.get("textDocument"), dict):
        return False
    document, changes = params["textDocument"], params.get("contentChanges", [])
    if not isinstance(document.get("uri"), str) or not isinstance(document.get("text", ""), str):
        return False
    return isinstance(changes, list) and all(isinstance(c, dict) and isinstance(c.get("text"), str) for c in changes)


def _uri(params: object) -> str:
    """The document that a notification is about, as far as it can be told."""
    document = params.get("textDocument") if isinstance(params, dict) else None
    uri = document.get("uri") if isinstance(document, dict) else None
    return uri if isinstance(uri, str) else ""
