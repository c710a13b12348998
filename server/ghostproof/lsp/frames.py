"""The client's stream of messages: headers, bodies, JSON. What cannot be read is told, and the stream goes on."""

import asyncio
import json
import re
import threading
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass
from typing import Protocol

LARGEST_BODY = 64 << 20
PIECE = 1 << 16
# After so many messages, or lines that are none, others get their turn, also where the client never pauses.
AT_ONCE = 16

_LENGTH = re.compile(rb"content-length\s*:\s*(\d{1,15})\s*", re.IGNORECASE)


class ByteReader(Protocol):
    """What bytes come from."""

    def readline(self) -> Awaitable[bytes]: ...
    def readexactly(self, n: int) -> Awaitable[bytes]: ...


class Receiver(Protocol):
    """What messages go to. Neither raises for what a client may send."""

    def receive(self, message: object) -> None:
        """Take a message: any JSON."""
        ...

    def unreadable(self, why: str) -> None:
        """Take the news that there was a message that is no JSON."""
        ...


@dataclass(frozen=True)
class Unreadable:
    """A message that is no JSON."""

    why: str


async def messages(reader: ByteReader) -> AsyncIterator[object]:
    """Every message, any JSON or `Unreadable`, until the stream ends.

    Raises:
        asyncio.IncompleteReadError: the stream ends within a message.
    """
    number, length = 0, -1
    while True:
        number += 1
        if number % AT_ONCE == 0:
            await asyncio.sleep(0)
        try:
            line = await reader.readline()
        except ValueError:  # a line longer than the reader keeps: of no header, and thrown away by it
            continue
        if not line:
            return
        if found := _LENGTH.fullmatch(line):
            length = int(found[1])
        elif not line.strip() and length >= 0:
            yield await _message(reader, length)
            length = -1


async def receive_all(arriving: AsyncIterator[object], receiver: Receiver, stop: threading.Event) -> None:
    """Hand on every message until there are no more or `stop` is set. Raises as `messages` does."""
    if stop.is_set():
        return
    async for message in arriving:
        hand_on(message, receiver)
        if stop.is_set():
            return


def hand_on(message: object, receiver: Receiver) -> None:
    """Hand on what `messages` has given."""
    if isinstance(message, Unreadable):
        receiver.unreadable(message.why)
    else:
        receiver.receive(message)


async def _message(reader: ByteReader, length: int) -> object:
    if length > LARGEST_BODY:
        for at in range(0, length, PIECE):
            await reader.readexactly(min(PIECE, length - at))
        return Unreadable(f"a message of {length} bytes")
    body = await reader.readexactly(length)
    try:
        return json.loads(body)
    except (ValueError, RecursionError) as problem:
        return Unreadable(f"a message that is no JSON: {problem}")
