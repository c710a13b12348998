"""Which connections to the engine stay: those on which something is asked. Heads that never end are ended here."""

import time
from collections import Counter
from collections.abc import Callable, Iterable

from aiohttp import web
from aiohttp.typedefs import Handler

# A request's head is some hundred bytes from the same machine; a pool opens a new connection in less than that.
REST_S = 20.0
MOST_CONNECTIONS = 256
SWEEP_S = 1.0


class Connections:
    """Looks after the connections of one server.

    Args:
        rest_s: how long nothing may be asked on one; a head that is not whole asks nothing.
        most: how many there may be, those where something is asked aside.
    """

    def __init__(
        self, rest_s: float = REST_S, most: int = MOST_CONNECTIONS, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._rest_s = rest_s
        self._most = most
        self._clock = clock
        self._busy = Counter[web.RequestHandler]()
        self._since: dict[web.RequestHandler, float] = {}  # something was last asked, or it was first seen

    async def counted(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        """Answer a request; its connection is busy until then."""
        connection = request.protocol
        self._busy[connection] += 1
        try:
            return await handler(request)
        finally:
            self._busy[connection] -= 1
            if not self._busy[connection]:
                del self._busy[connection]
                self._since[connection] = self._clock()

    def sweep(self, connections: Iterable[web.RequestHandler]) -> int:
        """End those that rest for too long, and the oldest of those that are too many; how many."""
        now = self._clock()
        resting = [connection for connection in connections if connection not in self._busy]
        self._since = {connection: self._since.get(connection, now) for connection in resting}
        resting.sort(key=self._since.__getitem__)
        too_many = len(resting) - self._most
        ended = [c for number, c in enumerate(resting) if number < too_many or now - self._since[c] >= self._rest_s]
        for connection in ended:
            del self._since[connection]
            connection.force_close()
        return len(ended)
