"""What a client's first message says of where Lean will be needed, read before what answers the message is loaded."""

import contextlib
from collections.abc import Mapping
from os.path import isdir
from pathlib import Path

from ghostproof.config import Config
from ghostproof.errors import GhostproofError
from ghostproof.host.uris import path_of
from ghostproof.lsp.settings import changes


def folder_and_settings(message: object, config: Config) -> tuple[Path, Config] | None:
    """The client's folder and settings; None if there is nothing to go by. What is wrong, whoever answers tells.

    Args:
        message: any JSON.
        config: what the settings of the message are laid over.
    """
    params = message.get("params") if isinstance(message, Mapping) and message.get("method") == "initialize" else None
    if not isinstance(params, Mapping) or (folder := _folder(params)) is None:
        return None
    with contextlib.suppress(GhostproofError):
        return folder, config.updated(changes(params.get("initializationOptions")) or {})
    return None


def _folder(params: Mapping[str, object]) -> Path | None:
    """The first folder of the client's that is one of this machine."""
    folders = params.get("workspaceFolders")
    uris = [folder.get("uri") for folder in folders if isinstance(folder, Mapping)] if isinstance(folders, list) else []
    for uri in (*uris, params.get("rootUri")):
        path = path_of(uri) if isinstance(uri, str) else None
        if path and isdir(path):  # noqa: PTH112 - it does not fail, whatever the name
            return Path(path)
    return None
