"""Work-done progress of one request: by the client's token, or by one that the server creates when it takes long."""

import asyncio
import uuid

from lsprotocol import types as t
from pygls.exceptions import JsonRpcException

from ghostproof.lsp.client import Client

TITLE = "Ghostproof"
# Shorter waits are over before a person could read what they are for.
UNTIL_SHOWN_S = 0.3
CREATION_S = 1.0


class ProgressReports:
    """Reports of one request. Nothing is sent to a client that cannot show it."""

    def __init__(self, client: Client, token: t.ProgressToken | None) -> None:
        self._client = client
        self._shows = client.server.work_done_progress
        self._given = token
        self._token: t.ProgressToken | None = None
        self._began = asyncio.get_running_loop().time()
        self._refused = False

    @property
    def cancelled(self) -> bool:
        """Whether the user pressed the progress report's cancel button."""
        return self._token is not None and self._shows.tokens[self._token].cancelled()

    async def report(self, message: str) -> None:
        """Say how far the request is."""
        if self._token is None and not await self._begin():
            return
        if self._token is not None:
            self._shows.report(self._token, t.WorkDoneProgressReport(message=message))

    def end(self) -> None:
        """Close the report, if it was opened."""
        if self._token is not None:
            self._shows.end(self._token, t.WorkDoneProgressEnd())
            self._shows.tokens.pop(self._token, None)
            self._token = None

    async def _begin(self) -> bool:
        token = self._given if self._given is not None else await self._create()
        if token is None:
            return False
        self._token = token
        self._shows.begin(token, t.WorkDoneProgressBegin(title=TITLE, cancellable=True))
        return True

    async def _create(self) -> str | None:
        waited = asyncio.get_running_loop().time() - self._began
        if self._refused or not self._client.abilities.progress or waited < UNTIL_SHOWN_S:
            return None
        token = str(uuid.uuid4())
        try:
            async with asyncio.timeout(CREATION_S):
                await self._shows.create_async(token)
        except (TimeoutError, JsonRpcException):
            self._refused = True
            return None
        return token
