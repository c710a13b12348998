"""How much of the prompts of an editing session the prover has computed before: tokens served from the KV cache.

Everything is real but the weights, which are random and tiny, and the goals: the prompts, a byte-level tokenizer, and
the engine's runner with its trunks. A prompt that is the last one again is not asked for and does not count.
"""

import statistics
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path

import torch
from rich.console import Console

from bench.editing import FILE, goals_at, session, spot_at
from bench.report import Row, Target, median_row
from ghostproof.prover.engine.model import weights
from ghostproof.prover.engine.model.runner import TorchRunner
from ghostproof.prover.engine.tokenizer.tokens import ExactTokens
from ghostproof.prover.prompts.families import family_of
from ghostproof.prover.prompts.prompter import Prompter
from support.small_models import tiny_llama

TARGET = Target(95, at_least=True)
# A 24 GB card beside the 13.8 GB of a 7B model without grouped heads, at 480 KiB a token.
KV_TOKENS = 17_000
CONTEXT, CANDIDATE = 4096, 128
TIGHT = 1536
VISITS = 150


@dataclass
class Served:
    """What a session has asked for."""

    tokens: list[int] = field(default_factory=list)
    fresh: list[int] = field(default_factory=list)
    prompting: list[float] = field(default_factory=list)  # milliseconds of CPU time

    @property
    def share(self) -> float:
        return 100 * (1 - sum(self.fresh) / sum(self.tokens))


async def measure(console: Console, *, quick: bool) -> list[Row]:
    """The share of prompt tokens that was cached, for a context that holds most of the file and for a small one."""
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory(prefix="ghostproof-bench-") as folder:
        model = tiny_llama(Path(folder) / "model")
        rows = []
        for family, context in (("deepseek-v2", CONTEXT), ("deepseek-v2", TIGHT), ("plain", CONTEXT)):
            with console.status(f"replay: {family}, {context} tokens"):
                served = await replay(model, family, context, visits=VISITS // 5 if quick else VISITS)
            rows += _rows(f"{family}, context {context}", served, TARGET if context == CONTEXT else None)
        return rows


async def replay(model: Path, family: str, context: int, visits: int) -> Served:
    """Ask at every rest of the session, one after the other, without drawing any candidates."""
    tokens, runner = ExactTokens.load(model), _runner(model)

    async def count(texts: list[str]) -> list[int]:
        return [len(tokens.encode(text)) for text in texts]

    prompter = Prompter(family_of("", family), count, context, CANDIDATE)
    served, last = Served(), ""
    for rest in session(FILE.read_text("utf-8"), visits):
        spot = spot_at(rest)
        if spot is None:
            continue
        goals = goals_at(rest.text, spot)
        began = time.process_time()
        prompt = await prompter.next_tactic(rest.text, spot, goals, str(FILE))
        took = 1000 * (time.process_time() - began)
        if prompt.text != last:
            last = prompt.text
            served.prompting.append(took)
            _serve(runner, tokens.encode(prompt.text, prompt.document), prompt.document, served)
    return served


def _serve(runner: TorchRunner, ids: list[int], document: str, served: Served) -> None:
    hold = runner.begin(ids, document)
    served.tokens.append(len(ids))
    served.fresh.append(len(ids) - hold.cached)
    while not runner.prefill(hold, 512):
        pass
    runner.end(hold)


def _rows(name: str, served: Served, target: Target | None) -> list[Row]:
    prompts = f"{len(served.tokens)} prompts of {statistics.mean(served.tokens):.0f} tokens on average"
    long = sum(fresh > 256 for fresh in served.fresh)
    return [
        Row(f"{name}: served from the cache", served.share, "%", target, prompts),
        median_row(f"{name}: computed per prompt", served.fresh, "tokens", note=f"{long} prompts more than 256"),
        median_row(f"{name}: making a prompt", served.prompting, "ms of CPU"),
    ]


def _runner(model: Path) -> TorchRunner:
    language_model = weights.load(model, torch.device("cpu"))
    config = language_model.config
    per_token = 2 * config.num_hidden_layers * config.num_key_value_heads * config.head_dim * 4
    return TorchRunner(language_model, KV_TOKENS * per_token)
