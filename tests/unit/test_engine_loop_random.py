"""Any interleaving of asking, cancelling and superseding leaves no memory taken and no request without an end."""

import random
from collections.abc import Callable

import pytest
import torch
from transformers import LlamaConfig, LlamaForCausalLM

from ghostproof.prover.engine.contract import Ask, Runner
from ghostproof.prover.engine.engine import TorchEngine
from ghostproof.prover.engine.model.runner import TorchRunner
from ghostproof.prover.engine.scheduler.schedule import BatchLimits
from ghostproof.prover.protocol import Priority, StopRule
from support.byte_tokens import EOS, ByteTokens
from support.engine_listener import Asker, Listener, ask
from support.naive_runner import NaiveRunner, random_model

BATCH = BatchLimits(chunk=16, rows=6)
# Of errors planted in the loop and in the memory, each that ever showed did so among the first 130: always with hardly
# any memory, where the most happens.
INTERLEAVINGS = 250
REQUESTS = 1000
DOCUMENTS = ("", "a", "b", "c")
TEXTS = ["theorem a : b := by\n  ", "theorem a : b := by\n  simp\n  ", "def f := 1\n" * 6, "lemma x"]


@pytest.fixture(autouse=True)
def one_thread() -> None:
    torch.set_num_threads(1)


def naive(tokens: int) -> Runner:
    return NaiveRunner(random_model(EOS + 1, likely=[EOS, ord("\n"), ord("a")]), context=120, budget=tokens)


@pytest.fixture(scope="module")
def torch_runner() -> Callable[[int], Runner]:
    """Real runners, over a model so small that a pass costs next to nothing."""
    config = LlamaConfig(
        vocab_size=EOS + 1,
        hidden_size=16,
        intermediate_size=16,
        num_hidden_layers=1,
        num_attention_heads=2,
        max_position_embeddings=120,
        initializer_range=0.5,
    )
    torch.manual_seed(1)
    model = LlamaForCausalLM(config).eval()
    bytes_per_token = 2 * 16 * 4
    return lambda tokens: TorchRunner(model, tokens * bytes_per_token)


def any_ask(rng: random.Random) -> Ask:
    priority = rng.choice(list(Priority))
    return ask(
        rng.choice(TEXTS) + "x" * rng.randrange(3) * rng.randrange(20),
        n=0 if priority is Priority.WARM else rng.choice((1, 2, 5)),
        tokens=rng.choice((1, 3, 8)),
        top_p=rng.choice((0.8, 1.0)),
        temperature=rng.choice((0.0, 1.0)),
        rule=rng.choice(list(StopRule)),
        strings=rng.choice(((), ("b",))),
        seed=rng.randrange(100),
        priority=priority,
        document=rng.choice(DOCUMENTS),
        stream_text=rng.random() < 0.2,
    )


def interleave(rng: random.Random, runner: Runner) -> list[Listener]:
    loop = Asker(ByteTokens(), runner, BATCH, ahead=rng.randrange(2))
    heard: list[Listener] = []
    for _ in range(rng.randrange(1, 8)):
        for _ in range(rng.randrange(1, 4)):
            heard.append(loop.add(any_ask(rng))[1])
            if rng.random() < 0.2:
                loop.loop.cancel(rng.randrange(1, len(heard) + 1))
        for _ in range(rng.randrange(8)):
            loop.loop.run_pass()
            assert runner.used <= runner.budget
    loop.run()
    assert loop.loop.stats.requests == sum(loop.loop.stats.ended.values()) == len(heard)
    return heard


def assert_at_rest(runner: Runner, heard: list[Listener]) -> None:
    assert all(listener.is_over for listener in heard)
    assert runner.pinned == 0


@pytest.mark.parametrize("tokens", [60, 110, 100_000], ids=["hardly any memory", "little memory", "enough memory"])
def test_interleavings_with_every_token_computed_from_scratch(tokens: int) -> None:
    reasons = set()
    for seed in range(INTERLEAVINGS):
        runner = naive(tokens)
        heard = interleave(random.Random(seed), runner)
        assert_at_rest(runner, heard)
        reasons |= {listener.ended.reason for listener in heard}
    assert reasons == {"done", "superseded", "cancelled"} | ({"memory"} if tokens < 1000 else set())


@pytest.mark.slow
@pytest.mark.parametrize("tokens", [600, 1500, 100_000], ids=["hardly any memory", "little memory", "enough memory"])
def test_interleavings_with_a_real_cache(torch_runner: Callable[[int], Runner], tokens: int) -> None:
    """One runner for all, as in a process that lives for days."""
    runner = torch_runner(tokens)
    for seed in range(INTERLEAVINGS):
        heard = interleave(random.Random(seed), runner)
        assert_at_rest(runner, heard)
        assert {listener.ended.reason for listener in heard} <= {"done", "superseded", "cancelled", "memory"}


def test_interleavings_of_threads(torch_runner: Callable[[int], Runner]) -> None:
    runner = torch_runner(2000)
    engine = TorchEngine(ByteTokens(), runner, BATCH)
    rng = random.Random(3)
    heard = [Listener() for _ in range(REQUESTS)]
    try:
        for listener in heard:
            number = engine.submit(any_ask(rng), listener)
            if rng.random() < 0.2:
                engine.cancel(rng.randrange(max(1, number - 5), number + 1))
        for listener in heard:
            listener.wait()
        stats = engine.stats()
        assert (stats.running, stats.waiting, stats.kv_pinned) == (0, 0, 0)
        assert sum(stats.ended.values()) == stats.requests == REQUESTS
        assert stats.ended.get("error", 0) == 0
    finally:
        engine.close()
    assert runner.pinned == 0
