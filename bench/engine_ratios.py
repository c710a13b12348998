"""Measures the engine's runner on the CPU in process CPU time, one thread, and prints the values as JSON.

A random Llama of 13M parameters (without its output layer's), float32; a prompt of 1,024 tokens and an edit of 64.
"""

import copy
import json
import sys
from collections.abc import Callable
from time import process_time
from typing import Any

import torch
from transformers import DynamicCache, LlamaConfig, LlamaForCausalLM

from ghostproof.prover.engine.kvcache.trunk import TrunkHold
from ghostproof.prover.engine.model.runner import TorchRunner
from ghostproof.prover.engine.model.sampler import draw

PREFIX, EDIT, ROWS, TOKENS = 1024, 64, 16, 16
VOCABULARY = 32_000
SHAPE = {
    "vocab_size": VOCABULARY,
    "hidden_size": 256,
    "intermediate_size": 688,
    "num_hidden_layers": 6,
    "num_attention_heads": 8,
    "num_key_value_heads": 8,
    "max_position_embeddings": 4096,
}


class Contest:
    """The runner and transformers with the same weights; every method that is timed draws a new edit."""

    def __init__(self) -> None:
        torch.manual_seed(0)
        self.model: Any = LlamaForCausalLM(LlamaConfig.from_dict(SHAPE))
        self.model.train(False)
        self.model.generation_config.eos_token_id = None
        self.model.generation_config.pad_token_id = 0
        self.engine = copy.deepcopy(self.model)
        self.prefix = self.tokens(PREFIX)
        self.prompt = self.prefix
        self.runner = TorchRunner(self.engine, 1 << 30)
        self.runner.end(self.hold(self.prefix + self.tokens(EDIT)))

    def tokens(self, count: int) -> list[int]:
        drawn: list[int] = torch.randint(VOCABULARY, (count,)).tolist()
        return drawn

    def hold(self, ids: list[int]) -> TrunkHold:
        """A hold on a trunk that has all of the tokens, their logits computed."""
        self.prompt = ids
        hold = self.runner.begin(ids, "bench")
        while not self.runner.prefill(hold, len(ids)):
            pass
        self.runner.logits(hold)
        return hold

    def cold(self) -> None:
        self.runner.end(self.hold(self.tokens(PREFIX + EDIT)))

    def edit(self) -> int:
        hold = self.hold(self.prefix + self.tokens(EDIT))
        self.runner.end(hold)
        return hold.cached

    def keystroke(self) -> None:
        self.runner.end(self.hold(self.prompt[:-1] + self.tokens(1)))

    @torch.inference_mode()
    def candidates(self) -> None:
        hold = self.hold(self.prefix + self.tokens(EDIT))
        leaves = self.runner.fork(hold, ROWS, TOKENS)
        chance = torch.rand(ROWS, TOKENS, 1)
        newest, _ = draw(self.runner.logits(hold)[None], chance[:, 0], 1.0, 1.0)
        for step in range(1, TOKENS):
            newest, _ = draw(self.runner.step([(leaves, newest)]), chance[:, step], 1.0, 1.0)
        self.runner.release(leaves)
        self.runner.end(hold)

    def generate(self) -> None:
        ids = torch.tensor([self.prefix + self.tokens(EDIT)])
        self.model.generate(
            ids,
            attention_mask=torch.ones_like(ids),
            do_sample=True,
            top_k=0,
            max_new_tokens=TOKENS,
            num_return_sequences=ROWS,
        )

    @torch.inference_mode()
    def differences(self) -> tuple[float, float]:
        """Largest differences of logits: behind a cached prompt, and behind candidates' tokens."""
        hold = self.hold(self.prefix + self.tokens(EDIT))
        cache = DynamicCache(config=self.model.config)
        whole = self.model(torch.tensor([self.prompt]), past_key_values=cache, logits_to_keep=1).logits[0, -1]
        cached = (self.runner.logits(hold) - whole).abs().max().item()
        cache.batch_repeat_interleave(ROWS)
        leaves, shared = self.runner.fork(hold, ROWS, TOKENS), 0.0
        for column in torch.randint(VOCABULARY, (TOKENS, ROWS)):
            copied = self.model(column[:, None], past_key_values=cache).logits[:, -1]
            shared = max(shared, (self.runner.step([(leaves, column)]) - copied).abs().max().item())
        self.runner.release(leaves)
        self.runner.end(hold)
        return cached, shared


def milliseconds(work: Callable[[], object], times: int) -> float:
    """CPU milliseconds of one call, the quickest of so many."""
    spent = []
    for _ in range(times):
        started = process_time()
        work()
        spent.append(process_time() - started)
    return min(spent) * 1000


def main(rounds: int) -> None:
    torch.set_num_threads(1)
    contest = Contest()
    cached, shared = contest.differences()
    told: dict[str, list[float]] = {"cached_difference": [cached], "shared_difference": [shared]}
    told["cached"] = [float(contest.edit())]
    contests: tuple[tuple[str, Callable[[], object], int], ...] = (
        ("edit", contest.edit, 5),
        ("keystroke", contest.keystroke, 5),
        ("cold", contest.cold, 2),
        ("candidates", contest.candidates, 2),
        ("generate", contest.generate, 1),
    )
    contest.candidates()
    for _ in range(rounds):
        for name, work, times in contests:
            told.setdefault(name, []).append(milliseconds(work, times))
    json.dump(told, sys.stdout)


if __name__ == "__main__":
    main(int(sys.argv[1]))
