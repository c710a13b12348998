"""Has the theorems of the project's own files read before a command needs them."""

import asyncio
import logging
import sqlite3
from pathlib import Path

from ghostproof.app import App
from ghostproof.errors import GhostproofError
from ghostproof.syntax.header import read_imports
from ghostproof.verify.allowed import LIBRARIES

log = logging.getLogger(__name__)


async def read_own(app: App, path: Path, text: str) -> None:
    """Have the theorems of the project's own imported files at hand: no editor has had them read meanwhile.

    Whatever Lean has against it shows, with more to say, where Lean is asked next.
    """
    if any(one.module.partition(".")[0] not in LIBRARIES for one in read_imports(text).imports):
        try:
            async with asyncio.timeout(app.config.lean.document_s):
                await app.learning.read_library(path, text, own=True)
        except (GhostproofError, TimeoutError, sqlite3.Error) as problem:
            log.info("the theorems that %s imports are not all known: %s", path.name, problem)
