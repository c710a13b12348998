"""The event loop's clock, moved on: a time is over as soon as the test has come to where it is to be over."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def later(seconds: float) -> Iterator[None]:
    """Meanwhile it is so much later for whoever waits in this event loop."""
    loop = asyncio.get_running_loop()
    time = loop.time
    vars(loop)["time"] = lambda: time() + seconds
    try:
        yield
    finally:
        del vars(loop)["time"]
