"""`ghostproof serve`: the language server on stdio, with the application behind it, from start to end."""

import asyncio
import contextlib
import signal
import sys
import threading
from typing import TYPE_CHECKING

from pygls.io_ import StdinAsyncReader, StdoutWriter

from ghostproof.config import Config
from ghostproof.host.system import WINDOWS
from ghostproof.lsp.features import GhostproofServer
from ghostproof.lsp.frames import ByteReader, receive_all

if TYPE_CHECKING:
    from ghostproof.app import App


def serve(config: Config) -> int:
    """Serve one client until it says `exit` or closes the connection; the exit code is LSP's."""
    return asyncio.run(_serve(config))


def _build(config: Config) -> "App":
    from ghostproof.app import App  # what it takes to import it, `initialize` need not wait for

    return App(config)


async def _serve(config: Config) -> int:
    stop = threading.Event()
    server = GhostproofServer(config, _build)
    server.leave = stop.set
    server.protocol.set_writer(StdoutWriter(sys.stdout.buffer))
    loop = asyncio.get_running_loop()
    serving = loop.create_task(receive_all(await _stdin(server), server.protocol, stop))
    with contextlib.suppress(NotImplementedError):  # an event loop of Windows
        loop.add_signal_handler(signal.SIGTERM, serving.cancel)
    try:
        await serving
    except (asyncio.CancelledError, asyncio.IncompleteReadError, BrokenPipeError):
        return 1
    finally:
        await server.session.close()
    return 0 if server.was_shut_down else 1


async def _stdin(server: GhostproofServer) -> ByteReader:
    """The client's messages. Where the loop can read a pipe itself, no thread hangs in a read when the server ends."""
    if WINDOWS:
        return StdinAsyncReader(sys.stdin.buffer, server.thread_pool)
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader
