"""One request of the application, timed from outside, and an application with its probe up."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path
from time import perf_counter

from ghostproof.app import App
from ghostproof.config import Config
from ghostproof.errors import LeanTimeout
from ghostproof.syntax.spot import Spot

PROBE_START_S = 120.0
REQUEST_S = 90.0
POLL_S = 0.05


@dataclass(frozen=True)
class Asked:
    """Seconds from a request to its first suggestion (None: it found nothing) and to its full list."""

    first: float | None
    full: float


async def ask(app: App, path: Path, text: str, spot: Spot) -> Asked:
    """Ask for suggestions and wait for all of them.

    Raises:
        GhostproofError: the request failed without a suggestion.
    """
    started = perf_counter()
    job = app.suggest(path, text, [spot])
    snapshot = await job.wait(lambda s: bool(s.suggestions) or s.done, REQUEST_S)
    first = perf_counter() - started if snapshot.suggestions else None
    snapshot = await job.wait(lambda s: s.done, REQUEST_S)
    full = perf_counter() - started
    if snapshot.error is not None and not snapshot.suggestions:
        raise snapshot.error
    app.forget(path)
    return Asked(first, full)


def unlearned(config: Config) -> Config:
    """The settings without what earlier runs have learned of the same goals. Older versions learn nothing."""
    if not hasattr(config, "learn"):
        return config
    return replace(config, learn=replace(config.learn, automatic=False, propose=False))


@contextlib.asynccontextmanager
async def application(config: Config | None = None) -> AsyncIterator[App]:
    """An application that is closed at the end."""
    app = App(unlearned(config or Config()))
    try:
        yield app
    finally:
        await app.close()


async def probe_up(app: App, path: Path, text: str) -> None:
    """Wait until the probe has taken over the file's project.

    Raises:
        LeanTimeout: it has not.
        GhostproofError: Lean cannot be found or started.
    """
    app.warm(path, text)
    workspace = app.workspace(path)
    await workspace.checker()
    try:
        async with asyncio.timeout(PROBE_START_S):
            while True:
                if workspace.name == "probe":
                    return
                await asyncio.sleep(POLL_S)
    except TimeoutError:
        raise LeanTimeout(f"The probe was not up within {PROBE_START_S:g} s.") from None
