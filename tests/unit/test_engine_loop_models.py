"""The whole engine on small random models: the same candidates as without any cache, and as transformers' own loop."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM

from ghostproof.prover.engine.contract import Ask, Runner
from ghostproof.prover.engine.model.runner import TorchRunner
from ghostproof.prover.engine.scheduler.schedule import BatchLimits
from ghostproof.prover.engine.tokenizer.tokens import ExactTokens
from ghostproof.prover.protocol import Priority, StopRule
from support.engine_listener import Asker, ask
from support.naive_runner import NaiveRunner, hf_model
from support.small_models import tiny_llama, tiny_qwen

pytestmark = pytest.mark.usefixtures("unwritten_memory")

BUDGET = 1 << 28
BATCH = BatchLimits(chunk=24, rows=100)
FILE = (
    "theorem one (a b : Nat) : a + b = b + a := by\n  omega\n\ntheorem two (p q : Prop) (h : p ∧ q) : q ∧ p := by\n  "
)


@dataclass(frozen=True)
class Made:
    folder: Path
    tokens: ExactTokens
    naive: NaiveRunner

    def runner(self) -> TorchRunner:
        model = AutoModelForCausalLM.from_pretrained(self.folder, dtype=torch.float32).eval()
        return TorchRunner(model, BUDGET)

    def asker(self, runner: Runner, ahead: int = 0) -> Asker:
        return Asker(self.tokens, runner, BATCH, ahead)


@pytest.fixture(scope="module", params=[tiny_llama, tiny_qwen], ids=["Llama", "Qwen"])
def made(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Made:
    torch.set_num_threads(1)
    make: Callable[[Path], Path] = request.param
    folder = make(tmp_path_factory.mktemp("model"))
    return Made(folder, ExactTokens.load(folder), NaiveRunner(hf_model(folder), context=4096))


ASKS = [
    ask(FILE, n=5, tokens=10, document="a", seed=1),
    ask(FILE + "obtain", n=3, tokens=14, document="b", seed=2, top_p=1.0, temperature=0.7),
    ask("def f", n=4, tokens=6, document="c", seed=3, greedy_first=False),
    ask(FILE, n=4, tokens=12, document="d", seed=4, rule=StopRule.TACTIC, column=2),
    ask(FILE * 2, n=2, tokens=16, document="e", seed=5, strings=(" ",), priority=Priority.PROOF),
]


@pytest.mark.parametrize("ahead", [0, 1])
def test_the_same_seeds_give_the_same_candidates_as_without_any_cache(made: Made, ahead: int) -> None:
    expected = [made.asker(made.naive).run_one(what).by_index for what in ASKS]
    runner = made.runner()
    loop = made.asker(runner, ahead)
    heard = [loop.add(what)[1] for what in ASKS]
    loop.run()
    assert [listener.by_index for listener in heard] == expected
    assert runner.pinned == 0


def test_what_was_cached_before_changes_nothing(made: Made) -> None:
    """Typing goes on: each request begins with most of the one before, and some are given up on the way."""
    texts = [FILE, FILE + "ex", FILE + "exact ⟨h.2", FILE + "exact", "-- note\n" + FILE + "exact", FILE + "exact"]
    loop = made.asker(made.runner())
    for number, text in enumerate(texts):
        what = ask(text, n=4, tokens=8, document="a", seed=number)
        given_up, _ = loop.add(ask(text + " abandoned", n=3, tokens=8, document="b"))
        loop.loop.run_pass()
        loop.loop.cancel(given_up)
        heard = loop.run_one(what)
        assert heard.by_index == made.asker(made.naive).run_one(what).by_index
        if text.startswith(FILE) and number:
            assert heard.ended.cached_tokens >= len(made.tokens.encode(FILE)) - 2


def test_a_paused_proof_goes_on_where_it_was(made: Made) -> None:
    proof = ask(FILE, n=3, tokens=20, document="p", priority=Priority.PROOF, seed=8)
    loop = made.asker(made.runner())
    _, heard = loop.add(proof)
    for _ in range(9):
        loop.loop.run_pass()
    tactic = loop.add(ask(FILE + "simp", n=4, tokens=6, document="p", seed=9))[1]
    loop.run()
    assert heard.by_index == made.asker(made.naive).run_one(proof).by_index
    assert tactic.by_index == made.asker(made.naive).run_one(ask(FILE + "simp", n=4, tokens=6, seed=9)).by_index


def generated(made: Made, what: Ask) -> str:
    """What transformers itself writes, greedily, up to the same number of tokens."""
    model = AutoModelForCausalLM.from_pretrained(made.folder, dtype=torch.float32).eval()
    ids = torch.tensor([made.tokens.encode(what.prompt)])
    with torch.inference_mode():
        whole = model.generate(ids, max_new_tokens=what.limits.tokens, do_sample=False)[0, ids.shape[1] :].tolist()
    ended = [place for place, token in enumerate(whole) if token in made.tokens.eos]
    return made.tokens.decode(whole[: ended[0]] if ended else whole)


@pytest.mark.parametrize("prompt", [FILE, "def f", FILE * 3 + "exact"])
@pytest.mark.parametrize("temperature", [0.0, 1.0])
def test_the_first_candidate_is_what_greedy_generation_writes(made: Made, prompt: str, temperature: float) -> None:
    what = ask(prompt, n=4, tokens=24, temperature=temperature)
    heard = made.asker(made.runner()).run_one(what)
    assert heard.by_index[0][0].rstrip("�") == generated(made, what).rstrip("�")


def test_a_newer_request_goes_on_with_what_the_superseded_one_computed(made: Made) -> None:
    runner = made.runner()
    loop = made.asker(runner)
    _, older = loop.add(ask(FILE, n=2, document="a"))
    loop.loop.run_pass()
    newer = loop.run_one(ask(FILE, n=2, document="a"))
    assert (older.ended.reason, newer.ended.reason) == ("superseded", "done")
    assert newer.ended.cached_tokens == BATCH.chunk
