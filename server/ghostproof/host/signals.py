"""The signals by which a system asks a process to end."""

import asyncio
import signal
from collections.abc import Callable
from contextlib import suppress

NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


def when_asked_to_end(loop: asyncio.AbstractEventLoop, callback: Callable[[], object]) -> None:
    """Have a callback run in place of what the signals do by themselves, on systems whose event loop can."""
    for name in NAMES:
        number = getattr(signal, name, None)  # Windows has no SIGHUP
        if number is not None:
            with suppress(NotImplementedError):  # an event loop of Windows
                loop.add_signal_handler(number, callback)
