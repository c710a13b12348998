"""An engine without a model: it answers what its script says, on a thread of its own, and counts what is asked."""

import queue
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from ghostproof.prover.engine.contract import Ask, Ended, EngineStats, Event, Finished, Text
from ghostproof.prover.engine.server.model import LoadedModel
from support.byte_tokens import EOS, ByteTokens
from support.waiting import HANGS_S

CONTEXT = 2048
BEGIN = EOS


class BegunTokens(ByteTokens):
    """Every prompt begins with a token of its own."""

    def encode(self, text: str, document: str = "") -> list[int]:
        return [BEGIN, *super().encode(text)]


@dataclass
class ScriptedEngine:
    """Answers each request with the events that `script` gives for it; after `hold`, not before `go_on`."""

    script: Callable[[Ask], Iterable[Event]]
    asked: list[Ask] = field(default_factory=list)
    ended: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._inbox: queue.Queue[tuple[int, Ask, Callable[[Event], None]] | None] = queue.Queue()
        self._cancelled: set[int] = set()
        self._number = 0
        self._running = 0
        self._held = False
        self._changed = threading.Condition()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def submit(self, ask: Ask, on_event: Callable[[Event], None]) -> int:
        self._number += 1
        with self._changed:
            self.asked.append(ask)
            self._changed.notify_all()
        self._inbox.put((self._number, ask, on_event))
        return self._number

    def cancel(self, request: int) -> None:
        with self._changed:
            self._cancelled.add(request)
            self._changed.notify_all()

    def stats(self) -> EngineStats:
        return EngineStats(
            requests=self._number, running=self._running, ended=dict(self.ended), kv_budget=1 << 30, tokens_per_s=123.0
        )

    def close(self) -> None:
        self._inbox.put(None)
        with self._changed:
            self._cancelled.update(range(self._number + 1))
            self._changed.notify_all()
        self._thread.join()

    def hold(self) -> None:
        self._held = True

    def go_on(self) -> None:
        with self._changed:
            self._held = False
            self._changed.notify_all()

    def wait_asked(self) -> bool:
        """Whether there is a request, within a time that only a broken front exceeds."""
        with self._changed:
            return self._changed.wait_for(lambda: bool(self.asked), HANGS_S)

    def wait_cancelled(self, request: int) -> bool:
        """Whether the request is cancelled, within a time that only a broken front exceeds."""
        with self._changed:
            return self._changed.wait_for(lambda: request in self._cancelled, HANGS_S)

    def _run(self) -> None:
        while (item := self._inbox.get()) is not None:
            number, ask, on_event = item
            self._running = 1
            last = self._answer(number, ask, on_event)
            self._running = 0
            self.ended[last.reason] = self.ended.get(last.reason, 0) + 1
            on_event(last)

    def _answer(self, number: int, ask: Ask, on_event: Callable[[Event], None]) -> Ended:
        for event in self.script(ask):
            with self._changed:
                self._changed.wait_for(lambda: number in self._cancelled or not self._held)
                if number in self._cancelled:
                    return Ended("cancelled")
            if isinstance(event, Ended):
                return event
            on_event(event)
        return Ended("done", prompt_tokens=len(ask.prompt), drawn_tokens=ask.n, ttft_ms=1.0, total_ms=2.0)


def words(ask: Ask) -> Iterable[Event]:
    """Every candidate is `tactic <index>`, told word by word where that is asked for."""
    for index in range(ask.n):
        if ask.stream_text:
            yield Text(index, "tactic", (-0.5,))
            yield Text(index, f" {index}", (-0.25,))
        yield Finished(index, f"tactic {index}", -0.75, 3, "stop")


def loaded(engine: ScriptedEngine) -> LoadedModel:
    return LoadedModel(engine, BegunTokens(), CONTEXT, "cpu", "none")
