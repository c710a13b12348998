"""One client's session: its documents, its settings, and the application that answers for it."""

import asyncio
from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from lsprotocol import types as t

from ghostproof.config import Config
from ghostproof.errors import GhostproofError, NoGoal
from ghostproof.jobs import Turns
from ghostproof.lsp.client import Client
from ghostproof.lsp.document_paths import DocumentPaths
from ghostproof.lsp.documents import Documents, EditedDocument
from ghostproof.lsp.found import Found
from ghostproof.lsp.settings import changes
from ghostproof.lsp.shown import Shown
from ghostproof.lsp.usage import Door, UsageWatch
from ghostproof.syntax.spot import find_spot
from ghostproof.verify.verdict import Suggestion

if TYPE_CHECKING:
    from ghostproof.app import App
    from ghostproof.suggest.job import Snapshot


class Session:
    """The state behind the handlers of requests and notifications."""

    def __init__(self, client: Client, config: Config, build: Callable[[Config], "App"]) -> None:
        self.client = client
        self.config = config
        self.documents = Documents(DocumentPaths(lambda: client.folders).of)
        self.turns = Turns[str]()
        self.shown: dict[str, Shown] = {}
        self.found: dict[str, Found] = {}
        self._usage: UsageWatch | None = None
        self._base = config
        self._build = build
        self._closing: set[asyncio.Task[None]] = set()
        self._app: App | None = None

    @property
    def app(self) -> "App":
        """The application behind the server, made at the first use: `initialize` does not wait for it."""
        if self._app is None:
            self._app = self._build(self.config)
            self._app.on_status = self.client.status
            self._usage = UsageWatch(self._app.learning.log_use) if self._app.learning.log_use else None
        return self._app

    def configure(self, settings: object) -> None:
        """Take the client's settings on top of those the server was started with.

        Bad ones are reported and change nothing.
        """
        values = changes(settings)
        if values is None:
            return
        try:
            config = self._base.updated(values)
        except GhostproofError as problem:
            self.client.error(problem)
            return
        # Lean goes on where only the manner of answering has changed.
        restart = replace(config, lsp=self.config.lsp) != self.config
        self.config = config
        if restart and self._app is not None:
            self._close_later(self._app)
            self._app = None
            for document in self.documents:
                self.warm(document)

    def opened(self, item: t.TextDocumentItem) -> None:
        self.shown.pop(item.uri, None)
        if document := self.documents.opened(item):
            self.warm(document)

    def changed(self, params: t.DidChangeTextDocumentParams) -> None:
        """Record a change, which may be that a suggestion was taken."""
        uri = params.text_document.uri
        document = self.documents.get(uri)
        if self._usage is None or document is None or not self._usage.watches(uri):
            self.documents.changed(params)
            return
        before = document.source.text
        self.documents.changed(params)
        self._usage.changed(uri, before, document.source.text)

    def saw(self, document: EditedDocument, door: Door, answer: "Snapshot", suggestions: Iterable[Suggestion]) -> None:
        """The user is shown suggestions for the document as it is."""
        if self._usage is not None and answer.spot is not None:
            text, head = document.source.text, answer.state.main.head if answer.state else ""
            self._usage.shown(document.uri, door, text, answer.spot, suggestions, answer.first_ms, head)

    def closed(self, uri: str) -> None:
        if self._usage is not None:
            self._usage.closed(uri)
        document = self.documents.closed(uri)
        self.shown.pop(uri, None)
        self.found.pop(uri, None)
        self.turns.drop(uri)
        if document:
            self.app.forget(document.path)

    def warm(self, document: EditedDocument) -> None:
        """Start Lean for a document's project; say so once if Lean cannot be asked about the document."""
        if why_not := document.why_not:
            self.client.inform(why_not)
        else:
            self.app.warm(document.path, document.source.text)

    def visited(self, uri: str, position: t.Position) -> None:
        """The cursor came to rest somewhere: have ready what a suggestion there will need."""
        document = self.documents.get(uri)
        if document is None or document.why_not or not self.config.lsp.automatic:
            return
        spot = find_spot(document.source, document.offset(position))
        if spot is not None:
            self.app.warm(document.path, document.source.text, spot)

    def report(self, problem: GhostproofError) -> None:
        """Tell the user about a failed request, once; that Lean sees no goal somewhere is no failure."""
        if not isinstance(problem, NoGoal):
            self.client.error(problem)

    def cancel(self) -> None:
        """End every request and search, down to Lean and the model. What comes later starts afresh."""
        for document in self.documents:
            self.turns.drop(document.uri)
            self.app.forget(document.path)

    async def restart(self) -> None:
        """End every Lean process and begin afresh with the open documents."""
        self.client.forget()
        self.shown.clear()
        await self.app.restart()
        for document in self.documents:
            self.warm(document)

    async def close(self) -> None:
        """End everything that was started for the client. Idempotent."""
        if self._app is not None:
            self._close_later(self._app)
        await asyncio.gather(*self._closing)

    def _close_later(self, app: "App") -> None:
        task = asyncio.get_running_loop().create_task(app.close())
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)
