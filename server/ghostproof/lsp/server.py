"""`ghostproof serve`: the language server on stdio, with the application behind it, from start to end."""

import asyncio
import contextlib
import signal
import sys
import threading
from importlib import import_module
from typing import TYPE_CHECKING

from ghostproof.config import Config
from ghostproof.host.system import WINDOWS
from ghostproof.lsp.first_message import folder_and_settings
from ghostproof.lsp.frames import ByteReader, hand_on, messages, receive_all

if TYPE_CHECKING:
    from ghostproof.app import App
    from ghostproof.head_start import HeadStart
    from ghostproof.lsp.features import GhostproofServer

_NO_MORE = object()


def serve(config: Config) -> int:
    """Serve one client until it says `exit` or closes the connection; the exit code is LSP's."""
    return asyncio.run(_serve(config))


async def _serve(config: Config) -> int:
    loop = asyncio.get_running_loop()
    serving = loop.create_task(_serve_client(config))
    with contextlib.suppress(NotImplementedError):  # an event loop of Windows
        loop.add_signal_handler(signal.SIGTERM, serving.cancel)
    try:
        return await serving
    except (asyncio.CancelledError, asyncio.IncompleteReadError, BrokenPipeError):
        return 1


async def _serve_client(config: Config) -> int:
    arriving = messages(await _stdin())
    first = await anext(arriving, _NO_MORE)
    if first is _NO_MORE:
        return 1
    head_start = _head_start(first, config)
    try:
        stop = threading.Event()
        server = await _server(config, head_start, stop)
        try:
            hand_on(first, server.protocol)
            await receive_all(arriving, server.protocol, stop)
        finally:
            await server.session.close()
    finally:
        if head_start is not None:
            await head_start.close()
    return 0 if server.was_shut_down else 1


def _head_start(first: object, config: Config) -> "HeadStart | None":
    """Start Lean for the folder that the client opens, as loading the rest of the server takes about as long."""
    if (wanted := folder_and_settings(first, config)) is None:
        return None
    from ghostproof.head_start import HeadStart

    return HeadStart(*wanted)


async def _server(config: Config, head_start: "HeadStart | None", stop: threading.Event) -> "GhostproofServer":
    """The server, loaded beside what the loop has to do for Lean meanwhile."""
    features = await asyncio.to_thread(import_module, "ghostproof.lsp.features")
    from pygls.io_ import StdoutWriter

    def build(config: Config) -> "App":
        from ghostproof.app import App  # what it takes to import it, `initialize` need not wait for

        return App(config, ahead=head_start.take(config) if head_start else None)

    server: GhostproofServer = features.GhostproofServer(config, build)
    server.leave = stop.set
    server.protocol.set_writer(StdoutWriter(sys.stdout.buffer))
    return server


async def _stdin() -> ByteReader:
    """The client's messages. Where the loop can read a pipe itself, no thread hangs in a read when the server ends."""
    if WINDOWS:
        from concurrent.futures import ThreadPoolExecutor

        from pygls.io_ import StdinAsyncReader

        return StdinAsyncReader(sys.stdin.buffer, ThreadPoolExecutor(1))
    reader = asyncio.StreamReader()
    await asyncio.get_running_loop().connect_read_pipe(lambda: asyncio.StreamReaderProtocol(reader), sys.stdin)
    return reader
