"""`ghostproof serve` that writes how long each didChange kept its event loop, in milliseconds, to a file.

    python timed_server.py FILE [CACHE]

What is timed is the whole dispatch of the notification: the protocol's bookkeeping and the server's own handler.
What it learns is kept in the folder CACHE, where that is given.
"""

import sys
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import TextIO
from unittest.mock import patch

from pygls.protocol import JsonRPCProtocol

from ghostproof.cli import run

DID_CHANGE = "textDocument/didChange"


def serve(log: TextIO, cache: Path | None) -> int:
    handle = JsonRPCProtocol._handle_notification

    def timed(self: JsonRPCProtocol, method: str, params: object) -> None:
        started = perf_counter()
        handle(self, method, params)
        if method == DID_CHANGE:
            print(1000 * (perf_counter() - started), file=log)

    with ExitStack() as patches:
        patches.enter_context(patch.object(JsonRPCProtocol, "_handle_notification", timed))
        for module in ("store", "premise_index") if cache is not None else ():
            patches.enter_context(patch(f"ghostproof.learning.{module}.cache_root", lambda: cache))
        return run(["serve"])


if __name__ == "__main__":
    with Path(sys.argv[1]).open("w", buffering=1) as file:
        sys.exit(serve(file, Path(sys.argv[2]) if len(sys.argv) > 2 else None))
