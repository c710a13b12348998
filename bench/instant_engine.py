"""Serves the engine's HTTP face in front of an engine that answers at once: what remains is the cost of the protocol.

python -m bench.instant_engine SOCKET       prints the loopback port that it listens on, too
"""

import asyncio
import codecs
import sys
from collections.abc import Callable

from aiohttp import web

from ghostproof.prover.engine.contract import Ask, Decoder, Ended, EngineStats, Event, Finished
from ghostproof.prover.engine.server.front import Front
from ghostproof.prover.engine.server.model import LoadedModel


class InstantEngine:
    """Every candidate is there at once, and no two are the same."""

    def submit(self, ask: Ask, on_event: Callable[[Event], None]) -> int:
        for index in range(ask.n):
            on_event(Finished(index, f"simp [h{index}]", -1.0, 8, "stop"))
        on_event(Ended("done", prompt_tokens=1, drawn_tokens=8 * ask.n))
        return 0

    def cancel(self, request: int) -> None:
        pass

    def stats(self) -> EngineStats:
        return EngineStats()

    def close(self) -> None:
        pass


class ByteDecoder:
    """Bytes become text when their character is whole."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def push(self, token: int) -> str:
        return self._decoder.decode(bytes([token]))


class ByteTokens:
    """One token for each byte: the cost of a tokenizer is measured elsewhere."""

    eos = frozenset[int]()
    newlines = frozenset({10})
    size = 256

    def encode(self, text: str, document: str = "") -> list[int]:
        return list(text.encode())

    def decoder(self) -> Decoder:
        return ByteDecoder()


async def main(socket: str) -> None:
    front = Front("instant")
    front.serve(LoadedModel(InstantEngine(), ByteTokens(), 4096, "cpu", "none"))
    runner = web.AppRunner(front.application(), handler_cancellation=True, access_log=None)
    await runner.setup()
    await web.UnixSite(runner, socket).start()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    print(runner.addresses[-1][1], flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
