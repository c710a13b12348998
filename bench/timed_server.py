"""`ghostproof serve` that writes how long each didChange kept its event loop, in milliseconds, to a file.

    python timed_server.py FILE

What is timed is the whole dispatch of the notification: the protocol's bookkeeping and the server's own handler.
"""

import sys
from pathlib import Path
from time import perf_counter
from typing import TextIO
from unittest.mock import patch

from pygls.protocol import JsonRPCProtocol

from ghostproof.cli import run

DID_CHANGE = "textDocument/didChange"


def serve(log: TextIO) -> int:
    handle = JsonRPCProtocol._handle_notification

    def timed(self: JsonRPCProtocol, method: str, params: object) -> None:
        started = perf_counter()
        handle(self, method, params)
        if method == DID_CHANGE:
            print(1000 * (perf_counter() - started), file=log)

    with patch.object(JsonRPCProtocol, "_handle_notification", timed):
        return run(["serve"])


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w", buffering=1) as file:
        sys.exit(serve(file))
