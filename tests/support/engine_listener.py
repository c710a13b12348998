"""Who asks the engine in tests: a listener that keeps what it was told, and loops that run without a thread."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from ghostproof.prover.engine.contract import Ask, Ended, Event, Finished, Runner, Text, Tokens
from ghostproof.prover.engine.engine import as_request
from ghostproof.prover.engine.scheduler.loop import Loop
from ghostproof.prover.engine.scheduler.schedule import BatchLimits
from ghostproof.prover.protocol import Priority, SamplingParams, Stop, StopRule

BATCH = BatchLimits(chunk=16, rows=8)


def ask(
    prompt: str = "theorem t : True := by",
    n: int = 4,
    *,
    tokens: int = 12,
    temperature: float = 1.0,
    top_p: float = 0.9,
    seed: int | None = 1,
    greedy_first: bool = True,
    strings: tuple[str, ...] = (),
    rule: StopRule = StopRule.NONE,
    column: int = 0,
    priority: Priority = Priority.TACTIC,
    document: str = "",
    stream_text: bool = False,
) -> Ask:
    """A request that is like others but for what is named."""
    limits = SamplingParams(tokens, temperature, top_p, seed, greedy_first)
    return Ask(prompt, n, limits, Stop(strings, rule, column), priority, document, stream_text)


@dataclass
class Listener:
    """Keeps every event; `wait` returns when the last one came."""

    events: list[Event] = field(default_factory=list)
    _over: threading.Event = field(default_factory=threading.Event)
    _begun: threading.Event = field(default_factory=threading.Event)

    def __call__(self, event: Event) -> None:
        assert not self._over.is_set(), "`Ended` is the last event"
        self.events.append(event)
        if isinstance(event, Ended):
            self._over.set()
        self._begun.set()

    def wait(self) -> Ended:
        assert self._over.wait(60), "the request never ended"
        return self.ended

    def wait_begun(self) -> None:
        assert self._begun.wait(60), "nothing was ever told"

    @property
    def is_over(self) -> bool:
        return self._over.is_set()

    @property
    def ended(self) -> Ended:
        assert isinstance(self.events[-1], Ended)
        return self.events[-1]

    @property
    def finished(self) -> list[Finished]:
        return [event for event in self.events if isinstance(event, Finished)]

    @property
    def by_index(self) -> dict[int, tuple[str, float, int, str]]:
        """Text, log-probability, tokens and finish of each candidate."""
        return {e.index: (e.text, round(e.logprob, 3), e.tokens, e.finish) for e in self.finished}

    @property
    def texts(self) -> list[Text]:
        return [event for event in self.events if isinstance(event, Text)]


class Asker:
    """A loop without a thread: requests in, passes by hand."""

    def __init__(self, tokens: Tokens, runner: Runner, batch: BatchLimits = BATCH, ahead: int = 0) -> None:
        self.loop = Loop(tokens, runner, batch, ahead)
        self._number = 0

    def add(self, what: Ask, listener: Callable[[Event], None] | None = None) -> tuple[int, Listener]:
        self._number += 1
        heard = Listener()
        self.loop.add(as_request(self._number, what, listener or heard))
        return self._number, heard

    def run(self, most: int = 10_000) -> int:
        """Run passes until nothing is left to do; how many."""
        for passes in range(most):
            if not self.loop.busy:
                return passes
            self.loop.run_pass()
        raise AssertionError("the loop never came to rest")

    def run_one(self, what: Ask) -> Listener:
        _, heard = self.add(what)
        self.run()
        return heard
