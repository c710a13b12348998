"""Other engines of this user: asked to leave when their memory is needed and nobody uses them."""

import http.client
import logging
from pathlib import Path

from filelock import FileLock, Timeout

from ghostproof.host.sockets import connect
from ghostproof.prover.local.paths import EnginePaths
from ghostproof.prover.wire import LEAVE

log = logging.getLogger(__name__)

ANSWER_S = 5.0
GONE_S = 20.0


def make_room(place: EnginePaths) -> bool:
    """Have every engine end itself that rests; true if one did. Blocks until they are gone."""
    others = [path for path in place.socket.parent.glob("*.sock") if path != place.socket]
    return sum(map(_left, others)) > 0


def _left(path: Path) -> bool:
    connection = _UnixConnection(path)
    try:
        connection.request("POST", LEAVE)
        if connection.getresponse().status != http.HTTPStatus.ACCEPTED:
            return False
        with FileLock(path.with_suffix(".lock"), timeout=GONE_S):
            log.info("the engine at %s has made room", path)
            return True
    except (OSError, http.client.HTTPException, Timeout):
        return False  # dead already, or hung
    finally:
        connection.close()


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path: Path) -> None:
        super().__init__("ghostproof", timeout=ANSWER_S)
        self._path = path

    def connect(self) -> None:
        self.sock = connect(self._path, ANSWER_S)
