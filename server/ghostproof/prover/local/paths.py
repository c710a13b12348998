"""Where the engine of a model is met: its socket, its lock, its log, in folders that belong to this user alone."""

import hashlib
import json
import os
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from ghostproof.errors import ProverFailed
from ghostproof.host.folders import make_private, runtime_folders, state_folder
from ghostproof.host.sockets import LONGEST_SOCKET_PATH, UNIX_SOCKETS
from ghostproof.prover.address import Address

SOCKET_HOST = "http://ghostproof"  # a Unix socket has no host, but HTTP wants one


@dataclass(frozen=True)
class EnginePaths:
    """One engine's files.

    Attributes:
        socket: what it listens on.
        lock: held by it for as long as it lives.
        address: where it listens and the token for it, when that is not the usual socket.
        log: what it logs; `errors`: what the interpreter and native code say, of the latest start.
    """

    socket: Path
    lock: Path
    address: Path
    log: Path
    errors: Path

    def read_address(self) -> Address:
        """Where the engine is met.

        Raises:
            ProverFailed: it has not said so yet.
        """
        if UNIX_SOCKETS and not self.address.exists():
            return Address(SOCKET_HOST, self.socket)
        try:
            said = json.loads(self.address.read_text("utf-8"))
            socket = Path(said["socket"]) if said["socket"] else None
            return Address(said["url"], socket, said["token"])
        except (OSError, ValueError, KeyError, TypeError) as problem:
            raise ProverFailed("The engine has not said yet where it listens.") from problem

    def write_address(self, address: Address) -> None:
        """Say where the engine is met, when that is not the usual socket; readers see all of it or nothing."""
        partial = self.address.with_suffix(".partial")
        socket = str(address.socket) if address.socket else ""
        partial.touch(0o600)
        partial.write_text(json.dumps({"url": address.url, "socket": socket, "token": address.key}), "utf-8")
        partial.replace(self.address)


def identity(model: str) -> str:
    """What tells one model from another: the folder, where it is one, otherwise the name on the hub."""
    folder = Path(model).expanduser()
    return str(folder.resolve()) if folder.is_dir() else model


def engine_paths(model: str, device: str) -> EnginePaths:
    """The files of the engine that this version of Ghostproof runs for a model on a device.

    Raises:
        ProverFailed: no folder can be made for them that nobody else may enter.
    """
    what = "\0".join((identity(model), device, version("ghostproof")))
    key = hashlib.sha256(what.encode()).hexdigest()[:16]
    folder = _runtime_folder(len(key) + len("/.sock"))
    logs = state_folder() / "prover"
    logs.mkdir(parents=True, exist_ok=True, mode=0o700)
    return EnginePaths(
        folder / f"{key}.sock",
        folder / f"{key}.lock",
        folder / f"{key}.json",
        logs / f"{key}.log",
        logs / f"{key}.err",
    )


def _runtime_folder(name_length: int) -> Path:
    for folder in runtime_folders():
        if len(os.fsencode(folder)) + name_length <= LONGEST_SOCKET_PATH and make_private(folder):
            return folder
    raise ProverFailed(
        "There is no folder for the engine's socket that belongs to you alone.",
        "Set XDG_RUNTIME_DIR to a folder of yours with a short path.",
    )
