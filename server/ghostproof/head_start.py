"""A workspace whose Lean starts before anybody has asked for it, until whoever answers for it takes it over."""

import asyncio
from pathlib import Path

from ghostproof.config import Config
from ghostproof.lean.toolchain import find_root
from ghostproof.workspace import Workspace


class HeadStart:
    """Belongs to one event loop; Lean starts at once.

    Args:
        folder: where Lean will be needed, by all that is known.
    """

    def __init__(self, folder: Path, config: Config) -> None:
        self._config = config
        self._workspace: Workspace | None = Workspace(find_root(folder), config)
        self._workspace.start_soon()
        self._ending: asyncio.Task[None] | None = None

    def take(self, config: Config) -> Workspace | None:
        """The workspace, whose end is the caller's business from now on; None if it is taken or has other settings."""
        workspace, self._workspace = self._workspace, None
        if workspace is None or config == self._config:
            return workspace
        self._ending = asyncio.create_task(workspace.close())
        return None

    async def close(self) -> None:
        """End what nobody has taken. Idempotent."""
        if (workspace := self.take(self._config)) is not None:
            await workspace.close()
        if self._ending is not None:
            await self._ending
