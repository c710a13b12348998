"""The engine's thread: who may call what from where, and that every request is told its end, whatever happens."""

import threading
from collections.abc import Iterator, Sequence

import pytest
import torch

from ghostproof.prover.engine.contract import Ended, Engine, Event, Finished, Leaves
from ghostproof.prover.engine.engine import TorchEngine
from ghostproof.prover.protocol import Priority
from support.byte_tokens import EOS, ByteTokens
from support.engine_listener import BATCH, Listener, ask
from support.naive_runner import NaiveRunner, random_model

MODEL = random_model(EOS)


class Held(NaiveRunner):
    """Stops before every step until it is let go."""

    def __init__(self) -> None:
        super().__init__(MODEL, context=10_000)
        self.stepping = threading.Event()
        self.go = threading.Event()

    def step(self, groups: Sequence[tuple[Leaves, torch.Tensor]]) -> torch.Tensor:
        self.stepping.set()
        assert self.go.wait(60)
        return super().step(groups)


@pytest.fixture
def runner() -> NaiveRunner:
    torch.set_num_threads(1)
    return NaiveRunner(MODEL)


@pytest.fixture
def engine(runner: NaiveRunner) -> Iterator[Engine]:
    engine = TorchEngine(ByteTokens(), runner, BATCH)
    yield engine
    engine.close()


@pytest.fixture
def held() -> Iterator[tuple[Engine, Held]]:
    runner = Held()
    engine = TorchEngine(ByteTokens(), runner, BATCH)
    yield engine, runner
    runner.go.set()
    engine.close()


def run(engine: Engine, n: int = 3) -> Listener:
    heard = Listener()
    engine.submit(ask(n=n), heard)
    heard.wait()
    return heard


def test_a_request_is_served(engine: Engine, runner: NaiveRunner) -> None:
    heard = run(engine)
    assert heard.ended.reason == "done"
    assert len(heard.finished) + heard.ended.duplicates == 3
    assert runner.pinned == 0


def test_everything_is_told_on_one_thread_which_is_not_ours(engine: Engine) -> None:
    threads: set[str] = set()
    heard = Listener()

    def on_event(event: Event) -> None:
        threads.add(threading.current_thread().name)
        heard(event)

    engine.submit(ask(), on_event)
    heard.wait()
    assert threads == {"prover-engine"}


def test_stats_are_up_to_date_when_the_end_is_told(engine: Engine) -> None:
    run(engine)
    stats = engine.stats()
    assert (stats.requests, stats.running, stats.waiting, stats.ended) == (1, 0, 0, {"done": 1})
    assert stats.drawn_tokens > 0


def test_requests_that_nobody_has_looked_at_yet_are_counted_as_waiting(held: tuple[Engine, Held]) -> None:
    engine, runner = held
    engine.submit(ask(), Listener())
    assert runner.stepping.wait(60)
    engine.submit(ask(), Listener())
    stats = engine.stats()
    assert (stats.requests, stats.running, stats.waiting) == (2, 1, 1)


def test_a_request_is_cancelled_from_another_thread_within_the_step(held: tuple[Engine, Held]) -> None:
    engine, runner = held
    heard = Listener()
    number = engine.submit(ask(n=2, tokens=5000), heard)
    assert runner.stepping.wait(60)
    engine.cancel(number)
    runner.go.set()
    assert heard.wait().reason == "cancelled"
    assert len([p for p in runner.passes if isinstance(p, tuple)]) == 1


def test_listeners_may_talk_to_the_engine(engine: Engine) -> None:
    second, first = Listener(), Listener()
    numbers: list[int] = []

    def on_event(event: Event) -> None:
        first(event)
        if isinstance(event, Finished) and len(first.finished) == 1:
            engine.submit(ask("another"), second)
            engine.cancel(numbers[0])

    numbers.append(engine.submit(ask(n=4, tokens=400), on_event))
    assert first.wait().reason in {"cancelled", "done"}
    assert second.wait().reason == "done"


def test_numbers_that_nobody_has_are_ignored(engine: Engine) -> None:
    engine.cancel(77)
    heard = run(engine)
    engine.cancel(1)
    engine.cancel(1)
    assert heard.ended.reason == "done"
    assert run(engine).ended.reason == "done"


def test_closing_ends_everything(held: tuple[Engine, Held]) -> None:
    engine, runner = held
    heard = [Listener() for _ in range(3)]
    for listener in heard:
        engine.submit(ask(tokens=5000), listener)
    assert runner.stepping.wait(60)
    closer = threading.Thread(target=engine.close)
    closer.start()
    runner.go.set()
    closer.join(60)
    assert {listener.ended.reason for listener in heard} == {"cancelled"}
    assert runner.pinned == 0
    engine.close()


def test_a_closed_engine_ends_requests_at_once(engine: Engine) -> None:
    engine.close()
    heard = Listener()
    engine.submit(ask(), heard)
    assert heard.events == [Ended("cancelled", "The engine was closed.")]


def test_a_listener_may_close_the_engine(runner: NaiveRunner) -> None:
    engine = TorchEngine(ByteTokens(), runner, BATCH)
    heard = Listener()

    def on_event(event: Event) -> None:
        heard(event)
        engine.close()

    engine.submit(ask(n=4, tokens=400, stream_text=True), on_event)
    assert heard.wait().reason == "cancelled"
    engine.close()


def test_an_idle_engine_computes_nothing(engine: Engine, runner: NaiveRunner) -> None:
    run(engine)
    before = len(runner.passes)
    engine.cancel(1)
    engine.submit(ask(n=0, priority=Priority.WARM), heard := Listener())
    heard.wait()
    assert len(runner.passes) == before


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_an_engine_that_breaks_down_ends_every_request(caplog: pytest.LogCaptureFixture) -> None:
    class Broken(Held):
        broken = False

        @property
        def used(self) -> int:
            if self.broken:
                raise MemoryError("the bookkeeping is gone")
            return 0

    runner = Broken()
    engine = TorchEngine(ByteTokens(), runner, BATCH)
    heard = [Listener() for _ in range(3)]
    for listener in heard:
        engine.submit(ask(tokens=5000), listener)
    assert runner.stepping.wait(60)
    for listener in (arriving := [Listener() for _ in range(2)]):  # while the pass is computed
        engine.submit(ask(), listener)
    runner.broken = True
    runner.go.set()
    assert {listener.wait().reason for listener in (*heard, *arriving)} == {"error"}
    engine.close()
    late = Listener()
    engine.submit(ask(), late)
    assert late.ended.reason == "error"
    assert "the bookkeeping is gone" in late.ended.message
    assert "broke down" in caplog.text
