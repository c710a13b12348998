"""The threads in which a prober runs candidates: how many requests to send it, and which of them it has taken up."""

import asyncio
from collections import deque

from ghostproof.lean.probe import ProbeRequest

# So many requests lie ready in the program: a thread that is done finds the next one there, and waits for nobody.
AHEAD = 1


class ProbeThreads:
    """The threads of one prober.

    Attributes:
        width: as many requests as are worth having there at a time.
        slots: one for each of these; whoever sends one holds one.
    """

    def __init__(self, threads: int) -> None:
        self._threads = threads
        self.width = threads + AHEAD
        self.slots = asyncio.Semaphore(self.width)
        self._sent = deque[ProbeRequest]()

    def follow(self, request: ProbeRequest) -> ProbeRequest:
        """Take down that a request was sent: the program takes them up in their order, as soon as a thread is free."""
        if len(self._sent) >= self._threads:
            request.begun.clear()
        self._sent.append(request)
        request.done.add_done_callback(lambda _: self._answered(request))
        return request

    def _answered(self, request: ProbeRequest) -> None:
        self._sent.remove(request)
        for one in (request, *list(self._sent)[: self._threads]):
            one.begin()
