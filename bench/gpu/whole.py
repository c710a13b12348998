"""The engine as a whole: through its thread and through HTTP."""

import asyncio
import threading
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, TypeVar

from bench.gpu.model import CharacterTokens, text_of
from bench.gpu.session import ROWS, Bench
from ghostproof.prover.engine.contract import Ask, Ended, Event, Finished
from ghostproof.prover.engine.engine import TorchEngine
from ghostproof.prover.engine.model.runner import TorchRunner
from ghostproof.prover.protocol import Prompt, SamplingParams, Stop

T = TypeVar("T")


def measure_engine(bench: Bench) -> None:
    """Through the engine's thread, and through HTTP."""
    scale, tokens = bench.scale, CharacterTokens(bench.scale.shape["vocab_size"])
    engine = TorchEngine(tokens, bench.runner)
    try:

        def ask(n: int, count: int, ids: list[int]) -> None:
            complete(engine, Ask(text_of(ids), n, SamplingParams(count), Stop(), document="engine"))

        name = f"first token after an edit of {scale.edit}, through the engine"
        bench.time(name, lambda: ask(1, 1, bench.edited()), wall=8.0)
        name = f"{ROWS} candidates of {scale.tokens} tokens, through the engine"
        bench.time(name, lambda: ask(ROWS, scale.tokens, bench.edited()), wall=300.0)
        name = f"first token after an edit of {scale.edit}, through HTTP"
        if find_spec("aiohttp"):
            with served(engine, tokens, bench.runner) as first_token:
                bench.time(name, lambda: first_token(text_of(bench.edited())), wall=8.0)
        else:
            bench.add(name, None, "ms", 8.0, note="not run: aiohttp is not installed")
    finally:
        engine.close()


def complete(engine: TorchEngine, ask: Ask) -> None:
    """Wait for the request; raises where it failed."""
    over, told = threading.Event(), list[Event]()

    def on_event(event: Event) -> None:
        told.append(event)
        if isinstance(event, Ended):
            over.set()

    engine.submit(ask, on_event)
    over.wait()
    last = told[-1]
    if not isinstance(last, Ended) or last.reason != "done" or not any(isinstance(e, Finished) for e in told):
        raise RuntimeError(f"a request failed: {last}")


@contextmanager
def served(engine: TorchEngine, tokens: CharacterTokens, runner: TorchRunner) -> Iterator[Callable[[str], None]]:
    """The engine behind HTTP on loopback; what it yields asks for one token of one candidate and waits for it."""
    from aiohttp import web

    from ghostproof.prover.address import Address
    from ghostproof.prover.client.prover import OpenAIProver
    from ghostproof.prover.engine.server.front import Front
    from ghostproof.prover.engine.server.model import LoadedModel

    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    front = Front("bench")
    front.serve(LoadedModel(engine, tokens, runner.context, runner.device.type, runner.attention))
    site = web.AppRunner(front.application(), access_log=None)

    async def start() -> OpenAIProver:
        await site.setup()
        await web.TCPSite(site, "127.0.0.1", 0).start()
        address = Address(f"http://127.0.0.1:{site.addresses[0][1]}")
        return OpenAIProver(lambda: address)

    async def stop() -> None:
        await prover.close()
        await site.cleanup()

    async def first_token(text: str) -> None:
        found = [
            candidate async for candidate in prover.ask(Prompt(text, document="http"), 1, SamplingParams(tokens=1))
        ]
        if len(found) != 1:
            raise RuntimeError("a request through HTTP failed")

    def wait(work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    prover = wait(start())
    try:
        yield lambda text: wait(first_token(text))
    finally:
        wait(stop())
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()
