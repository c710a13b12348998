"""A client of the official Lean server: texts go in, Lean's final word about that very text comes out.

Owns the server process: starts it at the first use, starts it again after a death, opens the documents again.
Positions are code points here and UTF-16 on the wire.
"""

import asyncio
import logging
import os
from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Any

from ghostproof.errors import LeanDied, LeanTimeout
from ghostproof.host.uris import uri_of
from ghostproof.lean.backoff import RestartBackoff
from ghostproof.lean.document import Diagnostic, Document, StaleVersion, smallest_edit
from ghostproof.lean.elaboration import Sign
from ghostproof.lean.server_options import SERVER_OPTIONS, without_refused
from ghostproof.lean.transport import Json, ResponseError, Transport
from ghostproof.syntax.header import header
from ghostproof.text import Position, SourceText, to_utf16

log = logging.getLogger(__name__)

START_S = 60.0
_CONTENT_MODIFIED = -32801
_WORKER_GONE = (-32901, -32902)  # Lean's workerExited and workerCrashed


class LeanSession:
    """One Lean server with its documents. Safe to use from many tasks of one event loop.

    Callers that change one document's text from several tasks agree among themselves whose turn it is: a text that is
    replaced fails what was awaited about it with StaleVersion.
    """

    def __init__(
        self,
        argv: Sequence[str],
        cwd: Path,
        env: Mapping[str, str],
        *,
        own_options: Sequence[str] = SERVER_OPTIONS,
    ) -> None:
        self._argv, self._own_options = tuple(argv), tuple(own_options)
        self._cwd = cwd
        self._env = dict(env)
        self._documents: dict[Path, Document] = {}
        self._by_uri: dict[str, Document] = {}
        self._transport: Transport | None = None
        self._refused: Transport | None = None  # the server that did not know one of our options
        self._versions = count(1)  # never used twice: late words about a closed document are about no other
        self._starting = asyncio.Lock()
        self._backoff = RestartBackoff()  # a finished elaboration is what counts as useful

    @property
    def pid(self) -> int | None:
        """Process id (and process group) of the running server."""
        return self._transport.pid if self._transport and self._transport.alive else None

    async def start(self) -> None:
        """Start the server now rather than at the first use.

        Raises:
            ToolchainBroken: it cannot be started. LeanDied, LeanTimeout: it does not come up.
        """
        await self._running()

    async def close(self) -> None:
        """End the server with all its processes. Idempotent; a later use starts afresh."""
        self._documents.clear()
        self._by_uri.clear()
        await self._end()

    async def restart(self) -> None:
        """End a server that does not come back; the next use starts another one and opens the documents there."""
        failure = LeanDied("The Lean server was restarted because it did not answer.")
        for document in self._documents.values():
            document.open_on = None
            document.elaboration.fail(failure)
        await self._end()

    async def set_text(self, path: Path, text: str) -> int:
        """Make `text` the document's text, and have Lean elaborate it. Returns the version to ask about.

        Raises:
            ToolchainBroken, LeanDied, LeanTimeout: there is no server, and starting one failed.
        """
        transport = await self._running()
        document = self._documents.get(path)
        if document is None:
            document = self._documents[path] = Document(path, SourceText(text), next(self._versions))
            self._by_uri[document.uri] = document
            self._open(transport, document)
        else:
            self._change(transport, document, SourceText(text))
        return document.version

    def revert(self, path: Path, text: str) -> int | None:
        """Replace the text without waiting for anything, which stops Lean's work on the present one.

        Returns the version to ask about; None, and nothing happens, if no running server has the document.
        """
        document = self._documents.get(path)
        transport = self._transport
        if not (document and transport and transport.alive and document.is_live(transport)):
            return None
        self._change(transport, document, SourceText(text))
        return document.version

    def is_open(self, path: Path) -> bool:
        """Whether the running server has the document, so that an edit is elaborated incrementally."""
        document = self._documents.get(path)
        transport = self._transport
        return bool(document and transport and transport.alive and document.is_live(transport))

    async def barrier(self, path: Path, version: int, seconds: float = START_S) -> tuple[Diagnostic, ...]:
        """Wait until this version is elaborated to the end, and return its final diagnostics.

        Raises:
            StaleVersion: the text was replaced. LeanTimeout: not within `seconds`. LeanDied: Lean ended meanwhile.
        """
        while True:
            document = await self._current(path, version)
            server, elaboration = document.open_on, document.elaboration
            try:
                async with asyncio.timeout(seconds):
                    await elaboration.finished.wait()
            except TimeoutError:
                raise LeanTimeout(f"Lean did not finish {path.name} within {seconds:g} s.") from None
            if elaboration.failure is None:
                self._backoff.worked()
                found = document.diagnostics()
                if not await self._refuses(server, found):
                    return found
            elif server is None or server is not self._refused:
                raise elaboration.failure

    async def goals(
        self, path: Path, version: int, position: Position, seconds: float = START_S
    ) -> tuple[str, ...] | None:
        """The goals that Lean shows at a position; empty where a proof is complete, None where there is no proof.

        Right only behind a `barrier`: before it Lean answers from what it has elaborated so far.

        Raises:
            As `barrier`.
        """
        document = await self._current(path, version)
        line = document.text.line(position.line)
        at = {"line": position.line, "character": to_utf16(line, position.column)}
        answer = await self._ask(
            document, "$/lean/plainGoal", {"textDocument": {"uri": document.uri}, "position": at}, seconds
        )
        if document.version != version:
            raise StaleVersion(f"{path.name} has changed meanwhile.")
        return tuple(answer["goals"]) if isinstance(answer, dict) else None

    def close_document(self, path: Path) -> None:
        """Forget the document and end the Lean process that works on it. Nothing happens if it isn't open."""
        document = self._documents.pop(path, None)
        if document is None:
            return
        del self._by_uri[document.uri]
        document.elaboration.fail(StaleVersion(f"{path.name} was closed."))
        if self._transport and document.open_on is self._transport:
            self._transport.notify("textDocument/didClose", {"textDocument": {"uri": document.uri}})

    async def _current(self, path: Path, version: int) -> Document:
        """The document at this version, open on a running server."""
        document = self._documents.get(path)
        if document is None or document.version != version:
            raise StaleVersion(f"{path.name} has changed meanwhile.")
        if not document.is_live(self._transport):
            transport = await self._running()
            if document.version == version and not document.is_live(transport):
                document.advance(document.text, version)
                self._open(transport, document)
        return document

    async def _ask(self, document: Document, method: str, params: Json, seconds: float) -> object:
        if self._transport is None:
            raise LeanDied("The Lean server was closed.")
        request = self._transport.request(method, params)
        document.asked.add(request)
        request.add_done_callback(document.asked.discard)
        try:
            async with asyncio.timeout(seconds):
                answer: object = await request
        except TimeoutError:
            raise LeanTimeout(f"Lean did not answer {method} within {seconds:g} s.") from None
        except ResponseError as problem:
            if problem.code in _WORKER_GONE:
                document.crashed()
                raise LeanDied(
                    f"The Lean process for {document.path.name} died.", "It is started again at the next request."
                ) from problem
            if problem.code == _CONTENT_MODIFIED:
                raise StaleVersion(f"{document.path.name} has changed meanwhile.") from problem
            raise
        return answer

    async def _refuses(self, server: object, found: Sequence[Diagnostic]) -> bool:
        """Whether this server did not know an option of ours. It is ended then, and the next one does without them."""
        argv = without_refused(self._argv, (diagnostic.message for diagnostic in found), self._own_options)
        if argv is not None and self._transport is server:
            log.warning("This Lean knows no %s; its server is started again without.", set(self._argv) - set(argv))
            self._argv, self._refused = argv, self._transport
            await self.restart()
        return server is not None and server is self._refused

    def _change(self, transport: Transport, document: Document, text: SourceText) -> None:
        live = document.is_live(transport)
        if live and document.text == text:
            return
        old = document.text
        document.advance(text, next(self._versions))
        # Lean's worker ends itself when the imports change; a document opened anew needs no such detour.
        if not live or header(old.text) != header(text.text):
            self._open(transport, document)
            return
        changes = [smallest_edit(old, text)]
        transport.notify(
            "textDocument/didChange",
            {"textDocument": {"uri": document.uri, "version": document.version}, "contentChanges": changes},
        )
        self._await_elaboration(transport, document)

    def _open(self, transport: Transport, document: Document) -> None:
        if document.open_on is transport:
            transport.notify("textDocument/didClose", {"textDocument": {"uri": document.uri}})
        document.open_on, document.lost = transport, False
        item = {
            "uri": document.uri,
            "languageId": "lean4",
            "version": document.version,
            "text": document.text.text,
        }
        # Builds are the user's to start: they can take hours.
        transport.notify("textDocument/didOpen", {"textDocument": item, "dependencyBuildMode": "never"})
        self._await_elaboration(transport, document)

    def _await_elaboration(self, transport: Transport, document: Document) -> None:
        """Have the server say when it is through with this version, or that it can't be; asked at once."""
        elaboration = document.elaboration
        answer = transport.request(
            "textDocument/waitForDiagnostics", {"uri": document.uri, "version": document.version}
        )

        def answered(done: "asyncio.Future[Any]") -> None:
            problem = None if done.cancelled() else done.exception()
            if isinstance(problem, ResponseError) and problem.code in _WORKER_GONE:
                if document.elaboration is elaboration:
                    document.crashed()
            elif isinstance(problem, LeanDied):
                elaboration.fail(problem)
            elif problem is None:
                elaboration.mark(Sign.ANSWER)
            elif isinstance(problem, ResponseError):
                elaboration.fail(problem)

        answer.add_done_callback(answered)

    async def _running(self) -> Transport:
        """The running server, started if need be."""
        async with self._starting:
            if self._transport is not None and self._transport.alive:
                return self._transport
            await self._backoff.pause()
            try:
                self._transport = await self._start()
            except LeanDied as death:
                argv = without_refused(self._argv, [death.message], self._own_options)
                if argv is None:
                    raise
                self._argv = argv
                self._transport = await self._start()
            return self._transport

    async def _start(self) -> Transport:
        """Another server, ready for documents."""
        transport = await Transport.start(self._argv, self._cwd, self._env, self._on_notification, self._on_death)
        try:
            await transport.ask("initialize", self._initialize_params(), START_S)
        except BaseException:
            await transport.kill()
            raise
        transport.notify("initialized", {})
        return transport

    def _initialize_params(self) -> Json:
        root = self._cwd.absolute()
        return {
            "processId": os.getpid(),
            "rootUri": uri_of(root),
            "workspaceFolders": [{"uri": uri_of(root), "name": root.name}],
            "capabilities": {"textDocument": {"publishDiagnostics": {"versionSupport": True}}},
            "initializationOptions": {"hasWidgets": False},
        }

    async def _end(self) -> None:
        transport, self._transport = self._transport, None
        if transport is not None:
            await transport.close()

    def _on_death(self, death: LeanDied) -> None:
        log.warning("%s", death.message)
        self._backoff.died()
        for document in self._documents.values():
            document.elaboration.fail(death)
            document.open_on = None

    def _on_notification(self, method: str, params: Json) -> None:
        uri = params.get("uri") or params.get("textDocument", {}).get("uri")
        document = self._by_uri.get(uri)
        if document is None:
            return
        if method == "textDocument/publishDiagnostics":
            document.on_diagnostics(params)
        elif method == "$/lean/fileProgress":
            document.on_progress(params)
