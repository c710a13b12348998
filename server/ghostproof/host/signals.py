"""The signals by which a system asks a process to end."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress

from ghostproof.errors import AskedToEnd

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


def when_asked_to_end(loop: asyncio.AbstractEventLoop, callback: Callable[[], object]) -> None:
    """Have a callback run in place of what the signals do by themselves, on systems whose event loop can."""
    for name in NAMES:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None:
            with suppress(NotImplementedError):  # an event loop of Windows
                loop.add_signal_handler(number, callback)


@contextmanager
def cancelled_when_asked_to_end() -> Iterator[None]:
    """Have the signals cancel the task that is in here, as `asyncio.run` has Ctrl-C do: all that it began is ended.

    Raises:
        AskedToEnd: one of them did.
    """
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    asked: list[int] = []

    def cancel(number: int) -> None:
        asked.append(number)
        if task is not None:
            task.cancel()

    for name in set(NAMES) - {"SIGINT"}:
        if (number := getattr(signal, name, None)) is not None:
            with suppress(NotImplementedError):
                loop.add_signal_handler(number, cancel, number)
    try:
        yield
    except asyncio.CancelledError:
        if asked:
            raise AskedToEnd(asked[0]) from None
        raise
