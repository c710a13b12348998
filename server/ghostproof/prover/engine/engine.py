"""The engine: a thread that runs the model, and the inbox through which every other thread talks to it."""

import logging
import random
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import replace
from functools import partial
from itertools import count

import torch

from ghostproof.prover.engine.contract import Ask, Ended, EngineStats, Event, Runner, Tokens
from ghostproof.prover.engine.scheduler.loop import CPU_BATCH, GPU_BATCH, Loop
from ghostproof.prover.engine.scheduler.request import Request
from ghostproof.prover.engine.scheduler.schedule import BatchLimits

log = logging.getLogger(__name__)


class TorchEngine:
    """Serves many requests with one model. Implements `contract.Engine`.

    The tokenizer and the runner belong to the engine's thread from here on.

    Args:
        batch: how large one pass may be; by default what suits the runner's device.
        ahead: passes computed before the tokens of the one before were looked at; by default 1 on a GPU, else 0.
    """

    def __init__(
        self, tokens: Tokens, runner: Runner, batch: BatchLimits | None = None, ahead: int | None = None
    ) -> None:
        on_gpu = runner.device.type == "cuda"
        batch = batch or (GPU_BATCH if on_gpu else CPU_BATCH)
        self._loop = Loop(tokens, runner, batch, int(on_gpu) if ahead is None else ahead)
        self._numbers = count(1)
        self._inbox: list[Callable[[], None]] = []
        self._arriving = 0  # requests in the inbox
        self._changed = threading.Condition()
        self._closing = False
        self._farewell = Ended("cancelled", "The engine was closed.")
        self._thread = threading.Thread(target=self._run, name="prover-engine", daemon=True)
        self._thread.start()

    def submit(self, ask: Ask, on_event: Callable[[Event], None]) -> int:
        """Queue a request; its number.

        `on_event` is called on the engine's thread, `Ended` last and exactly once. On an engine that is closed, or
        broke down, it is called here.
        """
        with self._changed:
            request = as_request(next(self._numbers), ask, on_event)
            if not self._closing:
                self._arriving += 1
                self._post(partial(self._loop.add, request))
                return request.number
        on_event(self._farewell)
        return request.number

    def cancel(self, request: int) -> None:
        """End the request before the next pass. Unknown and finished ones are ignored."""
        with self._changed:
            self._post(partial(self._loop.cancel, request))

    def stats(self) -> EngineStats:
        """As of the latest pass, with what came since then."""
        with self._changed:
            stats, arriving = self._loop.stats, self._arriving
        return replace(stats, requests=stats.requests + arriving, waiting=stats.waiting + arriving)

    def close(self) -> None:
        """End every request and the thread. Idempotent."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def _post(self, message: Callable[[], None]) -> None:
        self._inbox.append(message)
        self._changed.notify()

    def _run(self) -> None:
        with torch.inference_mode():
            try:
                while self._await_work():
                    self._read_inbox()
                    self._loop.run_pass()
            except Exception as error:  # every request, also a later one, is told why it ends
                log.exception("the engine broke down")
                self._farewell = Ended("error", f"The engine broke down: {type(error).__name__}: {error}")
            with self._changed:
                self._closing = True
            try:
                self._read_inbox()
            finally:
                self._loop.end_all(self._farewell.reason, self._farewell.message)

    def _await_work(self) -> bool:
        """Wait until there is something to do; false when the engine closes."""
        with self._changed:
            while not (self._inbox or self._closing or self._loop.busy):
                self._changed.wait()
            return not self._closing

    def _read_inbox(self) -> None:
        with self._changed:
            messages, self._inbox = self._inbox, []
            self._arriving = 0
        with ExitStack() as every:  # one that fails takes none of those behind it along
            for message in reversed(messages):
                every.callback(message)


def as_request(number: int, ask: Ask, on_event: Callable[[Event], None]) -> Request:
    """The request as the loop has it, with the seed that its draws follow from."""
    limits = ask.limits
    # Every candidate is the same one at temperature 0; who follows the texts as they grow gets them all.
    alike = limits.temperature <= 0 and not ask.stream_text
    width = min(ask.n, 1) if alike else ask.n
    return Request(
        number=number,
        ask=ask,
        on_event=on_event,
        seed=random.getrandbits(63) if limits.seed is None else limits.seed,
        submitted=time.perf_counter(),
        width=max(width, 0) if limits.tokens > 0 else 0,
    )
